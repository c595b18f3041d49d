using System.Text;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Tests;
using Xunit;

namespace Backup.Actor.Kernel.Tests;

/// <summary>Snapshots spare reading; they never change what an entity is, and never keep it waiting.</summary>
public sealed class SnapshotTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ManualClock _clock = new();
    private readonly MemoryJournal _stored = new();
    private readonly HeldJournal _journal;
    private readonly Shelf _shelf;
    private readonly SumText _codec = new();
    private RegionOptions _options = new() { SnapshotEvery = 4, SnapshotIdleMin = 2, SnapshotsWaitingMax = 2 };
    private EntityRegion<Sum, string, string, long, string> _region;

    public SnapshotTests()
    {
        _journal = new HeldJournal(_stored);
        _shelf = new Shelf(_stored);
        _region = NewRegion();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _region.DisposeAsync();

    [Fact]
    public async Task An_entity_wakes_from_its_snapshot_and_reads_only_what_came_after()
    {
        await AddAsync("a", 4);
        await SnapshotsAsync(1);
        await AddAsync("a", 2);
        await RestartAsync();

        Assert.Equal(6, await SumAsync("a"));

        // The record of the snapshot itself, which proves that it is of this history, and the two after it.
        Assert.Equal(3, _journal.RecordsRead);
        Assert.Equal(0, _region.Snapshots.PassedOver);
    }

    [Fact]
    public async Task One_is_made_after_so_many_events_and_no_sooner_than_after_so_long()
    {
        await AskAsync("a", "1");
        _clock.Advance(TimeSpan.FromMinutes(1));
        await AddAsync("a", 2);
        await SettledAsync("a");
        Assert.Equal(0, _shelf.Stores);
        await AskAsync("a", "1");
        await SnapshotsAsync(1);

        for (var more = 0; more < 10; more++)
        {
            await AskAsync("a", "1");
        }

        await SettledAsync("a");
        Assert.Equal(1, _shelf.Stores);
        await AddAsync("a", 1);
        await SnapshotsAsync(2);
    }

    [Fact]
    public async Task Of_a_long_history_they_come_an_eighth_apart()
    {
        _options = _options with { TurnCommandsMax = 1, SnapshotInterval = TimeSpan.Zero };
        await RestartAsync();
        for (var added = 0; added < 400; added++)
        {
            await AskAsync("a", "1");
            await SettledAsync("a");
        }

        // Every 4 events up to 32, and from there on each time an eighth more: ln(400/32) / ln(8/7) are 19.
        Assert.InRange(_region.Snapshots.Stored, 20, 35);
    }

    [Fact]
    public async Task An_entity_that_leaves_memory_leaves_one_behind_if_it_is_worth_it()
    {
        await AskAsync("a", "1");
        await AskAsync("a", "1");
        await AskAsync("b", "1");
        await ReachedAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMinutes(11));
            return _region.ActiveCount == 0;
        });
        await SnapshotsAsync(1);

        Assert.Equal(2, await SumAsync("a"));
        Assert.Equal(1, _journal.RecordsRead);
        Assert.Equal(1, await SumAsync("b"));
    }

    [Theory]
    [InlineData("a byte")]
    [InlineData("cut")]
    [InlineData("empty")]
    [InlineData("the head of another history")]
    [InlineData("another entity's")]
    [InlineData("another version")]
    [InlineData("sealed, and no state")]
    public async Task One_that_cannot_be_trusted_is_passed_over_and_the_history_folded(string spoiled)
    {
        await AddAsync("a", 4);
        await SnapshotsAsync(1);
        await AddAsync("a", 1);
        _shelf.Spoil = snapshot => Spoil(snapshot, spoiled);
        await RestartAsync();

        Assert.Equal(5, await SumAsync("a"));
        Assert.Equal(1, _region.Snapshots.PassedOver);

        // It is far behind its snapshot now, so the next event makes a good one.
        _shelf.Spoil = snapshot => snapshot;
        await AddAsync("a", 1);
        await SnapshotsAsync(1);
        await RestartAsync();
        _journal.ForgetReads();
        Assert.Equal(6, await SumAsync("a"));
        Assert.Equal(1, _journal.RecordsRead);
    }

    [Fact]
    public async Task While_the_store_is_away_entities_wake_and_answer_and_the_trouble_is_told()
    {
        _shelf.IsAway = true;
        await AddAsync("a", 4);
        await ReachedAsync(() => _region.Snapshots.Trouble is not null);
        Assert.Equal("the shelf is away", _region.Snapshots.Trouble);
        await RestartAsync();

        Assert.Equal(4, await SumAsync("a"));

        _shelf.IsAway = false;
        await AddAsync("a", 4);
        await SnapshotsAsync(1);
        Assert.Null(_region.Snapshots.Trouble);
    }

    [Fact]
    public async Task Nobody_waits_for_the_store_and_what_finds_no_place_in_its_queue_is_dropped()
    {
        _shelf.Hold();
        await AddAsync("a", 4);
        await ReachedAsync(() => _shelf.Stores == 1);
        foreach (var name in new[] { "b", "c", "d", "e" })
        {
            await AddAsync(name, 4);
            await SumAsync(name);
        }

        Assert.Equal(2, _region.Snapshots.Dropped);
        _shelf.LetGo();
        await SnapshotsAsync(3);
        Assert.Equal(2, _shelf.Stores);
    }

    [Fact]
    public async Task A_region_stops_while_its_store_hangs()
    {
        _shelf.Hold();
        await AddAsync("a", 4);
        await ReachedAsync(() => _shelf.Stores == 1);

        await RestartAsync();

        Assert.Equal(4, await SumAsync("a"));
    }

    [Fact]
    public async Task Nothing_that_is_not_durable_is_kept()
    {
        await AddAsync("a", 3);
        _journal.Holding = true;
        var ask = AskAsync("a", "1");
        await _journal.WaitForAppendAsync();
        _journal.Release(AppendOutcome.NotStored);
        Assert.Equal(AskStatus.Unavailable, (await ask).Status);
        await SettledAsync("a");
        Assert.Equal(0, _shelf.Stores);

        _journal.Holding = false;
        await AddAsync("a", 1);
        await SnapshotsAsync(1);
        await RestartAsync();
        Assert.Equal(4, await SumAsync("a"));
    }

    [Fact]
    public async Task No_history_with_snapshots_ends_in_another_state_than_without()
    {
        string[] spoilings = ["", "", "", "", "a byte", "cut", "the head of another history", "another version", "sealed, and no state"];
        var passedOver = 0L;
        var stored = 0L;
        var spared = 0L;
        for (var seed = 1; seed <= 60; seed++)
        {
            var chance = new Random(seed);
            for (var step = 0; step < 60; step++)
            {
                var entity = $"{seed}-{chance.Next(3)}";
                await AskAsync(entity, chance.Next(8) switch { 0 => "begin", 1 => "end", 2 => "nothing", _ => $"{chance.Next(100) - 50}" });
                _clock.Advance(TimeSpan.FromSeconds(chance.Next(4)));
                if (chance.Next(8) == 0)
                {
                    await SettledAsync(entity);
                    var spoiling = spoilings[chance.Next(spoilings.Length)];
                    _shelf.Spoil = snapshot => Spoil(snapshot, spoiling);
                    (stored, passedOver) = (stored + _region.Snapshots.Stored, passedOver + _region.Snapshots.PassedOver);
                    await RestartAsync();
                    _journal.ForgetReads();
                    spared += await CompareAsync(seed);
                }
            }
        }

        Assert.True(stored > 300 && passedOver > 100 && spared > 1000, $"{stored} stored, {passedOver} passed over, {spared} records not read");
    }

    /// <returns>Records that need not be read.</returns>
    private async Task<long> CompareAsync(int seed)
    {
        var behavior = new SumBehavior();
        var whole = 0;
        for (var i = 0; i < 3; i++)
        {
            var views = _region.WatchAsync($"{seed}-{i}", -1, default).GetAsyncEnumerator();
            await views.MoveNextAsync();
            var woken = views.Current;
            await views.DisposeAsync();
            var history = (await _stored.ReadAsync([$"{seed}-{i}"], default))[$"{seed}-{i}"];
            whole += history.Count;
            var replayed = history.Aggregate(behavior.Initial(""), (sum, record) => behavior.Evolve(sum, Encoding.UTF8.GetString(record.Payload.Span), record.At));
            Assert.Equal(new WatchedView<Sum>(history.Count, replayed), woken);
        }

        return Math.Max(0, whole - _journal.RecordsRead);
    }

    private static EntitySnapshot Spoil(EntitySnapshot snapshot, string how)
    {
        var bytes = snapshot.State.ToArray();
        switch (how)
        {
            case "a byte":
                bytes[^1] ^= 1;
                return snapshot with { State = bytes };
            case "cut":
                return snapshot with { State = bytes.AsMemory(..^1) };
            case "empty":
                return snapshot with { State = default };
            case "the head of another history":
                return EntitySnapshot.Seal(snapshot.Entity, snapshot.Head with { Hash = new byte[HashChain.HashLength] }, snapshot.Version, "99"u8);
            case "another entity's":
                return EntitySnapshot.Seal("z", snapshot.Head, snapshot.Version, "99"u8) with { Entity = snapshot.Entity };
            case "another version":
                return EntitySnapshot.Seal(snapshot.Entity, snapshot.Head, 2, "99"u8);
            case "sealed, and no state":
                return EntitySnapshot.Seal(snapshot.Entity, snapshot.Head, snapshot.Version, "ninety"u8);
            default:
                return snapshot;
        }
    }

    /// <summary>So many events, long after the last snapshot.</summary>
    private async Task AddAsync(string entity, int events)
    {
        for (var i = 0; i < events; i++)
        {
            _clock.Advance(i == events - 1 ? _options.SnapshotInterval : TimeSpan.Zero);
            Assert.Equal(AskStatus.Answered, (await AskAsync(entity, "1")).Status);
        }
    }

    private async Task<long> SumAsync(string entity) => (await AskAsync(entity, "?")).Reply;

    private Task<AskResult<long>> AskAsync(string entity, string command) => _region.AskAsync(entity, command, TimeSpan.FromHours(5)).WaitAsync(Limit);

    private Task SnapshotsAsync(int stored) => ReachedAsync(() => _region.Snapshots.Stored == stored);

    /// <summary>A state is offered after its answer has gone out and before the next is decided; then it has to be written.</summary>
    private async Task SettledAsync(string entity)
    {
        await SumAsync(entity);
        await ReachedAsync(() => _region.Snapshots.Waiting == 0);
    }

    private EntityRegion<Sum, string, string, long, string> NewRegion()
    {
        var behavior = new SumBehavior();
        return new(behavior, behavior, _journal, 1, _clock, _options, new Notes(), new StateSnapshots<Sum>(_shelf, _codec));
    }

    private async Task RestartAsync()
    {
        await _region.DisposeAsync();
        _region = NewRegion();
    }

    private static async Task ReachedAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!reached())
        {
            await Task.Delay(1, limit.Token);
        }
    }
}
