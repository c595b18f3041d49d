using Backup.Actor.Kernel.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Backup.Journal.Sqlite;

/// <summary>Opens the journal's file, with the settings on which durability rests, and knows its tables.</summary>
internal static class JournalSchema
{
    internal const string FileName = "journal.db";
    internal const int Version = 1;

    // Position is the rowid, so inserts append, and there is no index on histories: an index would touch a page of its own for
    // nearly every record of a commit, which costs several times the records themselves. Each record points to the one before
    // it in its history, and the entity to its last one; the single writer keeps sequences unique.
    private const string Tables = """
        create table entity (
          number integer primary key,
          id text not null unique,
          shard integer not null,
          pending integer not null default 0,
          last integer not null default 0
        );
        create index entity_pending on entity (pending) where pending = 1;
        create table event (
          position integer primary key,
          entity integer not null references entity (number),
          sequence integer not null,
          previous integer not null,
          epoch integer not null,
          at integer not null,
          type integer not null,
          version integer not null,
          payload blob not null,
          hash blob not null
        );
        """;

    internal static SqliteConnection OpenWriter(string folder)
    {
        var connection = Open(folder, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // FULL: a commit returns after the log is on the disk. WAL: readers never wait for the writer.
            Execute(connection, "pragma journal_mode=wal");
            Execute(connection, "pragma synchronous=full");
            Execute(connection, "pragma foreign_keys=off");
            Execute(connection, "pragma wal_autocheckpoint=4000");
            Create(connection, folder);
            return connection;
        }
        catch (SqliteException damaged)
        {
            connection.Dispose();
            throw Damaged(folder, damaged);
        }
    }

    internal static SqliteConnection OpenReader(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)))
        {
            throw new JournalException($"no journal in {Path.GetFullPath(folder)}: expected the file {FileName} there.");
        }

        var connection = Open(folder, SqliteOpenMode.ReadWrite);
        try
        {
            Execute(connection, "pragma query_only=on");

            // Without this the last reader to leave would fold the log into the file: a change, however harmless.
            raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            Check(connection, folder);
            return connection;
        }
        catch (SqliteException damaged)
        {
            connection.Dispose();
            throw Damaged(folder, damaged);
        }
    }

    internal static JournalException Damaged(string folder, SqliteException found) =>
        new($"{Path.Combine(folder, FileName)}: SQLite says \"{found.Message}\". The file is damaged or not a journal; restore it from a copy, nothing was changed.", found);

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant statements of this class only.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static SqliteConnection Open(string folder, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, FileName),
            Mode = mode,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch (SqliteException cannot)
        {
            connection.Dispose();
            throw Damaged(folder, cannot);
        }
    }

    private static void Create(SqliteConnection connection, string folder)
    {
        if (ReadVersion(connection) == 0)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, Tables);
            Execute(connection, $"pragma user_version={Version}");
            transaction.Commit();
        }

        Check(connection, folder);
    }

    private static void Check(SqliteConnection connection, string folder)
    {
        var found = ReadVersion(connection);
        if (found != Version)
        {
            throw new JournalException($"{Path.Combine(folder, FileName)}: schema version {found}, expected {Version}. It was written by another release.");
        }
    }

    private static long ReadVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma user_version";
        return (long)command.ExecuteScalar()!;
    }
}
