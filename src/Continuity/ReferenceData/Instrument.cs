namespace Backup.Continuity.ReferenceData;

public enum InstrumentType
{
    /// <summary>A share or other security of the cash segment.</summary>
    Eq,
    Fut,
    Ce,
    Pe,
}

/// <summary>One line of the instrument master, with what the other files of the day say of it.</summary>
/// <remarks>Prices and ticks are in paise, quantities in units.</remarks>
public sealed record Instrument
{
    /// <summary>"NSE" (cash) or "NFO" (futures and options).</summary>
    public required string Exchange { get; init; }

    public required string TradingSymbol { get; init; }

    public required long InstrumentToken { get; init; }

    public required int ExchangeToken { get; init; }

    /// <summary>For futures and options the underlying's symbol; for shares the company's name.</summary>
    public required string Name { get; init; }

    /// <summary>The exchange's own symbol: the underlying's for futures and options, the share's without its series.</summary>
    public required string Symbol { get; init; }

    /// <summary>The series of a share, "EQ" unless its trading symbol says another; empty for futures and options.</summary>
    public required string Series { get; init; }

    public required InstrumentType Type { get; init; }

    public DateOnly? Expiry { get; init; }

    public long StrikePaise { get; init; }

    public required long TickPaise { get; init; }

    public required long LotSize { get; init; }

    /// <summary>The largest quantity of one order; 0 when no file of the day gives one.</summary>
    public long FreezeQuantity { get; init; }

    /// <summary>The previous close; 0 when no file of the day gives one.</summary>
    public long ClosePaise { get; init; }

    /// <summary>"FO" or "CM", as the exchange calls the segment.</summary>
    public string Segment => Exchange == "NFO" ? "FO" : "CM";

    /// <summary>The instrument type in Kite's words: EQ, FUT, CE, PE.</summary>
    public string InstrumentType => Type switch
    {
        ReferenceData.InstrumentType.Eq => "EQ",
        ReferenceData.InstrumentType.Fut => "FUT",
        ReferenceData.InstrumentType.Ce => "CE",
        ReferenceData.InstrumentType.Pe => "PE",
        _ => throw new InvalidOperationException($"No word for the instrument type {Type}."),
    };

    /// <summary>The instrument name on the exchange's wire: FUTIDX, FUTSTK, OPTIDX, OPTSTK; EQUITY in the cash segment.</summary>
    public string WireInstrumentName => Type switch
    {
        ReferenceData.InstrumentType.Eq => "EQUITY",
        ReferenceData.InstrumentType.Fut => IndexSymbols.Contains(Symbol) ? "FUTIDX" : "FUTSTK",
        _ => IndexSymbols.Contains(Symbol) ? "OPTIDX" : "OPTSTK",
    };
}

/// <summary>The underlyings that are indices. Everything else in the segment is a share.</summary>
public static class IndexSymbols
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50", "NIFTYFPI",
    };

    public static bool Contains(string symbol) => Known.Contains(symbol);
}

/// <summary>What makes a futures or options contract the same in every file: not its token, not its trading symbol.</summary>
public readonly record struct ContractKey(string Symbol, DateOnly Expiry, InstrumentType Type, long StrikePaise)
{
    /// <summary>The key of a futures or options contract; null for a share.</summary>
    public static ContractKey? Of(Instrument instrument) => instrument.Expiry is { } expiry
        ? new ContractKey(instrument.Symbol, expiry, instrument.Type, instrument.StrikePaise)
        : null;

    public override string ToString() => Type == InstrumentType.Fut
        ? $"{Symbol} {Expiry:yyyy-MM-dd} FUT"
        : $"{Symbol} {Expiry:yyyy-MM-dd} {StrikePaise / 100}.{StrikePaise % 100:00} {(Type == InstrumentType.Ce ? "CE" : "PE")}";
}
