using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Simulation.Database;

/// <summary>Snapshots as rows, with the promises of PostgresSnapshotStore: nothing fences them, because each names the history that it is of.</summary>
internal sealed class SimSnapshotStore(DatabaseLink link) : ISnapshotStore
{
    public async ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken)
    {
        var newest = snapshots.GroupBy(snapshot => snapshot.Entity, StringComparer.Ordinal).OrderBy(some => some.Key, StringComparer.Ordinal)
            .Select(some => some.MaxBy(snapshot => snapshot.Head.Sequence)!).ToArray();
        await link.ReadAsync<bool>(new Statement(
            "snapshots",
            [.. newest.Select(snapshot => new RowLock(RowKey.Snapshot(snapshot.Entity), IsShared: false))],
            rows => Work.Write(true, newest.Where(snapshot => IsNews(rows, snapshot)).Select(snapshot => (RowKey.Snapshot(snapshot.Entity), (object)snapshot)))));
    }

    public async ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken) =>
        await link.ReadAsync<Dictionary<string, EntitySnapshot>>(new Statement("snapshots", [], rows => Work.Read(
            entities.Distinct(StringComparer.Ordinal)
                .Select(entity => rows.Find<EntitySnapshot>(RowKey.Snapshot(entity)))
                .Where(snapshot => snapshot is not null && rows.Find<HeadRow>(RowKey.Head(snapshot.Entity))?.Head.Sequence >= snapshot.Head.Sequence)
                .ToDictionary(snapshot => snapshot!.Entity, snapshot => snapshot!, StringComparer.Ordinal))));

    private static bool IsNews(Rows rows, EntitySnapshot snapshot) =>
        rows.Find<EntitySnapshot>(RowKey.Snapshot(snapshot.Entity)) is not { } kept || kept.Head.Sequence < snapshot.Head.Sequence || kept.Version != snapshot.Version;
}
