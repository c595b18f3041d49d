using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Tests;
using Xunit;

namespace Backup.Actor.Kernel.Tests;

/// <summary>A region serves the shards that its node owns, under the epochs under which it owns them, and no other.</summary>
public sealed class ShardOwnershipTests : IAsyncLifetime
{
    private const int Shards = 4;
    private readonly MemoryJournal _stored = new();
    private readonly HeldJournal _journal;
    private readonly Notes _notes = new();
    private readonly EntityRegion<Sum, string, string, long, string> _region;

    public ShardOwnershipTests()
    {
        _journal = new HeldJournal(_stored);
        var behavior = new SumBehavior();
        _region = new(behavior, behavior, _journal, null, new ManualClock(), new RegionOptions { Shards = Shards }, _notes);
    }

    private static int Shard => StableHash.Shard("a", Shards);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _region.DisposeAsync();

    private Task<AskResult<long>> AskAsync(string command) => _region.AskAsync("a", command, TimeSpan.FromHours(1));

    [Fact]
    public async Task Nothing_is_served_before_its_shard_is_open()
    {
        Assert.Equal(AskStatus.NotOwner, (await AskAsync("1")).Status);
        await Assert.ThrowsAsync<EntityUnavailableException>(async () => await _region.WatchAsync("a", -1, default).GetAsyncEnumerator().MoveNextAsync());

        _region.Open(Shard, 3);

        Assert.Equal(AskStatus.Answered, (await AskAsync("1")).Status);
        Assert.Equal(3, await EpochOfLastAsync());
    }

    [Fact]
    public async Task Closing_waits_for_the_turn_in_flight_and_answers_it()
    {
        _region.Open(Shard, 1);
        _journal.Holding = true;
        var ask = AskAsync("5");
        await _journal.WaitForAppendAsync();

        var closed = _region.CloseAsync(Shard);
        Assert.False(closed.IsCompleted);
        Assert.Equal(AskStatus.NotOwner, (await AskAsync("1")).Status);
        _journal.Release();

        await closed;
        Assert.Equal(AskStatus.Answered, (await ask).Status);
        Assert.Single((await _stored.ReadAsync(["a"], default))["a"]);
    }

    [Fact]
    public async Task What_waits_behind_the_turn_in_flight_is_told_that_the_shard_has_left()
    {
        _region.Open(Shard, 1);
        _journal.Holding = true;
        var first = AskAsync("5");
        await _journal.WaitForAppendAsync();
        var second = AskAsync("6");

        var closed = _region.CloseAsync(Shard);
        _journal.Release();

        await closed;
        Assert.Equal((AskStatus.Answered, AskStatus.NotOwner), ((await first).Status, (await second).Status));
        Assert.Single((await _stored.ReadAsync(["a"], default))["a"]);
    }

    [Fact]
    public async Task A_watcher_of_a_closed_shard_is_told()
    {
        _region.Open(Shard, 1);
        var views = _region.WatchAsync("a", -1, default).GetAsyncEnumerator();
        Assert.True(await views.MoveNextAsync());

        await _region.CloseAsync(Shard);

        await Assert.ThrowsAsync<EntityUnavailableException>(async () => await views.MoveNextAsync());
    }

    [Fact]
    public async Task A_shard_that_comes_back_brings_what_others_wrote_meanwhile_and_a_new_epoch()
    {
        _region.Open(Shard, 1);
        await AskAsync("5");
        await _region.CloseAsync(Shard);
        var other = new SumBehavior();
        await using (var elsewhere = new EntityRegion<Sum, string, string, long, string>(
            other, other, _stored, 2, new ManualClock(), new RegionOptions { Shards = Shards }, new Notes()))
        {
            await elsewhere.AskAsync("a", "7", TimeSpan.FromHours(1));
        }

        _region.Open(Shard, 3);

        await AskAsync("1");
        Assert.Equal(13, (await AskAsync("?")).Reply);
        Assert.Equal(3, await EpochOfLastAsync());
    }

    [Fact]
    public async Task A_shard_is_not_opened_twice()
    {
        _region.Open(Shard, 1);

        Assert.Throws<InvalidOperationException>(() => _region.Open(Shard, 2));
        await _region.CloseAsync(Shard);
        _region.Open(Shard, 2);
    }

    [Fact]
    public async Task An_append_under_an_epoch_that_is_over_stores_nothing_and_tells_the_owner()
    {
        _region.Open(Shard, 1);
        await AskAsync("5");
        _stored.TakeShard(Shard, 2);

        Assert.Equal(AskStatus.NotOwner, (await AskAsync("6")).Status);
        Assert.Contains("fenced", _notes.Lines);
        Assert.Single((await _stored.ReadAsync(["a"], default))["a"]);
    }

    [Fact]
    public async Task Only_unfinished_work_of_open_shards_is_woken()
    {
        _region.Open(Shard, 1);
        await AskAsync("begin");
        await _region.CloseAsync(Shard);

        Assert.Equal(0, await _region.WakePendingAsync(default));
        _region.Open(Shard, 2);
        Assert.Equal(1, await _region.WakePendingAsync(default));
    }

    private async Task<long> EpochOfLastAsync()
    {
        var last = 0L;
        await foreach (var record in _stored.ReadAllAsync(default))
        {
            last = record.Epoch;
        }

        return last;
    }
}
