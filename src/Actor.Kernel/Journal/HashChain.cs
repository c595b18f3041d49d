using System.Buffers;
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
    private const int FixedLength = 24;
    private const int StackBytesMax = 1024;

    /// <summary>The hash "before" the first record.</summary>
    public static ReadOnlyMemory<byte> Origin { get; } = new byte[HashLength];

    public static byte[] Next(
        ReadOnlySpan<byte> previous, string entity, long sequence, DateTimeOffset at, short type, short version, ReadOnlySpan<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentOutOfRangeException.ThrowIfNotEqual(previous.Length, HashLength);
        var nameLength = Encoding.UTF8.GetByteCount(entity);
        var length = HashLength + 4 + nameLength + FixedLength + payload.Length;

        // One call over one piece of memory: an incremental hash costs a native object for every record.
        var rented = length > StackBytesMax ? ArrayPool<byte>.Shared.Rent(length) : null;
        var linked = rented is null ? stackalloc byte[StackBytesMax] : rented;
        linked = linked[..length];
        previous.CopyTo(linked);
        var rest = linked[HashLength..];
        BinaryPrimitives.WriteInt32BigEndian(rest, nameLength);
        Encoding.UTF8.GetBytes(entity, rest[4..]);
        rest = rest[(4 + nameLength)..];
        BinaryPrimitives.WriteInt64BigEndian(rest, sequence);
        BinaryPrimitives.WriteInt64BigEndian(rest[8..], MicrosecondsOf(at));
        BinaryPrimitives.WriteInt16BigEndian(rest[16..], type);
        BinaryPrimitives.WriteInt16BigEndian(rest[18..], version);
        BinaryPrimitives.WriteInt32BigEndian(rest[20..], payload.Length);
        payload.CopyTo(rest[FixedLength..]);

        var result = new byte[HashLength];
        SHA256.HashData(linked, result);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

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
