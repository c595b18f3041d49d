namespace Backup.Account.Domain.Orders;

/// <summary>Cancelling always reduces risk, so it is always allowed while anything is left to cancel (rulebook 1.2).</summary>
internal static class CancelRules
{
    internal static AccountDecision Decide(AccountState state, AccountCommand.CancelOrder cancel)
    {
        if (!state.Orders.TryGetValue(cancel.OrderId, out var order))
        {
            return AccountDecision.Refuse(RefusalCode.NoSuchOrder, $"The account has no order {cancel.OrderId.In(state.AccountId)}.");
        }

        if (order.Status.IsFinal())
        {
            return AccountDecision.Refuse(
                RefusalCode.OrderIsFinal, $"Order {cancel.OrderId.In(state.AccountId)} is {Words(order.Status)}; nothing is left to cancel.");
        }

        var reply = new AccountReply.CancelAccepted(order);
        if (order.Status == OrderStatus.Accepted)
        {
            // It never left: no bytes, no doubt.
            return AccountDecision.Record(
                reply,
                new AccountEvent.CancelRequested(order.Id, cancel.RequestedBy),
                new AccountEvent.OrderCancelled(order.Id, ByExchange: false, 0, null));
        }

        return order.CancelWanted
            ? AccountDecision.Answer(reply)
            : AccountDecision.Record(reply, new AccountEvent.CancelRequested(order.Id, cancel.RequestedBy));
    }

    private static string Words(OrderStatus status) => status switch
    {
        OrderStatus.Filled => "completely traded",
        OrderStatus.Cancelled => "cancelled already",
        OrderStatus.Rejected => "rejected",
        OrderStatus.Absent => "proven never to have reached the exchange",
        _ => status.ToString(),
    };
}
