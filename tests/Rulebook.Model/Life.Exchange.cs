using Backup.Account.Domain;
using Backup.Account.Domain.Orders;

namespace Backup.Rulebook.Model;

/// <summary>What the stage, the link and the exchange do.</summary>
internal sealed partial class Life
{
    /// <summary>The stage takes a permit that the account asked for: the intent is stored, and then the bytes are on their way.</summary>
    private void Write()
    {
        var places = Enumerable.Range(0, _book.Tickets.Count).Where(at => LinkOf(_book.Tickets[at].Segment).IsUp).ToArray();
        if (places.Length == 0)
        {
            return;
        }

        var ticket = _book.TakeTicket(places[_chance.OneIn(3) ? _chance.Below(places.Length) : 0]);
        var link = LinkOf(ticket.Segment);
        Do(ticket switch
        {
            AccountEffect.SendOrder => new AccountCommand.AuthorizeSend(ticket.OrderId, link.Session),
            AccountEffect.SendModify => new AccountCommand.AuthorizeModify(ticket.OrderId, link.Session),
            _ => new AccountCommand.AuthorizeCancel(ticket.OrderId, link.Session),
        });
        if (_book.Reply is not AccountReply.GoAhead { Order: var order, Contract: var contract })
        {
            _tally.Meet(Danger.PermitTooLate);
            return;
        }

        Message message = ticket switch
        {
            AccountEffect.SendOrder => new Message.Enter(order.Key, order.Id.Number, contract, order.Side, new OrderTerms(order.Quantity, order.LimitPricePaise)),
            AccountEffect.SendModify => new Message.Modify(order.Key, order.Id.Number, order.Exchange!, order.ModifyWanted!),
            _ => new Message.Cancel(order.Key, order.Id.Number, order.Exchange!),
        };
        CheckMessage(message, order.Side);
        _story?.Add($"    written: {message}");
        link.ToExchange.Enqueue(message);
        CheckAfter(order.Key);
    }

    private void CheckMessage(Message message, OrderSide side)
    {
        var isExit = _truth[message.Key].IsExit(side);
        var isAlone = !LinkOf(_truth[message.Key].Contract.Segment).ToExchange.Any(other => other.GetType() == message.GetType() && other.Written == message.Written);
        Expect(isAlone, "one message an intent", $"two messages alike of order {message.Written} are on their way");
        switch (message)
        {
            case Message.Enter enter:
                Expect(isExit, "P4 reduce-only", $"order {enter.Written} would enlarge {enter.Key}");
                Expect(_entered.Add(enter.Written), "P3 once", $"order {enter.Written} was written twice");
                _truth.CheckDelivery(_morning, enter, _rules.Policy);
                break;
            case Message.Modify change when !isExit:
                var real = LinkOf(_truth[message.Key].Contract.Segment).Exchange.Find(change.Named.OrderNumber)!;
                Expect(change.Wanted.Quantity <= real.Quantity || change.Named.LastActivityReference < real.Activity,
                    "P4 reduce-only", $"the change of order {change.Written} would enlarge {change.Key}");
                break;
        }
    }

    private void Arrive(bool mayRefuse)
    {
        foreach (var link in _links)
        {
            if (link.ToExchange.TryDequeue(out var message))
            {
                var said = Answer(link, message, mayRefuse);
                if (link.IsUp)
                {
                    link.ToAccount.Add(said);
                }

                CheckAfter(message.Key);
            }
        }
    }

    private Said Answer(Link link, Message message, bool mayRefuse)
    {
        var refuses = mayRefuse && _chance.OneIn(8);
        switch (message)
        {
            case Message.Enter enter when refuses:
                return link.Exchange.Refuse(enter.Written, enter.Key, enter.Contract, enter.Side, enter.Terms);
            case Message.Enter enter:
                var said = link.Exchange.Enter(enter.Written, enter.Key, enter.Contract, enter.Side, enter.Terms);
                _truth[enter.Key].Orders.Add(link.Exchange.Find(said.Report!.Reference.OrderNumber)!);
                return said;
            case Message.Modify change:
                return link.Exchange.Modify(change.Named, change.Wanted, refuses);
            default:
                return link.Exchange.Cancel(((Message.Cancel)message).Named, refuses);
        }
    }

