using System.Diagnostics;
using Backup.Actor.Kernel;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Actor.Kernel.Regions;
using Backup.Journal.Postgres;
using Backup.Journal.Sqlite;

namespace Backup.Journal.Bench;

/// <summary>The candidate: asks through the whole actor path (region, mailbox, turn, hash chain, group commit, journal).</summary>
internal sealed class ActorPath : ISide
{
    private const int Shards = 64;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly string[] _entities;
    private readonly EntityRegion<Ledger, LedgerBehavior.Command, byte[], long, int>[] _regions;
    private readonly IAsyncDisposable[] _owned;
    private readonly LedgerBehavior.Command _command;
    private readonly int _inFlight;
    private readonly bool _keepsSnapshots;

    private ActorPath(
        string name, IReadOnlyList<IJournal> journals, long epoch, int entities, int inFlight, LedgerBehavior.Command command,
        StateSnapshots<Ledger>? snapshots, params IAsyncDisposable[] owned)
    {
        Name = name;
        _owned = owned;
        _command = command;
        _inFlight = inFlight;
        _keepsSnapshots = snapshots is not null;
        _entities = [.. Enumerable.Range(0, entities).Select(i => $"C{i:D5}")];
        var behavior = new LedgerBehavior();
        _regions =
        [
            .. journals.Select(journal => new EntityRegion<Ledger, LedgerBehavior.Command, byte[], long, int>(
                behavior, behavior, journal, epoch, TimeProvider.System, new RegionOptions(), new TroubleOnly(), snapshots)),
        ];
    }

    public string Name { get; }

    /// <summary>Every ask stores an event in SQLite.</summary>
    public static ActorPath OnSqlite(string folder, int entities, int inFlight)
    {
        var lease = FolderLease.Acquire(folder, "bench", TimeProvider.System);
        var journal = new SqliteJournal(lease);
        return new ActorPath(
            $"actors on SQLite, {inFlight} in flight", [journal], lease.Epoch, entities, inFlight, LedgerBehavior.Command.Place, null, journal, new Held(lease));
    }

    /// <summary>Every ask stores an event in PostgreSQL; each writer has its own share of the shards.</summary>
    /// <param name="keepsSnapshots">States of 25 KB are kept as a node would keep them.</param>
    public static async Task<ActorPath> OnPostgresAsync(string connectionString, int entities, int inFlight, int writers, bool keepsSnapshots = false)
    {
        var database = new JournalDatabase(connectionString);
        await using (var leases = new PostgresLeaseStore(database, TimeProvider.System))
        {
            await leases.AcquireAsync("bench", [.. Enumerable.Range(0, Shards).Select(shard => new LeaseWish(LeaseKey.ForShard(shard)))], TimeSpan.FromHours(1));
        }

        var journals = new PostgresJournal[writers];
        for (var i = 0; i < writers; i++)
        {
            journals[i] = await PostgresJournal.OpenAsync(database, $"w{i}", TimeProvider.System);
        }

        return new ActorPath(
            $"actors on PostgreSQL, {inFlight} in flight, {writers} writer{(writers == 1 ? "" : "s")}{(keepsSnapshots ? ", snapshots kept" : "")}",
            journals, 1, entities, inFlight, LedgerBehavior.Command.Place,
            keepsSnapshots ? new StateSnapshots<Ledger>(new PostgresSnapshotStore(database), new LedgerState()) : null, [.. journals, database]);
    }

    /// <summary>Asks that store nothing: the mailbox and the turn alone.</summary>
    public static ActorPath InMemory(int entities, int inFlight) =>
        new($"ask an actor, {inFlight} in flight", [new MemoryJournal()], 1, entities, inFlight, LedgerBehavior.Command.Show, null);

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var commitsBefore = _regions.Sum(region => region.Commits);
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(1, _inFlight).Select(seed => Task.Run(() => AskUntilAsync(until, (uint)seed, watch))));
        return watch.Read(_regions.Sum(region => region.Commits) - commitsBefore);
    }

    public async ValueTask DisposeAsync()
    {
        if (_keepsSnapshots && _regions.Sum(region => region.Snapshots.Stored) == 0)
        {
            throw new InvalidOperationException($"no snapshot was stored: {_regions[0].Snapshots}");
        }

        foreach (var region in _regions)
        {
            await region.DisposeAsync();
        }

        foreach (var owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }

    private async Task AskUntilAsync(long until, uint seed, Stopwatches watch)
    {
        var chance = new Chance(seed);
        while (true)
        {
            var at = Stopwatch.GetTimestamp();
            if (at >= until)
            {
                return;
            }

            var entity = _entities[chance.Next(_entities.Length)];
            var result = await _regions[StableHash.Shard(entity, Shards) % _regions.Length].AskAsync(entity, _command, Deadline);
            if (!result.IsAnswered)
            {
                throw new InvalidOperationException($"an ask ended with {result.Status}: {result.Detail}");
            }

            watch.Add(at);
        }
    }

    private sealed class Held(IDisposable lease) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            lease.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
