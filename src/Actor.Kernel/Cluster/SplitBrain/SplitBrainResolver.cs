using System.Collections.Immutable;
using System.Numerics;

namespace Backup.Actor.Kernel.Cluster.SplitBrain;

/// <summary>
/// Decides from the membership's rows which side of a cut cluster goes on. The same rows give the same answer on every node, whoever
/// asks and in whatever order the rows come.
/// </summary>
/// <remarks>
/// Pure. A row that expired, left or is down is not there: the store has ended it already, so it is on no side. Survivors always are a
/// side (everyone reaches everyone), so resolving again after the others are gone changes nothing. Two nodes that read the rows at
/// different moments may decide differently; <see cref="IMembershipStore.DownAsync"/> lets only a decision take effect whose survivors
/// are all still members.
/// </remarks>
public static class SplitBrainResolver
{
    /// <summary>What is decided of the rows as they are, without regard to how long they have been so.</summary>
    public static SplitBrainDecision Resolve(IReadOnlyCollection<Member> rows, SplitBrainOptions options)
    {
        if (ReachabilityGraph.Of(rows) is { } graph)
        {
            return Resolve(graph, options);
        }

        return new SplitBrainDecision(
            [.. rows.Where(row => row.IsLive).OrderBy(row => row.JoinedAt).ThenBy(row => row.Name, StringComparer.Ordinal).Select(row => row.Id)],
            [],
            $"More than {ReachabilityGraph.MembersMax} members live, which is more than sides are found for: nobody is downed.");
    }

    public static SplitBrainDecision Resolve(ReachabilityGraph graph, SplitBrainOptions options)
    {
        if (graph.Members.IsEmpty)
        {
            return new SplitBrainDecision([], [], "No member is live.");
        }

        if (graph.IsWhole)
        {
            return new SplitBrainDecision([.. graph.Members.Select(member => member.Id)], [], graph.Members.Length == 1
                ? $"{graph.Members[0].Name} is the only live member: it goes on."
                : $"All {graph.Members.Length} live members ({Names(graph, graph.All)}) reach each other: nobody is downed.");
        }

        var (survivors, why) = Survivors(graph, options);
        var losers = ReachabilityGraph.Each(graph.All & ~survivors)
            .Select(loser => new Loser(graph.Members[loser].Id, Missing(graph, loser, survivors)))
            .ToImmutableArray();
        var lines = losers.Select(loser => $"{loser.Id.Name} is downed: it {loser.Reason}.").Prepend($"{NameOf(options.Strategy)}: {why}");
        return new SplitBrainDecision([.. ReachabilityGraph.Each(survivors).Select(i => graph.Members[i].Id)], losers, string.Join('\n', lines));
    }

    /// <summary>The strategy's name in settings and in words.</summary>
    public static string NameOf(SplitBrainStrategy strategy) => strategy switch
    {
        SplitBrainStrategy.KeepMajority => "keep-majority",
        SplitBrainStrategy.StaticQuorum => "static-quorum",
        SplitBrainStrategy.KeepOldest => "keep-oldest",
        SplitBrainStrategy.DownAll => "down-all",
    };

    private static (ulong Survivors, string Why) Survivors(ReachabilityGraph graph, SplitBrainOptions options)
    {
        var voters = graph.With(options.Role);
        switch (options.Strategy)
        {
            case SplitBrainStrategy.KeepMajority:
                var largest = graph.LargestSide(voters);
                return (WithFollowers(graph, largest, voters), $"{Share(graph, largest, voters, options)}{Rank(graph, largest, voters)}: {GoOn(largest)}.");

            case SplitBrainStrategy.StaticQuorum:
                var quorum = graph.LargestSide(voters);
                return BitOperations.PopCount(quorum) >= options.QuorumSize
                    ? (WithFollowers(graph, quorum, voters), $"{Share(graph, quorum, voters, options)}, and the quorum is {options.QuorumSize}: {GoOn(quorum)}.")
                    : (0, $"{Share(graph, quorum, voters, options)}, no side has more, and the quorum is {options.QuorumSize}: nobody goes on.");

            case SplitBrainStrategy.KeepOldest:
                var oldest = BitOperations.TrailingZeroCount(voters == 0 ? graph.All : voters);
                var side = (1UL << oldest) | graph.LargestSide(voters & graph.LinkedWithAll(1UL << oldest));
                var name = graph.Members[oldest].Name;
                return (WithFollowers(graph, side, voters), side == 1UL << oldest
                    ? $"{name} is the oldest and reaches none of the others that count: it goes on."
                    : $"{name} is the oldest; {Names(graph, side)} are the largest side with it: they go on.");

            case SplitBrainStrategy.DownAll:
                return (0, "not all live members reach each other: nobody goes on.");

            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Strategy, "this strategy is not known");
        }
    }

    /// <summary>Those who do not count go with the side as far as they reach all of it and each other.</summary>
    private static ulong WithFollowers(ReachabilityGraph graph, ulong side, ulong voters) =>
        side | graph.LargestSide(graph.LinkedWithAll(side) & ~voters);

    private static string Share(ReachabilityGraph graph, ulong side, ulong voters, SplitBrainOptions options)
    {
        var counted = options.Role is null ? "live members" : $"live members with the role {options.Role}";
        var size = BitOperations.PopCount(side);
        return size switch
        {
            0 => $"there are no {counted}",
            1 when side == voters => $"{Names(graph, side)} is all of the {counted}",
            1 => $"of {BitOperations.PopCount(voters)} {counted} no two reach each other; {Names(graph, side)} is the oldest",
            _ => $"{size} of {BitOperations.PopCount(voters)} {counted} ({Names(graph, side)}) reach each other",
        };
    }

    private static string Rank(ReachabilityGraph graph, ulong side, ulong voters)
    {
        var size = BitOperations.PopCount(side);
        if (size <= 1)
        {
            return "";
        }

        var all = BitOperations.PopCount(voters);
        var share = (size * 2).CompareTo(all) switch
        {
            > 0 => ", more than half",
            0 => ", half of them",
            _ => ", fewer than half",
        };
        var isTied = ReachabilityGraph.Each(side).Any(member => graph.HasSide(voters & ~(1UL << member), size));
        return share + (isTied ? "; another side is as large, this one has the older members"
            : size * 2 > all ? ""
            : "; no other side has as many");
    }

    private static string GoOn(ulong side) => BitOperations.PopCount(side) switch
    {
        0 => "the largest side of the others goes on",
        1 => "it goes on",
        _ => "they go on",
    };

    private static string Missing(ReachabilityGraph graph, int loser, ulong survivors)
    {
        if (survivors == 0)
        {
            return "is live, and nobody goes on";
        }

        var missing = ReachabilityGraph.Each(survivors & ~graph.LinkedWithAll(1UL << loser)).Select(survivor =>
        {
            var name = graph.Members[survivor].Name;
            return (graph.Reaches(loser, survivor), graph.Reaches(survivor, loser)) switch
            {
                (true, _) => $"{name} (which does not reach it)",
                (_, true) => $"{name} (which it does not reach)",
                _ => name,
            };
        });
        return $"has no link both ways with {string.Join(", ", missing)}";
    }

    private static string Names(ReachabilityGraph graph, ulong set) => string.Join(", ", ReachabilityGraph.Each(set).Select(i => graph.Members[i].Name));
}
