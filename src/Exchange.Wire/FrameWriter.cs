using System.Buffers;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>Puts the packet header in front of messages.</summary>
public static class FrameWriter
{
    /// <summary>Writes one packet on a clear link; the caller flushes.</summary>
    /// <param name="sequence">0 on a clear link (NSE-TAP.md 2.1, N7).</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message, uint sequence = 0) =>
        Write(output, message, sequence, LinkCipher.Clear);

    /// <summary>Writes one packet; the caller flushes.</summary>
    /// <param name="sequence">On an encrypted link counting up from 1; in the exchange's packets as NSE-TAP.md N7 says.</param>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> message, uint sequence, LinkCipher cipher)
    {
        var length = PacketLength(message);
        Write(output.GetSpan(length), message, sequence, cipher);
        output.Advance(length);
    }

    /// <summary>Writes one packet of a clear link to the front of <paramref name="target"/> and returns its length.</summary>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> message, uint sequence = 0) => Write(target, message, sequence, LinkCipher.Clear);

    /// <summary>Writes one packet to the front of <paramref name="target"/> and returns its length.</summary>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> message, uint sequence, LinkCipher cipher)
    {
        var length = PacketLength(message);

        // Whatever can fail comes before the cipher, which counts every message that it was given.
        var packet = target[..length];
        message.CopyTo(packet[FrameReader.HeaderLength..]);
        PacketHeader.Length.Write(packet, (ushort)length);
        PacketHeader.SequenceNumber.Write(packet, sequence);
        cipher.Seal(packet[FrameReader.HeaderLength..], packet.Slice(PacketHeader.Checksum.Offset, PacketHeader.Checksum.Size));
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
        return AreEqual(checksum, computed);
    }

    /// <summary>Whether two fields of 16 bytes are equal; takes as long wherever they differ.</summary>
    internal static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        (Vector128.Create(left) ^ Vector128.Create(right)) == Vector128<byte>.Zero;
}
