using Backup.Actor.Kernel.Leases;
using Backup.Tests;
using Xunit;

namespace Backup.Actor.Kernel.Tests;

/// <summary>A holder stops by itself before anybody else may begin, whatever the store, the network or the machine do.</summary>
public sealed class LeaseKeeperTests : IAsyncDisposable
{
    private static readonly LeaseKey Key = LeaseKey.ForSingleton("accounts");
    private readonly ManualClock _clock = new();
    private readonly MovedStore _store;
    private readonly List<string> _lost = [];
    private readonly LeaseKeeper _keeper;

    public LeaseKeeperTests()
    {
        _store = new MovedStore(new MemoryLeaseStore(_clock));
        _keeper = new LeaseKeeper(_store, "node1#1", _clock, LeaseTimes.Default, (lease, reason) => _lost.Add($"{lease.Key} {lease.Epoch}: {reason}"));
    }

    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    /// <summary>A store behind a network that a test takes away.</summary>
    private sealed class MovedStore(ILeaseStore inner) : ILeaseStore
    {
        private static readonly LeaseAnswer.CouldNotTell Away = new("the network is away");

        public bool IsAway { get; set; }

        /// <summary>Renewals wait for it when it is not null.</summary>
        public TaskCompletionSource? Gate { get; set; }

        public async ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive)
        {
            var answers = await inner.AcquireAsync(owner, wishes, timeToLive);
            await (Gate?.Task ?? Task.CompletedTask);
            return answers;
        }

