using System.CommandLine;
using System.Data.Common;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;

namespace Backup.Operator.Cli;

/// <summary>Which journal a command reads: the data folder's, or with <c>--postgres</c> the cluster's.</summary>
internal sealed class JournalSource(SharedOptions shared)
{
    internal Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "The cluster's journal instead of a data folder's: a connection string such as \"Host=db1;Database=backup;Username=backup\". The password comes from PGPASSWORD or a passfile (PGPASSFILE, ~/.pgpass).",
    };

    internal OpenJournal Open(ParseResult parsed)
    {
        if (parsed.GetValue(Postgres) is null)
        {
            var folder = new SqliteJournalReader(shared.Data(parsed));
            return new OpenJournal(folder, null, new DisposeOnce(folder));
        }

        var database = JournalDatabase.ForLooking(RequirePostgres(parsed));
        return new OpenJournal(new PostgresJournalReader(database), new PostgresSnapshotStore(database), database);
    }

    /// <exception cref="CommandFailedException">There is none, or there is a password in it.</exception>
    internal string RequirePostgres(ParseResult parsed)
    {
        var connection = parsed.GetValue(Postgres) ?? throw new CommandFailedException("say which database: --postgres \"Host=...;Database=...;Username=...\"");
        return HasPassword(connection)
            ? throw new CommandFailedException("a password on the command line is seen by everybody on this machine; put it into PGPASSWORD or a passfile")
            : connection;
    }

    private static bool HasPassword(string connection)
    {
        try
        {
            var settings = new DbConnectionStringBuilder { ConnectionString = connection };
            return settings.ContainsKey("password") || settings.ContainsKey("pwd") || settings.ContainsKey("psw");
        }
        catch (ArgumentException)
        {
            // It is refused as unreadable by the one who connects.
            return false;
        }
    }

    private sealed class DisposeOnce(IDisposable held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A journal that is being read.</summary>
internal sealed class OpenJournal(IJournalReader reader, PostgresSnapshotStore? snapshots, IAsyncDisposable held) : IAsyncDisposable
{
    internal IJournalReader Reader => reader;

    /// <summary>Null: this journal keeps none.</summary>
    internal PostgresSnapshotStore? Snapshots => snapshots;

    public ValueTask DisposeAsync() => held.DisposeAsync();
}
