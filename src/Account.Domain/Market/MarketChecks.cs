using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Market;

/// <summary>What the market's rules forbid at a moment, whatever the account holds.</summary>
internal static class MarketChecks
{
    /// <summary>Null when an order for this position may go to the exchange now.</summary>
    internal static Refusal? Closed(MarketRules rules, Position position, DateTimeOffset now)
    {
        var contract = position.Contract;
        return rules.PhaseOf(contract, now) is MarketPhase.Continuous or MarketPhase.ClosingAuction
            ? null
            : new Refusal(
                RefusalCode.MarketClosed,
                rules.HoursOn(contract, now) is { } hours
                    ? $"{contract.TradingSymbol} trades from {hours} today; nothing can be sent now. Orders for another day belong to the main site."
                    : $"{contract.TradingSymbol} does not trade today.",
                position.Net);
    }

    /// <summary>In trade-to-trade series every purchase is delivered: nothing bought today is sold today (rulebook 1.6).</summary>
    internal static Refusal? TradeToTrade(MarketRules rules, AccountState state, Position position, OrderSide side, long quantity)
    {
        if (!rules.IsTradeToTrade(position.Contract))
        {
            return null;
        }

        var carried = side == OrderSide.Sell ? Math.Max(0, position.OvernightQuantity) - position.DaySellQuantity : 0;
        var free = Math.Max(0, carried - state.PendingExit(position));
        return position.Key.Product != "MIS" && quantity <= free
            ? null
            : ExitRules.Facts(state, position, RefusalCode.TradeToTrade,
                $"{position.Contract.TradingSymbol} is in the trade-to-trade series {position.Contract.Series}: only what was carried into the day can be sold, {free} units of it.");
    }
}
