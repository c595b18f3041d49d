using System.Text;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Tests;
using Xunit;

namespace Backup.Actor.Kernel.Tests;

public sealed class EntityRegionTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly ManualClock _clock = new();
    private readonly MemoryJournal _stored = new();
    private readonly HeldJournal _journal;
    private readonly Notes _notes = new();
    private EntityRegion<Sum, string, string, long, string> _region;

    public EntityRegionTests()
    {
        _journal = new HeldJournal(_stored);
        _region = NewRegion();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _region.DisposeAsync();

    [Fact]
    public async Task What_an_entity_answers_survives_a_new_region_over_the_same_journal()
    {
        await AskAsync("a", "3");
        await AskAsync("a", "4");
        await RestartAsync();

        Assert.Equal(7, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task No_answer_is_given_before_the_events_are_durable()
    {
        _journal.Holding = true;
        var ask = AskAsync("a", "3");
        await _journal.WaitForAppendAsync();
        Assert.False(ask.IsCompleted);

        _journal.Release();

        Assert.Equal(AskStatus.Answered, (await ask).Status);
    }

    [Fact]
    public async Task No_watcher_sees_a_state_before_it_is_durable()
    {
        var views = _region.WatchAsync("a", -1, default).GetAsyncEnumerator();
        Assert.True(await views.MoveNextAsync());
        Assert.Equal(0, views.Current.View.Value);
        _journal.Holding = true;
        var ask = AskAsync("a", "3");
        await _journal.WaitForAppendAsync();
        var next = views.MoveNextAsync();
        Assert.False(next.IsCompleted);

        _journal.Release();

        Assert.True(await next);
        Assert.Equal(3, views.Current.View.Value);
        await ask;
        await views.DisposeAsync();
    }

    [Fact]
    public async Task Commands_that_wait_while_a_commit_is_in_flight_share_the_next_one()
    {
        _journal.Holding = true;
        var first = AskAsync("a", "1");
        await _journal.WaitForAppendAsync();
        var rest = Enumerable.Range(0, 10).Select(i => AskAsync(i % 2 == 0 ? "a" : "b", "1")).ToArray();
        await ReachedAsync(() => _region.ActiveCount == 2);
        _journal.Holding = false;
        _journal.Release();

        await Task.WhenAll(rest);
        await first;

        Assert.InRange(_journal.Appends, 2, 4);
        Assert.Equal(6, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task A_commit_in_doubt_that_is_found_in_the_journal_is_answered_as_done()
    {
        _journal.Holding = true;
        var ask = AskAsync("a", "3");
        await _journal.WaitForAppendAsync();
        _journal.Holding = false;
        _journal.Release(AppendOutcome.Unknown);

        Assert.Equal(AskStatus.Answered, (await ask).Status);
        Assert.Equal(3, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task An_append_that_certainly_failed_changes_nothing_and_says_so()
    {
        _journal.Holding = true;
        var ask = AskAsync("a", "3");
        await _journal.WaitForAppendAsync();
        _journal.Holding = false;
        _journal.Release(AppendOutcome.NotStored);

        Assert.Equal(AskStatus.Unavailable, (await ask).Status);
        Assert.Equal(0, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task A_fenced_append_tells_the_caller_and_the_owner_of_the_region()
    {
        for (var shard = 0; shard < 64; shard++)
        {
            _stored.TakeShard(shard, 2);
        }

        Assert.Equal(AskStatus.NotOwner, (await AskAsync("a", "3")).Status);
        Assert.Contains("fenced", _notes.Lines);
        Assert.Empty((await _stored.ReadAsync(["a"], default))["a"]);
    }

    [Fact]
    public async Task A_foreign_write_stops_the_actor_and_its_next_incarnation_sees_it()
    {
        await AskAsync("a", "3");
        var head = await _stored.ReadHeadAsync("a", default);
        await _stored.AppendAsync([new EntityAppend("a", 0, 1, false, [Record("a", head, 1, "100")])], default);

        Assert.Equal(AskStatus.NotOwner, (await AskAsync("a", "1")).Status);
        var next = AskAsync("a", "?");
        await AdvanceUntilAsync(next);

        Assert.Equal(103, (await next).Reply);
    }

    [Fact]
    public async Task A_command_that_meets_a_defect_harms_neither_state_nor_neighbours()
    {
        await AskAsync("a", "3");

        var poisoned = AskAsync("a", "poison");
        await AdvanceUntilAsync(poisoned);

        Assert.Equal(AskStatus.Failed, (await poisoned).Status);
        await AskAsync("b", "5");
        Assert.Equal(5, (await AskAsync("b", "?")).Reply);
        var after = AskAsync("a", "?");
        await AdvanceUntilAsync(after);
        Assert.Equal(3, (await after).Reply);
    }

    [Fact]
    public async Task An_event_that_cannot_be_folded_is_never_stored()
    {
        var ask = AskAsync("a", "unfoldable");
        await AdvanceUntilAsync(ask);

        Assert.Equal(AskStatus.Failed, (await ask).Status);
        Assert.Empty((await _stored.ReadAsync(["a"], default))["a"]);
    }

    [Fact]
    public async Task An_account_whose_journal_holds_an_unknown_event_is_quarantined_and_its_neighbours_live()
    {
        await _stored.AppendAsync([new EntityAppend("a", 0, 1, false, [Record("a", JournalHead.Empty, 99, "1")])], default);

        var ask = AskAsync("a", "?");
        await AdvanceUntilAsync(ask);

        var answer = await ask;
        Assert.Equal(AskStatus.Quarantined, answer.Status);
        Assert.Contains("99", answer.Detail, StringComparison.Ordinal);
        Assert.Contains("quarantined a", _notes.Lines);
        Assert.True((await AskAsync("b", "1")).IsAnswered);
        Assert.Equal(AskStatus.Quarantined, (await AskAsync("a", "?")).Status);
    }

    /// <summary>A database that is away for a minute is no fault of the accounts that somebody asked for meanwhile.</summary>
    [Fact]
    public async Task A_journal_that_cannot_be_read_quarantines_nobody_and_what_waits_is_served_when_it_is_back()
    {
        await AskAsync("a", "1");
        await RestartAsync();
        _journal.IsAway = true;
        var ask = AskAsync("a", "?");
        await ReachedAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return _journal.ReadsInVain == 10 || ask.IsCompleted;
        });
        Assert.False(ask.IsCompleted);
        _journal.IsAway = false;
        await AdvanceUntilAsync(ask);

        Assert.Equal(1, (await ask).Reply);
        Assert.DoesNotContain("quarantined a", _notes.Lines);
    }

    [Fact]
    public async Task A_commit_in_doubt_while_the_journal_is_away_is_no_fault_of_the_account()
    {
        for (var outage = 0; outage < 6; outage++)
        {
            _journal.Holding = true;
            var ask = AskAsync("a", "1");
            await AdvanceUntilAsync(_journal.WaitForAppendAsync());
            _journal.IsAway = true;
            _journal.Release(AppendOutcome.Unknown);
            Assert.Equal(AskStatus.OutcomeUnknown, (await ask).Status);
            _journal.IsAway = false;
            _journal.Holding = false;
            var look = AskAsync("a", "?");
            await AdvanceUntilAsync(look);
            Assert.Equal(outage + 1, (await look).Reply);
        }
    }

    [Fact]
    public async Task A_region_stops_while_its_journal_cannot_be_read()
    {
        _journal.IsAway = true;
        var ask = AskAsync("a", "1");

        await RestartAsync();

        Assert.Equal(AskStatus.NotOwner, (await ask).Status);
    }

    [Fact]
    public async Task A_changed_record_quarantines_its_account_and_names_the_record()
    {
        var first = Record("a", JournalHead.Empty, 1, "1");
        var second = Record("a", new JournalHead(1, first.Hash), 1, "2");
        await _stored.AppendAsync([new EntityAppend("a", 0, 1, false, [first with { Payload = "9"u8.ToArray() }, second])], default);

        var ask = AskAsync("a", "?");
        await AdvanceUntilAsync(ask);

        Assert.Contains("record 1 of a", (await ask).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_mailbox_says_so_and_does_nothing()
    {
        _journal.Holding = true;
        var first = AskAsync("a", "1");
        await _journal.WaitForAppendAsync();
        var waiting = Enumerable.Range(0, 8).Select(_ => AskAsync("a", "1")).ToArray();

        Assert.Equal(AskStatus.Busy, (await AskAsync("a", "1")).Status);

        _journal.Holding = false;
        _journal.Release();
        await Task.WhenAll([first, .. waiting]);
        Assert.Equal(9, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task A_command_whose_deadline_passed_while_it_waited_is_not_decided()
    {
        _journal.Holding = true;
        var first = AskAsync("a", "1");
        await _journal.WaitForAppendAsync();
        var late = _region.AskAsync("a", "10", TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(AskStatus.OutcomeUnknown, (await late).Status);
        _journal.Holding = false;
        _journal.Release();
        await first;

        Assert.Equal(1, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task An_idle_entity_leaves_memory_and_comes_back_with_its_state()
    {
        await AskAsync("a", "3");
        Assert.Equal(1, _region.ActiveCount);
        await ReachedAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMinutes(11));
            return _region.ActiveCount == 0;
        });

        Assert.Equal(3, (await AskAsync("a", "?")).Reply);
    }

    [Fact]
    public async Task A_watched_entity_stays_in_memory()
    {
        var views = _region.WatchAsync("a", -1, default).GetAsyncEnumerator();
        await views.MoveNextAsync();
        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(1, _region.ActiveCount);
        await views.DisposeAsync();
    }

    [Fact]
    public async Task Unfinished_work_is_driven_again_by_a_new_owner()
    {
        await AskAsync("a", "begin");
        await AskAsync("b", "1");
        await ReachedAsync(() => _notes.Lines.Length == 1);
        await RestartAsync();

        Assert.Equal(1, await _region.WakePendingAsync(default));
        await ReachedAsync(() => _notes.Lines.Length == 2);

        Assert.Equal(["effect a work", "effect a work"], _notes.Lines);
    }

    private Task<AskResult<long>> AskAsync(string entity, string command) => _region.AskAsync(entity, command, TimeSpan.FromHours(5));

    private EntityRegion<Sum, string, string, long, string> NewRegion()
    {
        var behavior = new SumBehavior();
        return new(behavior, behavior, _journal, 1, _clock, new RegionOptions { InboxCapacity = 8, FailuresMax = 3 }, _notes);
    }

    private async Task RestartAsync()
    {
        await _region.DisposeAsync();
        _region = NewRegion();
    }

    /// <summary>Moves the clock in small steps until the back-offs that the answer waits for are over.</summary>
    private async Task AdvanceUntilAsync(Task answer) => await ReachedAsync(() =>
    {
        _clock.Advance(TimeSpan.FromMilliseconds(100));
        return answer.IsCompleted;
    });

    private static async Task ReachedAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!reached())
        {
            await Task.Delay(1, limit.Token);
        }
    }

    private static JournalRecord Record(string entity, JournalHead head, short type, string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        var at = DateTimeOffset.UnixEpoch;
        return new JournalRecord(
            head.Sequence + 1, at, type, 1, bytes, HashChain.Next(head.Hash.Span, entity, head.Sequence + 1, at, type, 1, bytes));
    }
}

public sealed class StableHashTests
{
    [Fact]
    public void The_hash_that_chooses_shards_never_changes()
    {
        Assert.Equal(2464306508u, StableHash.Of("DEMO01"));
        Assert.Equal(2786964252u, StableHash.Of(""));
    }

    [Fact]
    public void Accounts_spread_evenly_over_the_shards()
    {
        var counts = Enumerable.Range(0, 64_000).GroupBy(i => StableHash.Shard($"AB{i:D5}", 64)).Select(group => group.Count()).ToArray();

        Assert.Equal(64, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 800, 1200));
    }
}
