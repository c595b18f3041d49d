using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;

namespace Backup.Rulebook.Model;

/// <summary>What the main site left at the exchange, and what becomes of it; and how often a client asks.</summary>
internal sealed partial class Life
{
    /// <summary>The exchange numbers its orders from higher up, so these it never had.</summary>
    private const long NumbersOfNothing = 100;

    private readonly Dictionary<long, int> _requests = [];
    private readonly List<(Link Link, TrueOrder Order)> _unseen = [];
    private int _nowhere;

    /// <summary>
    /// The main site names an order of its own: one that rests and of which nobody has told, one that the exchange no longer has, or one that
    /// the account has heard of already.
    /// </summary>
    private void MainSite()
    {
        var holding = _truth.All.Count == 0 ? null : _chance.Of(_truth.All);
        if (holding is null)
        {
            return;
        }

        if (_chance.OneIn(4))
        {
            NameAgain(LinkOf(holding.Contract.Segment));
            return;
        }

        if (Terms(holding) is not var (side, terms))
        {
            return;
        }

        if (_chance.OneIn(6))
        {
            _tally.Meet(Danger.MainOrderNowhere);
            Carry(Named(holding, side, terms, NumbersOfNothing + ++_nowhere));
        }
        else if (terms.TriggerPaise == 0 && _chance.OneIn(4))
        {
            LeaveUnseen(holding, side, terms);
        }
        else
        {
            Leave(holding, side, terms);
        }
    }

    /// <summary>An exit within what is free, or an entry; null when nothing is free.</summary>
    private (OrderSide Side, OrderTerms Terms)? Terms(Holding holding)
    {
        var isEntry = _chance.OneIn(4);
        var lot = holding.Contract.LotSize;
        var free = isEntry ? 10 : (int)(_book.State.Closable(_book.State.Positions[holding.Key]) / lot);
        if (free == 0)
        {
            return null;
        }

        var side = isEntry == (holding.Opening > 0) ? OrderSide.Buy : OrderSide.Sell;
        var trigger = _chance.OneIn(2) ? PriceNear(holding.Contract.ClosePaise, 200) : 0;
        var limit = trigger == 0 ? PriceNear(holding.Contract.ClosePaise, 200) : trigger + (side == OrderSide.Buy ? 20 : -20);
        return (side, new OrderTerms((_chance.Below(free) + 1) * (long)lot, Math.Max(5, limit), trigger));
    }

    /// <summary>Under a user whose messages no download of ours shows.</summary>
    private void LeaveUnseen(Holding holding, OrderSide side, OrderTerms terms)
    {
        var link = LinkOf(holding.Contract.Segment);
        var unseen = link.Exchange.EnterUntold(holding.Key, holding.Contract, side, terms);
        _story?.Add($"    the main site's order {unseen.Number}: {side} {unseen.Quantity} of {holding.Key}, which no download shows");
        _unseen.Add((link, unseen));
        Carry(Named(holding, side, terms, unseen.Number));
        holding.Orders.Add(unseen);
        CheckAfter(holding.Key);
    }

    private void Leave(Holding holding, OrderSide side, OrderTerms terms)
    {
        var link = LinkOf(holding.Contract.Segment);
        var said = link.Exchange.Enter(0, holding.Key, holding.Contract, side, terms);
        var order = link.Exchange.Find(said.Report!.Reference.OrderNumber)!;
        _story?.Add($"    the main site's order {order.Number}: {side} {order.Quantity} of {holding.Key}");
        if (_chance.OneIn(4) && link.IsUp && _truth.All.Count(other => other.Key.Token == holding.Key.Token) == 1)
        {
            // Heard of first, named a moment later. Of two products the account could only guess until then.
            Hear(link, said, asDownloaded: false);
        }
        else if (_chance.OneIn(2))
        {
            Tell(link, said);
        }

        Carry(Named(holding, side, terms, order.Number));
        holding.Orders.Add(order);
        CheckAfter(holding.Key);
    }

    /// <summary>The same list again, as after a restart: nothing new comes of it.</summary>
    private void NameAgain(Link link)
    {
        var known = link.Exchange.Orders.Where(order => order.Written == 0).Select(order => Named(
            _truth[order.Key], order.Side, new OrderTerms(order.Quantity, order.Price, order.Trigger), order.Number)).ToArray();
        Carry([.. known.Where(order => _book.State.ByExchangeNumber.ContainsKey((link.Segment, order.ExchangeOrderNumber)))]);
        var orders = _book.State.Orders.Count;
        Carry([.. known.Where(order => _book.State.ByExchangeNumber.ContainsKey((link.Segment, order.ExchangeOrderNumber)))]);
        Expect(_book.State.Orders.Count == orders, "named twice it is one order", "a list of the main site made another order");
    }

    private void Carry(params ImmutableArray<CarriedOrder> orders)
    {
        if (!orders.IsEmpty)
        {
            Do(new AccountCommand.CarryOrders(orders));
        }
    }

    private static CarriedOrder Named(Holding holding, OrderSide side, OrderTerms terms, long number) => new(
        holding.Contract, holding.Key.Product, side, terms.Quantity, terms.LimitPricePaise, terms.TriggerPaise, number,
        new OrderOrigin("regular", $"main-{number}", null), "client");

    /// <summary>In the end a drop copy tells of the orders that no download of ours shows.</summary>
    private void TellUnseen()
    {
        foreach (var (link, order) in _unseen.Where(unseen => unseen.Order.Open > 0))
        {
            Hear(link, link.Exchange.Refresh(order), asDownloaded: false);
        }

        // One that an outage took without a word leaves its reservation to whoever asks the exchange.
        foreach (var (link, order) in _unseen.Where(unseen => unseen.Order is { Open: 0, Filled: 0 }))
        {
            var id = _book.State.ByExchangeNumber[(link.Segment, order.Number)];
            if (_book.State.Orders[id].Status == OrderStatus.Unknown)
            {
                Do(new AccountCommand.LapseOrder(id, "operator", "the exchange's reference 4712"));
            }
        }
    }

    /// <summary>The price reaches the trigger of a stop.</summary>
    private void Trigger()
    {
        foreach (var link in _links)
        {
            foreach (var order in link.Exchange.Orders.Where(order => order is { Waits: true, Open: > 0 }).ToArray())
            {
                _tally.Meet(Danger.Triggered);
                _story?.Add($"    order {order.Number} triggers");
                Tell(link, link.Exchange.TriggerOf(order));
                CheckAfter(order.Key);
            }
        }
    }

    /// <summary>Of what one client asks in a minute of the clock no more is done than the broker chose.</summary>
    private void CheckRate(AccountCommand command, ImmutableArray<AccountEvent> events)
    {
        if (events.IsEmpty || command is not (AccountCommand.StartPlan or AccountCommand.ModifyOrder))
        {
            return;
        }

        var minute = _book.Now.UtcTicks / TimeSpan.TicksPerMinute;
        _requests[minute] = _requests.GetValueOrDefault(minute) + 1;
        var most = _rules.Policy.RequestsPerMinuteMax;
        Expect(most == 0 || _requests[minute] <= most, "a bounded number a minute", $"{_requests[minute]} requests were taken in a minute of {most}");
    }
}
