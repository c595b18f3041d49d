using System.Collections.Immutable;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Market;

/// <summary>Limit price protection: orders priced farther than this from the market are refused by the exchange (rulebook 1.7, 4).</summary>
/// <param name="From">The first day on which it holds; a later row of the same instruments takes its place.</param>
/// <param name="Instruments">The exchange's instrument names: FUTIDX, FUTSTK, OPTIDX, OPTSTK, and EQUITY for shares.</param>
/// <param name="BasisPoints">Hundredths of a percent of the reference price.</param>
/// <param name="MinimumPaise">At least so far, however low the price is.</param>
public sealed record LimitPriceProtection(DateOnly From, ImmutableArray<string> Instruments, int BasisPoints, long MinimumPaise);

/// <summary>The day's price band around the previous close.</summary>
/// <param name="Symbols">Empty: every symbol of these series that no other row names.</param>
public sealed record PriceBand(DateOnly From, string Exchange, ImmutableArray<string> Series, ImmutableArray<string> Symbols, int BasisPoints);

/// <summary>How far the limit of a stop order may lie from its trigger (rulebook 1.7, 5).</summary>
/// <param name="AbovePaise">Triggers above this are measured by <paramref name="BasisPoints"/>, others by <paramref name="ElsePaise"/>.</param>
public sealed record StopRange(DateOnly From, string Exchange, string Instrument, long AbovePaise, int BasisPoints, long ElsePaise);

/// <summary>Limits that the exchange would take, both ends included and on a tick.</summary>
public readonly record struct PriceRange(long LowPaise, long HighPaise)
{
    public static PriceRange Any { get; } = new(1, long.MaxValue);

    public bool Contains(long paise) => paise >= LowPaise && paise <= HighPaise;

    public long Clamp(long paise) => Math.Clamp(paise, LowPaise, HighPaise);
}

/// <summary>Where the exchange refuses a price by rule: tables with effective dates, read from the market's file.</summary>
public sealed record PriceRules(
    ImmutableArray<LimitPriceProtection> LimitPriceProtection, ImmutableArray<PriceBand> Bands, ImmutableArray<StopRange> StopRanges)
{
    public static PriceRules None { get; } = new([], [], []);

    /// <summary>The exchange's name for what the contract is; the cash segment has none of its own.</summary>
    private static string InstrumentOf(Contract contract) => contract.InstrumentName.Length == 0 ? "EQUITY" : contract.InstrumentName;

    /// <param name="referencePaise">
    /// The last price. The exchange takes the average of the last 30 seconds, which nobody publishes; 0 when none is known, and then only the
    /// day's band counts.
    /// </param>
    public PriceRange RangeOf(Contract contract, long referencePaise, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var (low, high) = (1L, long.MaxValue);
        if (referencePaise > 0 && ProtectionOf(contract, day) is { } protection)
        {
            var reach = Math.Max(Part(referencePaise, protection.BasisPoints), protection.MinimumPaise);
            (low, high) = (referencePaise - reach, referencePaise + reach);
        }

        if (contract.ClosePaise > 0 && BandOf(contract, day) is { } band)
        {
            // The band is the harder rule: a price outside of it is taken by nobody.
            var reach = Part(contract.ClosePaise, band.BasisPoints);
            var (floor, ceiling) = (contract.ClosePaise - reach, contract.ClosePaise + reach);
            (low, high) = (Math.Clamp(low, floor, ceiling), Math.Clamp(high, floor, ceiling));
        }

        return OnTicks(low, high, Math.Max(1, contract.TickPaise));
    }

    /// <summary>Units of price that limit and trigger of a stop order may be apart; null where the exchange sets none.</summary>
    public long? StopReachOf(Contract contract, long triggerPaise, DateOnly day)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var row = StopRanges.Where(row => row.From <= day && row.Exchange == contract.Exchange && row.Instrument == InstrumentOf(contract)).MaxBy(row => row.From);
        return row is null ? null : triggerPaise > row.AbovePaise ? Part(triggerPaise, row.BasisPoints) : row.ElsePaise;
    }

    private LimitPriceProtection? ProtectionOf(Contract contract, DateOnly day) => LimitPriceProtection
        .Where(row => row.From <= day && row.Instruments.Contains(InstrumentOf(contract))).MaxBy(row => row.From);

    /// <summary>A row that names the symbol goes before those that name none.</summary>
    private PriceBand? BandOf(Contract contract, DateOnly day) => Bands
        .Where(row => row.From <= day && row.Exchange == contract.Exchange
            && (row.Series.IsEmpty || row.Series.Contains(contract.Series))
            && (row.Symbols.IsEmpty || row.Symbols.Contains(contract.Symbol)))
        .MaxBy(row => (!row.Symbols.IsEmpty, row.From));

    private static long Part(long paise, int basisPoints) => (long)((Int128)paise * basisPoints / 10_000);

    private static PriceRange OnTicks(long low, long high, long tick)
    {
        var first = Math.Max(1, (low + tick - 1) / tick) * tick;
        var last = high == long.MaxValue ? high : Math.Max(1, high / tick) * tick;
        return new PriceRange(Math.Min(first, last), last);
    }
}
