using System.Buffers;
using System.Buffers.Binary;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>What a look at the bytes gave.</summary>
public enum FrameReadStatus
{
    /// <summary>A whole frame was taken off the buffer.</summary>
    Frame,

    /// <summary>Nothing was taken; more bytes must come first.</summary>
    NeedMoreData,

    /// <summary>A length that no frame can have: the stream cannot be read any further.</summary>
    Malformed,

    /// <summary>A whole frame was taken off the buffer, but its message is not what was sent. On a clear link it is dropped (NSE-TAP.md 2.1).</summary>
    BadChecksum,

    /// <summary>A whole frame was taken off the buffer, but it was changed under way or sealed with another key or counter (NSE-TAP.md 2.3).</summary>
    BadTag,
}

/// <summary>One packet as read off the wire.</summary>
/// <remarks>A window into the reader's buffers: it dies at the reader's next call and at the pipe's <c>AdvanceTo</c>.</remarks>
public readonly ref struct Frame
{
    internal Frame(uint sequence, ReadOnlySpan<byte> message, ReadOnlySpan<byte> packet)
    {
        Sequence = sequence;
        Message = message;
        Packet = packet;
    }

    public uint Sequence { get; }

    /// <summary>The message without the packet header.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>The 22-byte header and the message; on an encrypted link the header as it came, the message opened.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>The transaction code, or 0 when the message is too short to have one.</summary>
    public short Code => Message.Length < 2 ? (short)0 : BinaryPrimitives.ReadInt16BigEndian(Message);
}

/// <summary>Cuts a stream of bytes into packets.</summary>
/// <remarks>One reader a connection; it owns a small buffer for packets that straddle two segments or are to be opened.</remarks>
public sealed class FrameReader
{
    public const int HeaderLength = 22;

    /// <summary>The exchange's limit, header included (NSE-TAP.md 2.1).</summary>
    public const int MaxFrameLength = 1024;

    private readonly byte[] _own = new byte[MaxFrameLength];

    /// <summary>What the frames from here on are opened with; the owner of the link disposes of it.</summary>
    public LinkCipher Cipher { get; set; } = LinkCipher.Clear;

    /// <summary>Takes the next frame off the front of <paramref name="buffer"/>, which is moved past it.</summary>
    public FrameReadStatus TryRead(ref ReadOnlySequence<byte> buffer, out Frame frame)
    {
        frame = default;
        var first = buffer.FirstSpan;
        if (first.Length < sizeof(ushort) && buffer.Length < sizeof(ushort))
        {
            return FrameReadStatus.NeedMoreData;
        }

        // Judge the length before waiting for it: a bad one must not make us buffer bytes that never come.
        var length = first.Length >= sizeof(ushort) ? BinaryPrimitives.ReadUInt16BigEndian(first) : StraddlingLength(buffer);
        if (length is <= HeaderLength or > MaxFrameLength)
        {
            return FrameReadStatus.Malformed;
        }

        // Nearly always the packet lies in one piece, and nothing slower than a span is needed to see it.
        var isWhole = first.Length >= length;
        if (!isWhole && buffer.Length < length)
        {
            return FrameReadStatus.NeedMoreData;
        }

        FrameReadStatus status;
        if (ReferenceEquals(Cipher, LinkCipher.Clear))
        {
            status = TakeClear(isWhole ? first[..length] : Copy(buffer.Slice(0, length)), out frame);
        }
        else
        {
            status = TakeSealed(isWhole ? Copy(first[..length]) : Copy(buffer.Slice(0, length)), out frame);
        }

        buffer = buffer.Slice(length);
        return status;
    }

    private static FrameReadStatus TakeClear(ReadOnlySpan<byte> packet, out Frame frame)
    {
        var message = packet[HeaderLength..];
        frame = new Frame(PacketHeader.SequenceNumber.Read(packet), message, packet);
        return FrameChecksum.Matches(PacketHeader.Checksum.Read(packet), message) ? FrameReadStatus.Frame : FrameReadStatus.BadChecksum;
    }

    private FrameReadStatus TakeSealed(Span<byte> packet, out Frame frame)
    {
        var message = packet[HeaderLength..];
        var status = Cipher.Open(message, PacketHeader.Checksum.Read(packet));
        frame = new Frame(PacketHeader.SequenceNumber.Read(packet), message, packet);
        return status;
    }

    private static int StraddlingLength(ReadOnlySequence<byte> buffer)
    {
        Span<byte> scratch = stackalloc byte[sizeof(ushort)];
        buffer.Slice(0, sizeof(ushort)).CopyTo(scratch);
        return BinaryPrimitives.ReadUInt16BigEndian(scratch);
    }

    private Span<byte> Copy(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(_own);
        return _own.AsSpan(0, packet.Length);
    }

    private Span<byte> Copy(ReadOnlySequence<byte> packet)
    {
        packet.CopyTo(_own);
        return _own.AsSpan(0, (int)packet.Length);
    }
}
