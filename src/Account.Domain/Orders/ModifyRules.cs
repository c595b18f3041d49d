using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// An exit may change its price freely and its quantity within what is closable; an order that would enlarge the position may only
/// shrink (rulebook 1.2). While a change is under way the larger of the two quantities stays reserved.
/// </summary>
internal static class ModifyRules
{
    /// <summary>Changes of one order that are tried again because the order had changed under them.</summary>
    private const int AttemptsMax = 5;

    internal static bool MaySend(Order order) =>
        order is { Status: OrderStatus.Open, ModifyWanted: not null, CancelWanted: false, Exchange: not null, ModifyAttempts: < AttemptsMax };

    internal static bool MayTryAgain(Order order) => order.ModifyAttempts < AttemptsMax && !order.CancelWanted && !ChangesFilledQuantity(order);

    internal static AccountDecision Decide(AccountState state, AccountCommand.ModifyOrder modify, DateTimeOffset now, TradingRules rules)
    {
        var name = modify.OrderId.In(state.AccountId);
        if (!state.Orders.TryGetValue(modify.OrderId, out var order))
        {
            return AccountDecision.Refuse(RefusalCode.NoSuchOrder, $"The account has no order {name}.");
        }

        var wanted = new OrderTerms(
            modify.Quantity ?? order.Quantity, modify.LimitPricePaise ?? order.LimitPricePaise, modify.TriggerPaise ?? order.TriggerPaise);
        if ((NotNow(order, wanted, name) ?? RequestRules.TooMany(state, modify.RequestedBy, now, rules.Policy)) is { } notNow)
        {
            return AccountDecision.Refuse(notNow);
        }

        var position = state.Positions[order.Key];
        if ((MarketChecks.Closed(rules.Market, position, now)
            ?? Wrong(state, position, order, wanted)
            ?? StopRules.Wrong(rules.Market, position, order, wanted, now)
            ?? OutOfRange(rules.Market, position, order, wanted, modify.LastPaise, now)) is { } wrong)
        {
            return AccountDecision.Refuse(wrong);
        }

        var requested = new AccountEvent.ModifyRequested(order.Id, wanted.Quantity, wanted.LimitPricePaise, modify.RequestedBy, wanted.TriggerPaise, modify.Evidence);
        var reply = new AccountReply.ModifyAccepted(order with { ModifyWanted = wanted });
        return order.Status == OrderStatus.Accepted
            ? AccountDecision.Record(reply, requested, new AccountEvent.OrderModified(order.Id, wanted.Quantity, wanted.LimitPricePaise, null))
            : AccountDecision.Record(reply, requested);
    }

    internal static AccountDecision DecideSend(AccountState state, AccountCommand.AuthorizeModify modify)
    {
        if (!state.Orders.TryGetValue(modify.OrderId, out var order) || !MaySend(order))
        {
            return AccountDecision.Answer(new AccountReply.NotNow("nothing to change at the exchange"));
        }

        if (IsDone(order, order.ModifyWanted!))
        {
            return Drop(order, "The stop was triggered before its change could go.");
        }

        if (ChangesFilledQuantity(order))
        {
            return Drop(order, "A part of the order traded first, so its quantity was not changed. Cancel the rest and exit again.");
        }

        var position = state.Positions[order.Key];
        var shrinks = order.ModifyWanted!.Quantity < order.Quantity;
        if (!shrinks && (!AccountState.Reduces(order.Side, position.Net) || state.PendingExit(position) > Math.Abs(position.Net)))
        {
            // The position shrank while the change waited (a trade from elsewhere): the changed order could turn it round.
            return Drop(order, "The position became smaller while the change waited, so it was not sent.");
        }

        return AccountDecision.Record(
            new AccountReply.GoAhead(order, position.Contract), new AccountEvent.ModifyIntended(order.Id, modify.SessionEpoch));
    }

    /// <summary>Of a change that was for the trigger alone nothing is left once the stop has been triggered.</summary>
    private static bool IsDone(Order order, OrderTerms wanted) =>
        !order.IsStop && wanted.TriggerPaise > 0 && wanted.Quantity == order.Quantity && wanted.LimitPricePaise == order.LimitPricePaise;

