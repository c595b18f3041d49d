using System.Diagnostics;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Journal.Postgres;

namespace Backup.Journal.Bench.Postgres;

/// <summary>The append statement alone, groups of so many records of so many accounts, with its row locks or without them.</summary>
internal sealed class FencedGroups : ISide
{
    private readonly byte[] _payload = new byte[LedgerBehavior.PayloadBytes];
    private readonly JournalHead[] _heads;
    private readonly JournalDatabase _database;
    private readonly Npgsql.NpgsqlConnection _connection;
    private readonly AppendStatement _statement;
    private readonly int _rows;
    private readonly bool _fenced;
    private int _next;

    private FencedGroups(JournalDatabase database, Npgsql.NpgsqlConnection connection, AppendStatement statement, int rows, bool fenced, int accounts)
    {
        _database = database;
        _connection = connection;
        _statement = statement;
        _rows = rows;
        _fenced = fenced;
        _heads = [.. Enumerable.Repeat(JournalHead.Empty, accounts)];
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

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var began = Stopwatch.GetTimestamp();
        var spent = TimeSpan.Zero;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            // Making the records (their hashes above all) is the actors' work: it is not counted.
            var making = Stopwatch.GetTimestamp();
            var group = MakeGroup();
            spent += Stopwatch.GetElapsedTime(making);
            var at = Stopwatch.GetTimestamp();
            await StoreAsync(group);
            watch.Add(at);
        }

        var reading = watch.Read();
        return reading with { Seconds = reading.Seconds - spent.TotalSeconds };
    }

    /// <summary>Stores so many groups, to fill a journal.</summary>
    public async Task StoreAsync(int groups)
    {
        for (var i = 0; i < groups; i++)
        {
            await StoreAsync(MakeGroup());
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
        var to = AppendStatement.Text.IndexOf("moved as (", StringComparison.Ordinal);
        return AppendStatement.Text[..from]
            + "select 1 as held where $1::text is not null and $2::bigint is not null), held as materialized (select * from unnest($3, $4) as s (shard, epoch)), "
            + AppendStatement.Text[to..];
    }

    private async Task StoreAsync(List<EntityAppend> group)
    {
        if ((await _statement.RunAsync(group)).Any(outcome => outcome != AppendOutcome.Stored))
        {
            throw new InvalidOperationException("an append was not stored");
        }
    }

    private List<EntityAppend> MakeGroup()
    {
        var group = new List<EntityAppend>(_rows);
        var now = HashChain.FromMicroseconds(HashChain.MicrosecondsOf(TimeProvider.System.GetUtcNow()));
        for (var i = 0; i < _rows; i++)
        {
            // A stride that shares no factor with the number of accounts visits all of them, scattered.
            _next = (_next + 617) % _heads.Length;
            var entity = $"C{_next:D5}";
            var head = _heads[_next];
            var hash = HashChain.Next(head.Hash.Span, entity, head.Sequence + 1, now, 1, 1, _payload);
            _heads[_next] = new JournalHead(head.Sequence + 1, hash);
            group.Add(new EntityAppend(entity, 0, 1, false, [new JournalRecord(head.Sequence + 1, now, 1, 1, _payload, hash)]));
        }

        return group;
    }
}
