using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Backup.Actor.Kernel.Journal;

/// <summary>
/// Links the records of one entity: hash(n) = SHA-256(hash(n-1), entity, sequence, at, type, version, payload). A changed,
/// missing or swapped record therefore shows in every hash after it.
/// </summary>
public static class HashChain
{
    public const int HashLength = 32;

    /// <summary>The hash "before" the first record.</summary>
    public static ReadOnlyMemory<byte> Origin { get; } = new byte[HashLength];

    public static byte[] Next(
        ReadOnlySpan<byte> previous, string entity, long sequence, DateTimeOffset at, short type, short version, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(entity);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> head = stackalloc byte[24];
        hash.AppendData(previous);

        var nameLength = Encoding.UTF8.GetByteCount(entity);
        Span<byte> name = nameLength <= 128 ? stackalloc byte[nameLength] : new byte[nameLength];
        Encoding.UTF8.GetBytes(entity, name);
        BinaryPrimitives.WriteInt32BigEndian(head, nameLength);
        hash.AppendData(head[..4]);
        hash.AppendData(name);

        BinaryPrimitives.WriteInt64BigEndian(head, sequence);
        BinaryPrimitives.WriteInt64BigEndian(head[8..], MicrosecondsOf(at));
        BinaryPrimitives.WriteInt16BigEndian(head[16..], type);
        BinaryPrimitives.WriteInt16BigEndian(head[18..], version);
        BinaryPrimitives.WriteInt32BigEndian(head[20..], payload.Length);
        hash.AppendData(head);
        hash.AppendData(payload);

        var result = new byte[HashLength];
        hash.GetHashAndReset(result);
        return result;
    }

    /// <summary>True when <paramref name="record"/> follows <paramref name="previous"/> in the history of <paramref name="entity"/>.</summary>
    public static bool Follows(JournalHead previous, string entity, JournalRecord record) =>
        record.Sequence == previous.Sequence + 1
        && record.Hash.Span.SequenceEqual(
            Next(previous.Hash.Span, entity, record.Sequence, record.At, record.Type, record.Version, record.Payload.Span));

    /// <summary>Microseconds since 1970 UTC: the resolution at which times are stored and hashed.</summary>
    public static long MicrosecondsOf(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset FromMicroseconds(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
