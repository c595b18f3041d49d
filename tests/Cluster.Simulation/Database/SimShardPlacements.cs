using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;

namespace Backup.Cluster.Simulation.Database;

/// <summary>Placements as rows, with the promises of PostgresShardPlacements.</summary>
internal sealed class SimShardPlacements(DatabaseLink link) : IShardPlacements
{
    public async ValueTask PlaceAsync(ShardPlacement placement, CancellationToken cancellationToken) => await link.ReadAsync<bool>(new Statement(
        "place", [new RowLock(RowKey.Placement(placement.Shard), IsShared: false)], _ => Work.Write(true, [Row(placement.Shard, placement)])));

    public async ValueTask<int> ClearAsync(CancellationToken cancellationToken) => await link.ReadAsync<int>(new Statement("rebalance", [], rows =>
    {
        var dropped = Placed(rows).ToArray();
        return Work.Write(dropped.Length, dropped.Select(placement => Row(placement.Shard, null)));
    }));

    public async ValueTask<ImmutableArray<ShardPlacement>> ReadAsync(CancellationToken cancellationToken) =>
        [.. await link.ReadAsync<List<ShardPlacement>>(new Statement("placements", [], rows => Work.Read(Placed(rows).ToList())))];

    private static IEnumerable<ShardPlacement> Placed(Rows rows) => rows.All<PlacementRow>(Table.Placement).Select(row => row.Placement).OfType<ShardPlacement>();

    private static (RowKey Key, object Row) Row(int shard, ShardPlacement? placement) => (RowKey.Placement(shard), new PlacementRow(shard, placement));
}