    /// <summary>Orders in the book trade, in full or in part.</summary>
    private void Trade()
    {
        var link = _chance.Of(_links);
        foreach (var order in link.Exchange.Orders.Where(order => order is { Open: > 0, Waits: false }).ToArray())
        {
            if (_chance.OneIn(2))
            {
                TradeSome(link, order);
            }
        }
    }

    private void TradeSome(Link link, TrueOrder order)
    {
        var lot = order.Contract.LotSize;
        var lots = (int)(order.Open / lot);
        var quantity = lots <= 1 || _chance.OneIn(3) ? order.Open : (_chance.Below(lots) + 1) * (long)lot;
        var said = link.Exchange.Trade(order, quantity, order.Price);
        _truth.Traded(order, quantity);
        _story?.Add($"    order {order.Number} (ours {order.Written}) trades {quantity}");
        Tell(link, said);
        CheckAfter(order.Key);
    }

    private void Tell(Link link, Said said)
    {
        if (link.IsUp)
        {
            link.ToAccount.Add(said);
        }
    }

    /// <summary>The account hears something: in its order or not, once or twice, or something that it heard long ago.</summary>
    private void Deliver(bool mayReorder)
    {
        foreach (var link in _links.Where(link => link.ToAccount.Count > 0))
        {
            var said = link.Take(ref _chance, mayReorder, out var isReordered);
            _tally.Meet(Danger.Reorder, isReordered ? 1 : 0);
            NoteRace(said);
            Hear(link, said, asDownloaded: false);
            if (mayReorder && _chance.OneIn(8))
            {
                _tally.Meet(Danger.Duplicate);
                Hear(link, said, asDownloaded: false);
            }

            if (mayReorder && _chance.OneIn(12))
            {
                // Only what the account was told before: an older thing that it was not told is a hole, not a duplicate.
                var old = _chance.Of(link.Exchange.Memory);
                if (_truth.WasTold(old))
                {
                    _tally.Meet(Danger.LateDuplicate);
                    Hear(link, old, asDownloaded: _chance.OneIn(2));
                }
            }
        }
    }

    private void NoteRace(Said said)
    {
        if (said.Report is { Kind: OrderReportKind.Traded } trade)
        {
            foreach (var order in _book.State.WorkingOrders)
            {
                _tally.Meet(Danger.CancelRace, order.Status == OrderStatus.CancelSent && order.Exchange!.OrderNumber == trade.Reference.OrderNumber ? 1 : 0);
                _tally.Meet(Danger.ModifyRace, order.Status == OrderStatus.ModifySent && order.Exchange!.OrderNumber == trade.Reference.OrderNumber ? 1 : 0);
                _tally.Meet(Danger.TradeBeforeConfirmation, order.Status == OrderStatus.Sent && order.Key.Token == trade.ExchangeToken ? 1 : 0);
            }
        }
    }

    private void Hear(Link link, Said said, bool asDownloaded)
    {
        _truth.Told(said);
        if (said.Report is null)
        {
            Do(new AccountCommand.LoseStream(link.Segment, said.Stream, said.Place, _book.Now));
            return;
        }

        // The cash segment's download names no order of ours.
        var report = asDownloaded && link.Segment == MarketSegment.Cash ? said.Report with { ClientReference = 0 } : said.Report;
        Do(new AccountCommand.RecordReport(report));
    }