        public async ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan timeToLive)
        {
            await (Gate?.Task ?? Task.CompletedTask);
            return IsAway ? [.. leases.Select(_ => Away)] : await inner.RenewAsync(leases, timeToLive);
        }

        /// <summary>Releases whose connection breaks.</summary>
        public int ReleasesLost { get; set; }

        public ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> leases) =>
            ReleasesLost-- > 0 ? ValueTask.FromResult<IReadOnlyList<LeaseAnswer>>([.. leases.Select(_ => Away)]) : inner.ReleaseAsync(leases);

        public ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);
    }

    [Fact]
    public async Task A_release_whose_connection_broke_is_made_once_more()
    {
        await HoldAsync();
        _store.ReleasesLost = 1;

        await _keeper.ReleaseAllAsync();

        Assert.All(await _store.ReadAsync(default), lease => Assert.Equal("", lease.Owner));
    }

    [Fact]
    public async Task A_lease_that_another_has_is_not_confirmed_and_is_given_up_at_once()
    {
        await HoldAsync();
        Assert.True(await _keeper.ConfirmAsync(Key));

        // The store's clock ran ahead: by its word the lease was over long before this holder could know.
        await _store.ReleaseAsync([new Lease(Key, "node1#1", 1)]);
        await OtherAsync();
        Assert.True(_keeper.IsHeld(Key));

        Assert.False(await _keeper.ConfirmAsync(Key));
        Assert.False(_keeper.IsHeld(Key));
        Assert.Single(_lost);
    }

    [Fact]
    public async Task A_lease_that_nobody_can_tell_about_is_not_confirmed_and_is_kept()
    {
        await HoldAsync();
        _store.IsAway = true;

        Assert.False(await _keeper.ConfirmAsync(Key));

        Assert.True(_keeper.IsHeld(Key));
        Assert.False(await _keeper.ConfirmAsync(LeaseKey.ForSingleton("another")));
    }

    private async Task HoldAsync()
    {
        _keeper.Start();
        Assert.IsType<LeaseAnswer.Held>(Assert.Single(await _keeper.AcquireAsync([new LeaseWish(Key)])));
    }

    private async Task<LeaseAnswer> OtherAsync() => Assert.Single(await _store.AcquireAsync("node2#1", [new LeaseWish(Key)], LeaseTimes.Default.TimeToLive));

    private void Pass(double seconds)
    {
        for (var passed = 0.0; passed < seconds; passed += 0.1)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }
    }

    [Fact]
    public async Task A_lease_is_renewed_for_as_long_as_the_store_answers()
    {
        await HoldAsync();

        Pass(60);

        Assert.True(_keeper.IsHeld(Key));
        Assert.IsType<LeaseAnswer.HeldByAnother>(await OtherAsync());
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_holder_that_cannot_renew_stops_before_anybody_else_may_begin()
    {
        await HoldAsync();
        _store.IsAway = true;

        Pass(4.3);

        Assert.Equal(["accounts 1: it could not be renewed for 4 s"], _lost);
        Assert.False(_keeper.IsHeld(Key));
        Assert.IsType<LeaseAnswer.HeldByAnother>(await OtherAsync());
        Pass(2);
        Assert.IsType<LeaseAnswer.Held>(await OtherAsync());
    }

    [Fact]
    public async Task A_short_absence_of_the_store_costs_nothing()
    {
        await HoldAsync();
        _store.IsAway = true;
        Pass(3);
        _store.IsAway = false;

        Pass(20);

        Assert.Empty(_lost);
        Assert.True(_keeper.IsHeld(Key));
    }

    [Fact]
    public async Task A_renewal_that_hangs_does_not_keep_the_holder_from_stopping()
    {
        await HoldAsync();
        _store.Gate = new TaskCompletionSource();

        Pass(6.5);

        Assert.Single(_lost);
        Assert.IsType<LeaseAnswer.Held>(await WithoutGateAsync(OtherAsync));
    }

    [Fact]
    public async Task A_renewal_without_an_answer_is_tried_again_soon()
    {
        await HoldAsync();
        Pass(3.45);
        _store.IsAway = true;
        Pass(1.55);
        _store.IsAway = false;
        Pass(0.75);
        _store.IsAway = true;

        Pass(1.25);

        Assert.Empty(_lost);
        Assert.True(_keeper.IsHeld(Key));
    }

    /// <summary>The store counts from when it was asked; a holder that counted from the answer would act too long.</summary>
    [Fact]
    public async Task The_holders_time_runs_from_before_it_asked()
    {
        _keeper.Start();
        _store.Gate = new TaskCompletionSource();
        var asking = _keeper.AcquireAsync([new LeaseWish(Key)]);
        Pass(3);
        _store.Gate.SetResult();
        await asking;
        Assert.True(_keeper.IsHeld(Key));
        _store.IsAway = true;

        _clock.Advance(TimeSpan.FromSeconds(1.1));

        Assert.False(_keeper.IsHeld(Key));
    }

    [Fact]
    public async Task A_machine_that_slept_finds_its_lease_too_old_before_any_timer_runs()
    {
        Assert.IsType<LeaseAnswer.Held>(Assert.Single(await _keeper.AcquireAsync([new LeaseWish(Key)])));

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.False(_keeper.IsHeld(Key));
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_lease_that_was_taken_over_is_told_once_at_the_next_renewal()
    {
        await HoldAsync();
        Assert.IsType<LeaseAnswer.Held>(Assert.Single(await _store.AcquireAsync("node2#1", [new LeaseWish(Key, 1)], LeaseTimes.Default.TimeToLive)));

        Pass(10);

        Assert.Equal(["accounts 1: node2#1 holds it under epoch 2"], _lost);
    }

    [Fact]
    public async Task What_is_given_back_is_free_at_once_and_is_not_called_lost()
    {
        await HoldAsync();

        await _keeper.ReleaseAllAsync();

        Assert.False(_keeper.IsHeld(Key));
        Assert.Equal(2, Assert.IsType<LeaseAnswer.Held>(await OtherAsync()).Lease.Epoch);
        Pass(10);
        Assert.Empty(_lost);
    }

    private async Task<LeaseAnswer> WithoutGateAsync(Func<Task<LeaseAnswer>> ask)
    {
        _store.Gate = null;
        return await ask();
    }
}
