using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Orders;

/// <summary>What a stop order may be changed to (rulebook 1.7, 1 and 5). Stops come from the main site; here they are changed or cancelled, never entered.</summary>
internal static class StopRules
{
    internal static Refusal? Wrong(MarketRules market, Position position, Order order, OrderTerms wanted, DateTimeOffset now)
    {
        if (!order.IsStop)
        {
            return wanted.TriggerPaise == 0
                ? null
                : new Refusal(RefusalCode.NotAStopOrder, "This order does not wait for a trigger, so it has none to change.");
        }

        if (market.PhaseOf(position.Contract, now) == MarketPhase.ClosingAuction)
        {
            return new Refusal(RefusalCode.StopNotInAuction, "The closing auction knows no stop orders. This one can be cancelled; exit with a limit instead.");
        }

        if (MarketChecks.OffTick(position.Contract, wanted.TriggerPaise) is { } offTick)
        {
            return offTick with { Message = $"Trigger: {offTick.Message}" };
        }

        var isWorse = order.Side == OrderSide.Buy ? wanted.TriggerPaise > wanted.LimitPricePaise : wanted.TriggerPaise < wanted.LimitPricePaise;
        if (wanted.LimitPricePaise > 0 && isWorse)
        {
            return new Refusal(
                RefusalCode.LimitWorseThanTrigger,
                $"A stop's limit must be able to trade once it triggers: {(order.Side == OrderSide.Buy ? "at or above" : "at or below")} the trigger {MarketChecks.Rupees(wanted.TriggerPaise)}; found {MarketChecks.Rupees(wanted.LimitPricePaise)}.");
        }

        return wanted.LimitPricePaise > 0
            && market.Prices.StopReachOf(position.Contract, wanted.TriggerPaise, MarketRules.DayOf(now)) is { } reach
            && Math.Abs(wanted.LimitPricePaise - wanted.TriggerPaise) > reach
                ? new Refusal(
                    RefusalCode.StopRangeExceeded,
                    $"Limit and trigger of a stop may be {MarketChecks.Rupees(reach)} apart at most; found {MarketChecks.Rupees(Math.Abs(wanted.LimitPricePaise - wanted.TriggerPaise))}.")
                : null;
    }
}
