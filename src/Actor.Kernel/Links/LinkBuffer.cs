using System.Buffers;
using System.Buffers.Binary;

namespace Backup.Actor.Kernel.Links;

/// <summary>What an envelope is.</summary>
internal enum EnvelopeKind : byte
{
    Ask = 1,
    Answer = 2,

    /// <summary>Instead of an answer; its payload says why in UTF-8. Nothing was done.</summary>
    Refusal = 3,
    Ping = 4,
    Pong = 5,
}

/// <summary>The envelope's head. On the wire: length of what follows (4 bytes), kind (1), service (1), id (8), payload; all big-endian.</summary>
internal readonly record struct EnvelopeHead(EnvelopeKind Kind, byte Service, long Id)
{
    public const int Length = 14;

    /// <summary>Takes the first envelope off a frame.</summary>
    /// <exception cref="FormatException">The frame is damaged.</exception>
    public static EnvelopeHead Take(ref ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> payload)
    {
        var length = frame.Length >= Length ? BinaryPrimitives.ReadInt32BigEndian(frame) : -1;
        if (length < Length - sizeof(int) || length > frame.Length - sizeof(int))
        {
            throw new FormatException($"node link: an envelope says {length} bytes follow, found {frame.Length - sizeof(int)}");
        }

        var head = new EnvelopeHead((EnvelopeKind)frame[4], frame[5], BinaryPrimitives.ReadInt64BigEndian(frame[6..]));
        payload = frame[Length..(sizeof(int) + length)];
        frame = frame[(sizeof(int) + length)..];
        return head;
    }
}

/// <summary>Envelopes one behind the other, written in place. Not safe for threads.</summary>
internal sealed class LinkBuffer : IBufferWriter<byte>
{
    private const int SmallestSize = 16 * 1024;
    private const int KeptSizeMax = 1024 * 1024;
    private byte[] _bytes = new byte[SmallestSize];
    private int _count;

    public int Count => _count;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _count);

    /// <summary>Begins an envelope; returns its place for <see cref="End"/> or <see cref="Undo"/>.</summary>
    public int Begin(EnvelopeHead head)
    {
        var start = _count;
        var span = GetSpan(EnvelopeHead.Length);
        span[4] = (byte)head.Kind;
        span[5] = head.Service;
        BinaryPrimitives.WriteInt64BigEndian(span[6..], head.Id);
        _count += EnvelopeHead.Length;
        return start;
    }

    public void End(int start) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(start), _count - start - sizeof(int));

    /// <summary>Takes back everything since <see cref="Begin"/>.</summary>
    public void Undo(int start) => _count = start;

    /// <summary>Empty again. A large buffer is let go: one big answer must not cost its memory for ever.</summary>
    public void Clear()
    {
        _count = 0;
        if (_bytes.Length > KeptSizeMax)
        {
            _bytes = new byte[SmallestSize];
        }
    }

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(_count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(_count);
    }

    private void Grow(int sizeHint)
    {
        var needed = checked(_count + Math.Max(sizeHint, 256));
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(needed, _bytes.Length * 2));
        }
    }
}
