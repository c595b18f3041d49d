namespace Backup.Exchange.Wire.Broadcast;

/// <summary>What a decoder has seen. One writer, the decoder; whoever reads may see numbers of two neighbouring datagrams.</summary>
public sealed class BroadcastTally
{
    /// <summary>The exchange's list has about twenty; more are noise and are counted together.</summary>
    private const int CodesMax = 64;

    private readonly short[] _codes = new short[CodesMax];
    private readonly long[] _seen = new long[CodesMax];
    private int _known;

    public long Datagrams { get; internal set; }

    /// <summary>Datagrams that could not be read.</summary>
    public long Malformed { get; internal set; }

    public long OtherSegment { get; internal set; }

    /// <summary>Packets of datagrams that were read.</summary>
    public long Packets { get; internal set; }

    /// <summary>Packets that came twice, or after a newer one of the same sender.</summary>
    public long LatePackets { get; internal set; }

    public long Prices { get; internal set; }

    /// <summary>Records without a trade: price or time at or below zero.</summary>
    public long WithoutTrade { get; internal set; }

    /// <summary>Records of odd lots, auctions and other books than the normal one.</summary>
    public long OtherMarkets { get; internal set; }

    /// <summary>Packets with codes that say nothing about last prices, by code; those beyond the room for codes under 0.</summary>
    public IReadOnlyDictionary<short, long> PassedOver
    {
        get
        {
            var known = Volatile.Read(ref _known);
            var passed = new SortedDictionary<short, long>();
            for (var at = 0; at < known; at++)
            {
                passed[_codes[at]] = Volatile.Read(ref _seen[at]);
            }

            return passed;
        }
    }

    internal void PassOver(short code)
    {
        var at = _codes.AsSpan(0, _known).IndexOf(code);
        if (at < 0)
        {
            at = _known < CodesMax ? _known : CodesMax - 1;
            _codes[at] = at < CodesMax - 1 ? code : (short)0;
            Volatile.Write(ref _known, at + 1);
        }

        Volatile.Write(ref _seen[at], _seen[at] + 1);
    }
}
