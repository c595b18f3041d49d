namespace Backup.Exchange.Wire.Broadcast;

/// <summary>
/// Packs into LZO1Z what an exchange would send: greedy, with the instructions for near and long copies, and no farther back than these reach.
/// </summary>
public static class Lzo1zPacker
{
    /// <summary>More than the packed form of anything up to this many bytes can take.</summary>
    public static int SizeMax(int length) => length + (length / 7) + 16;

    /// <returns>The bytes of the target that were written.</returns>
    /// <exception cref="WireFormatException">The target is shorter than <see cref="SizeMax"/>.</exception>
    public static int Pack(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (target.Length < SizeMax(source.Length))
        {
            throw new WireFormatException($"Expected room for {SizeMax(source.Length)} bytes, found {target.Length}.");
        }

        var packing = new Packing(source, target);
        return packing.Run();
    }

    private ref struct Packing(ReadOnlySpan<byte> source, Span<byte> target)
    {
        private const int ShortestCopy = 3;
        private const int LongestNearCopy = 8;

        private readonly ReadOnlySpan<byte> _source = source;
        private readonly Span<byte> _target = target;
        private int _written;
        private int _distance;

        /// <summary>The first byte that no instruction has covered yet.</summary>
        private int _pending;

        public int Run()
        {
            Span<int> seen = stackalloc int[1024];
            seen.Fill(-1);
            var at = 0;
            while (at + ShortestCopy <= _source.Length)
            {
                ref var before = ref seen[((_source[at] << 4) ^ (_source[at + 1] << 2) ^ _source[at + 2]) & 1023];
                var distance = before < 0 || at - before > Lzo1z.LongMax ? 0 : at - before;
                before = at;
                var length = distance == 0 ? 0 : _source[at..].CommonPrefixLength(_source[(at - distance)..]);
                if (length < ShortestCopy)
                {
                    at++;
                    continue;
                }

                Literals(at);
                Copy(distance, length);
                at += length;
                _pending = at;
            }

            Literals(_source.Length);
            Add(Lzo1z.EndMark);
            Add(0);
            Add(0);
            return _written;
        }

        private void Literals(int end)
        {
            var count = end - _pending;
            if (count == 0)
            {
                return;
            }

            if (_written == 0 && count <= 255 - 17)
            {
                Add(17 + count);
            }
            else if (_written > 0 && count <= 3)
            {
                // The last byte of the copy before has two bits for them.
                _target[_written - 1] |= (byte)count;
            }
            else
            {
                Length(count - 3, 15, 0);
            }

            _source.Slice(_pending, count).CopyTo(_target[_written..]);
            _written += count;
        }

        private void Copy(int distance, int length)
        {
            var back = distance - 1;
            if (length <= LongestNearCopy && distance == _distance)
            {
                Add(((length - 1) << 5) | Lzo1z.AgainFrom);
            }
            else if (length <= LongestNearCopy && distance <= Lzo1z.NearMax)
            {
                Add(((length - 1) << 5) | (back >> 6));
                Add((back << 2) & 0xFF);
            }
            else
            {
                Length(length - 2, 31, 32);
                Add(back >> 6);
                Add((back << 2) & 0xFF);
            }

            _distance = distance;
        }

        private void Length(int length, int most, int instruction)
        {
            if (length <= most)
            {
                Add(instruction | length);
                return;
            }

            Add(instruction);
            for (length -= most; length > 255; length -= 255)
            {
                Add(0);
            }

            Add(length);
        }

        private void Add(int value) => _target[_written++] = (byte)value;
    }
}
