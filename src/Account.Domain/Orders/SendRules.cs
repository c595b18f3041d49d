using Backup.Account.Domain.Market;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// When an order or a cancel may be written. The intent is journaled with the session's epoch before the bytes, and an
/// intent is used at most once (P3).
/// </summary>
internal static class SendRules
{
    /// <summary>Refusals in a row, because the order had changed, after which a cancel is not tried again by itself.</summary>
    internal const int CancelRefusalsMax = 5;

    /// <summary>
    /// Accepted, first in line among orders alike, and no order of the same instrument and side is unanswered: so that an
    /// order the exchange reports without our reference can only be one of ours (at most one unknown per key). An order of the main site is
    /// known by its number, so it does not stand in the way.
    /// </summary>
    internal static bool MaySend(AccountState state, Order order) =>
        order.Status == OrderStatus.Accepted
        && !state.WorkingOrders.Any(other =>
            other.Id != order.Id
            && other.Key.Token == order.Key.Token
            && other.Side == order.Side
            && ((other.Status.IsUnanswered() && other.Origin is null) || (other.Status == OrderStatus.Accepted && other.Id.CompareTo(order.Id) < 0)));

    internal static bool MaySendCancel(Order order) =>
        order is { Status: OrderStatus.Open, CancelWanted: true, Exchange: not null };

    internal static AccountDecision DecideSend(AccountState state, AccountCommand.AuthorizeSend send, DateTimeOffset now, TradingRules rules)
    {
        if (!state.Orders.TryGetValue(send.OrderId, out var order))
        {
            return AccountDecision.Answer(new AccountReply.NotNow("no such order"));
        }

        if (!MaySend(state, order))
        {
            return AccountDecision.Answer(new AccountReply.NotNow($"{order.Status}, or behind an unanswered order"));
        }

        var position = state.Positions[order.Key];
        if (!AccountState.Reduces(order.Side, position.Net) || state.PendingExit(position) > DeliveryRules.Sellable(rules, position))
        {
            // The position shrank while the order waited (a trade from elsewhere): sending it could now turn the position round.
            return AccountDecision.Record(
                new AccountReply.NotNow("the position became smaller"),
                new AccountEvent.OrderCancelled(order.Id, ByExchange: false, 0, null));
        }

        if (MarketChecks.Closed(rules.Market, position, now) is { } closed)
        {
            // It waited until there was nothing to wait for any more: an order left standing would surprise its owner on another day.
            return AccountDecision.Record(
                new AccountReply.NotNow(closed.Message), new AccountEvent.OrderCancelled(order.Id, ByExchange: false, 0, null));
        }

        return AccountDecision.Record(
            new AccountReply.GoAhead(order, position.Contract), new AccountEvent.SendIntended(order.Id, send.SessionEpoch));
    }

    internal static AccountDecision DecideCancel(AccountState state, AccountCommand.AuthorizeCancel cancel)
    {
        if (!state.Orders.TryGetValue(cancel.OrderId, out var order) || !MaySendCancel(order))
        {
            return AccountDecision.Answer(new AccountReply.NotNow("nothing to cancel at the exchange"));
        }

        return AccountDecision.Record(
            new AccountReply.GoAhead(order, state.Positions[order.Key].Contract),
            new AccountEvent.CancelIntended(order.Id, cancel.SessionEpoch));
    }
}
