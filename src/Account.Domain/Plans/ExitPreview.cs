using System.Collections.Immutable;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;

namespace Backup.Account.Domain.Plans;

/// <summary>One line of a preview, in send order.</summary>
/// <param name="Refusal">Why it would not go; null when it would.</param>
public sealed record ExitPreviewLine(PlanLineRequest Request, ExitQuote Quote, bool IsHedge, Refusal? Refusal);

/// <summary>What an exit would do now.</summary>
/// <param name="PremiumPaise">Cash that buying short options back takes at most; the broker's risk management has the last word.</param>
public sealed record ExitPreview(ImmutableArray<ExitPreviewLine> Lines, long PremiumPaise, ImmutableArray<PlanWarning> Warnings)
{
    public static ExitPreview Of(AccountState state, AccountCommand.StartPlan start, DateTimeOffset now, TradingRules rules)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(start);
        var quotes = start.Lines.Select(line => (Line: line, Quote: PlanRules.Quote(state, line, start.Options.CancelBlocking, now, rules))).ToImmutableArray();
        var taken = PlanRules.InSendOrder(state, start.Options, [.. quotes.Where(line => line.Quote.Refusal is null)], now);
        var asked = quotes.ToLookup(quote => quote.Line.Key);
        var lines = taken.Select(line => (Planned: line, Asked: asked[line.Key].First()))
            .Select(line => new ExitPreviewLine(line.Asked.Line, line.Asked.Quote, line.Planned.IsHedge, null))
            .Concat(quotes.Where(line => line.Quote.Refusal is not null).Select(line => new ExitPreviewLine(line.Line, line.Quote, false, line.Quote.Refusal)))
            .ToImmutableArray();
        var premium = lines.Where(line => line is { Refusal: null, Quote: { Side: OrderSide.Buy, Position.Contract.Kind: Positions.ContractKind.Option } })
            .Sum(line => line.Quote.Quantity * line.Quote.LimitPricePaise);
        return new ExitPreview(lines, premium, [.. PlanWarnings.Of(state, taken, start, rules, now)]);
    }

    /// <summary>A warning in words for the client.</summary>
    public static string Words(PlanWarning warning) => PlanWarnings.Words(warning);
}
