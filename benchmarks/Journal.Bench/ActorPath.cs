using System.Diagnostics;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Journal.Sqlite;

namespace Backup.Journal.Bench;

/// <summary>The candidate: asks through the whole actor path (region, mailbox, turn, hash chain, group commit, journal).</summary>
internal sealed class ActorPath : ISide
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly string[] _entities;
    private readonly EntityRegion<Ledger, LedgerBehavior.Command, byte[], long, int> _region;
    private readonly IAsyncDisposable? _journal;
    private readonly FolderLease? _lease;
    private readonly LedgerBehavior.Command _command;
    private readonly int _inFlight;

    private ActorPath(string name, IJournal journal, FolderLease? lease, int entities, int inFlight, LedgerBehavior.Command command)
    {
        Name = name;
        _lease = lease;
        _journal = journal as IAsyncDisposable;
        _command = command;
        _inFlight = inFlight;
        _entities = [.. Enumerable.Range(0, entities).Select(i => $"C{i:D5}")];
        var behavior = new LedgerBehavior();
        _region = new EntityRegion<Ledger, LedgerBehavior.Command, byte[], long, int>(
            behavior, behavior, journal, lease?.Epoch ?? 1, TimeProvider.System, new RegionOptions(), new TroubleOnly());
    }

    public string Name { get; }

    /// <summary>Every ask stores an event in SQLite.</summary>
    public static ActorPath OnSqlite(string folder, int entities, int inFlight)
    {
        var lease = FolderLease.Acquire(folder, "bench", TimeProvider.System);
        return new ActorPath($"actors on SQLite, {inFlight} in flight", new SqliteJournal(lease), lease, entities, inFlight, LedgerBehavior.Command.Place);
    }

    /// <summary>Asks that store nothing: the mailbox and the turn alone.</summary>
    public static ActorPath InMemory(int entities, int inFlight) =>
        new($"ask an actor, {inFlight} in flight", new MemoryJournal(), null, entities, inFlight, LedgerBehavior.Command.Show);

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var commitsBefore = _region.Commits;
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(1, _inFlight).Select(seed => Task.Run(() => AskUntilAsync(until, (uint)seed, watch))));
        return watch.Read(_region.Commits - commitsBefore);
    }

    public async ValueTask DisposeAsync()
    {
        await _region.DisposeAsync();
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        _lease?.Dispose();
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

            var result = await _region.AskAsync(_entities[chance.Next(_entities.Length)], _command, Deadline);
            if (!result.IsAnswered)
            {
                throw new InvalidOperationException($"an ask ended with {result.Status}: {result.Detail}");
            }

            watch.Add(at);
        }
    }
}
