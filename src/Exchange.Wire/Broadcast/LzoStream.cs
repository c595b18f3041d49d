namespace Backup.Exchange.Wire.Broadcast;

/// <summary>One decompression under way; <see cref="Lzo1z"/> has the form.</summary>
internal ref struct LzoStream(ReadOnlySpan<byte> source, Span<byte> target)
{
    /// <summary>Stands for any run of literals that is longer than the three a copy can announce.</summary>
    private const int LongRun = 4;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly Span<byte> _target = target;

    /// <summary>Literals that the instruction before copied: they decide what a first byte below 16 means.</summary>
    private int _literals;

    private int _distance;

    public int Read { get; private set; }

    public int Written { get; private set; }

    public LzoStatus Run()
    {
        // Only the very first byte may count literals from 18 on.
        if (_source.Length > 0 && _source[0] > 17)
        {
            Read = 1;
            var first = _source[0] - 17;
            if (Literals(first) is not LzoStatus.Done and var cut)
            {
                return cut;
            }
        }

        while (Read < _source.Length)
        {
            var code = _source[Read++];
            var isEnd = false;
            var status = code switch
            {
                >= 64 => Near(code),
                >= 32 => Long(code),
                >= 16 => Far(code, out isEnd),
                _ when _literals == 0 => LiteralRun(code),
                _ => Short(code),
            };
            if (isEnd)
            {
                return Read == _source.Length ? LzoStatus.Done : LzoStatus.BytesAfterEnd;
            }

            if (status != LzoStatus.Done)
            {
                return status;
            }
        }

        return LzoStatus.Cut;
    }

    private LzoStatus LiteralRun(int code) => TryLength(code, 15, out var length) ? Literals(length + 3) : Outside();

    /// <summary>After one to three literals two bytes from nearby, after a run three from farther away.</summary>
    private LzoStatus Short(int code)
    {
        if (Read >= _source.Length)
        {
            return LzoStatus.Cut;
        }

        var isAfterRun = _literals == LongRun;
        var low = _source[Read++];
        _distance = 1 + (isAfterRun ? Lzo1z.NearMax : 0) + (code << 6) + (low >> 2);
        return Copy(isAfterRun ? 3 : 2, low & 3);
    }

    private LzoStatus Near(int code)
    {
        var length = (code >> 5) + 1;
        var high = code & 0x1F;
        if (high >= Lzo1z.AgainFrom)
        {
            return Copy(length, code & 3);
        }

        if (Read >= _source.Length)
        {
            return LzoStatus.Cut;
        }

        var low = _source[Read++];
        _distance = 1 + (high << 6) + (low >> 2);
        return Copy(length, low & 3);
    }

    private LzoStatus Long(int code)
    {
        if (!TryLength(code & 31, 31, out var length))
        {
            return Outside();
        }

        return TryDistance(out var distance, out var literals) ? CopyFrom(distance + 1, length + 2, literals) : LzoStatus.Cut;
    }

    private LzoStatus Far(int code, out bool isEnd)
    {
        isEnd = false;
        if (!TryLength(code & 7, 7, out var length))
        {
            return Outside();
        }

        if (!TryDistance(out var distance, out var literals))
        {
            return LzoStatus.Cut;
        }

        distance += (code & 8) << 11;
        isEnd = distance == 0;
        return isEnd ? LzoStatus.Done : CopyFrom(distance + Lzo1z.LongMax, length + 2, literals);
    }

    private LzoStatus CopyFrom(int distance, int length, int literals)
    {
        _distance = distance;
        return Copy(length, literals);
    }

    private LzoStatus Copy(int length, int literals)
    {
        if (_distance == 0 || _distance > Written)
        {
            return LzoStatus.BadDistance;
        }

        if (length > _target.Length - Written)
        {
            return LzoStatus.TooLong;
        }

        // Byte by byte: a copy may reach into what it writes itself, which is how runs are packed.
        for (var end = Written + length; Written < end; Written++)
        {
            _target[Written] = _target[Written - _distance];
        }

        return Literals(literals);
    }

    private LzoStatus Literals(int count)
    {
        if (count > _source.Length - Read)
        {
            return LzoStatus.Cut;
        }

        if (count > _target.Length - Written)
        {
            return LzoStatus.TooLong;
        }

        _source.Slice(Read, count).CopyTo(_target[Written..]);
        Read += count;
        Written += count;
        _literals = Math.Min(count, LongRun);
        return LzoStatus.Done;
    }

    /// <summary>A length of 0 goes on in further bytes: 255 for every zero, and the one after them.</summary>
    private bool TryLength(int given, int most, out int length)
    {
        length = given;
        if (given != 0)
        {
            return true;
        }

        for (length = most; Read < _source.Length && length <= _target.Length; length += 255)
        {
            if (_source[Read++] is not 0 and var last)
            {
                length += last;
                return true;
            }
        }

        return false;
    }

    private readonly LzoStatus Outside() => Read < _source.Length ? LzoStatus.TooLong : LzoStatus.Cut;

    private bool TryDistance(out int distance, out int literals)
    {
        (distance, literals) = (0, 0);
        if (_source.Length - Read < 2)
        {
            return false;
        }

        distance = (_source[Read] << 6) + (_source[Read + 1] >> 2);
        literals = _source[Read + 1] & 3;
        Read += 2;
        return true;
    }
}
