using System.Buffers;

namespace Backup.Wire.Fuzz;

/// <summary>Cuts bytes into pieces as a socket might.</summary>
internal sealed class Pieces(Chance chance)
{
    public ReadOnlySequence<byte> Cut(byte[] bytes, int length)
    {
        var left = chance.OneIn(2) ? 1 : 1 + chance.Below(6);
        if (left == 1)
        {
            return new ReadOnlySequence<byte>(bytes, 0, length);
        }

        Piece? first = null;
        Piece? last = null;
        for (var at = 0; at < length || first is null; left--)
        {
            var size = left <= 1 ? length - at : chance.Below(length - at + 1);
            last = new Piece(bytes.AsMemory(at, size), last);
            first ??= last;
            at += size;
        }

        return new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
