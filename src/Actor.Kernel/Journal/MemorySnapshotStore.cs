namespace Backup.Actor.Kernel.Journal;

/// <summary>Snapshots in memory, for tests and simulations.</summary>
public sealed class MemorySnapshotStore(IJournalReader journal) : ISnapshotStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, EntitySnapshot> _newest = new(StringComparer.Ordinal);

    public ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        lock (_gate)
        {
            foreach (var snapshot in snapshots)
            {
                if (!_newest.TryGetValue(snapshot.Entity, out var kept) || kept.Head.Sequence < snapshot.Head.Sequence || kept.Version != snapshot.Version)
                {
                    _newest[snapshot.Entity] = snapshot;
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var loaded = new Dictionary<string, EntitySnapshot>(StringComparer.Ordinal);
        foreach (var entity in entities)
        {
            if (Find(entity) is { } snapshot && snapshot.Head.Sequence <= (await journal.ReadHeadAsync(entity, cancellationToken)).Sequence)
            {
                loaded[entity] = snapshot;
            }
        }

        return loaded;
    }

    private EntitySnapshot? Find(string entity)
    {
        lock (_gate)
        {
            return _newest.GetValueOrDefault(entity);
        }
    }
}
