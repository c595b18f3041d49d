namespace Backup.Actor.Kernel.Journal;

/// <summary>A folded state: what replaying an entity's history up to <paramref name="Head"/> gives.</summary>
/// <param name="Head">Its hash ties the state to the one history that it was folded from; the reader compares.</param>
/// <param name="Version">Of the state's storage format; one that the reader does not know is as good as no snapshot.</param>
/// <param name="State">The state's bytes behind their seal (see <see cref="Seal"/>).</param>
public sealed record EntitySnapshot(string Entity, JournalHead Head, short Version, ReadOnlyMemory<byte> State)
{
    /// <summary>A snapshot whose first 32 bytes say that the rest is what was written, for this entity, head and version.</summary>
    /// <remarks>Without it one wrong digit on a disk would be a wrong position that every check passes.</remarks>
    public static EntitySnapshot Seal(string entity, JournalHead head, short version, ReadOnlySpan<byte> state)
    {
        var bytes = new byte[HashChain.HashLength + state.Length];
        SealOf(entity, head, version, state).CopyTo(bytes, 0);
        state.CopyTo(bytes.AsSpan(HashChain.HashLength));
        return new EntitySnapshot(entity, head, version, bytes);
    }

    /// <summary>The state's bytes; false when they are not those that were sealed.</summary>
    public bool TryOpen(out ReadOnlySpan<byte> state)
    {
        state = State.Length < HashChain.HashLength ? default : State.Span[HashChain.HashLength..];
        return State.Length >= HashChain.HashLength && Head.Hash.Length == HashChain.HashLength
            && State.Span[..HashChain.HashLength].SequenceEqual(SealOf(Entity, Head, Version, state));
    }

    /// <summary>A link that no record can have: there is no type 0.</summary>
    private static byte[] SealOf(string entity, JournalHead head, short version, ReadOnlySpan<byte> state) =>
        HashChain.Next(head.Hash.Span, entity, head.Sequence, DateTimeOffset.UnixEpoch, 0, version, state);
}

/// <summary>A cache of folded states. Losing all of it costs time only.</summary>
public interface ISnapshotStore
{
    /// <summary>Keeps the newest of each entity. Never on the way of an append.</summary>
    ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken);

    /// <summary>Those that are there and are not ahead of the journal.</summary>
    ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken);
}
