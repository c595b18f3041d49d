using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;

namespace Backup.Journal.Bench.Postgres;

/// <summary>The append statement alone, groups of so many records of so many accounts, with its row locks or without them.</summary>
internal sealed class FencedGroups : ISide
{
    private readonly AppendGroups _groups;
    private readonly JournalDatabase _database;
    private readonly Npgsql.NpgsqlConnection _connection;
    private readonly AppendStatement _statement;
    private readonly int _rows;
    private readonly bool _fenced;

    private FencedGroups(JournalDatabase database, Npgsql.NpgsqlConnection connection, AppendStatement statement, int rows, bool fenced, int accounts)
    {
        _database = database;
        _connection = connection;
        _statement = statement;
        _rows = rows;
        _fenced = fenced;
        _groups = new AppendGroups(accounts, rows, epoch: 1);
    }

    public string Name => $"append of {_rows} records, {(_fenced ? "fenced" : "no fence")}";

    public static async Task<FencedGroups> OpenAsync(string connectionString, int rows, bool fenced, int accounts)
    {
        var database = new JournalDatabase(connectionString);
        await using var leases = new PostgresLeaseStore(database, TimeProvider.System);
        await leases.AcquireAsync("bench", [new LeaseWish(LeaseKey.ForShard(0))], TimeSpan.FromHours(1));

        // A journal makes the days.
        await using var days = await PostgresJournal.OpenAsync(database, "days", TimeProvider.System);
        var connection = await database.ConnectAsync(CancellationToken.None);
        var incarnation = await Backup.Journal.Postgres.Barrier.CommitAsync(connection, "bench");
        return new FencedGroups(
            database, connection, await AppendStatement.PrepareAsync(connection, "bench", incarnation, fenced ? AppendStatement.Text : WithoutFence()), rows, fenced, accounts);
    }

    public Task<Reading> RunAsync(TimeSpan time) => _groups.RunAsync(time, async group => await _statement.RunAsync(group));

    /// <summary>Stores so many groups, to fill a journal.</summary>
    public async Task StoreAsync(int groups)
    {
        for (var i = 0; i < groups; i++)
        {
            AppendGroups.RequireStored(await _statement.RunAsync(_groups.Next()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _statement.DisposeAsync();
        await _connection.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>The same statement with both lookups under lock replaced by what the client claims.</summary>
    private static string WithoutFence()
    {
        var from = AppendStatement.Text.IndexOf("select 1 as held from journal_writer", StringComparison.Ordinal);
        var to = AppendStatement.Text.IndexOf("ours as materialized (", StringComparison.Ordinal);
        return AppendStatement.Text[..from]
            + "select 1 as held where $1::text is not null and $2::bigint is not null), held as materialized (select * from unnest($3, $4) as s (shard, epoch)), "
            + AppendStatement.Text[to..];
    }
}
