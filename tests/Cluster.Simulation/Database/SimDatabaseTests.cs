using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Xunit;
using static Backup.Journal.Conformance.JournalConformance;

namespace Backup.Cluster.Simulation.Database;

/// <summary>What PostgreSQL does with commits in doubt, standbys and fences, as it was seen on a real one (RELIABILITY A4, A5).</summary>
public sealed class SimDatabaseTests
{
    private static readonly LeaseKey Shard = LeaseKey.ForShard(7);
    private readonly JournalRecord[] _history = Chain("A", 3);

    [Fact]
    public void A_takeover_waits_for_the_append_under_way_and_the_new_owner_reads_it()
    {
        var (bench, old, next) = Owners();
        bench.Database.FreezeStandby(frozen: true);
        var appending = Append(bench, old, 0);
        var taking = bench.Begin(next.Link, () => next.Leases.AcquireAsync("next", [new LeaseWish(Shard, 1)], TimeSpan.FromSeconds(6)));
        bench.Wait(2);
        Assert.False(appending.IsThere || taking.IsThere);

        bench.Database.FreezeStandby(frozen: false);
        bench.Wait(1);

        Assert.Equal([AppendOutcome.Stored], appending.Value);
        Assert.Equal(new LeaseAnswer.Held(new Lease(Shard, "next", 2)), Assert.Single(taking.Value));
        Assert.Single(bench.Run(next.Link, () => next.Journal.ReadAsync(["A"], default))["A"]);
        Assert.Equal([AppendOutcome.Fenced], bench.Run(old.Link, () => old.Journal.AppendAsync([Record(1)], default)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_without_the_lock_an_old_owners_append_lands_after_a_takeover(bool isFlawed)
    {
        var late = 0;
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var (bench, old, next) = Owners(new DatabaseFlaws { FenceWithoutLock = isFlawed }, seed);
            bench.Database.IsSlow = true;
            Append(bench, old, 0);
            bench.Begin(next.Link, () => next.Leases.AcquireAsync("next", [new LeaseWish(Shard, 1)], TimeSpan.FromSeconds(6)));
            bench.Wait(5);
            var log = bench.Database.Log.ToList();
            var taken = log.FindIndex(commit => commit.Rows.Any(row => row.Row is LeaseRow { Epoch: 2 }));
            late += taken >= 0 && log.FindIndex(commit => commit.Appends.Length > 0) > taken ? 1 : 0;
        }

        Assert.Equal(isFlawed, late > 0);
    }

    [Fact]
    public void A_commit_that_no_standby_has_is_seen_after_a_crash_and_a_barrier_waits_for_the_standby()
    {
        var (bench, old, _) = Owners();
        bench.Database.FreezeStandby(frozen: true);
        var appending = Append(bench, old, 0);
        bench.Wait(1);
        bench.Database.Crash();
        bench.Database.Restart();
        bench.Wait(0.1);

        Assert.Equal([AppendOutcome.Unknown], appending.Value);
        Assert.Single(bench.Database.Rows.Events);
        var settling = bench.Begin(old.Link, () => old.Journal.ReadHeadAsync("A", default));
        bench.Wait(5);
        Assert.False(settling.IsThere);
        bench.Database.FreezeStandby(frozen: false);
        bench.Wait(1);
        Assert.Equal(1, settling.Value.Sequence);
    }

    [Fact]
    public void A_failover_keeps_what_was_acknowledged_and_loses_what_no_standby_had()
    {
        var (bench, old, next) = Owners();
        Assert.Equal([AppendOutcome.Stored], bench.Run(old.Link, () => old.Journal.AppendAsync([Record(0)], default)));
        bench.Database.FreezeStandby(frozen: true);
        var appending = Append(bench, old, 1);
        bench.Wait(1);
        bench.Database.Crash();
        bench.Database.Promote();
        bench.Database.FreezeStandby(frozen: false);
        bench.Wait(1);

        Assert.Equal([AppendOutcome.Unknown], appending.Value);
        Assert.Equal(1, bench.Database.Lost);
        Assert.Single(bench.Run(next.Link, () => next.Journal.ReadAsync(["A"], default))["A"]);
        Assert.Equal([AppendOutcome.Stored], bench.Run(old.Link, () => old.Journal.AppendAsync([Record(1)], default)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_connection_that_is_cut_leaves_the_append_in_doubt_and_the_head_settles_it(bool arrives)
    {
        var (bench, old, _) = Owners();
        (old.Link.IsCutTo, old.Link.IsCutFrom) = (!arrives, arrives);

        Assert.Equal([AppendOutcome.Unknown], bench.Run(old.Link, () => old.Journal.AppendAsync([Record(0)], default)));

        (old.Link.IsCutTo, old.Link.IsCutFrom) = (false, false);
        Assert.Equal(arrives ? 1 : 0, bench.Run(old.Link, () => old.Journal.ReadHeadAsync("A", default)).Sequence);
    }

    private static (Bench Bench, Owner Old, Owner Next) Owners(DatabaseFlaws? flaws = null, ulong seed = 1)
    {
        var bench = new Bench(flaws, seed);
        var (old, next) = (new Owner(bench.NewLink("old")), new Owner(bench.NewLink("next")));
        bench.Run(old.Link, () => old.Leases.AcquireAsync("old", [new LeaseWish(Shard)], TimeSpan.FromSeconds(6)));
        bench.Run(old.Link, () => old.Journal.ReadEntitiesAsync(default));
        return (bench, old, next);
    }

    private Answer<IReadOnlyList<AppendOutcome>> Append(Bench bench, Owner owner, int place)
    {
        var appending = bench.Begin(owner.Link, () => owner.Journal.AppendAsync([Record(place)], default));
        bench.Wait(0.0007);
        return appending;
    }

    private EntityAppend Record(int place) => new("A", 7, 1, false, _history[place..(place + 1)]);

    private sealed record Owner(DatabaseLink Link)
    {
        internal SimJournal Journal { get; } = new(Link, Link.Node.Name);

        internal SimLeaseStore Leases { get; } = new(Link);
    }
}
