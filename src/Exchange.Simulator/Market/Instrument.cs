using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Market;

/// <summary>One thing that can be traded here, in the words of the wire.</summary>
public sealed record Instrument
{
    public required Segment Segment { get; init; }

    /// <summary>The exchange's token.</summary>
    public required int Token { get; init; }

    public required string TradingSymbol { get; init; }

    public required string Symbol { get; init; }

    /// <summary>EQ, BE, ...; empty in F&amp;O.</summary>
    public string Series { get; init; } = "";

    /// <summary>FUTIDX, FUTSTK, OPTIDX or OPTSTK; empty in the cash segment.</summary>
    public string InstrumentName { get; init; } = "";

    public DateOnly? Expiry { get; init; }

    /// <summary>-1 for futures; 0 in the cash segment.</summary>
    public int StrikePaise { get; init; }

    /// <summary>CE, PE, XX for futures; empty in the cash segment.</summary>
    public string OptionType { get; init; } = "";

    public required int LotSize { get; init; }

    public required int TickPaise { get; init; }

    /// <summary>What the day starts from and the price bands lie around.</summary>
    public int BasePaise { get; init; }

    /// <summary>Largest quantity of one order; 0 when there is no freeze.</summary>
    public int FreezeQuantity { get; init; }

    public bool IsOption => OptionType is "CE" or "PE";

    public bool IsFuture => OptionType == "XX";

    /// <summary>Contracts expire at 14:30 India time in the contract file's way of writing the date.</summary>
    public int ExpirySeconds => Expiry is { } date
        ? NnfTime.ToSeconds(new DateTimeOffset(date, new TimeOnly(14, 30), NnfTime.IndiaOffset))
        : 0;

    /// <summary>The lowest price of the day, a tick multiple.</summary>
    public int LowPaise(int bandPercent) => IsOption ? TickPaise : RoundToTick((long)BasePaise * (100 - bandPercent) / 100);

    /// <summary>The highest price of the day, a tick multiple. Options may rise tenfold.</summary>
    public int HighPaise(int bandPercent) => IsOption
        ? RoundToTick(Math.Max(10L * BasePaise, 10_000))
        : RoundToTick((long)BasePaise * (100 + bandPercent) / 100);

    public int RoundToTick(long paise) => (int)Math.Clamp(Math.Max(paise / TickPaise, 1) * TickPaise, TickPaise, int.MaxValue / 2);
}
