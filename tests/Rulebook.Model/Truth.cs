using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;

namespace Backup.Rulebook.Model;

/// <summary>What is really held under one key, and what the account can know of it.</summary>
internal sealed class Holding(PositionKey key, Contract contract, long opening)
{
    internal PositionKey Key { get; } = key;

    internal Contract Contract { get; } = contract;

    internal long Opening { get; } = opening;

    /// <summary>Signed: the morning's units and every trade at the exchange.</summary>
    internal long Net { get; set; } = opening;

    /// <summary>Signed: the morning's units and every trade that was told to the account, each once.</summary>
    internal long Heard { get; set; } = opening;

    internal List<TrueOrder> Orders { get; } = [];

    internal bool IsExit(OrderSide side) => side == (Opening > 0 ? OrderSide.Sell : OrderSide.Buy);
}

/// <summary>
/// The model. It knows the morning's positions and what the exchange truly did, nothing of how the rulebook thinks; its statements
/// are the promises in the words of DESIGN.md.
/// </summary>
internal sealed class Truth
{
    private readonly Dictionary<PositionKey, Holding> _holdings;
    private readonly Dictionary<(MarketSegment Segment, long Trade), (long Quantity, long Place)> _heard = [];
    private readonly Dictionary<MarketSegment, Link> _links;

    internal Truth(AccountCommand.OpenDay morning, IEnumerable<Link> links)
    {
        _holdings = morning.Positions.ToDictionary(carried => carried.Key, carried => new Holding(carried.Key, carried.Contract, carried.Quantity));
        _links = links.ToDictionary(link => link.Segment);
        All = [.. _holdings.Values];
    }

    internal IReadOnlyList<Holding> All { get; }

    internal Holding this[PositionKey key] => _holdings[key];

    internal void Traded(TrueOrder order, long quantity)
    {
        var holding = _holdings[order.Key];
        if (holding.IsExit(order.Side) && quantity > Math.Abs(holding.Net))
        {
            throw new BrokenPromiseException("P4 reduce-only", $"order {order.Number} (ours {order.Written}) trades {quantity} of {order.Key} where {holding.Net} are held");
        }

        holding.Net += order.Side == OrderSide.Buy ? quantity : -quantity;
    }

    /// <summary>The exchange counts a trade anew.</summary>
    internal void Recounted(PositionKey key, OrderSide side, long before, long after) =>
        _holdings[key].Net += side == OrderSide.Buy ? after - before : before - after;

    /// <summary>The account is told of a trade, or that it counts otherwise: of all that it was told the newest counts, and each once.</summary>
    internal void Told(Said said)
    {
        if (said.Report is not { TradeNumber: > 0 } report)
        {
            return;
        }

        var known = _heard.GetValueOrDefault((report.Segment, report.TradeNumber));
        if (said.Place > known.Place)
        {
            var holding = _holdings[_links[report.Segment].Exchange.Find(report.Reference.OrderNumber)!.Key];
            var more = report.FillQuantity - known.Quantity;
            holding.Heard += report.Side == OrderSide.Buy ? more : -more;
            _heard[(report.Segment, report.TradeNumber)] = (report.FillQuantity, said.Place);
        }
    }

    internal bool WasTold(Said said) =>
        said.Report is { TradeNumber: > 0 } report && _heard.GetValueOrDefault((report.Segment, report.TradeNumber)).Place >= said.Place;

    /// <summary>What holds at every step of every life.</summary>
    internal void Check(AccountState state, PositionKey key)
    {
        var holding = _holdings[key];
        var position = state.Positions[key];
        var exposed = Exposed(holding);
        var held = Math.Abs(holding.Net);
        if (exposed > held || holding.Net * Math.Sign(holding.Opening) < 0)
        {
            throw new BrokenPromiseException("P4 reduce-only", $"{exposed} units of {key} can trade against a position of {holding.Net}");
        }

        if (position.Net != holding.Heard)
        {
            throw new BrokenPromiseException("P5 applied once", $"told trades make {holding.Heard} of {key}, the books say {position.Net}");
        }

        var pending = state.PendingExit(position);
        if (pending < exposed)
        {
            throw new BrokenPromiseException("reservation", $"{exposed} units of {key} can still trade, only {pending} are reserved");
        }

        if (Math.Abs(position.Net) - pending > held - exposed)
        {
            throw new BrokenPromiseException("closable", $"of {key} the account would give {Math.Abs(position.Net) - pending} away, truly free are {held - exposed}");
        }

        var leaves = state.BlockingOrders(position).Sum(order => order.Leaves);
        if (leaves > Math.Abs(position.Net) + Unplaced(state, holding))
        {
            throw new BrokenPromiseException("closable never negative", $"orders for {leaves} work against {position.Net} of {key}");
        }
    }

    /// <summary>What waits for delivery or lies in the depository is not sold, whatever is asked.</summary>
    internal void CheckDelivery(AccountCommand.OpenDay morning, Message.Enter enter, ExitPolicy policy)
    {
        if (morning.Positions.Single(carried => carried.Key == enter.Key).Lock is not { } locked)
        {
            return;
        }

        var holding = _holdings[enter.Key];
        var held = locked.HoldingQuantity + (policy.SellBeforeDelivery ? 0 : locked.T1Quantity);
        if (Exposed(holding) + enter.Terms.Quantity > Math.Max(0, holding.Heard - held))
        {
            throw new BrokenPromiseException(
                "delivery", $"{Exposed(holding)} + {enter.Terms.Quantity} units of {enter.Key} would be on sale, {holding.Heard} are held and {held} of them may not be sold");
        }
    }

    /// <summary>Units of trades that came before anything that names their order: until that comes the order seems to have more left than it has.</summary>
    private long Unplaced(AccountState state, Holding holding) => state.UnclaimedTrades
        .Where(unclaimed => _links[unclaimed.Key.Segment].Exchange.Find(unclaimed.Key.Number)?.Key == holding.Key)
        .Sum(unclaimed => unclaimed.Value.Sum(trade => trade.Quantity));

    /// <summary>Units of a position that could still trade: in the exchange's book, or written and on their way there.</summary>
    private long Exposed(Holding holding)
    {
        var link = _links[holding.Contract.Segment];
        long exposed = 0;
        foreach (var order in holding.Orders)
        {
            if (order.Open > 0 && holding.IsExit(order.Side))
            {
                exposed += MostOf(order, link) - order.Filled;
            }
        }

        foreach (var message in link.ToExchange)
        {
            exposed += message is Message.Enter enter && enter.Key == holding.Key ? enter.Terms.Quantity : 0;
        }

        return exposed;
    }

    /// <summary>The order's quantity, or that of a change on its way which the exchange may still take.</summary>
    private static long MostOf(TrueOrder order, Link link)
    {
        var most = order.Quantity;
        foreach (var message in link.ToExchange)
        {
            if (message is Message.Modify change && change.Named.OrderNumber == order.Number && change.Named.LastActivityReference == order.Activity)
            {
                most = Math.Max(most, change.Wanted.Quantity);
            }
        }

        return most;
    }
}
