using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Database;

/// <summary>A simulated database without a cluster: its ports for tests that know nothing of a simulated scheduler.</summary>
internal sealed class Bench
{
    internal Bench(DatabaseFlaws? flaws = null, ulong seed = 1)
    {
        Scheduler = new SimScheduler(seed);
        Database = new SimDatabase(Scheduler, new Dice(seed), flaws);
    }

    internal SimScheduler Scheduler { get; }

    internal SimDatabase Database { get; }

    internal DatabaseLink NewLink(string name) => new(Database, Scheduler.NewProcess(name), new Dice(2));

    /// <summary>Lets the world run until the question has its answer.</summary>
    internal T Run<T>(DatabaseLink link, Func<ValueTask<T>> ask)
    {
        var answer = Begin(link, ask);
        Scheduler.RunUntil(() => answer.IsThere, Scheduler.Elapsed + TimeSpan.FromMinutes(1));
        return Scheduler.Failures.Count == 0 ? answer.Value : throw new InvalidOperationException(Scheduler.Failures[0]);
    }

    internal Answer<T> Begin<T>(DatabaseLink link, Func<ValueTask<T>> ask)
    {
        var answer = new Answer<T>();
        link.Node.Start(async () => answer.Take(await ask()));
        return answer;
    }

    internal void Wait(double seconds) => Scheduler.Run(Scheduler.Elapsed + TimeSpan.FromSeconds(seconds));
}

/// <summary>What was asked in the simulated world, looked at from outside.</summary>
internal sealed class Answer<T>
{
    private T _value = default!;

    internal bool IsThere { get; private set; }

    internal T Value => IsThere ? _value : throw new InvalidOperationException("there is no answer yet");

    internal void Take(T value) => (_value, IsThere) = (value, true);
}

internal sealed class BenchJournal(Bench bench, DatabaseLink link, IJournal journal) : IJournal
{
    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken) => Run(() => journal.AppendAsync(batch, cancellationToken));

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken) =>
        Run(() => journal.ReadAsync(entities, cancellationToken));

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken) =>
        Run(() => journal.ReadFromAsync(sequences, cancellationToken));

    public ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken) => Run(() => journal.ReadHeadAsync(entity, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) => Run(() => journal.ReadPendingWorkAsync(cancellationToken));

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) => Run(() => journal.ReadPendingWorkAsync(shards, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) => Run(() => journal.ReadEntitiesAsync(cancellationToken));

    public async IAsyncEnumerable<StoredRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in await Run(async () => await journal.ReadAllAsync(cancellationToken).ToListAsync(cancellationToken)))
        {
            yield return record;
        }
    }

    private ValueTask<T> Run<T>(Func<ValueTask<T>> ask) => ValueTask.FromResult(bench.Run(link, ask));
}

internal sealed class BenchLeases(Bench bench, DatabaseLink link, ILeaseStore leases) : ILeaseStore
{
    public ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive) => Run(() => leases.AcquireAsync(owner, wishes, timeToLive));

    public ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> held, TimeSpan timeToLive) => Run(() => leases.RenewAsync(held, timeToLive));

    public ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> held) => Run(() => leases.ReleaseAsync(held));

    public ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken) => Run(() => leases.ReadAsync(cancellationToken));

    private ValueTask<T> Run<T>(Func<ValueTask<T>> ask) => ValueTask.FromResult(bench.Run(link, ask));
}

internal sealed class BenchPlacements(Bench bench, DatabaseLink link, IShardPlacements placements) : IShardPlacements
{
    public ValueTask PlaceAsync(ShardPlacement placement, CancellationToken cancellationToken)
    {
        bench.Run(link, async () =>
        {
            await placements.PlaceAsync(placement, cancellationToken);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> ClearAsync(CancellationToken cancellationToken) => ValueTask.FromResult(bench.Run(link, () => placements.ClearAsync(cancellationToken)));

    public ValueTask<ImmutableArray<ShardPlacement>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(bench.Run(link, () => placements.ReadAsync(cancellationToken)));
}

internal sealed class BenchSnapshots(Bench bench, DatabaseLink link, ISnapshotStore snapshots) : ISnapshotStore
{
    public ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> kept, CancellationToken cancellationToken)
    {
        bench.Run(link, async () =>
        {
            await snapshots.StoreAsync(kept, cancellationToken);
            return true;
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken) =>
        ValueTask.FromResult(bench.Run(link, () => snapshots.LoadAsync(entities, cancellationToken)));
}

internal sealed class BenchMembers(Bench bench, DatabaseLink link, IMembershipStore members) : IMembershipStore
{
    public ValueTask<JoinAnswer> JoinAsync(JoinRequest request, TimeSpan timeToLive) => Run(() => members.JoinAsync(request, timeToLive));

    public ValueTask<BeatAnswer> BeatAsync(NodeId self, IReadOnlyCollection<string> reaches, TimeSpan timeToLive) => Run(() => members.BeatAsync(self, reaches, timeToLive));

    public ValueTask<EndAnswer> LeaveAsync(NodeId self) => Run(() => members.LeaveAsync(self));

    public ValueTask<EndAnswer> DownAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string reason) => Run(() => members.DownAsync(losers, survivors, reason));

    public ValueTask<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken) => Run(() => members.ReadAsync(cancellationToken));

    public ValueTask<bool> HoldSessionAsync(NodeId self) => Run(() => members.HoldSessionAsync(self));

    public ValueTask<bool> IsGoneAsync(NodeId id, CancellationToken cancellationToken) => Run(() => members.IsGoneAsync(id, cancellationToken));

    private ValueTask<T> Run<T>(Func<ValueTask<T>> ask) => ValueTask.FromResult(bench.Run(link, ask));
}
