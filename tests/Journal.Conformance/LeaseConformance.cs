using Backup.Actor.Kernel.Leases;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every lease store must do, whatever it is made of. Each implementation runs all of it, for shards and for singletons.</summary>
public abstract class LeaseConformance
{
    protected static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(6);
    protected static readonly LeaseKey Shard = LeaseKey.ForShard(7);

    public static TheoryData<int> Kinds => [0, 1];

    protected abstract ILeaseStore Leases { get; }

    /// <summary>Moves the clock that judges the leases.</summary>
    protected abstract Task AdvanceAsync(TimeSpan by);

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_lease_that_nobody_has_is_given_under_the_first_epoch(int kind)
    {
        Assert.Equal(new LeaseAnswer.Held(new Lease(Key(kind), "one", 1)), await AcquireAsync("one", Key(kind)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_lease_that_another_holds_is_refused_and_says_who_and_for_how_long(int kind)
    {
        await AcquireAsync("one", Key(kind));

        var refused = Assert.IsType<LeaseAnswer.HeldByAnother>(await AcquireAsync("two", Key(kind)));

        Assert.Equal(("one", 1L), (refused.Owner, refused.Epoch));
        Assert.InRange(refused.ExpiresIn, TimeSpan.FromSeconds(1), TimeToLive);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_expired_lease_goes_to_the_next_under_a_higher_epoch(int kind)
    {
        await AcquireAsync("one", Key(kind));
        await AdvanceAsync(TimeToLive);

        Assert.Equal(new LeaseAnswer.Held(new Lease(Key(kind), "two", 2)), await AcquireAsync("two", Key(kind)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_renewed_lease_lives_on_under_its_epoch(int kind)
    {
        var lease = await HeldAsync("one", Key(kind));
        await AdvanceAsync(TimeToLive * 0.75);
        Assert.Equal(new LeaseAnswer.Held(lease), await RenewAsync(lease));
        await AdvanceAsync(TimeToLive * 0.75);

        Assert.IsType<LeaseAnswer.HeldByAnother>(await AcquireAsync("two", Key(kind)));
        Assert.Equal(new LeaseAnswer.Held(lease), await RenewAsync(lease));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_lease_that_went_to_another_is_lost_and_stays_lost(int kind)
    {
        var lease = await HeldAsync("one", Key(kind));
        await AdvanceAsync(TimeToLive);
        await AcquireAsync("two", Key(kind));

        Assert.Equal(new LeaseAnswer.Lost("two", 2), await RenewAsync(lease));
        Assert.Equal(new LeaseAnswer.Lost("two", 2), await ReleaseAsync(lease));
        Assert.IsType<LeaseAnswer.HeldByAnother>(await AcquireAsync("one", Key(kind)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_released_lease_is_free_at_once_and_its_epoch_goes_on(int kind)
    {
        var lease = await HeldAsync("one", Key(kind));

        Assert.Equal(new LeaseAnswer.Lost("", 1), await ReleaseAsync(lease));

        Assert.Equal(new LeaseAnswer.Lost("", 1), await RenewAsync(lease));
        Assert.Equal(new LeaseAnswer.Held(new Lease(Key(kind), "two", 2)), await AcquireAsync("two", Key(kind)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_owner_who_asks_again_gets_it_again_under_a_higher_epoch_and_the_older_one_is_lost(int kind)
    {
        var before = await HeldAsync("one", Key(kind));

        Assert.Equal(new LeaseAnswer.Held(new Lease(Key(kind), "one", 2)), await AcquireAsync("one", Key(kind)));
        Assert.Equal(new LeaseAnswer.Lost("one", 2), await RenewAsync(before));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_holder_known_to_be_gone_is_taken_over_from_at_once(int kind)
    {
        var lease = await HeldAsync("one", Key(kind));

        Assert.Equal(new LeaseAnswer.Held(new Lease(Key(kind), "two", 2)), await AcquireAsync("two", Key(kind), takeOver: lease.Epoch));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Old_news_of_a_holder_who_is_gone_takes_nothing_from_the_next(int kind)
    {
        var gone = await HeldAsync("one", Key(kind));
        await AcquireAsync("two", Key(kind), takeOver: gone.Epoch);

        Assert.IsType<LeaseAnswer.HeldByAnother>(await AcquireAsync("three", Key(kind), takeOver: gone.Epoch));
    }

    [Fact]
    public async Task Many_leases_are_asked_for_at_once_and_each_has_its_answer()
    {
        await AcquireAsync("one", Shard);
        LeaseKey[] keys = [LeaseKey.ForShard(9), Shard, LeaseKey.ForSingleton("tap-1"), LeaseKey.ForShard(3)];

        var answers = await Leases.AcquireAsync("two", [.. keys.Select(key => new LeaseWish(key))], TimeToLive);

        Assert.Equal(new LeaseAnswer.Held(new Lease(keys[0], "two", 1)), answers[0]);
        Assert.IsType<LeaseAnswer.HeldByAnother>(answers[1]);
        Assert.Equal(new LeaseAnswer.Held(new Lease(keys[2], "two", 1)), answers[2]);
        Assert.Equal(new LeaseAnswer.Held(new Lease(keys[3], "two", 1)), answers[3]);
        Assert.Equal(
            [(LeaseKey.ForShard(3), "two"), (Shard, "one"), (LeaseKey.ForShard(9), "two"), (keys[2], "two")],
            (await Leases.ReadAsync(default)).Select(state => (state.Key, state.Owner)));
    }

    [Fact]
    public async Task A_lease_that_was_never_taken_is_lost_to_whoever_claims_to_hold_it()
    {
        Assert.Equal(new LeaseAnswer.Lost("", 0), await RenewAsync(new Lease(Shard, "one", 1)));
    }

    [Fact]
    public async Task Of_many_who_ask_for_an_expired_lease_at_once_one_gets_it()
    {
        await AcquireAsync("old", Shard);
        await AdvanceAsync(TimeToLive);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AcquireAsync($"node{i}", Shard)));

        Assert.Single(answers.OfType<LeaseAnswer.Held>());
        Assert.Equal(7, answers.OfType<LeaseAnswer.HeldByAnother>().Count());
    }

    protected async Task<LeaseAnswer> AcquireAsync(string owner, LeaseKey key, long? takeOver = null) =>
        (await Leases.AcquireAsync(owner, [new LeaseWish(key, takeOver)], TimeToLive))[0];

    protected async Task<Lease> HeldAsync(string owner, LeaseKey key) => Assert.IsType<LeaseAnswer.Held>(await AcquireAsync(owner, key)).Lease;

    protected async Task<LeaseAnswer> RenewAsync(Lease lease) => (await Leases.RenewAsync([lease], TimeToLive))[0];

    private async Task<LeaseAnswer> ReleaseAsync(Lease lease) => (await Leases.ReleaseAsync([lease]))[0];

    private static LeaseKey Key(int kind) => kind == 0 ? Shard : LeaseKey.ForSingleton("tap-box-1");
}
