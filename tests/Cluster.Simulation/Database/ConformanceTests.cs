using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Journal.Conformance;

namespace Backup.Cluster.Simulation.Database;

/// <summary>The simulated database keeps the contracts that the real ones keep; else the simulation shows nothing.</summary>
public sealed class SimJournalTests : JournalConformance
{
    private readonly Bench _bench = new();
    private readonly BenchJournal _journal;

    public SimJournalTests()
    {
        var link = _bench.NewLink("node");
        var leases = new SimLeaseStore(link);
        for (var epoch = 0; epoch < Epoch; epoch++)
        {
            _bench.Run(link, () => leases.AcquireAsync("node", [new LeaseWish(LeaseKey.ForShard(7))], TimeSpan.FromSeconds(6)));
        }

        _journal = new BenchJournal(_bench, link, new SimJournal(link, "node"));
    }

    protected override IJournal Journal => _journal;

    protected override long Epoch => 2;
}

public sealed class SimSnapshotStoreTests : SnapshotConformance
{
    private readonly Bench _bench = new();

    public SimSnapshotStoreTests()
    {
        var link = _bench.NewLink("node");
        var leases = new SimLeaseStore(link);
        _bench.Run(link, () => leases.AcquireAsync("node", [new LeaseWish(LeaseKey.ForShard(Shard))], TimeSpan.FromSeconds(6)));
        Journal = new BenchJournal(_bench, link, new SimJournal(link, "node"));
        Snapshots = new BenchSnapshots(_bench, link, new SimSnapshotStore(link));
    }

    protected override IJournal Journal { get; }

    protected override ISnapshotStore Snapshots { get; }

    protected override long Epoch => 1;
}

public sealed class SimLeaseStoreTests : LeaseConformance
{
    private readonly Bench _bench = new();
    private readonly BenchLeases _leases;

    public SimLeaseStoreTests()
    {
        var link = _bench.NewLink("node");
        _leases = new BenchLeases(_bench, link, new SimLeaseStore(link));
    }

    protected override ILeaseStore Leases => _leases;

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _bench.Database.Clock.Step += by;
        return Task.CompletedTask;
    }
}

public sealed class SimShardPlacementsTests : PlacementConformance
{
    private readonly Bench _bench = new();

    public SimShardPlacementsTests()
    {
        var link = _bench.NewLink("node");
        Placements = new BenchPlacements(_bench, link, new SimShardPlacements(link));
    }

    protected override IShardPlacements Placements { get; }
}

public sealed class SimMembershipStoreTests : MembershipConformance
{
    private readonly Bench _bench = new();
    private readonly BenchMembers _members;
    private readonly BenchMembers _other;

    public SimMembershipStoreTests()
    {
        var (one, two) = (_bench.NewLink("one"), _bench.NewLink("two"));
        _members = new BenchMembers(_bench, one, new SimMembershipStore(one));
        _other = new BenchMembers(_bench, two, new SimMembershipStore(two));
    }

    protected override IMembershipStore Members => _members;

    protected override IMembershipStore OtherNode => _other;

    protected override Task AdvanceAsync(TimeSpan by)
    {
        _bench.Database.Clock.Step += by;
        return Task.CompletedTask;
    }

    protected override Task EndSessionAsync(NodeId id)
    {
        _bench.Database.Sessions.Remove(id);
        return Task.CompletedTask;
    }
}