    private static AccountDecision Drop(Order order, string why) => AccountDecision.Record(
        new AccountReply.NotNow(why), new AccountEvent.ModifyRejected(order.Id, 0, why, TryAgain: false, 0, 0));

    /// <summary>What a new quantity means once something has traded differs between sources, so we do not send one (NSE-TAP.md N10).</summary>
    private static bool ChangesFilledQuantity(Order order) => order.Filled > 0 && order.ModifyWanted is { } wanted && wanted.Quantity != order.Quantity;

    private static Refusal? NotNow(Order order, OrderTerms wanted, string name)
    {
        if (order.Status.IsFinal())
        {
            return new Refusal(RefusalCode.OrderIsFinal, $"Order {name} is {order.Status}; nothing is left to change.");
        }

        if (order.CancelWanted)
        {
            return new Refusal(RefusalCode.OrderBusy, $"Order {name} is being cancelled.");
        }

        if (order.Status is not (OrderStatus.Accepted or OrderStatus.Open) || order.ModifyWanted is not null)
        {
            return new Refusal(RefusalCode.OrderBusy, $"The exchange still owes an answer about order {name}. Change it when that has come.");
        }

        return wanted.Quantity == order.Quantity && wanted.LimitPricePaise == order.LimitPricePaise && wanted.TriggerPaise == order.TriggerPaise
            ? new Refusal(RefusalCode.NothingToChange, $"Order {name} has this quantity and price already.")
            : null;
    }

    private static Refusal? Wrong(AccountState state, Position position, Order order, OrderTerms wanted)
    {
        var isExit = AccountState.Reduces(order.Side, position.Net);
        if (!isExit && (wanted.Quantity > order.Quantity || wanted.LimitPricePaise != order.LimitPricePaise || wanted.TriggerPaise != order.TriggerPaise))
        {
            return new Refusal(
                RefusalCode.EntryMayOnlyShrink,
                "This order would enlarge or open a position. Here its quantity can be reduced or it can be cancelled, nothing else.",
                position.Net);
        }

        if (wanted.LimitPricePaise != order.LimitPricePaise && MarketChecks.OffTick(position.Contract, wanted.LimitPricePaise) is { } offTick)
        {
            return offTick;
        }

        return wanted.Quantity == order.Quantity ? null : WrongQuantity(state, position, order, wanted.Quantity);
    }

    /// <summary>A stop's limit counts when it triggers, so only the day's band binds it now.</summary>
    private static Refusal? OutOfRange(MarketRules market, Position position, Order order, OrderTerms wanted, long lastPaise, DateTimeOffset now) =>
        wanted.LimitPricePaise == order.LimitPricePaise
            ? null
            : MarketChecks.OutOfRange(market.RangeOf(position.Contract, order.IsStop ? 0 : lastPaise, now), position.Contract, wanted.LimitPricePaise);

    private static Refusal? WrongQuantity(AccountState state, Position position, Order order, long quantity)
    {
        var lot = Math.Max(1, position.Contract.LotSize);
        var limit = order.Leaves + state.Closable(position);
        var freeze = position.Contract.FreezeQuantity;
        return order.Filled > 0
                ? Facts(RefusalCode.QuantityFixedByFill, $"{order.Filled} units of this order have traded, so its quantity stays. Cancel the rest and exit again.")
            : quantity <= 0
                ? Facts(RefusalCode.QuantityNotPositive, $"Quantity must be above zero; found {quantity}. To take the order away, cancel it.")
            : quantity > order.Quantity && quantity > limit
                ? Facts(RefusalCode.ExceedsClosable, $"This order may hold at most {limit} units of the position; {quantity} were asked for.")
            : quantity % lot != 0 && quantity != limit
                ? Facts(RefusalCode.NotALotMultiple, $"Quantity must be a multiple of the lot {lot}, or all {limit}; found {quantity}.")
            : freeze > 0 && quantity > freeze
                ? Facts(RefusalCode.AboveFreezeQuantity, $"One order may hold at most {freeze} units of this contract; found {quantity}. Exit the rest with an order of its own.")
            : null;

        Refusal Facts(RefusalCode code, string message) => new(
            code, message, position.Net, state.PendingExit(position), state.Closable(position),
            [.. state.BlockingOrders(position).Select(blocking => blocking.Id)]);
    }
}
