using System.Collections.Immutable;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>An operator's wish: this shard lives on this node, as long as the node is there.</summary>
/// <param name="Node">The node's name.</param>
/// <param name="By">Who wished it.</param>
public sealed record ShardPlacement(int Shard, string Node, string By);

/// <summary>
/// Where operators want shards, against the map. A wish moves nothing by itself: every node reads it and plans with it (<see cref="ShardMap"/>).
/// </summary>
/// <remarks>Safe for threads. Implementations pass the suite in <c>tests/Journal.Conformance</c>.</remarks>
public interface IShardPlacements
{
    /// <summary>Wishes, instead of what was wished for the shard before.</summary>
    /// <exception cref="Journal.JournalException">Nobody knows whether it was stored; storing it again is harmless.</exception>
    ValueTask PlaceAsync(ShardPlacement placement, CancellationToken cancellationToken);

    /// <summary>Drops every wish: the shards go back to where the map wants them.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="Journal.JournalException">Nobody knows whether it was done; doing it again is harmless.</exception>
    ValueTask<int> ClearAsync(CancellationToken cancellationToken);

    /// <summary>All wishes, by shard.</summary>
    /// <exception cref="Journal.JournalException">They could not be read.</exception>
    ValueTask<ImmutableArray<ShardPlacement>> ReadAsync(CancellationToken cancellationToken);
}
