using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Rulebook.Model;

/// <summary>One thing that the exchange said, at its place in one of its streams.</summary>
/// <param name="Report">Null for the announcement that the stream's matching engine went down at that place.</param>
internal sealed record Said(OrderReport? Report, int Stream, long Place);

/// <summary>An order in the exchange's own books.</summary>
/// <param name="written">Our number, 0 for an order of somebody else.</param>
/// <param name="key">The position that whoever wrote it meant; the exchange itself never looks at it.</param>
internal sealed class TrueOrder(long number, long written, PositionKey key, Contract contract, OrderSide side)
{
    internal long Number { get; } = number;

    internal long Written { get; } = written;

    internal PositionKey Key { get; } = key;

    internal Contract Contract { get; } = contract;

    internal OrderSide Side { get; } = side;

    internal long Quantity { get; set; }

    internal long Price { get; set; }

    internal long Filled { get; set; }

    /// <summary>0 unless a stop.</summary>
    internal long Trigger { get; set; }

    /// <summary>In the stop book: it cannot trade yet.</summary>
    internal bool Waits { get; set; }

    internal bool IsGone { get; set; }

    /// <summary>The newest activity; a cancel or a change that names an older one is refused.</summary>
    internal long Activity { get; set; }

    /// <summary>What can still trade.</summary>
    internal long Open => IsGone ? 0 : Quantity - Filled;
}

/// <summary>
/// One segment of an exchange in a page: it takes every order as a new one, trades what it likes, refuses what names an old state, and
/// remembers all that it ever said. It knows nothing of positions or promises.
/// </summary>
internal sealed class TrueExchange(MarketSegment segment)
{
    private const int OrderHadChanged = 16044;

    /// <summary>Each segment numbers its orders by itself, so the same numbers come in both.</summary>
    private const long FirstNumber = 500;
    private readonly Dictionary<long, TrueOrder> _orders = [];
    private long _activity = 1000;
    private long _trades;

    internal IReadOnlyCollection<TrueOrder> Orders => _orders.Values;

    /// <summary>All it ever said, in order: what a download replays.</summary>
    internal List<Said> Memory { get; } = [];

    internal TrueOrder? Find(long number) => _orders.GetValueOrDefault(number);

    /// <summary>Each instrument belongs to one matching engine.</summary>
    internal static int StreamOf(Contract contract) => (contract.ExchangeToken % 2) + 1;

    internal Said Enter(long written, PositionKey key, Contract contract, OrderSide side, OrderTerms terms)
    {
        var order = new TrueOrder(FirstNumber + _orders.Count, written, key, contract, side)
        {
            Quantity = terms.Quantity,
            Price = terms.LimitPricePaise,
            Trigger = terms.TriggerPaise,
            Waits = terms.TriggerPaise > 0,
        };
        _orders.Add(order.Number, order);
        return Say(OrderReportKind.Confirmed, order);
    }

    /// <summary>An order of another box, of which only its trade is told.</summary>
    internal TrueOrder EnterUntold(PositionKey key, Contract contract, OrderSide side, OrderTerms terms)
    {
        Enter(0, key, contract, side, terms);
        Memory.RemoveAt(Memory.Count - 1);
        return _orders[FirstNumber + _orders.Count - 1];
    }

    internal Said Refuse(long written, PositionKey key, Contract contract, OrderSide side, OrderTerms terms)
    {
        var order = new TrueOrder(0, written, key, contract, side) { Quantity = terms.Quantity, Price = terms.LimitPricePaise };
        return Say(OrderReportKind.Rejected, order, errorCode: 16284);
    }

    /// <param name="refuses">It will not have it, for a reason of its own.</param>
    internal Said Cancel(ExchangeReference named, bool refuses)
    {
        var order = _orders[named.OrderNumber];
        var error = order.IsGone ? 16060 : order.Activity != named.LastActivityReference ? OrderHadChanged : refuses ? 16388 : 0;
        if (error != 0)
        {
            return Say(OrderReportKind.CancelRejected, order, error);
        }

        order.IsGone = true;
        return Say(OrderReportKind.Cancelled, order);
    }

