using Backup.Actor.Kernel.Cluster;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>Where shards should be.</summary>
public sealed class ShardMapTests
{
    private const int Seed = 20261120;

    // The values were computed by another program, from the description of the hash.
    [Fact]
    public void The_map_of_known_nodes_is_the_same_for_ever()
    {
        Assert.Equal("0,0,0,2,1,0,0,2,2,2,2,0,1,1,0,1", Text(ShardMap.Of(16, ["node-0", "node-1", "node-2"])));
        Assert.Equal("0,0,0,0,1,0,0,1,0,1,0,0,1,1,0,1", Text(ShardMap.Of(16, ["node-0", "node-1"])));
        Assert.Equal(
            "नोड-१,नोड-१,backup-0,नोड-१,backup-0,नोड-१,नोड-१,backup-0",
            string.Join(',', Owners(ShardMap.Of(8, ["backup-0", "नोड-१"]))));
    }

    [Fact]
    public void Every_shard_has_one_owner_among_the_nodes_and_no_node_has_more_than_the_bound() => ForEach((shards, nodes) =>
    {
        foreach (var loadPercent in new[] { 100, 125, 200 })
        {
            var map = ShardMap.Of(shards, nodes, loadPercent);
            var load = Owners(map).CountBy(owner => owner).ToDictionary();

            Assert.Equal(shards, load.Values.Sum());
            Assert.All(load.Keys, owner => Assert.Contains(owner, nodes));
            Assert.Equal(((shards * loadPercent) + (100 * nodes.Count) - 1) / (100 * nodes.Count), map.Bound);
            Assert.All(load.Values, owned => Assert.InRange(owned, 0, map.Bound));
        }
    });

    [Fact]
    public void The_map_does_not_depend_on_the_order_of_the_nodes() => ForEach((shards, nodes) => Assert.Equal(
        Owners(ShardMap.Of(shards, nodes)),
        Owners(ShardMap.Of(shards, nodes.Reverse().Append(nodes[0])))));

    [Fact]
    public void One_node_more_or_less_moves_about_its_share_and_at_most_one_and_a_half_bounds()
    {
        var shares = 0;
        var moved = 0;
        ForEach((shards, nodes) =>
        {
            if (nodes.Count < 2 || shards < 64)
            {
                return;
            }

            var fewer = ShardMap.Of(shards, nodes.Skip(1));
            var more = ShardMap.Of(shards, nodes);
            var moves = Enumerable.Range(0, shards).Count(shard => fewer[shard] != more[shard]);

            Assert.InRange(moves, 0, fewer.Bound * 3 / 2);
            shares += shards / nodes.Count;
            moved += moves;
        });

        // Over all of them: hardly more than the shards that the one node has or had.
        Assert.InRange(moved * 100 / shares, 90, 125);
    }

    [Fact]
    public void What_an_operator_placed_is_there_and_the_rest_stays_within_the_bound() => ForEach((shards, nodes) =>
    {
        // The first node gets more than its bound by hand; one placement is for a node that is not there, one for a shard that is not.
        var plain = ShardMap.Of(shards, nodes);
        var placed = Enumerable.Range(0, Math.Min(shards, plain.Bound + 2)).Select(shard => new ShardPlacement(shard, nodes[0], "")).ToArray();
        var map = ShardMap.Of(shards, nodes, placements: [.. placed.Append(new ShardPlacement(shards - 1, "gone", "")).Where(one => one.Shard >= 0), new ShardPlacement(shards, nodes[0], "")]);

        Assert.All(placed, one => Assert.Equal(nodes[0], map[one.Shard]));
        Assert.All(Owners(map), owner => Assert.Contains(owner, nodes));
        Assert.All(Owners(map).CountBy(owner => owner).Where(load => load.Key != nodes[0]), load => Assert.InRange(load.Value, 0, map.Bound));
        Assert.Equal(Owners(plain), Owners(ShardMap.Of(shards, nodes, placements: [new ShardPlacement(0, "gone", "")])));
    });

    [Fact]
    public void Where_there_is_no_node_no_shard_has_an_owner()
    {
        var map = ShardMap.Of(4, []);

        Assert.Equal(["", "", "", ""], Owners(map));
        Assert.Equal(0, map.Bound);
    }

    private static IEnumerable<string> Owners(ShardMap map) => Enumerable.Range(0, map.Shards).Select(shard => map[shard]);

    private static string Text(ShardMap map) => string.Join(',', Owners(map).Select(owner => owner["node-".Length..]));

    private static void ForEach(Action<int, IReadOnlyList<string>> check)
    {
        var random = new Random(Seed);
        foreach (var shards in new[] { 0, 1, 16, 64, 100, 256 })
        {
            for (var nodes = 1; nodes <= 12; nodes++)
            {
                for (var sample = 0; sample < 20; sample++)
                {
                    check(shards, [.. Enumerable.Range(0, nodes).Select(node => sample == 0 ? $"node-{node}" : $"node-{node}-{random.Next(1 << 20):x}")]);
                }
            }
        }
    }
}
