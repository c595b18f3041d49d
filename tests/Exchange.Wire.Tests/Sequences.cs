using System.Buffers;

namespace Backup.Exchange.Wire.Tests;

/// <summary>Bytes as they come off a socket: in pieces.</summary>
internal static class Sequences
{
    public static ReadOnlySequence<byte> Split(byte[] bytes, int cut) => Of([bytes[..cut], bytes[cut..]]);

    public static ReadOnlySequence<byte> Of(byte[][] parts)
    {
        var first = new Part(parts[0], null);
        var last = first;
        foreach (var part in parts.Skip(1))
        {
            last = new Part(part, last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(byte[] bytes, Part? previous)
        {
            Memory = bytes;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
