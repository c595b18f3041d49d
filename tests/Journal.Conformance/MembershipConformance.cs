using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every membership store must do, whatever it is made of. Each implementation runs all of it.</summary>
public abstract class MembershipConformance
{
    protected static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(6);

    protected abstract IMembershipStore Members { get; }

    /// <summary>The same members as another node sees them, over connections of its own.</summary>
    protected abstract IMembershipStore OtherNode { get; }

    /// <summary>Moves the clock that judges the members.</summary>
    protected abstract Task AdvanceAsync(TimeSpan by);

    /// <summary>Does what happens to the session of a process that is killed.</summary>
    protected abstract Task EndSessionAsync(NodeId id);

    [Fact]
    public async Task A_new_name_joins_under_the_first_incarnation_and_is_read_as_it_said()
    {
        Assert.Equal(new NodeId("a", 1), await JoinedAsync("a", roles: ["account", "tap"]));

        var row = Assert.Single(await ReadAsync());
        Assert.Equal((new NodeId("a", 1), "a:9000", MemberStatus.Up, ""), (row.Id, row.Address, row.Status, row.Reason));
        Assert.Equal(["account", "tap"], row.Roles);
        Assert.Empty(row.Reaches);
        Assert.InRange(row.ExpiresIn, TimeSpan.FromSeconds(1), TimeToLive);
        Assert.True(row.IsLive);
    }

    [Fact]
    public async Task A_name_that_lives_as_another_instance_is_refused_in_words_and_nothing_changes()
    {
        var first = await JoinedAsync("a");

        var refused = Assert.IsType<JoinAnswer.Refused>(await JoinAsync("a", "another process", "b:9000"));

        Assert.Equal(first, refused.Other);
        Assert.StartsWith("two nodes with one name: a#1 at a:9000 lives", refused.Reason, StringComparison.Ordinal);
        Assert.Equal("a:9000", Assert.Single(await ReadAsync()).Address);
        await ExpectMemberAsync(first);
    }

    [Fact]
    public async Task An_instance_that_asks_again_gets_the_incarnation_that_it_has_and_its_lease_anew()
    {
        var first = await JoinedAsync("a");
        await AdvanceAsync(TimeToLive * 0.75);

        Assert.Equal(first, await JoinedAsync("a"));
        await AdvanceAsync(TimeToLive * 0.75);
        await ExpectMemberAsync(first);
    }

    [Fact]
    public async Task A_name_that_expired_joins_under_a_higher_incarnation_and_is_the_youngest()
    {
        await JoinedAsync("a");
        await AdvanceAsync(TimeToLive / 2);
        await JoinedAsync("b");
        await AdvanceAsync(TimeToLive / 2);

        Assert.Equal(new NodeId("a", 2), await JoinedAsync("a", "another process"));
        Assert.Equal(["b", "a"], (await ReadAsync()).Where(row => row.IsLive).OrderBy(row => row.JoinedAt).Select(row => row.Name));
    }

    [Fact]
    public async Task Even_the_same_instance_comes_back_under_a_higher_incarnation_once_it_has_expired()
    {
        await JoinedAsync("a");
        await AdvanceAsync(TimeToLive);

        Assert.Equal(new NodeId("a", 2), await JoinedAsync("a"));
    }

    [Fact]
    public async Task A_beat_lets_the_lease_run_anew_and_says_whom_the_member_reaches()
    {
        var a = await JoinedAsync("a");
        await AdvanceAsync(TimeToLive * 0.75);
        await ExpectMemberAsync(a, "b", "c");
        await AdvanceAsync(TimeToLive * 0.75);

        var row = Assert.Single(await ReadAsync());
        Assert.True(row.IsLive);
        Assert.Equal(["b", "c"], row.Reaches);
        await ExpectMemberAsync(a);
        Assert.Empty(Assert.Single(await ReadAsync()).Reaches);
    }

    [Fact]
    public async Task A_member_that_did_not_beat_in_time_is_read_as_not_live_and_never_lives_again()
    {
        var a = await JoinedAsync("a");
        await AdvanceAsync(TimeToLive);

        var row = Assert.Single(await ReadAsync());
        Assert.Equal((MemberStatus.Up, TimeSpan.Zero, false), (row.Status, row.ExpiresIn, row.IsLive));
        await ExpectDeadAsync(a, "a#1 did not beat in time: its lease has run out");
        Assert.False(Assert.Single(await ReadAsync()).IsLive);
    }

