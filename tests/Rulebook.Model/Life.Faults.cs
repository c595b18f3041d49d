using Backup.Account.Domain;
using Backup.Account.Domain.Orders;

namespace Backup.Rulebook.Model;

/// <summary>What goes wrong, and how it is recovered from.</summary>
internal sealed partial class Life
{
    private readonly HashSet<(MarketSegment Segment, long Trade)> _recounted = [];

    /// <summary>What was on its way to the exchange may or may not arrive; what was on its way back is lost.</summary>
    private void LoseLink(Link link)
    {
        _tally.Meet(Danger.LostLink);
        _story?.Add($"    the {link.Segment} link is lost with {link.ToExchange.Count} messages on their way there and {link.ToAccount.Count} back");
        link.IsUp = false;
        link.ToAccount.Clear();
        var cut = _chance.Below(link.ToExchange.Count + 1);
        while (link.ToExchange.TryDequeue(out var message))
        {
            // A connection delivers a first part of what was written, or all of it.
            if (cut-- > 0)
            {
                Answer(link, message, mayRefuse: true);
                CheckAfter(message.Key);
            }
        }

        Do(new AccountCommand.LoseSession(link.Segment, link.Session));
        link.Session++;
    }

    /// <summary>A new session downloads the whole day, stream by stream, and concludes; or breaks in the middle and concludes nothing.</summary>
    private void Reconnect(Link link, bool mayBreak)
    {
        if (link.IsUp)
        {
            return;
        }

        link.IsUp = true;
        var memory = link.Exchange.Memory.OrderBy(said => said.Stream).ToArray();
        var end = mayBreak && memory.Length > 0 && _chance.OneIn(5) ? _chance.Below(memory.Length) : memory.Length;
        var doubtful = _book.State.WorkingOrders.Where(order => order is { Status: OrderStatus.Unknown, Exchange: null } && order.Segment == link.Segment).ToArray();
        var hole = mayBreak && end == memory.Length && _chance.OneIn(7) ? doubtful.LastOrDefault() : null;
        _story?.Add($"    the {link.Segment} link is back; {end} of {memory.Length} messages are downloaded{(hole is null ? "" : $", none of order {hole.Id.Number}")}");
        foreach (var said in memory[..end].Where(said => hole is null || !IsAbout(link, said, hole)))
        {
            Hear(link, said, asDownloaded: true);
        }

        _tally.Meet(Danger.Found, doubtful.Count(order => _book.State.Orders[order.Id].Exchange is not null));
        if (end < memory.Length)
        {
            _tally.Meet(Danger.BrokenDownload);
            LoseLink(link);
            return;
        }

        _tally.Meet(Danger.HoleInMemory, hole is null ? 0 : 1);
        Do(new AccountCommand.ConcludeRecovery(link.Segment, link.Session, StreamOutage: hole is not null));
    }

    private static bool IsAbout(Link link, Said said, Order order) =>
        said.Report is { } report && (report.ClientReference == order.Id.Number || link.Exchange.Find(report.Reference.OrderNumber)?.Written == order.Id.Number);

    /// <summary>
    /// A matching engine goes down with all that rested in it. The announcement ends the session, and comes again at its place in the
    /// next download.
    /// </summary>
    private void Outage()
    {
        _tally.Meet(Danger.Outage);
        var link = _chance.Of(_links);
        var said = link.Exchange.LoseStream(_chance.Below(2) + 1);
        _story?.Add($"    the {link.Segment} exchange loses stream {said.Stream}");
        if (link.IsUp)
        {
            LoseLink(link);
        }
    }

    /// <summary>The exchange cancels a trade of an exit, or corrects it to fewer units: the position is open again by so much.</summary>
    private void Recount()
    {
        var link = _chance.Of(_links);
        var trades = link.Exchange.Memory.Where(said => said.Report is { Kind: OrderReportKind.Traded } trade && IsExit(link, trade)).ToArray();
        if (trades.Length == 0)
        {
            return;
        }

        var chosen = _chance.Of(trades);
        var trade = chosen.Report!;
        if (!_recounted.Add((link.Segment, trade.TradeNumber)))
        {
            return;
        }

        // A correction means something only to who was told of the trade; a bust may be heard first.
        var quantity = _chance.OneIn(2) || !_truth.WasTold(chosen) ? 0 : trade.FillQuantity / 2;
        var order = link.Exchange.Find(trade.Reference.OrderNumber)!;
        _story?.Add($"    trade {trade.TradeNumber} of order {order.Number} (ours {order.Written}) counts {quantity} instead of {trade.FillQuantity}");
        Tell(link, link.Exchange.Recount(trade, quantity));
        _truth.Recounted(order.Key, order.Side, trade.FillQuantity, quantity);
        CheckAfter(order.Key);
    }

    private bool IsExit(Link link, OrderReport trade) =>
        link.Exchange.Find(trade.Reference.OrderNumber) is { } order && _truth[order.Key].IsExit(trade.Side);

    private void Crash()
    {
        _tally.Meet(Danger.Crash);
        _story?.Add("    crash");
        var before = _book.State;
        _book.Crash();
        Expect(SameState.DifferenceOf(before, _book.State) is null, "P8 replay", $"a replay gives another state: {SameState.DifferenceOf(before, _book.State)}");
        foreach (var link in _links.Where(link => link.IsUp).ToArray())
        {
            LoseLink(link);
        }
    }
}
