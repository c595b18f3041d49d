using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Backup.Journal.Sqlite;

/// <summary>
/// One prepared statement, bound without boxing and without copies of our own. The provider's command costs about three
/// times SQLite's own work for an insert, and every record of every order passes here.
/// </summary>
/// <remarks>Parameters are numbered from 1. Used by one thread only; reset after every use, so no lock is kept.</remarks>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    internal Statement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
        Check(raw.sqlite3_prepare_v3(_connection, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        _statement = statement;
    }

    internal Statement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, parameter, value));
        return this;
    }

    internal Statement Bind(int parameter, string value)
    {
        Check(raw.sqlite3_bind_text(_statement, parameter, value));
        return this;
    }

    /// <summary>SQLite copies the bytes before this returns.</summary>
    internal Statement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite takes for NULL.
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(_statement, parameter, 0) : raw.sqlite3_bind_blob(_statement, parameter, value));
        return this;
    }

    /// <summary>Runs a statement that yields no rows.</summary>
    internal void Run()
    {
        var result = raw.sqlite3_step(_statement);
        if (result != raw.SQLITE_DONE)
        {
            Fail(result);
        }

        raw.sqlite3_reset(_statement);
    }

    /// <summary>Runs a query of at most one row; false when there is none.</summary>
    internal bool TryReadRow(Span<long> columns)
    {
        var result = raw.sqlite3_step(_statement);
        var found = result == raw.SQLITE_ROW;
        if (found)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i] = raw.sqlite3_column_int64(_statement, i);
            }

            // To its end, so that a statement that also writes has written.
            result = raw.sqlite3_step(_statement);
        }

        if (result != raw.SQLITE_DONE)
        {
            Fail(result);
        }

        raw.sqlite3_reset(_statement);
        return found;
    }

    public void Dispose() => _statement.Dispose();

    private void Fail(int result)
    {
        // The message belongs to the connection's last call, so it is taken before the statement is reset.
        try
        {
            Check(result);
        }
        finally
        {
            raw.sqlite3_reset(_statement);
        }

        throw new SqliteException($"a statement ended with result {result}", result);
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection);
}