    [Fact]
    public async Task A_former_life_of_a_name_is_told_of_the_next_one_and_does_not_touch_it()
    {
        var former = await JoinedAsync("a");
        await AdvanceAsync(TimeToLive);
        var next = await JoinedAsync("a", "another process");
        await ExpectMemberAsync(next, "b");

        await ExpectDeadAsync(former, "a#1 is over: its name joined again as a#2");
        Assert.Equal(Ended(), await Members.LeaveAsync(former));
        Assert.Equal(Ended(), await Members.DownAsync([former], [], "old news"));
        Assert.Equal(["b"], Assert.Single(await ReadAsync()).Reaches);
        await ExpectMemberAsync(next);
    }

    [Fact]
    public async Task Who_never_joined_is_told_so()
    {
        Assert.Contains("a#1 never joined", Assert.IsType<BeatAnswer.DeclaredDead>(await Members.BeatAsync(new NodeId("a", 1), [], TimeToLive)).Reason, StringComparison.Ordinal);
        Assert.Equal(Ended(), await Members.LeaveAsync(new NodeId("a", 1)));
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task A_member_that_left_is_out_at_once_and_its_name_is_free()
    {
        var a = await JoinedAsync("a");

        Assert.Equal(Ended(a), await Members.LeaveAsync(a));
        Assert.Equal(Ended(), await Members.LeaveAsync(a));

        var row = Assert.Single(await ReadAsync());
        Assert.Equal((MemberStatus.Left, TimeSpan.Zero), (row.Status, row.ExpiresIn));
        await ExpectDeadAsync(a, "a#1 has left");
        Assert.Equal(new NodeId("a", 2), await JoinedAsync("a", "another process"));
    }

    [Fact]
    public async Task A_member_that_was_downed_is_told_why_and_can_never_beat_again_but_its_name_can_join()
    {
        var a = await JoinedAsync("a");
        var b = await JoinedAsync("b");

        Assert.Equal(Ended(a), await Members.DownAsync([a], [], "operator Rao: its disk is full"));

        await ExpectDeadAsync(a, "a#1 was downed: operator Rao: its disk is full");
        await ExpectDeadAsync(a, "a#1 was downed: operator Rao: its disk is full");
        Assert.Equal((MemberStatus.Down, "operator Rao: its disk is full"), ((await ReadAsync())[0].Status, (await ReadAsync())[0].Reason));
        await ExpectMemberAsync(b);
        Assert.Equal(new NodeId("a", 2), await JoinedAsync("a"));
        Assert.Equal(("", MemberStatus.Up), ((await ReadAsync())[0].Reason, (await ReadAsync())[0].Status));
    }

    [Fact]
    public async Task Those_who_are_to_survive_must_be_live_members_or_nobody_is_downed()
    {
        var (a, b, c) = (await JoinedAsync("a"), await JoinedAsync("b"), await JoinedAsync("c"));
        Assert.Equal(Ended(b, c), await Members.DownAsync([c, b], [a], "cut off"));

        // Another node read the rows before, and thought that b and c should go on.
        var refused = Assert.IsType<EndAnswer.Refused>(await Members.DownAsync([a], [b, c], "cut off"));

        Assert.Equal("b#1, c#1 should survive and is no live member any more", refused.Reason);
        await ExpectMemberAsync(a);
    }

    [Fact]
    public async Task A_survivor_that_expired_or_is_of_a_former_life_or_never_was_counts_as_none()
    {
        var a = await JoinedAsync("a");
        await AdvanceAsync(TimeToLive);
        var b = await JoinedAsync("b");
        Assert.IsType<EndAnswer.Refused>(await Members.DownAsync([b], [a], "cut off"));
        await JoinedAsync("a", "another process");
        Assert.IsType<EndAnswer.Refused>(await Members.DownAsync([b], [a], "cut off"));
        Assert.IsType<EndAnswer.Refused>(await Members.DownAsync([b], [new NodeId("x", 1)], "cut off"));

        await ExpectMemberAsync(b);
    }

    [Fact]
    public async Task Of_two_decisions_at_once_that_contradict_each_other_one_takes_effect()
    {
        for (var turn = 0; turn < 25; turn++)
        {
            var (a, b) = (await JoinedAsync($"a{turn}"), await JoinedAsync($"b{turn}"));

            var answers = await Task.WhenAll(
                Members.DownAsync([b], [a], "cut off").AsTask(),
                OtherNode.DownAsync([a], [b], "cut off").AsTask());

            Assert.Single(answers.OfType<EndAnswer.Ended>());
            Assert.Single(answers.OfType<EndAnswer.Refused>());
        }
    }

    [Fact]
    public async Task Of_many_who_join_under_one_name_at_once_one_becomes_the_member()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(i => (i % 2 == 0 ? Members : OtherNode).JoinAsync(new JoinRequest("a", $"process {i}", "a:9000", []), TimeToLive).AsTask()));

