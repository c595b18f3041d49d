using Backup.Account.Domain;

namespace Backup.Rulebook.Model;

/// <summary>Commands, events and answers in a line each, for whoever reads a failing life.</summary>
internal sealed partial class Life
{
    private static string Words(AccountCommand command) => command switch
    {
        AccountCommand.OpenDay open => "OpenDay " + string.Join(", ", open.Positions.Select(held => $"{held.Key} {held.Quantity}")),
        AccountCommand.StartPlan start => $"StartPlan {start.PlanId} "
            + string.Join(", ", start.Lines.Select(line => $"{line.Key} {line.Amount}"))
            + $" (cancel blocking {start.Options.CancelBlocking}, {start.Options.Repricing} {start.Options.MoveMaxBasisPoints}, {start.Options.Confirmed.Length} confirmed)",
        AccountCommand.RecordReport { Report: var said } =>
            $"{said.Kind} {said.Segment} number {said.Reference.OrderNumber} ours {said.ClientReference} {said.Side} {said.Reference.Filled}/{said.Reference.Volume}"
            + $" at {said.Reference.PricePaise} activity {said.Reference.LastActivityReference} fill {said.FillQuantity} error {said.ErrorCode}",
        AccountCommand.ReviewPlans => "ReviewPlans",
        _ => command.ToString(),
    };

    private static string Words(AccountEvent recorded) => recorded switch
    {
        AccountEvent.DayOpened => "DayOpened",
        AccountEvent.PlanAccepted accepted => $"PlanAccepted {accepted.PlanId} "
            + string.Join(", ", accepted.Lines.Select(line => $"{line.Key} {line.Quantity}{(line.IsHedge ? " hedge" : "")}")),
        AccountEvent.OrderAccepted accepted => $"OrderAccepted {accepted.Side} {accepted.Quantity} of {accepted.Key} at {accepted.LimitPricePaise}",
        AccountEvent.OrderTraded traded => $"OrderTraded {traded.OrderId.Number} {traded.Quantity}",
        AccountEvent.OrderModified modified => $"OrderModified {modified.OrderId.Number} {modified.Quantity} at {modified.LimitPricePaise}",
        AccountEvent.OrderConfirmed confirmed => $"OrderConfirmed {confirmed.OrderId.Number}",
        AccountEvent.OrderCancelled cancelled => $"OrderCancelled {cancelled.OrderId.Number}",
        _ => recorded.ToString(),
    };

    private static string Words(AccountReply reply) => reply switch
    {
        AccountReply.Refused refused => $"refused {refused.Refusal.Code}",
        AccountReply.NotNow not => $"not now: {not.Reason}",
        _ => reply.GetType().Name,
    };
}