    internal Said Modify(ExchangeReference named, OrderTerms wanted, bool refuses)
    {
        var order = _orders[named.OrderNumber];
        var error = order.IsGone ? 16060 : order.Activity != named.LastActivityReference ? OrderHadChanged : refuses || wanted.Quantity <= order.Filled ? 16346 : 0;
        if (error != 0)
        {
            return Say(OrderReportKind.ModifyRejected, order, error);
        }

        (order.Quantity, order.Price) = (wanted.Quantity, wanted.LimitPricePaise);
        order.Trigger = order.Waits ? wanted.TriggerPaise : order.Trigger;
        return Say(OrderReportKind.Modified, order);
    }

    /// <summary>The broker's desk makes an order smaller.</summary>
    internal Said Reduce(TrueOrder order, long quantity)
    {
        order.Quantity = quantity;
        return Say(OrderReportKind.Modified, order);
    }

    internal Said CancelByItself(TrueOrder order)
    {
        order.IsGone = true;
        return Say(OrderReportKind.Cancelled, order, byExchange: true);
    }

    /// <summary>From now on it rests like any other.</summary>
    internal Said TriggerOf(TrueOrder order)
    {
        order.Waits = false;
        return Say(OrderReportKind.Triggered, order);
    }

    internal Said Refresh(TrueOrder order) => Say(OrderReportKind.Refreshed, order);

    internal Said Trade(TrueOrder order, long quantity, long price)
    {
        order.Filled += quantity;
        order.IsGone = order.Filled >= order.Quantity;
        return Say(OrderReportKind.Traded, order, fill: quantity, fillPrice: price);
    }

    /// <summary>A trade is cancelled, or corrected to fewer units. The order is not what it was before: it does not come back.</summary>
    /// <param name="quantity">What counts from now on; 0 when the trade is cancelled.</param>
    internal Said Recount(OrderReport trade, long quantity)
    {
        var place = ++_activity;
        var said = new Said(
            trade with { Kind = quantity == 0 ? OrderReportKind.TradeBusted : OrderReportKind.TradeCorrected, FillQuantity = quantity, StreamTime = place },
            trade.Stream, place);
        Memory.Add(said);
        return said;
    }

    /// <summary>What rested in the stream is gone, and no message says so of any order.</summary>
    internal Said LoseStream(int stream)
    {
        foreach (var order in _orders.Values.Where(order => StreamOf(order.Contract) == stream))
        {
            order.IsGone = true;
        }

        var said = new Said(null, stream, ++_activity);
        Memory.Add(said);
        return said;
    }

    private Said Say(OrderReportKind kind, TrueOrder order, int errorCode = 0, bool byExchange = false, long fill = 0, long fillPrice = 0)
    {
        _activity++;
        order.Activity = errorCode == 0 ? _activity : order.Activity;
        var isTrade = kind == OrderReportKind.Traded;
        var stream = StreamOf(order.Contract);

        // A trade says neither when the order was entered nor, in the cash segment, whose it is.
        var entered = isTrade ? 0 : 1;
        var reference = new ExchangeReference(
            order.Number, entered, entered, order.Activity, 0, order.Quantity, order.Filled, order.Quantity - order.Filled, order.Price, stream, _activity,
            isTrade ? 0 : order.Trigger, order.Waits);
        var carries = isTrade && (segment == MarketSegment.Cash || _activity % 2 == 0) ? 0 : order.Written;
        var report = new OrderReport(
            kind, segment, carries, reference, segment == MarketSegment.Derivatives ? order.Contract.ExchangeToken : 0, order.Contract.Symbol,
            order.Contract.Series, order.Side, isTrade ? ++_trades : 0, fill, fillPrice, errorCode, errorCode == 0 ? null : "refused", byExchange,
            stream, _activity, 0);
        var said = new Said(report, stream, _activity);
        Memory.Add(said);
        return said;
    }
}
