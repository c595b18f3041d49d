using System.Collections.Immutable;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>The whole contract in memory, for tests.</summary>
public sealed class MemoryShardPlacements : IShardPlacements
{
    private ImmutableSortedDictionary<int, ShardPlacement> _placements = ImmutableSortedDictionary<int, ShardPlacement>.Empty;

    public ValueTask PlaceAsync(ShardPlacement placement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(placement);
        ImmutableInterlocked.Update(ref _placements, static (all, one) => all.SetItem(one.Shard, one), placement);
        return ValueTask.CompletedTask;
    }

    public ValueTask<int> ClearAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Interlocked.Exchange(ref _placements, ImmutableSortedDictionary<int, ShardPlacement>.Empty).Count);

    public ValueTask<ImmutableArray<ShardPlacement>> ReadAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Volatile.Read(ref _placements).Values.ToImmutableArray());
}