        Assert.Equal(new NodeId("a", 1), Assert.Single(answers.OfType<JoinAnswer.Joined>()).Id);
        Assert.Equal(7, answers.OfType<JoinAnswer.Refused>().Count());
    }

    [Fact]
    public async Task Rows_are_read_by_name_and_none_is_ever_forgotten()
    {
        await JoinedAsync("c");
        await Members.LeaveAsync(await JoinedAsync("b"));
        await Members.DownAsync([await JoinedAsync("a")], [], "cut off");
        await AdvanceAsync(TimeToLive * 100);

        Assert.Equal([("a", MemberStatus.Down), ("b", MemberStatus.Left), ("c", MemberStatus.Up)], (await ReadAsync()).Select(row => (row.Name, row.Status)));
    }

    [Fact]
    public async Task A_member_whose_session_ended_is_most_probably_gone_and_one_that_holds_its_session_is_not()
    {
        var (a, b) = (await JoinedAsync("a"), await JoinedAsync("b"));
        Assert.True(await Members.HoldSessionAsync(a));
        Assert.True(await Members.HoldSessionAsync(a));
        Assert.False(await IsGoneAsync(a));

        await EndSessionAsync(a);

        Assert.True(await IsGoneAsync(a));
        Assert.False(await IsGoneAsync(b));

        // It was alive after all, and had only lost its session.
        await HeldAgainAsync(a);
        Assert.False(await IsGoneAsync(a));
        await ExpectMemberAsync(a);
    }

    [Fact]
    public async Task Without_a_session_ever_or_a_join_ever_there_is_no_telling()
    {
        var a = await JoinedAsync("a");

        Assert.False(await IsGoneAsync(a));
        Assert.False(await IsGoneAsync(new NodeId("a", 2)));
        Assert.False(await IsGoneAsync(new NodeId("x", 1)));
        Assert.False(await Members.HoldSessionAsync(new NodeId("x", 1)));
    }

    [Fact]
    public async Task A_life_that_is_over_is_gone_whatever_session_its_process_holds()
    {
        var a = await JoinedAsync("a");
        await Members.HoldSessionAsync(a);
        await AdvanceAsync(TimeToLive);
        Assert.True(await IsGoneAsync(a));

        var next = await JoinedAsync("a");
        Assert.True(await IsGoneAsync(a));
        Assert.False(await IsGoneAsync(next));
        await Members.DownAsync([next], [], "cut off");
        Assert.True(await IsGoneAsync(next));
        Assert.False(await Members.HoldSessionAsync(next));
    }

    protected static EndAnswer Ended(params NodeId[] members) => new EndAnswer.Ended([.. members]);

    protected async Task<JoinAnswer> JoinAsync(string name, string instance, string address, ImmutableArray<string>? roles = null) =>
        await Members.JoinAsync(new JoinRequest(name, instance, address, roles ?? ["account"]), TimeToLive);

    protected async Task<NodeId> JoinedAsync(string name, string instance = "one process", ImmutableArray<string>? roles = null) =>
        Assert.IsType<JoinAnswer.Joined>(await JoinAsync(name, instance, $"{name}:9000", roles)).Id;

    protected async Task ExpectMemberAsync(NodeId id, params string[] reaches) =>
        Assert.Equal(new BeatAnswer.StillMember(), await Members.BeatAsync(id, reaches, TimeToLive));

    protected async Task ExpectDeadAsync(NodeId id, string reason) =>
        Assert.Equal(new BeatAnswer.DeclaredDead(reason), await Members.BeatAsync(id, [], TimeToLive));

    protected async Task<bool> IsGoneAsync(NodeId id) => await Members.IsGoneAsync(id, default);

    private async Task<IReadOnlyList<Member>> ReadAsync() => await Members.ReadAsync(default);

    /// <summary>The first call may find out that the session is lost, the next one opens another.</summary>
    private async Task HeldAgainAsync(NodeId id) => Assert.True(await Members.HoldSessionAsync(id) || await Members.HoldSessionAsync(id));
}
