using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>What holds of every cluster: all reachability graphs of up to four members, one way or both, and many of more.</summary>
public sealed class SplitBrainResolverTests
{
    private const int Seed = 20261120;

    public static TheoryData<SplitBrainStrategy> Strategies => [.. Enum.GetValues<SplitBrainStrategy>()];

    [Theory, MemberData(nameof(Strategies))]
    public void Every_live_member_survives_or_is_lost_and_the_survivors_reach_each_other(SplitBrainStrategy strategy) => ForEach(rows =>
    {
        var decision = SplitBrainResolver.Resolve(rows, With(strategy, rows));

        Assert.Equal(rows.Select(row => row.Id).Order(ByName), decision.Survivors.Concat(decision.Losers.Select(loser => loser.Id)).Order(ByName));
        Assert.True(IsSide(rows, decision.Survivors));
    });

    [Theory, MemberData(nameof(Strategies))]
    public void Once_the_losers_are_gone_nobody_else_is_lost(SplitBrainStrategy strategy) => ForEach(rows =>
    {
        var options = With(strategy, rows);
        var decision = SplitBrainResolver.Resolve(rows, options);

        var after = SplitBrainResolver.Resolve(Down(rows, decision), options);

        Assert.True(after.IsWhole);
        Assert.Equal(decision.Survivors, after.Survivors);
    });

    [Theory, MemberData(nameof(Strategies))]
    public void A_cluster_that_is_whole_loses_nobody(SplitBrainStrategy strategy)
    {
        for (var members = 0; members <= 9; members++)
        {
            var rows = Cut.Of(members, (_, _) => true);

            Assert.True(SplitBrainResolver.Resolve(rows, new SplitBrainOptions { Strategy = strategy, QuorumSize = 5 }).IsWhole);
        }
    }

    [Theory, MemberData(nameof(Strategies))]
    public void The_answer_is_the_same_on_every_node_in_whatever_order_the_rows_and_their_links_are_read(SplitBrainStrategy strategy)
    {
        for (var members = 1; members <= 4; members++)
        {
            for (var bits = 0; bits < 1 << (members * (members - 1)); bits++)
            {
                var rows = Cut.OfDirected(members, bits);
                var options = With(strategy, rows);
                var answer = SplitBrainResolver.Resolve(rows, options).Explanation;
                foreach (var order in Cut.Orders(rows.ToImmutableList()))
                {
                    Member[] read = [.. order.Select(row => row with { Reaches = [.. row.Reaches.Reverse()] })];
                    Assert.Equal(answer, SplitBrainResolver.Resolve(read, options).Explanation);
                }
            }
        }
    }

    [Theory, MemberData(nameof(Strategies))]
    public void Those_who_expired_left_or_are_down_change_nothing_whoever_they_reach(SplitBrainStrategy strategy) => ForEach(rows =>
    {
        Member[] ended =
        [
            rows[0] with { Id = new NodeId("x", 1), ExpiresIn = TimeSpan.Zero },
            rows[0] with { Id = new NodeId("y", 1), Status = MemberStatus.Left },
            rows[0] with { Id = new NodeId("z", 1), Status = MemberStatus.Down },
        ];
        var among = rows.Select(row => row with { Reaches = row.Reaches.AddRange("x", "y", "z", "nobody", row.Name) }).Concat(ended).ToArray();
        var options = With(strategy, rows);

        Assert.Equal(SplitBrainResolver.Resolve(rows, options).Explanation, SplitBrainResolver.Resolve(among, options).Explanation);
    });

    [Fact]
    public void Under_keep_majority_the_survivors_are_the_largest_side_there_is_and_never_nobody() => ForEach(rows =>
    {
        var decision = SplitBrainResolver.Resolve(rows, With(SplitBrainStrategy.KeepMajority, rows));

        Assert.Equal(Sides(rows).Max(side => side.Count), decision.Survivors.Length);
        Assert.NotEmpty(decision.Survivors);
    });

    [Fact]
    public void Under_keep_majority_a_side_of_more_than_half_survives_and_of_two_halves_the_one_with_the_oldest() => ForEach(rows =>
    {
        var survivors = SplitBrainResolver.Resolve(rows, With(SplitBrainStrategy.KeepMajority, rows)).Survivors;
        var largest = Sides(rows).Where(side => side.Count == survivors.Length).ToList();

        Assert.Equal(Sides(rows).Any(side => side.Count * 2 > rows.Length), survivors.Length * 2 > rows.Length);
        Assert.Equal(largest.Select(Cut.Names).Min(StringComparer.Ordinal), Cut.Names(survivors));
    });

    [Fact]
    public void Under_keep_oldest_the_oldest_always_survives_with_as_many_as_a_side_of_its_can_have() => ForEach(rows =>
    {
        var survivors = SplitBrainResolver.Resolve(rows, With(SplitBrainStrategy.KeepOldest, rows)).Survivors;

        Assert.Equal(rows[0].Id, survivors[0]);
        Assert.Equal(Sides(rows).Where(side => side.Contains(rows[0].Id)).Max(side => side.Count), survivors.Length);
    });

    [Fact]
    public void Under_static_quorum_a_cut_cluster_has_a_quorum_or_nobody() => ForEach(rows =>
    {
        for (var quorum = 1; quorum <= rows.Length; quorum++)
        {
            var decision = SplitBrainResolver.Resolve(rows, new SplitBrainOptions { Strategy = SplitBrainStrategy.StaticQuorum, QuorumSize = quorum });

            Assert.Equal(decision.IsWhole || Sides(rows).Any(side => side.Count >= quorum), !decision.Survivors.IsEmpty);
            Assert.True(decision.IsWhole || decision.Survivors.IsEmpty || decision.Survivors.Length >= quorum);
        }
    });

