namespace Backup.Exchange.Wire.Broadcast;

/// <summary>How a decompression ended.</summary>
public enum LzoStatus
{
    /// <summary>The end mark was reached, and nothing stood behind it.</summary>
    Done,

    /// <summary>The bytes end before the end mark.</summary>
    Cut,

    /// <summary>What comes out is longer than there is room for.</summary>
    TooLong,

    /// <summary>A copy from before the first byte that came out.</summary>
    BadDistance,

    /// <summary>Bytes behind the end mark.</summary>
    BytesAfterEnd,
}

/// <summary>
/// Decompresses LZO1Z, the form of LZO in which the exchange packs its broadcast. A stream is a row of instructions: copy so many bytes from
/// the stream itself (literals), or so many from a distance back in what came out already. Reads and writes nothing outside the two spans.
/// </summary>
/// <remarks>
/// The form, by the first byte of an instruction: below 16, literals when none came just before, else a short copy; from 16 a far copy, or
/// the end; from 32 a long copy; from 64 a copy of 3 to 8 bytes. A distance has 14 bits, high ones first, in the upper bits of two bytes; the
/// lowest two of the second say how many literals follow at once. LZO1X, the common form, has the distance's low bits first and no
/// repeated distance.
/// </remarks>
public static class Lzo1z
{
    /// <summary>Instruction, and two bytes of a distance of nothing.</summary>
    internal const int EndMark = 0x11;

    /// <summary>The farthest that a copy of 3 to 8 bytes reaches; codes above it say "the last distance again".</summary>
    internal const int NearMax = 0x700;

    /// <summary>The farthest that a long copy reaches; a far copy begins behind it.</summary>
    internal const int LongMax = 0x4000;

    /// <summary>The first five bits of a near distance from which on the last one is meant.</summary>
    internal const int AgainFrom = 0x1C;

    /// <param name="read">How far the source was read: the place of the error, if there is one.</param>
    public static LzoStatus Decompress(ReadOnlySpan<byte> source, Span<byte> target, out int read, out int written)
    {
        var stream = new LzoStream(source, target);
        var status = stream.Run();
        (read, written) = (stream.Read, stream.Written);
        return status;
    }
}
