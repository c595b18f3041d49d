using System.Collections.Immutable;
using System.Globalization;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;

namespace Backup.Account.Domain.Plans;

/// <summary>
/// Taking a plan on: every line opposite to its position and within what is closable, decided and reserved in one turn (rulebook 1.1 to
/// 1.5). What does not fit is refused with the orders that block it, never trimmed.
/// </summary>
internal static class PlanRules
{
    /// <summary>As many positions as the page shows of one client: who has them leaves with one press.</summary>
    private const int LinesMax = 1000;

    internal static AccountDecision Start(AccountState state, AccountCommand.StartPlan start, DateTimeOffset now, TradingRules rules)
    {
        var fingerprint = FingerprintOf(start);
        if (state.Plans.TryGetValue(start.PlanId, out var earlier))
        {
            return earlier.Fingerprint == fingerprint
                ? AccountDecision.Answer(new AccountReply.PlanShown(earlier, state))
                : AccountDecision.Refuse(RefusalCode.ExitIdReused, "This request id was used before for another exit. Send a new one.");
        }

        if ((Malformed(start) ?? RequestRules.TooMany(state, start.RequestedBy, now, rules.Policy)) is { } notTaken)
        {
            return AccountDecision.Refuse(notTaken);
        }

        var quotes = start.Lines.Select(line => (Line: line, Quote: Quote(state, line, start.Options.CancelBlocking, now, rules))).ToImmutableArray();
        var taken = quotes.Where(quote => quote.Quote.Refusal is null).ToImmutableArray();
        if (taken.IsEmpty)
        {
            var first = quotes[0].Quote.Refusal!;
            return AccountDecision.Refuse(quotes.Length == 1
                ? first
                : first with { Message = $"None of the {quotes.Length} positions can be exited now. The first: {first.Message}" });
        }

        var lines = InSendOrder(state, start.Options, taken, now);
        if (PlanWarnings.Unanswered(state, lines, start, rules, now) is { } unanswered)
        {
            return AccountDecision.Refuse(unanswered);
        }

        var refused = quotes.Where(quote => quote.Quote.Refusal is not null)
            .Select(quote => new PlanLineRefusal(quote.Line.Key, quote.Quote.Refusal!.Code, quote.Quote.Refusal.Message)).ToImmutableArray();
        var turn = new Turn(state, now, rules);
        turn.Add(new AccountEvent.PlanAccepted(start.PlanId, fingerprint, start.Options, lines, refused, start.RequestedBy, start.Evidence));
        foreach (var blocking in lines.SelectMany(line => line.WaitsFor).Select(id => state.Orders[id]))
        {
            turn.Add(CancelRules.EventsOf(blocking, start.RequestedBy, start.Evidence).AsSpan());
        }

        PlanProgress.Advance(turn);
        return AccountDecision.Record(new AccountReply.PlanShown(turn.State.Plans[start.PlanId], turn.State), turn.Events);
    }

    internal static AccountDecision Stop(AccountState state, AccountCommand.StopPlan stop, DateTimeOffset now, TradingRules rules)
    {
        if (Find(state, stop.PlanId) is not { } plan)
        {
            return NoSuchPlan(stop.PlanId);
        }

        var turn = new Turn(state, now, rules);
        if (plan is { IsRunning: true, StoppedBy: null })
        {
            turn.Add(new AccountEvent.PlanStopped(plan.Id, stop.RequestedBy, stop.Evidence));
        }

        if (stop.CancelOrders)
        {
            foreach (var order in plan.Orders.Select(id => state.Orders[id]).Where(order => !order.Status.IsFinal()))
            {
                turn.Add(CancelRules.EventsOf(order, stop.RequestedBy, stop.Evidence).AsSpan());
            }
        }

        PlanProgress.Advance(turn);
        return AccountDecision.Record(new AccountReply.PlanShown(turn.State.Plans[plan.Id], turn.State), turn.Events);
    }

