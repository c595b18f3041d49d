namespace Backup.Actor.Kernel.Journal;

/// <summary>One event as it is stored: where it stands in its entity's history, what it is, and the link of the hash chain.</summary>
/// <param name="Sequence">1, 2, 3, ... without a gap, per entity.</param>
/// <param name="At">When it was decided; UTC, microseconds.</param>
/// <param name="Payload">Owned by the record; never changed after construction.</param>
/// <param name="Hash">SHA-256 over the previous record's hash and this record (see <see cref="HashChain"/>); 32 bytes.</param>
public sealed record JournalRecord(
    long Sequence,
    DateTimeOffset At,
    short Type,
    short Version,
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> Hash);

/// <summary>A record read back together with whose it is and where it stands in the whole journal.</summary>
public sealed record StoredRecord(long Position, int Shard, string Entity, long Epoch, JournalRecord Record);

/// <summary>The newest record of an entity: sequence 0 and the chain's origin where there is none.</summary>
public readonly record struct JournalHead(long Sequence, ReadOnlyMemory<byte> Hash)
{
    public static JournalHead Empty => new(0, HashChain.Origin);

    public bool IsSameAs(JournalHead other) => Sequence == other.Sequence && Hash.Span.SequenceEqual(other.Hash.Span);
}
