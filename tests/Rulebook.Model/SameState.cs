using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;

namespace Backup.Rulebook.Model;

/// <summary>Whether two states say the same, member by member; collections are compared by what they hold.</summary>
internal static class SameState
{
    /// <summary>The first member that differs; null when none does.</summary>
    internal static string? DifferenceOf(AccountState one, AccountState other) =>
        one.Version != other.Version ? "version"
        : one.BusinessDate != other.BusinessDate || one.DatasetHash != other.DatasetHash ? "day"
        : !one.Positions.SequenceEqual(other.Positions) ? "positions"
        : !one.Orders.Keys.SequenceEqual(other.Orders.Keys) ? "order ids"
        : one.Orders.Values.FirstOrDefault(order => !Same(order, other.Orders[order.Id])) is { } order ? $"order {order.Id.Number}"
        : !one.Working.SequenceEqual(other.Working) ? "working orders"
        : one.ByExchangeNumber.Count != other.ByExchangeNumber.Count || one.ByExchangeNumber.Except(other.ByExchangeNumber).Any() ? "exchange numbers"
        : one.Plans.Count != other.Plans.Count ? "plan ids"
        : one.Plans.Values.FirstOrDefault(plan => !other.Plans.TryGetValue(plan.Id, out var twin) || !Same(plan, twin)) is { } plan ? $"plan {plan.Id}"
        : !one.RunningPlans.SequenceEqual(other.RunningPlans) ? "running plans"
        : one.SeenTrades.Count != other.SeenTrades.Count || one.SeenTrades.Except(other.SeenTrades).Any() ? "seen trades"
        : !one.UnclaimedTrades.Keys.ToHashSet().SetEquals(other.UnclaimedTrades.Keys)
            || one.UnclaimedTrades.Any(trades => !trades.Value.SequenceEqual(other.UnclaimedTrades[trades.Key])) ? "unclaimed trades"
        : !one.SeenRefusals.SetEquals(other.SeenRefusals) ? "seen refusals"
        : null;

    private static bool Same(Order one, Order other) =>
        (one with { Trades = other.Trades }) == other && one.Trades.SequenceEqual(other.Trades);

    private static bool Same(Plan one, Plan other) =>
        (one with { Options = other.Options, Lines = other.Lines, Refused = other.Refused, Orders = other.Orders }) == other
        && (one.Options with { Confirmed = other.Options.Confirmed }) == other.Options
        && one.Options.Confirmed.SequenceEqual(other.Options.Confirmed)
        && one.Refused.SequenceEqual(other.Refused)
        && one.Orders.SequenceEqual(other.Orders)
        && one.Lines.Length == other.Lines.Length
        && one.Lines.Zip(other.Lines).All(pair => Same(pair.First, pair.Second));

    private static bool Same(PlanLine one, PlanLine other) =>
        (one with { WaitsFor = other.WaitsFor }) == other && one.WaitsFor.SequenceEqual(other.WaitsFor);
}