    internal static AccountDecision ReleaseHedges(AccountState state, AccountCommand.ReleaseHedges release, DateTimeOffset now, TradingRules rules)
    {
        if (Find(state, release.PlanId) is not { } plan)
        {
            return NoSuchPlan(release.PlanId);
        }

        var turn = new Turn(state, now, rules);
        if (plan is { IsRunning: true, HedgesReleasedBy: null })
        {
            turn.Add(new AccountEvent.PlanHedgesReleased(plan.Id, release.RequestedBy, release.Evidence));
            PlanProgress.Advance(turn);
        }

        return AccountDecision.Record(new AccountReply.PlanShown(turn.State.Plans[plan.Id], turn.State), turn.Events);
    }

    /// <summary>What a line would send now, or why it would not.</summary>
    internal static ExitQuote Quote(AccountState state, PlanLineRequest line, bool cancelBlocking, DateTimeOffset now, TradingRules rules)
    {
        var quote = ExitRules.Quote(state, line, cancelBlocking, rules, now);
        if (quote.Refusal is not null)
        {
            return quote;
        }

        var refusal = state.ActingPlan(line.Key) is { } acting
            ? ExitRules.Facts(state, quote.Position!, RefusalCode.PlanRunning, $"The exit {acting.Id} is at work on this position. Wait for it or stop it first.")
            : MarketChecks.Closed(rules.Market, quote.Position!, now);
        return refusal is null ? quote : ExitQuote.No(refusal);
    }

    private static Plan? Find(AccountState state, string id) => state.Plans.GetValueOrDefault(id);

    private static AccountDecision NoSuchPlan(string id) => AccountDecision.Refuse(RefusalCode.NoSuchPlan, $"There is no exit {id} in this account.");

    private static Refusal? Malformed(AccountCommand.StartPlan start) => start.Lines.Length switch
    {
        0 => new Refusal(RefusalCode.NoPositionChosen, "No position matches; there is nothing to exit."),
        > LinesMax => new Refusal(RefusalCode.TooManyLines, $"{start.Lines.Length} positions are more than one exit takes ({LinesMax}). Choose a group."),
        _ => start.Lines.Select(line => line.Key).Distinct().Count() < start.Lines.Length
            ? new Refusal(RefusalCode.PositionChosenTwice, "The same position is named twice.")
            : null,
    };

    /// <summary>Shorts are bought back first; what covers them follows in proportion (rulebook 1.4).</summary>
    internal static ImmutableArray<PlanLine> InSendOrder(
        AccountState state, PlanOptions options, ImmutableArray<(PlanLineRequest Line, ExitQuote Quote)> taken, DateTimeOffset now)
    {
        var shorts = taken.Where(line => line.Quote.Side == OrderSide.Buy).Select(line => line.Quote.Position!.Contract.Symbol).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. taken
                .OrderBy(line => line.Quote.Side)
                .ThenBy(line => line.Line.Key)
                .Select(line => new PlanLine(
                    line.Line.Key,
                    line.Quote.Side,
                    line.Quote.Quantity,
                    line.Line.Price ?? new PriceSeen(line.Quote.LimitPricePaise, now, "client's limit"),
                    line.Line.Protection,
                    line.Quote.Side == OrderSide.Sell && shorts.Contains(line.Quote.Position!.Contract.Symbol),
                    options.CancelBlocking ? [.. state.BlockingOrders(line.Quote.Position!).Where(order => !order.Status.IsFinal()).Select(order => order.Id)] : [],
                    line.Quote.LimitPricePaise)),
        ];
    }

    private static string FingerprintOf(AccountCommand.StartPlan start) => string.Join(';', start.Lines
        .Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Key}|{line.Amount switch
        {
            ExitAmount.Full => "full",
            ExitAmount.Percent percent => $"{percent.Value}%",
            ExitAmount.Units units => $"{units.Quantity}",
            _ => "",
        }}{(line.LimitPaise is { } own ? $"@{own}" : "")}"))
        .Order(StringComparer.Ordinal));
}
