using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Leases;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>How shards come to where they should be.</summary>
public sealed class ShardMovesTests
{
    private const int Shards = 32;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(4);
    private static readonly Dictionary<string, string> Live = new(StringComparer.Ordinal) { ["a#1"] = "a", ["b#1"] = "b", ["c#2"] = "c" };
    private readonly ShardMap _map = ShardMap.Of(Shards, Live.Values);

    [Fact]
    public void Shards_that_nobody_ever_took_are_claimed_by_their_wanted_owners()
    {
        var plan = ShardMoves.Plan(_map, [], Live, movesMax: 2);

        Assert.Equal(Enumerable.Range(0, Shards).Select(shard => new ShardClaim(shard, _map[shard], null)), plan.Claims);
        Assert.Empty(plan.Moves);
    }

    [Fact]
    public void Where_everything_is_as_wanted_nothing_is_planned()
    {
        var plan = ShardMoves.Plan(_map, Leases(shard => Owner(_map[shard])), Live, movesMax: 2);

        Assert.True(plan.IsDone);
    }

    [Fact]
    public void An_expired_or_released_shard_is_claimed_and_one_held_by_no_live_member_is_taken_over()
    {
        LeaseState[] present =
        [
            .. Leases(shard => Owner(_map[shard])).Skip(3),
            new(LeaseKey.ForShard(0), "gone", 4, TimeSpan.Zero),
            new(LeaseKey.ForShard(1), "", 5, TimeSpan.Zero),
            new(LeaseKey.ForShard(2), "gone", 6, Held),
        ];

        var plan = ShardMoves.Plan(_map, present, Live, movesMax: 2);

        Assert.Equal([new(0, _map[0], null), new(1, _map[1], null), new ShardClaim(2, _map[2], 6)], plan.Claims);
    }

    [Fact]
    public void What_a_former_life_of_a_node_holds_is_taken_over_by_its_wanted_owner_even_if_that_is_the_same_node()
    {
        var mine = Enumerable.Range(0, Shards).First(shard => _map[shard] == "c");
        var present = Leases(shard => shard == mine ? "c#1" : Owner(_map[shard]));

        Assert.Equal([new ShardClaim(mine, "c", 1)], ShardMoves.Plan(_map, present, Live, movesMax: 2).Claims);
    }

    [Fact]
    public void Even_its_wanted_owner_claims_a_shard_that_it_let_expire()
    {
        LeaseState[] present = [.. Leases(shard => Owner(_map[shard])).Skip(1), new(LeaseKey.ForShard(0), Owner(_map[0]), 4, TimeSpan.Zero)];

        Assert.Equal([new ShardClaim(0, _map[0], null)], ShardMoves.Plan(_map, present, Live, movesMax: 2).Claims);
    }

    [Fact]
    public void A_live_member_that_may_own_no_shard_hands_its_shards_over()
    {
        var plan = ShardMoves.Plan(_map, Leases(_ => "leaving#1"), new Dictionary<string, string>(Live, StringComparer.Ordinal) { ["leaving#1"] = "leaving" }, movesMax: Shards);

        Assert.Equal(Enumerable.Range(0, Shards).Select(shard => new ShardMove(shard, "leaving", _map[shard], 1)), plan.Moves);
    }

    [Fact]
    public void Moves_go_on_a_few_at_a_time_until_every_shard_is_where_it_should_be()
    {
        var random = new Random(20261120);
        var owners = Enumerable.Repeat("a", Shards).ToArray();
        var underWay = new HashSet<int>();
        var steps = 0;
        for (; ; steps++)
        {
            var plan = ShardMoves.Plan(_map, Leases(shard => Owner(owners[shard])), Live, movesMax: 3);
            if (plan.IsDone)
            {
                break;
            }

            // Whatever has begun is in the plan still: one node that acts on each plan has three under way at most.
            Assert.Subset(plan.Moves.Select(move => move.Shard).ToHashSet(), underWay);
            Assert.InRange(plan.Moves.Length, 1, 3);
            Assert.Equal(Enumerable.Range(0, Shards).Count(shard => owners[shard] != _map[shard]), plan.Moves.Length + plan.MovesLeft);
            underWay = [.. plan.Moves.Select(move => move.Shard)];
            var done = plan.Moves[random.Next(plan.Moves.Length)];
            Assert.Equal("a", done.From);
            owners[done.Shard] = done.To;
            underWay.Remove(done.Shard);
        }

        Assert.Equal(Enumerable.Range(0, Shards).Count(shard => _map[shard] != "a"), steps);
    }

    [Fact]
    public void Singletons_and_shards_that_the_map_does_not_have_are_left_alone_and_without_nodes_nothing_is_planned()
    {
        LeaseState[] present = [.. Leases(shard => Owner(_map[shard])), new(LeaseKey.ForSingleton("tap-1"), "gone", 1, Held), new(LeaseKey.ForShard(Shards), "a#1", 1, Held)];

        Assert.True(ShardMoves.Plan(_map, present, Live, movesMax: 2).IsDone);
        Assert.True(ShardMoves.Plan(ShardMap.Of(Shards, []), present, Live, movesMax: 2).IsDone);
    }

    private static string Owner(string node) => Live.Single(each => each.Value == node).Key;

    private static IEnumerable<LeaseState> Leases(Func<int, string> owner) =>
        Enumerable.Range(0, Shards).Select(shard => new LeaseState(LeaseKey.ForShard(shard), owner(shard), 1, Held));
}
