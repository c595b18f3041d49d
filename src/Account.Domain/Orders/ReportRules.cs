using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// What the exchange says is a fact: recognised (seen before, then nothing changes) or recorded. It is never refused, even
/// when it fits no order we know.
/// </summary>
internal static class ReportRules
{
    /// <summary>"The order has changed": the cancel carried an older reference (NSE-TAP.md section 7: 16343, 16115; F&amp;O 16044).</summary>
    private static bool OrderHadChanged(int errorCode) => errorCode is 16343 or 16115 or 16044;

    internal static AccountDecision Decide(AccountState state, OrderReport report)
    {
        var trade = new TradeKey(report.Segment, report.TradeNumber, report.Reference.OrderNumber, report.Side);
        if (report.Kind is OrderReportKind.TradeBusted or OrderReportKind.TradeCorrected)
        {
            return DecideRecount(state, report, trade);
        }

        if (report.Kind == OrderReportKind.Traded && IsTold(state, trade))
        {
            return AccountDecision.NothingToDo;
        }

        if (IsRefusal(report.Kind)
            && state.SeenRefusals.Contains((report.Segment, report.Stream, report.StreamTime)))
        {
            return AccountDecision.NothingToDo;
        }

        return Match(state, report) is { } order
            ? DecideKnown(order, report, trade)
            : DecideForeign(state, report, trade);
    }

    /// <summary>A trade that was busted before anybody told it has still to be told to its order.</summary>
    private static bool IsTold(AccountState state, TradeKey trade) =>
        state.SeenTrades.TryGetValue(trade, out var seen) && seen is not { Key: null, Quantity: 0 };

    /// <summary>A trade that was cancelled or corrected moves the position once; what comes twice, or after a bust, changes nothing.</summary>
    private static AccountDecision DecideRecount(AccountState state, OrderReport report, TradeKey trade)
    {
        var seen = state.SeenTrades.GetValueOrDefault(trade);
        if (report.Kind == OrderReportKind.TradeBusted)
        {
            return seen is { Quantity: 0 } ? AccountDecision.NothingToDo : AccountDecision.Record(new AccountEvent.TradeBusted(trade));
        }

        // A correction of a trade that nobody has told yet: the trade comes with the day's download, and the correction behind it.
        return seen is null or { Quantity: 0 } || (seen.Quantity == report.FillQuantity && seen.PricePaise == report.FillPricePaise)
            ? AccountDecision.NothingToDo
            : AccountDecision.Record(new AccountEvent.TradeCorrected(trade, report.FillQuantity, report.FillPricePaise));
    }

    private static AccountDecision DecideKnown(Order order, OrderReport report, TradeKey trade)
    {
        switch (report.Kind)
        {
            case OrderReportKind.Traded:
                return AccountDecision.Record(new AccountEvent.OrderTraded(
                    order.Id, trade, report.FillQuantity, report.FillPricePaise, report.ExchangeTimeNanoseconds, OfStop(order, report.Reference)));

            case OrderReportKind.Confirmed when order.Exchange is null or { EntryDateTime: 0 } && !order.Status.IsFinal():
                return AccountDecision.Record(new AccountEvent.OrderConfirmed(order.Id, report.Reference));

            case OrderReportKind.Refreshed or OrderReportKind.Triggered when IsNewer(order, report) && !order.Status.IsFinal():
                return AccountDecision.Record(new AccountEvent.OrderRefreshed(order.Id, OfStop(order, report.Reference)));

            case OrderReportKind.Rejected when order.Exchange is null && !order.Status.IsFinal():
                return AccountDecision.Record(
                    new AccountEvent.OrderRejected(order.Id, report.ErrorCode, report.ErrorText, report.Stream, report.StreamTime));

            case OrderReportKind.Cancelled when !order.Status.IsFinal():
                return AccountDecision.Record(
                    new AccountEvent.OrderCancelled(order.Id, report.ByExchange, report.ErrorCode, report.Reference));

            case OrderReportKind.CancelRejected when order is { Status: OrderStatus.CancelSent or OrderStatus.Unknown, ModifyWanted: null, Exchange: not null }:
                var tryAgain = OrderHadChanged(report.ErrorCode) && order.CancelRefusals + 1 < SendRules.CancelRefusalsMax;
                return AccountDecision.Record(new AccountEvent.CancelRejected(
                    order.Id, report.ErrorCode, report.ErrorText, tryAgain, report.Stream, report.StreamTime));

            case OrderReportKind.Modified when !order.Status.IsFinal() && report.Reference.LastActivityReference > order.TermsActivity:
                return AccountDecision.Record(new AccountEvent.OrderModified(
                    order.Id, report.Reference.Volume, report.Reference.PricePaise, report.Reference));

            // A refusal that names an older activity than our change did is of an earlier one (NSE-TAP.md N21).
            case OrderReportKind.ModifyRejected when order is { Status: OrderStatus.ModifySent or OrderStatus.Unknown, ModifyWanted: not null }
                && report.Reference.LastActivityReference >= order.ModifyNamed:
                return AccountDecision.Record(new AccountEvent.ModifyRejected(
                    order.Id, report.ErrorCode, report.ErrorText, OrderHadChanged(report.ErrorCode) && ModifyRules.MayTryAgain(order),
                    report.Stream, report.StreamTime));

            default:
                // Said before, or about something that is settled: applying it again changes nothing (P5).
                return AccountDecision.NothingToDo;
        }
    }