    /// <summary>The main site or the broker's risk management acts for the same client.</summary>
    private void Foreign()
    {
        var link = _chance.Of(_links);
        var holdings = _truth.All.Where(holding => holding.Contract.Segment == link.Segment
            && _truth.All.Count(other => other.Key.Token == holding.Key.Token) == 1).ToArray();
        if (holdings.Length == 0 || !link.IsUp)
        {
            // Nobody tells of it while the link is down, and no rule can help against a trade that nobody has told of. The exchange does
            // not know products, so neither does a report of somebody else's order.
            return;
        }

        var holding = _chance.Of(holdings);
        var isEntry = _chance.OneIn(3);
        var lot = holding.Contract.LotSize;
        var free = isEntry ? 10 : (int)(_book.State.Closable(_book.State.Positions[holding.Key]) / lot);
        if (free == 0)
        {
            return;
        }

        var side = isEntry == (holding.Opening > 0) ? OrderSide.Buy : OrderSide.Sell;
        if (!isEntry && _chance.OneIn(3))
        {
            var traded = link.Exchange.EnterUntold(holding.Key, holding.Contract, side, new OrderTerms((_chance.Below(free) + 1) * (long)lot, 5));
            holding.Orders.Add(traded);
            _truth.Traded(traded, traded.Quantity);
            Hear(link, link.Exchange.Trade(traded, traded.Quantity, traded.Price), asDownloaded: false);
            return;
        }

        var said = link.Exchange.Enter(0, holding.Key, holding.Contract, side, new OrderTerms((_chance.Below(free) + 1) * (long)lot, 5));
        var order = link.Exchange.Find(said.Report!.Reference.OrderNumber)!;
        _story?.Add($"    somebody else's order {order.Number}: {side} {order.Quantity} of {holding.Key}");
        if (isEntry && _chance.OneIn(2))
        {
            holding.Orders.Add(order);
            Tell(link, said);
            return;
        }

        // Drop copy tells at once.
        Hear(link, said, asDownloaded: false);
        holding.Orders.Add(order);
        if (_chance.OneIn(2))
        {
            TradeSome(link, order);
        }
    }

    private void ActByItself(StepKind kind)
    {
        var link = _chance.Of(_links);
        var open = link.Exchange.Orders.Where(order => order.Open > 0).ToArray();
        if (open.Length == 0)
        {
            return;
        }

        // Most is to be learned from an order of which the account is owed an answer.
        var owed = Array.FindAll(open, one => link.ToExchange.Any(message => message.Written == one.Written && one.Written != 0));
        var order = _chance.Of(owed.Length > 0 && _chance.OneIn(2) ? owed : open);
        var lot = order.Contract.LotSize;
        switch (kind)
        {
            case StepKind.ExchangeCancels:
                _tally.Meet(Danger.UnsolicitedCancel);
                Tell(link, link.Exchange.CancelByItself(order));
                break;
            case StepKind.ExchangeRefreshes:
                Tell(link, link.Exchange.Refresh(order));
                break;
            default:
                if (order.Open > lot && !MayBeGuessed(order) && !IsWhatWeWant(order, order.Quantity - lot))
                {
                    _tally.Meet(Danger.DeskReduced);
                    Tell(link, link.Exchange.Reduce(order, order.Quantity - lot));
                }

                break;
        }

        _story?.Add($"    {kind} order {order.Number} (ours {order.Written})");
        CheckAfter(order.Key);
    }

    /// <summary>A trade of other terms than were written, heard before its order is known, can only be guessed to belong to one of two products.</summary>
    private bool MayBeGuessed(TrueOrder order) =>
        !_book.State.ByExchangeNumber.ContainsKey((order.Contract.Segment, order.Number))
        && _truth.All.Count(holding => holding.Key.Token == order.Key.Token) > 1;

    /// <summary>The desk by chance does just what a change of ours asks for: no message tells whose of the two it was.</summary>
    private bool IsWhatWeWant(TrueOrder order, long quantity) =>
        _book.State.ByExchangeNumber.TryGetValue((order.Contract.Segment, order.Number), out var known)
        && _book.State.Orders[known].ModifyWanted is { } wanted
        && wanted.Quantity == quantity && wanted.LimitPricePaise == order.Price;
}
