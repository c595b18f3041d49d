using System.Collections.Immutable;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Plans;

/// <summary>What a client should know before an exit that is allowed and may still surprise him (rulebook 1.3, 1.4).</summary>
internal static class PlanWarnings
{
    internal static IEnumerable<PlanWarning> Of(AccountState state, ImmutableArray<PlanLine> lines)
    {
        if (lines.Any(line => LeavesShortUncovered(state, lines, line)))
        {
            yield return PlanWarning.LeavesShortUncovered;
        }

        if (lines.Any(line => OpensOtherProduct(state, lines, line)))
        {
            yield return PlanWarning.OpensOtherProduct;
        }

        if (lines.Any(line => state.WorkingOrders.Any(order => order.Key == line.Key && order.Side != line.Side)))
        {
            yield return PlanWarning.EntryStillWorks;
        }
    }

    internal static string Words(PlanWarning warning) => warning switch
    {
        PlanWarning.LeavesShortUncovered => "This sells a position that covers a short option, which would stay uncovered: risk and margin rise.",
        PlanWarning.OpensOtherProduct => "The opposite of this position is held in another product: exiting one of the two opens the other.",
        PlanWarning.EntryStillWorks => "An order that would open this position again is still working. Cancel it, or it may fill after the exit.",
        _ => warning.ToString(),
    };

    /// <summary>A long that is sold covers a short call or put of its underlying that this plan does not buy back.</summary>
    private static bool LeavesShortUncovered(AccountState state, ImmutableArray<PlanLine> lines, PlanLine line)
    {
        var sold = state.Positions[line.Key].Contract;
        return line.Side == OrderSide.Sell && state.Positions.Values.Any(held =>
            held.Net < 0
            && held.Contract.Kind == ContractKind.Option
            && held.Contract.Symbol == sold.Symbol
            && (sold.Kind == ContractKind.Option ? held.Contract.OptionType == sold.OptionType : held.Contract.OptionType == "CE")
            && BoughtBack(lines, held.Key) < -held.Net);
    }

    private static bool OpensOtherProduct(AccountState state, ImmutableArray<PlanLine> lines, PlanLine line)
    {
        var net = state.Positions[line.Key].Net;
        return state.Positions.Values.Any(held =>
            held.Key != line.Key && held.Key.Token == line.Key.Token && Math.Sign(held.Net) == -Math.Sign(net) && lines.All(other => other.Key != held.Key));
    }

    private static long BoughtBack(ImmutableArray<PlanLine> lines, PositionKey key) =>
        lines.Where(line => line.Key == key && line.Side == OrderSide.Buy).Sum(line => line.Quantity);
}
