using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Rulebook.Model;

/// <summary>Something written to the exchange that has not arrived there.</summary>
/// <param name="Key">The position that it is about.</param>
internal abstract record Message(PositionKey Key, long Written)
{
    internal sealed record Enter(PositionKey Key, long Written, Contract Contract, OrderSide Side, OrderTerms Terms) : Message(Key, Written);

    internal sealed record Cancel(PositionKey Key, long Written, ExchangeReference Named) : Message(Key, Written);

    internal sealed record Modify(PositionKey Key, long Written, ExchangeReference Named, OrderTerms Wanted) : Message(Key, Written);
}

/// <summary>The way to one segment of the exchange and back: it loses, repeats and reorders.</summary>
internal sealed class Link(MarketSegment segment)
{
    internal MarketSegment Segment { get; } = segment;

    internal TrueExchange Exchange { get; } = new(segment);

    internal long Session { get; set; } = 1;

    internal bool IsUp { get; set; } = true;

    /// <summary>In the order written: a connection does not reorder what we write.</summary>
    internal Queue<Message> ToExchange { get; } = new();

    internal List<Said> ToAccount { get; } = [];

    /// <summary>
    /// Takes one of the things said off the way back, mostly the oldest. An announced outage keeps its place: what was said before is
    /// heard before it.
    /// </summary>
    internal Said Take(ref Chance chance, bool mayReorder, out bool isReordered)
    {
        var outage = ToAccount.FindIndex(said => said.Report is null);
        var free = outage < 0 ? ToAccount.Count : Math.Max(1, outage);
        var place = mayReorder && chance.OneIn(5) ? chance.Below(free) : 0;
        place = IsCorrection(ToAccount[place]) ? 0 : place;
        isReordered = place > 0;
        var taken = ToAccount[place];
        ToAccount.RemoveAt(place);
        return taken;
    }

    /// <summary>A correction of a trade that was not told means nothing yet; it counts when the day is downloaded, in its order.</summary>
    private static bool IsCorrection(Said said) => said.Report is { Kind: OrderReportKind.TradeCorrected };
}