    /// <summary>A trade and a trigger's message do not say when the order was entered nor where its trigger was, and both name its form.</summary>
    private static ExchangeReference OfStop(Order order, ExchangeReference told) =>
        order.Exchange is { TriggerPaise: > 0 } stop && told.EntryDateTime == 0
            ? told with { EntryDateTime = stop.EntryDateTime, TriggerPaise = stop.TriggerPaise }
            : told;

    private static bool IsRefusal(OrderReportKind kind) =>
        kind is OrderReportKind.Rejected or OrderReportKind.CancelRejected or OrderReportKind.ModifyRejected;

    private static AccountDecision DecideForeign(AccountState state, OrderReport report, TradeKey trade)
    {
        if (IsRefusal(report.Kind))
        {
            // A refusal that answers nothing of ours leaves nothing behind at the exchange.
            return AccountDecision.NothingToDo;
        }

        if (FindPosition(state, report) is not { } position)
        {
            return AccountDecision.Record(new AccountEvent.UnplacedReportRecorded(report));
        }

        return report.Kind switch
        {
            OrderReportKind.Traded => AccountDecision.Record(new AccountEvent.ForeignTradeRecorded(
                position.Key, trade, report.FillQuantity, report.FillPricePaise, report.ExchangeTimeNanoseconds)),
            OrderReportKind.Confirmed or OrderReportKind.Refreshed or OrderReportKind.Modified or OrderReportKind.Triggered =>
                AccountDecision.Record(new AccountEvent.ForeignOrderFound(position.Key, report.Side, report.Reference)),
            _ => AccountDecision.NothingToDo,
        };
    }

    /// <summary>
    /// By the exchange's number; else by our reference where the message carries it; else by attributes among the unanswered,
    /// of which there is at most one per instrument and side.
    /// </summary>
    private static Order? Match(AccountState state, OrderReport report)
    {
        var number = report.Reference.OrderNumber;
        if (number != 0 && state.ByExchangeNumber.TryGetValue((report.Segment, number), out var known))
        {
            return state.Orders[known];
        }

        if (report.ClientReference != 0
            && state.Orders.TryGetValue(new ClientOrderId(report.ClientReference), out var own)
            && own is { Exchange: null, Origin: null } && IsAbout(state, own, report))
        {
            return own;
        }

        return report.ClientReference != 0 ? null : state.WorkingOrders.FirstOrDefault(order =>
            order is { Exchange: null, Origin: null }
            && order.Status.IsUnanswered()
            && order.Quantity == report.Reference.Volume
            && order.LimitPricePaise == report.Reference.PricePaise
            && IsAbout(state, order, report));
    }

    private static bool IsAbout(AccountState state, Order order, OrderReport report) =>
        order.Segment == report.Segment && order.Side == report.Side && Names(report, state.Positions[order.Key].Contract);

    private static bool Names(OrderReport report, Contract contract) =>
        contract.Segment == report.Segment
        && (report.Segment == MarketSegment.Derivatives
            ? contract.ExchangeToken == report.ExchangeToken
            : contract.Symbol == report.Symbol && contract.Series == report.Series);

    /// <summary>The position that a foreign report is about: one that it would reduce, if there is one; else the first of that contract.</summary>
    private static Position? FindPosition(AccountState state, OrderReport report)
    {
        Position? found = null;
        foreach (var position in state.Positions.Values)
        {
            if (Names(report, position.Contract) && (found is null || AccountState.Reduces(report.Side, position.Net)))
            {
                found = position;
            }
        }

        return found;
    }

    private static bool IsNewer(Order order, OrderReport report) =>
        order.Exchange is null || report.Reference.LastActivityReference > order.Exchange.LastActivityReference;
}
