using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;

namespace Backup.Account.Domain.Plans;

/// <summary>Gives what rests of automatic plans the price of the day: toward execution only, and only as far as was agreed (rulebook 1.5).</summary>
internal static class PlanReview
{
    /// <summary>Prices that one plan may be given in all; each of them is a message of the box.</summary>
    private const int RepricesMax = 200;

    /// <summary>Who asked for a change that no person asked for.</summary>
    private const string ByPlan = "plan";

    internal static AccountDecision Decide(AccountState state, AccountCommand.ReviewPlans review, DateTimeOffset now, TradingRules rules)
    {
        var turn = new Turn(state, now, rules);
        foreach (var plan in state.RunningPlans.Select(id => state.Plans[id]).Where(plan => plan.Options.Repricing == Repricing.Automatic && plan.StoppedBy is null))
        {
            foreach (var order in plan.Orders.Select(id => state.Orders[id]).Where(MayBeRepriced))
            {
                if (turn.State.Plans[plan.Id].Reprices < RepricesMax && review.Prices.TryGetValue(order.Key, out var price)
                    && NewLimit(state, plan, order, price, rules.Market.RangeOf(state.Positions[order.Key].Contract, price.Paise, now)) is { } limit)
                {
                    turn.Add(new AccountEvent.OrderRepriced(order.Id, plan.Id, limit, price));
                    turn.Add(new AccountEvent.ModifyRequested(order.Id, order.Quantity, limit, ByPlan));
                }
            }
        }

        return AccountDecision.Record(turn.Events);
    }

    /// <summary>The limit that would follow the market now; null when the present one is as good, or the agreed distance is used up.</summary>
    internal static long? NewLimit(AccountState state, Plan plan, Order order, PriceSeen price, PriceRange range)
    {
        var line = plan.LineOf(order.Key)!;
        var contract = state.Positions[order.Key].Contract;
        var wanted = ExitRules.LimitPrice(contract, order.Side, price.Paise, line.Protection);
        var first = PlanProgress.FirstLimit(contract, line);
        var tick = Math.Max(1, contract.TickPaise);
        var reach = line.Price.Paise * plan.Options.MoveMaxBasisPoints / 10_000 / tick * tick;
        var limit = order.Side == OrderSide.Sell
            ? Math.Max(Math.Max(wanted, first - reach), Math.Max(tick, range.LowPaise))
            : Math.Min(Math.Min(wanted, first + reach), range.HighPaise);
        var isToward = order.Side == OrderSide.Sell ? limit < order.LimitPricePaise : limit > order.LimitPricePaise;

        // The agreed distance may end where the exchange does not take a price any more: then it stays.
        return isToward && range.Contains(limit) ? limit : null;
    }

    private static bool MayBeRepriced(Order order) => order is { Status: OrderStatus.Open, ModifyWanted: null, CancelWanted: false, Exchange: not null };
}
