namespace Backup.Actor.Kernel.Journal;

/// <summary>A folded state: what replaying an entity's history up to <paramref name="Head"/> gives.</summary>
/// <param name="Head">Its hash ties the state to the one history that it was folded from; the reader compares.</param>
/// <param name="Version">Of the state's storage format; one that the reader does not know is as good as no snapshot.</param>
public sealed record EntitySnapshot(string Entity, JournalHead Head, short Version, ReadOnlyMemory<byte> State);

/// <summary>A cache of folded states. Losing all of it costs time only.</summary>
public interface ISnapshotStore
{
    /// <summary>Keeps the newest of each entity. Never on the way of an append.</summary>
    ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken);

    /// <summary>Those that are there and are not ahead of the journal.</summary>
    ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken);
}
