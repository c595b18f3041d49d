using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Market;

/// <summary>
/// Which of the shares held may be sold at all: not what waits for its delivery, not what lies in the depository, and of trade-to-trade
/// series only what was carried into the day (rulebook 1.6).
/// </summary>
public static class DeliveryRules
{
    /// <summary>Units that a new exit may still take: those that may be sold at all, less those reserved already.</summary>
    /// <param name="freed">Units reserved now by orders that will be gone by then.</param>
    public static long Closable(TradingRules rules, AccountState state, Position position, long freed = 0)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Math.Max(0, Sellable(rules, position) - state.PendingExit(position) + freed);
    }

    /// <summary>Units of the position that no rule of delivery holds.</summary>
    public static long Sellable(TradingRules rules, Position position) => Judge(rules, position).Units;

    /// <summary>Why less than the whole position may be sold; null when all of it may.</summary>
    public static RefusalCode? HeldBy(TradingRules rules, Position position) => Judge(rules, position).HeldBy;

    /// <summary>In words for the client.</summary>
    public static string Words(RefusalCode heldBy, Position position)
    {
        ArgumentNullException.ThrowIfNull(position);
        var contract = position.Contract;
        return heldBy switch
        {
            RefusalCode.TradeToTrade => $"{contract.TradingSymbol} is in the trade-to-trade series {contract.Series}: only what was carried into the day can be sold.",
            RefusalCode.AwaitsDelivery => $"{position.Lock!.T1Quantity} units of {contract.TradingSymbol} were bought and are not credited yet; they cannot be sold here.",
            RefusalCode.HoldingNotExitable => $"{position.Lock!.HoldingQuantity} units of {contract.TradingSymbol} are in the depository; selling them needs an authorisation that only the main site can ask for.",
            _ => throw new ArgumentOutOfRangeException(nameof(heldBy), heldBy, "no rule of delivery"),
        };
    }

    private static (long Units, RefusalCode? HeldBy) Judge(TradingRules rules, Position position)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(position);
        var (units, heldBy) = (Math.Abs(position.Net), (RefusalCode?)null);
        if (position is { Lock: { } held, Net: > 0 })
        {
            Hold(units - held.HoldingQuantity, RefusalCode.HoldingNotExitable);
            Hold(units - (rules.Policy.SellBeforeDelivery ? 0 : held.T1Quantity), RefusalCode.AwaitsDelivery);
        }

        if (rules.Market.IsTradeToTrade(position.Contract))
        {
            // A short cannot be bought back where every purchase is delivered, and MIS does not exist.
            var carried = position.Net > 0 && position.Key.Product != "MIS" ? Math.Max(0, position.OvernightQuantity) - position.DaySellQuantity : 0;
            Hold(carried, RefusalCode.TradeToTrade);
        }

        return (Math.Max(0, units), heldBy);

        void Hold(long atMost, RefusalCode rule)
        {
            if (atMost < units)
            {
                (units, heldBy) = (atMost, rule);
            }
        }
    }
}
