using System.Collections.Immutable;
using Backup.Account.Domain.Plans;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// Cancelling is always allowed while anything is left to cancel; of a stop that protects a position only after the client has read what he
/// gives up (rulebook 1.2).
/// </summary>
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

        return Protects(state, order) && !cancel.Confirmed && !order.CancelWanted
            ? AccountDecision.Refuse(LeavesUnprotected(state, order))
            : AccountDecision.Record(new AccountReply.CancelAccepted(order), EventsOf(order, cancel.RequestedBy, cancel.Evidence));
    }

    /// <summary>A stop that would close the position if the market turned against it.</summary>
    internal static bool Protects(AccountState state, Order order) => order.IsStop && AccountState.Reduces(order.Side, state.Positions[order.Key].Net);

    private static Refusal LeavesUnprotected(AccountState state, Order order) => ExitRules.Facts(
        state, state.Positions[order.Key], RefusalCode.ConfirmationNeeded, ExitPreview.Words(PlanWarning.LeavesUnprotected)) with
    {
        Warnings = [PlanWarning.LeavesUnprotected],
    };

    /// <summary>What the wish to cancel records about an order that is not final; nothing when it is wished already.</summary>
    internal static ImmutableArray<AccountEvent> EventsOf(Order order, string requestedBy, string? evidence = null) => order switch
    {
        // It never left: no bytes, no doubt.
        { Status: OrderStatus.Accepted } =>
        [
            new AccountEvent.CancelRequested(order.Id, requestedBy, evidence),
            new AccountEvent.OrderCancelled(order.Id, ByExchange: false, 0, null),
        ],
        { CancelWanted: true } => [],
        _ => [new AccountEvent.CancelRequested(order.Id, requestedBy, evidence)],
    };

    private static string Words(OrderStatus status) => status switch
    {
        OrderStatus.Filled => "completely traded",
        OrderStatus.Cancelled => "cancelled already",
        OrderStatus.Rejected => "rejected",
        OrderStatus.Absent => "proven never to have reached the exchange",
        _ => status.ToString(),
    };
}
