using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Backup.Continuity.Import;

/// <summary>One insert statement, prepared once and run for many rows.</summary>
internal sealed class PreparedInsert : IDisposable
{
    private readonly SqliteCommand _command;

    /// <param name="connection">Stays the caller's.</param>
    /// <param name="transaction">The transaction that the rows are part of.</param>
    /// <param name="table">A name from our own schema, never from outside.</param>
    /// <param name="columns">All columns of the table, in their order.</param>
    public PreparedInsert(SqliteConnection connection, SqliteTransaction transaction, string table, int columns)
    {
        _command = connection.CreateCommand();
        _command.Transaction = transaction;
        var names = Enumerable.Range(1, columns).Select(static n => "$" + n.ToString(CultureInfo.InvariantCulture)).ToArray();
#pragma warning disable CA2100 // The table's name is a constant of ours; every value is a parameter.
        _command.CommandText = $"insert into {table} values ({string.Join(", ", names)})";
#pragma warning restore CA2100
        foreach (var name in names)
        {
            _command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }
    }

    public void Run(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        _command.ExecuteNonQuery();
    }

    public void Dispose() => _command.Dispose();
}
