using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Market;

/// <summary>What the market's rules forbid at a moment, whatever the account holds.</summary>
internal static class MarketChecks
{
    /// <summary>Null when an order for this position may go to the exchange now.</summary>
    internal static Refusal? Closed(MarketRules rules, Position position, DateTimeOffset now)
    {
        var contract = position.Contract;
        return rules.PhaseOf(contract, now) switch
        {
            MarketPhase.Continuous or MarketPhase.ClosingAuction => null,
            MarketPhase.Halted => new Refusal(
                RefusalCode.InstrumentHalted,
                $"The exchange has halted trading in {contract.Symbol}. What rests can be cancelled; nothing new can be sent until trading goes on.",
                position.Net),
            _ => new Refusal(
                RefusalCode.MarketClosed,
                rules.HoursOn(contract, now) is { } hours
                    ? $"{contract.TradingSymbol} trades from {hours} today; nothing can be sent now. Orders for another day belong to the main site."
                    : $"{contract.TradingSymbol} does not trade today.",
                position.Net),
        };
    }

    /// <summary>A limit that the exchange would refuse by rule; null when it would take it.</summary>
    internal static Refusal? OutOfRange(PriceRange range, Contract contract, long limitPaise) => range.Contains(limitPaise)
        ? null
        : new Refusal(
            RefusalCode.PriceOutOfRange,
            $"The exchange takes prices of {contract.TradingSymbol} from {Rupees(range.LowPaise)} to {Rupees(range.HighPaise)} now; found {Rupees(limitPaise)}.");

    internal static Refusal? OffTick(Contract contract, long paise)
    {
        var tick = Math.Max(1, contract.TickPaise);
        return paise > 0 && paise % tick == 0
            ? null
            : new Refusal(RefusalCode.PriceNotATickMultiple, $"The price must be above zero and a multiple of the tick {tick} paise; found {paise} paise.");
    }

    internal static string Rupees(long paise) => (paise / 100m).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
}
