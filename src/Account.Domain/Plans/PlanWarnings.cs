using System.Collections.Immutable;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Plans;

/// <summary>What a client should know before an exit that is allowed and may still surprise him (rulebook 1.3, 1.4).</summary>
internal static class PlanWarnings
{
    /// <summary>The warnings that the client has not confirmed, as a refusal; null when nothing is left to ask.</summary>
    internal static Refusal? Unanswered(
        AccountState state, ImmutableArray<PlanLine> lines, AccountCommand.StartPlan asked, TradingRules rules, DateTimeOffset now)
    {
        ImmutableArray<PlanWarning> warnings = [.. Of(state, lines, asked, rules, now)];
        if (rules.Policy.Uncovering == UncoveringPolicy.Refuse && warnings.Contains(PlanWarning.LeavesShortUncovered))
        {
            return new Refusal(
                RefusalCode.LeavesShortUncovered, $"{Words(PlanWarning.LeavesShortUncovered)} The broker does not allow it: buy the short back first, or both together.");
        }

        var open = warnings.RemoveRange(asked.Options.Confirmed);
        return open.IsEmpty ? null : new Refusal(RefusalCode.ConfirmationNeeded, string.Join(' ', open.Select(Words))) { Warnings = open };
    }

    internal static IEnumerable<PlanWarning> Of(
        AccountState state, ImmutableArray<PlanLine> lines, AccountCommand.StartPlan asked, TradingRules rules, DateTimeOffset now)
    {
        // A thousand positions may leave at once: each is looked up, none is searched for.
        var exiting = lines.ToLookup(line => line.Key, line => line.Quantity);
        if (LeavesShortUncovered(state, lines, exiting))
        {
            yield return PlanWarning.LeavesShortUncovered;
        }

        var held = state.Positions.Values.ToLookup(position => position.Key.Token);
        if (lines.Any(line => held[line.Key.Token].Any(other => IsOpposite(state, line, other) && !exiting.Contains(other.Key))))
        {
            yield return PlanWarning.OpensOtherProduct;
        }

        var working = state.WorkingOrders.Where(order => !order.Status.IsFinal()).ToLookup(order => order.Key, order => order.Side);
        if (lines.Any(line => working[line.Key].Any(side => side != line.Side)))
        {
            yield return PlanWarning.EntryStillWorks;
        }

        // Who asks for all that is left may ask twice: it ends flat.
        var parts = asked.Lines.Where(line => !line.Amount.IsAll).Select(line => line.Key).ToHashSet();
        if (lines.Any(line => parts.Contains(line.Key) && LooksRepeated(state, line, now - rules.Policy.RepeatWindow)))
        {
            yield return PlanWarning.LooksRepeated;
        }

        if (lines.Any(line => state.Positions[line.Key] is { Lock: { } lockedIn, Net: > 0 } position
            && line.Quantity > position.Net - lockedIn.HoldingQuantity - lockedIn.T1Quantity))
        {
            yield return PlanWarning.SellsBeforeDelivery;
        }
    }

    internal static string Words(PlanWarning warning) => warning switch
    {
        PlanWarning.LeavesShortUncovered => "This sells a position that covers a short option, which would stay uncovered: risk and margin rise.",
        PlanWarning.OpensOtherProduct => "The opposite of this position is held in another product: exiting one of the two opens the other.",
        PlanWarning.EntryStillWorks => "An order that would open this position again is still working. Cancel it, or it may fill after the exit.",
        PlanWarning.LooksRepeated => "The same exit was taken on a moment ago. Is this a second one, or the same again?",
        PlanWarning.SellsBeforeDelivery =>
            "This sells shares that have been bought and are not credited yet. If they are not delivered in time, the exchange buys them in at auction at your cost.",
        PlanWarning.LeavesUnprotected => "This order is the stop that protects your position. Cancelling it exits nothing and leaves the position unprotected.",
        _ => warning.ToString(),
    };

    /// <summary>Position, side and quantity of a plan that was taken on since; the request itself has another id, or it would not be asked about.</summary>
    private static bool LooksRepeated(AccountState state, PlanLine line, DateTimeOffset since)
    {
        for (var id = state.LastPlan; id is not null && state.Plans[id] is { } plan && plan.AcceptedAt > since; id = plan.Previous)
        {
            if (plan.LineOf(line.Key) is { } earlier && earlier.Side == line.Side && earlier.Quantity == line.Quantity)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>More units of short calls or puts of an underlying would stand without a long against them than do now.</summary>
    private static bool LeavesShortUncovered(AccountState state, ImmutableArray<PlanLine> lines, ILookup<PositionKey, long> exiting)
    {
        var held = state.Positions.Values.ToLookup(position => position.Contract.Symbol, StringComparer.Ordinal);
        return lines
            .Where(line => line.Side == OrderSide.Sell)
            .Select(line => state.Positions[line.Key].Contract)
            .Select(sold => (sold.Symbol, Type: TypeCovered(sold)))
            .Distinct()
            .Any(covered => Uncovered(held[covered.Symbol], covered.Type, exiting) > Uncovered(held[covered.Symbol], covered.Type, null));
    }

    /// <summary>Shares and futures cover calls; an option covers its own kind.</summary>
    private static string TypeCovered(Contract sold) => sold.Kind == ContractKind.Option ? sold.OptionType : "CE";

    /// <summary>Units of short options of one kind less those of the longs that cover them: options alike, and for calls the underlying itself.</summary>
    /// <param name="positions">All of one underlying.</param>
    /// <param name="exiting">What leaves of them; null: nothing.</param>
    private static long Uncovered(IEnumerable<Position> positions, string type, ILookup<PositionKey, long>? exiting)
    {
        long shorts = 0;
        long covers = 0;
        foreach (var held in positions)
        {
            var left = Math.Abs(held.Net) - (exiting?[held.Key].Sum() ?? 0);
            var isAlike = held.Contract.Kind == ContractKind.Option && held.Contract.OptionType == type;
            shorts += isAlike && held.Net < 0 ? left : 0;
            covers += held.Net > 0 && (isAlike || (type == "CE" && held.Contract.Kind != ContractKind.Option)) ? left : 0;
        }

        return Math.Max(0, shorts - covers);
    }

    /// <summary>The same instrument in another product, the other way round.</summary>
    private static bool IsOpposite(AccountState state, PlanLine line, Position other) =>
        other.Key != line.Key && Math.Sign(other.Net) == -Math.Sign(state.Positions[line.Key].Net);
}
