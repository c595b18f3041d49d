using Backup.Actor.Kernel.Cluster;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every store of placements must do.</summary>
public abstract class PlacementConformance
{
    protected abstract IShardPlacements Placements { get; }

    [Fact]
    public async Task What_was_placed_is_read_by_shard_and_the_last_wish_for_a_shard_counts()
    {
        await PlaceAsync(9, "node-a", "first");
        await PlaceAsync(2, "node-b", "first");
        await PlaceAsync(9, "node-c", "second");

        Assert.Equal([new ShardPlacement(2, "node-b", "first"), new ShardPlacement(9, "node-c", "second")], await Placements.ReadAsync(default));
    }

    [Fact]
    public async Task What_was_cleared_is_gone_and_may_be_placed_again()
    {
        Assert.Equal(0, await Placements.ClearAsync(default));
        await PlaceAsync(1, "a", "x");
        await PlaceAsync(2, "a", "x");

        Assert.Equal(2, await Placements.ClearAsync(default));

        Assert.Empty(await Placements.ReadAsync(default));
        await PlaceAsync(1, "b", "y");
        Assert.Equal([new ShardPlacement(1, "b", "y")], await Placements.ReadAsync(default));
        Assert.Equal(1, await Placements.ClearAsync(default));
    }

    private ValueTask PlaceAsync(int shard, string node, string by) => Placements.PlaceAsync(new ShardPlacement(shard, node, by), default);
}
