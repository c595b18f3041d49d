using Backup.Account.Domain.Orders;

namespace Backup.Account.Domain.Tests;

/// <summary>An exchange of a few lines: it takes every order as a new one, trades what it likes, and remembers all it said.</summary>
internal sealed class PlainExchange
{
    private readonly Dictionary<long, Entry> _orders = [];
    private long _activity = 1000;
    private long _trades;

    private sealed class Entry
    {
        public required OrderSide Side { get; init; }

        public required long Quantity { get; set; }

        public required long Price { get; set; }

        public required long ClientReference { get; init; }

        public long Filled { get; set; }

        public bool Gone { get; set; }

        public long Activity { get; set; }
    }

    /// <summary>All it ever said, in order: what a download replays.</summary>
    internal List<OrderReport> Journal { get; } = [];

    /// <summary>Places in that journal at which the book was lost.</summary>
    internal List<long> Outages { get; } = [];

    /// <summary>Signed units traded, foreign trades included.</summary>
    internal long Net { get; private set; }

    internal long OpenQuantity => _orders.Values.Where(order => !order.Gone).Sum(order => order.Quantity - order.Filled);

    internal long FilledOf(long number) => _orders.TryGetValue(number, out var order) ? order.Filled : 0;

    internal IEnumerable<OrderReport> Enter(Order order, Dice dice)
    {
        if (dice.Next(8) == 0)
        {
            yield return Say(OrderReportKind.Rejected, 0, new Entry { Side = order.Side, Quantity = order.Quantity, Price = order.LimitPricePaise, ClientReference = order.Id.Number }) with { ErrorCode = 16284 };
            yield break;
        }

        var number = 500 + _orders.Count;
        var entry = new Entry { Side = order.Side, Quantity = order.Quantity, Price = order.LimitPricePaise, ClientReference = order.Id.Number };
        _orders.Add(number, entry);
        yield return Say(OrderReportKind.Confirmed, number, entry);
        if (dice.Next(2) == 0)
        {
            yield return Trade(number, entry, dice);
        }
    }

    internal OrderReport Cancel(ExchangeReference reference)
    {
        var entry = _orders[reference.OrderNumber];
        if (entry.Gone)
        {
            return Say(OrderReportKind.CancelRejected, reference.OrderNumber, entry) with { ErrorCode = 16060 };
        }

        if (entry.Activity != reference.LastActivityReference)
        {
            return Say(OrderReportKind.CancelRejected, reference.OrderNumber, entry, newActivity: false) with { ErrorCode = 16044 };
        }

        entry.Gone = true;
        return Say(OrderReportKind.Cancelled, reference.OrderNumber, entry);
    }

    /// <summary>Every resting order is gone. Returns the place of that in the journal.</summary>
    internal long LoseBook()
    {
        foreach (var entry in _orders.Values)
        {
            entry.Gone = true;
        }

        Journal.Add(Given.Report(OrderReportKind.Rejected, 0, new ExchangeReference(0, 0, 0, 0, 0, 0, 0, 0, 0)) with { StreamTime = ++_activity });
        Outages.Add(_activity);
        return _activity;
    }

    internal OrderReport Modify(ExchangeReference reference, OrderTerms wanted)
    {
        var entry = _orders[reference.OrderNumber];
        if (entry.Gone || wanted.Quantity <= entry.Filled || entry.Activity != reference.LastActivityReference)
        {
            var error = entry.Gone ? 16060 : 16044;
            Say(OrderReportKind.ModifyRejected, reference.OrderNumber, entry, newActivity: false);
            return Journal[^1] = Journal[^1] with { ErrorCode = error };
        }

        (entry.Quantity, entry.Price) = (wanted.Quantity, wanted.LimitPricePaise);
        return Say(OrderReportKind.Modified, reference.OrderNumber, entry);
    }

    internal IEnumerable<OrderReport> TradeSome(Dice dice)
    {
        foreach (var (number, entry) in _orders.Where(pair => !pair.Value.Gone).ToArray())
        {
            if (dice.Next(2) == 0)
            {
                yield return Trade(number, entry, dice);
            }
        }
    }

    /// <summary>A trade of the main site or of risk management: reduces, never beyond what nobody has an order for.</summary>
    internal IEnumerable<OrderReport> TradeForeign(Dice dice, long unreserved, long opening)
    {
        var free = unreserved / 75;
        if (free <= 0)
        {
            yield break;
        }

        var side = opening > 0 ? OrderSide.Sell : OrderSide.Buy;
        var quantity = (dice.Next((int)free) + 1) * 75L;
        var entry = new Entry { Side = side, Quantity = quantity + 75, Price = 1, ClientReference = 0 };
        Net += side == OrderSide.Buy ? quantity : -quantity;
        yield return Say(OrderReportKind.Traded, 100_000 + _trades, entry) with { TradeNumber = ++_trades, FillQuantity = quantity, FillPricePaise = 11000 };
        Journal[^1] = Journal[^1] with { TradeNumber = _trades, FillQuantity = quantity, FillPricePaise = 11000 };
    }

    private OrderReport Trade(long number, Entry entry, Dice dice)
    {
        var left = (entry.Quantity - entry.Filled) / 75;
        var quantity = left <= 1 ? entry.Quantity - entry.Filled : (dice.Next((int)left) + 1) * 75L;
        entry.Filled += quantity;
        entry.Gone = entry.Filled >= entry.Quantity;
        Net += entry.Side == OrderSide.Buy ? quantity : -quantity;
        Say(OrderReportKind.Traded, number, entry);
        return Journal[^1] = Journal[^1] with { TradeNumber = ++_trades, FillQuantity = quantity, FillPricePaise = entry.Price };
    }

    private OrderReport Say(OrderReportKind kind, long number, Entry entry, bool newActivity = true)
    {
        _activity++;
        entry.Activity = newActivity ? _activity : entry.Activity;
        var reference = new ExchangeReference(
            number, 1, 1, entry.Activity, 0, entry.Quantity, entry.Filled, entry.Quantity - entry.Filled, entry.Price, 1, _activity);
        var carries = kind != OrderReportKind.Traded ? entry.ClientReference : 0;
        var report = Given.Report(kind, carries, reference, entry.Side) with { StreamTime = _activity };
        Journal.Add(kind is OrderReportKind.Rejected ? report with { ErrorCode = 16284 } : report);
        return report;
    }
}