    [Fact]
    public void Under_down_all_a_cut_cluster_has_no_survivor() => ForEach(rows =>
    {
        var decision = SplitBrainResolver.Resolve(rows, With(SplitBrainStrategy.DownAll, rows));

        Assert.True(decision.IsWhole || decision.Survivors.IsEmpty);
    });

    [Theory, MemberData(nameof(Strategies))]
    public void Of_two_nodes_that_read_different_links_never_both_end_the_other_s_survivors(SplitBrainStrategy strategy)
    {
        for (var bits = 0; bits < 64 * 64; bits++)
        {
            var rows = Cut.OfMutual(4, bits % 64);
            var first = SplitBrainResolver.Resolve(rows, With(strategy, rows));
            var second = SplitBrainResolver.Resolve(Cut.OfMutual(4, bits / 64), With(strategy, rows));

            // What the store lets take effect: a decision all of whose survivors are still members.
            var members = rows.Select(row => row.Id).Except(first.Losers.Select(loser => loser.Id)).ToList();
            var isLetIn = second.Survivors.All(members.Contains);
            var left = isLetIn ? [.. members.Except(second.Losers.Select(loser => loser.Id))] : members;

            Assert.Equal(isLetIn ? second.Survivors : first.Survivors, left);
            Assert.True(!isLetIn || second.Survivors.All(survivor => first.Survivors.Contains(survivor)));
        }
    }

    [Fact]
    public void Only_members_with_the_role_count_and_the_others_follow_as_far_as_they_reach()
    {
        // Three gateways with one account node on one side, two account nodes on the other.
        var rows = Cut.Of(6, (from, to) => from < 4 == to < 4, member => member is 3 or 4 or 5 ? ["account"] : ["gateway"]);
        var options = new SplitBrainOptions { Role = "account" };

        Assert.Equal("ef", Cut.Names(SplitBrainResolver.Resolve(rows, options).Survivors));
        Assert.Equal("abcd", Cut.Names(SplitBrainResolver.Resolve(rows, options with { Role = null }).Survivors));
        Assert.Equal("abcd", Cut.Names(SplitBrainResolver.Resolve(rows, options with { Role = "tap" }).Survivors));
    }

    [Fact]
    public void More_members_than_sides_are_found_for_are_all_kept()
    {
        var rows = Enumerable.Range(0, 65).Select(i => new Member(new NodeId($"n{i}", 1), "", [], default, TimeSpan.FromSeconds(1), [])).ToArray();

        Assert.Equal(65, SplitBrainResolver.Resolve(rows, new SplitBrainOptions()).Survivors.Length);
        Assert.Equal(["n0"], SplitBrainResolver.Resolve(rows[..64], new SplitBrainOptions()).Survivors.Select(survivor => survivor.Name));
    }

    [Fact]
    public void Sixty_four_members_in_pairs_that_do_not_reach_each_other_are_resolved_without_trying_every_choice()
    {
        var rows = Enumerable.Range(0, 64)
            .Select(i => new Member(new NodeId($"n{i:00}", 1), "", [], default, TimeSpan.FromSeconds(1), [.. Enumerable.Range(0, 64).Where(k => k / 2 != i / 2).Select(k => $"n{k:00}")]))
            .ToArray();

        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"n{i * 2:00}"), SplitBrainResolver.Resolve(rows, new SplitBrainOptions()).Survivors.Select(survivor => survivor.Name));
    }

    private static readonly Comparer<NodeId> ByName = Comparer<NodeId>.Create((one, other) => string.CompareOrdinal(one.Name, other.Name));

    private static SplitBrainOptions With(SplitBrainStrategy strategy, Member[] rows) => new() { Strategy = strategy, QuorumSize = (rows.Length / 2) + 1 };

    /// <summary>All directed graphs of up to four, all two-way graphs of five, and some directed ones of five.</summary>
    private static void ForEach(Action<Member[]> check)
    {
        for (var members = 1; members <= 4; members++)
        {
            for (var bits = 0; bits < 1 << (members * (members - 1)); bits++)
            {
                check(Cut.OfDirected(members, bits));
            }
        }

        for (var bits = 0; bits < 1 << 10; bits++)
        {
            check(Cut.OfMutual(5, bits));
        }

        var random = new Random(Seed);
        for (var sample = 0; sample < 2000; sample++)
        {
            // Mostly links that work: of even odds two-way links are rare.
            check(Cut.OfDirected(5, random.Next(1 << 20) | random.Next(1 << 20)));
        }
    }

    private static Member[] Down(Member[] rows, SplitBrainDecision decision) =>
        [.. rows.Select(row => decision.Survivors.Contains(row.Id) ? row : row with { Status = MemberStatus.Down })];

    private static bool IsSide(Member[] rows, IReadOnlyCollection<NodeId> side) => side.All(one => side.All(other =>
        one == other || rows.Single(row => row.Id == one).Reaches.Contains(other.Name)));

    /// <summary>All sides, by trying every set: what the resolver's search is held against.</summary>
    private static IEnumerable<List<NodeId>> Sides(Member[] rows) => Enumerable.Range(1, (1 << rows.Length) - 1)
        .Select(set => rows.Where((_, place) => ((set >> place) & 1) == 1).Select(row => row.Id).ToList())
        .Where(side => IsSide(rows, side));
}
