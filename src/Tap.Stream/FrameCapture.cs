using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>One frame as it was said or heard, in its clear form, secrets starred.</summary>
/// <param name="Direction">out for what we said, in for what the exchange said.</param>
/// <param name="Hex">The whole packet; its checksum is that of the starred message.</param>
public sealed record CapturedFrame(DateTimeOffset At, string Segment, long Session, string Direction, string Hex);

/// <summary>The last frames of a box in both directions, for an operator who wants to see what was said.</summary>
/// <remarks>Safe for threads. Its memory is fixed; a frame costs one copy. Secrets are starred when it is read, so nothing leaves with them.</remarks>
internal sealed class FrameCapture(Segment segment, int capacity, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Slot[] _slots = new Slot[capacity];
    private long _count;

    public long Session { get; set; }

    public void Add(bool isOutgoing, uint sequence, ReadOnlySpan<byte> message)
    {
        if (capacity == 0)
        {
            return;
        }

        lock (_gate)
        {
            ref var slot = ref _slots[_count++ % capacity];
            slot.Bytes ??= new byte[FrameReader.MaxFrameLength];
            message.CopyTo(slot.Bytes);
            (slot.Length, slot.Sequence, slot.IsOutgoing, slot.Session, slot.At) = (message.Length, sequence, isOutgoing, Session, clock.GetUtcNow());
        }
    }

    /// <summary>What is kept, oldest first.</summary>
    public IReadOnlyList<CapturedFrame> Read()
    {
        lock (_gate)
        {
            var frames = new List<CapturedFrame>();
            for (var at = Math.Max(0, _count - capacity); at < _count; at++)
            {
                frames.Add(Show(_slots[at % capacity]));
            }

            return frames;
        }
    }

    private CapturedFrame Show(Slot slot)
    {
        Span<byte> message = stackalloc byte[slot.Length];
        slot.Bytes.AsSpan(0, slot.Length).CopyTo(message);
        SecretMask.Apply(message, segment);
        var packet = new byte[FrameReader.HeaderLength + message.Length];
        FrameWriter.Write(packet, message, slot.Sequence);
        return new CapturedFrame(
            slot.At, segment == Segment.CapitalMarket ? "cm" : "fo", slot.Session, slot.IsOutgoing ? "out" : "in", Convert.ToHexStringLower(packet));
    }

    private struct Slot
    {
        public byte[] Bytes;
        public int Length;
        public uint Sequence;
        public bool IsOutgoing;
        public long Session;
        public DateTimeOffset At;
    }
}
