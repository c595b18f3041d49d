using System.Buffers;
using System.Security.Cryptography;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>Puts the packet header in front of messages.</summary>
public static class FrameWriter
{
    /// <summary>Writes one packet; the caller flushes.</summary>
    /// <param name="sequence">0 on a clear link (NSE-TAP.md 2.1, N7).</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message, uint sequence = 0)
    {
        var length = PacketLength(message);
        Write(output.GetSpan(length), message, sequence);
        output.Advance(length);
    }

    /// <summary>Writes one packet to the front of <paramref name="target"/> and returns its length.</summary>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> message, uint sequence = 0)
    {
        var length = PacketLength(message);
        PacketHeader.Length.Write(target, (ushort)length);
        PacketHeader.SequenceNumber.Write(target, sequence);
        FrameChecksum.Compute(message, target.Slice(PacketHeader.Checksum.Offset, PacketHeader.Checksum.Size));
        message.CopyTo(target[FrameReader.HeaderLength..]);
        return length;
    }

    private static int PacketLength(ReadOnlySpan<byte> message)
    {
        var length = FrameReader.HeaderLength + message.Length;
        return length is > FrameReader.HeaderLength and <= FrameReader.MaxFrameLength
            ? length
            : throw new WireFormatException($"Expected a message of 1 to {FrameReader.MaxFrameLength - FrameReader.HeaderLength} bytes, found {message.Length}.");
    }
}

/// <summary>The checksum of the packet header: MD5 over the message bytes, as the exchange prescribes (NSE-TAP.md 2.1).</summary>
public static class FrameChecksum
{
#pragma warning disable CA5351 // The protocol fixes MD5; here it guards against damage, not against an attacker.
    public static void Compute(ReadOnlySpan<byte> message, Span<byte> checksum) => MD5.HashData(message, checksum);
#pragma warning restore CA5351

    public static bool Matches(ReadOnlySpan<byte> checksum, ReadOnlySpan<byte> message)
    {
        Span<byte> computed = stackalloc byte[16];
        Compute(message, computed);
        return checksum.SequenceEqual(computed);
    }
}
