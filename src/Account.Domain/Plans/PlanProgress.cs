using System.Collections.Immutable;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Plans;

/// <summary>
/// The next steps of the plans that run, whatever it was that made them possible: a cancel confirmed, a short bought back, a position
/// that shrank. Part of the same turn, so a plan never waits for anybody to look at it, and goes on wherever its account lives.
/// </summary>
internal static class PlanProgress
{
    /// <summary>
    /// False when no plan can have a next step from these events: everything is released, and all that happened is that orders traded in part. One
    /// order may do that a hundred thousand times.
    /// </summary>
    internal static bool MayFollow(AccountState state, ImmutableArray<AccountEvent> events) =>
        !state.RunningPlans.IsEmpty
        && !events.IsEmpty
        && !(events.All(recorded => recorded is AccountEvent.OrderTraded traded && TradesInPart(state.Orders[traded.OrderId], traded))
            && state.RunningPlans.All(id => state.Plans[id] is { } plan && plan.Lines.All(line => plan.Unreleased(line) == 0)));

    /// <summary>Not the last of it, nor the first that makes its number known: that one may bring trades told before it.</summary>
    private static bool TradesInPart(Order order, AccountEvent.OrderTraded traded) =>
        order.Exchange is not null && order.Quantity - order.Filled > traded.Quantity;

    internal static void Advance(Turn turn)
    {
        foreach (var id in turn.State.RunningPlans)
        {
            for (var place = 0; place < turn.State.Plans[id].Lines.Length; place++)
            {
                Step(turn, id, place);
            }

            EndWhenDone(turn, turn.State.Plans[id]);
        }
    }

    private static void Step(Turn turn, string id, int place)
    {
        var plan = turn.State.Plans[id];
        var line = plan.Lines[place];
        if (plan.Unreleased(line) == 0 || line.WaitsFor.Any(order => !turn.State.Orders[order].Status.IsFinal()))
        {
            return;
        }

        var position = turn.State.Positions[line.Key];
        var excess = AccountState.Reduces(line.Side, position.Net)
            ? turn.State.PendingExit(position) - DeliveryRules.Sellable(turn.Rules, position)
            : plan.Unreleased(line);
        if (excess > 0)
        {
            // It has traded elsewhere meanwhile, perhaps through the very order that was to be cancelled.
            var quantity = line.Quantity - Math.Min(excess, plan.Unreleased(line));
            turn.Add(new AccountEvent.PlanLineReduced(id, line.Key, quantity, "The position became smaller before this part could go."));
            plan = turn.State.Plans[id];
            line = plan.Lines[place];
        }

        Release(turn, plan, line, position);
    }

    private static void Release(Turn turn, Plan plan, PlanLine line, Position position)
    {
        var units = Math.Min(plan.Unreleased(line), Allowance(turn.State, plan, line, position) - line.Released);
        if (units <= 0)
        {
            return;
        }

        var price = FirstLimit(position.Contract, line);
        foreach (var slice in ExitRules.Slice(position.Contract, units))
        {
            turn.Add(new AccountEvent.OrderAccepted(plan.Id, line.Key, line.Side, slice, price, plan.RequestedBy));
        }
    }

    /// <summary>The limit with which a line's orders begin.</summary>
    internal static long FirstLimit(Contract contract, PlanLine line) =>
        line.LimitPaise > 0 ? line.LimitPaise : ExitRules.LimitPrice(contract, line.Side, line.Price.Paise, line.Protection);

    /// <summary>Units of a line that may have left by now: of a hedge the share of its shorts that is bought back, down to a lot.</summary>
    private static long Allowance(AccountState state, Plan plan, PlanLine line, Position position)
    {
        if (!line.IsHedge || plan.HedgesReleasedBy is not null)
        {
            return line.Quantity;
        }

        var shorts = plan.Lines.Where(other => other.Side == OrderSide.Buy && state.Positions[other.Key].Contract.Symbol == position.Contract.Symbol).ToArray();
        var wanted = shorts.Sum(other => other.Quantity);
        var bought = plan.Orders.Select(id => state.Orders[id]).Where(order => shorts.Any(other => other.Key == order.Key)).Sum(order => order.Filled);
        var lot = Math.Max(1, position.Contract.LotSize);
        return bought >= wanted ? line.Quantity : (long)((Int128)line.Quantity * bought / wanted) / lot * lot;
    }

    private static void EndWhenDone(Turn turn, Plan plan)
    {
        if (plan.Lines.All(line => plan.Unreleased(line) == 0) && plan.Orders.All(id => turn.State.Orders[id].Status.IsFinal()))
        {
            turn.Add(new AccountEvent.PlanEnded(plan.Id));
        }
    }
}
