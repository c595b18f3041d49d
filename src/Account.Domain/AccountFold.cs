using System.Diagnostics;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain;

/// <summary>The state after an event. Reads nothing but its arguments, so a replay gives the same state bit for bit (P8).</summary>
internal static class AccountFold
{
    internal static AccountState Evolve(AccountState state, AccountEvent recorded, DateTimeOffset at)
    {
        var next = state with { Version = state.Version + 1 };
        return recorded switch
        {
            AccountEvent.DayOpened opened => Open(next, opened),
            AccountEvent.OrderAccepted accepted => Accept(next, accepted, at),
            AccountEvent.OrderConfirmed confirmed => Numbered(next, confirmed.OrderId, confirmed.Reference, at, confirmed),
            AccountEvent.OrderRefreshed refreshed => Numbered(next, refreshed.OrderId, refreshed.Reference, at, refreshed),
            AccountEvent.OrderModified modified => Numbered(next, modified.OrderId, modified.Reference, at, modified),
            AccountEvent.OrderCancelled cancelled => Numbered(next, cancelled.OrderId, cancelled.Reference, at, cancelled),
            AccountEvent.OrderRejected rejected => Refused(next, rejected.OrderId, rejected.Stream, rejected.StreamTime, at, rejected),
            AccountEvent.CancelRejected rejected => Refused(next, rejected.OrderId, rejected.Stream, rejected.StreamTime, at, rejected),
            AccountEvent.ModifyRejected rejected => Refused(next, rejected.OrderId, rejected.Stream, rejected.StreamTime, at, rejected),
            AccountEvent.OrderTraded traded => Fill(next, traded, at),
            AccountEvent.ModifyRequested wanted => RequestRules.Counted(
                Change(next, wanted.OrderId, at, order => OrderFold.Evolve(order, recorded, at)), wanted.RequestedBy, at),
            AccountEvent.ForeignOrderFound found => Adopt(next, found, at),
            AccountEvent.OrderCarried carried => CarriedFold.Carry(next, carried.Order, at),
            AccountEvent.OrderAttributed attributed => CarriedFold.Attribute(next, attributed.OrderId, attributed.Order, at),
            AccountEvent.ForeignTradeRecorded foreign => Unclaimed(Trade(next, foreign.Key, foreign.Trade, foreign.Quantity, foreign.PricePaise), foreign, at),
            AccountEvent.TradeBusted busted => Recount(next, busted.Trade, 0, 0),
            AccountEvent.TradeCorrected corrected => Recount(next, corrected.Trade, corrected.Quantity, corrected.PricePaise),
            AccountEvent.StreamLost => next,
            AccountEvent.UnplacedReportRecorded unplaced => Unplaced(next, unplaced.Report),
            AccountEvent.OrderRepriced repriced => PlanFold.Evolve(next, repriced.PlanId, plan => plan with { Reprices = plan.Reprices + 1 }),
            IPlanEvent onPlan => PlanFold.Evolve(next, onPlan, at),
            IOrderEvent onOrder => Change(next, onOrder.OrderId, at, order => OrderFold.Evolve(order, recorded, at)),

            // An unknown event must stop the replay: skipping it would trade on a position that is not there.
            _ => throw new UnreachableException($"No fold for {recorded.GetType().Name}."),
        };
    }

    /// <summary>An event that names the exchange's number of an order makes the order known by it.</summary>
    private static AccountState Numbered(AccountState state, ClientOrderId id, ExchangeReference? reference, DateTimeOffset at, AccountEvent recorded)
    {
        var number = (state.Orders[id].Segment, reference?.OrderNumber ?? 0);
        if (reference is null || state.ByExchangeNumber.ContainsKey(number))
        {
            return Change(state, id, at, order => OrderFold.Evolve(order, recorded, at));
        }

        var numbered = state with { ByExchangeNumber = state.ByExchangeNumber.Add(number, id) };
        return Claim(Change(numbered, id, at, order => OrderFold.Evolve(order, recorded, at)), id, number, at);
    }

    /// <summary>A trade whose order nobody has told yet waits for it under its number.</summary>
    private static AccountState Unclaimed(AccountState state, AccountEvent.ForeignTradeRecorded foreign, DateTimeOffset at)
    {
        var number = (foreign.Trade.Segment, foreign.Trade.ExchangeOrderNumber);
        var trade = new Trade(foreign.Trade, foreign.Quantity, foreign.PricePaise, foreign.ExchangeTimeNanoseconds, at);
        return state with { UnclaimedTrades = state.UnclaimedTrades.SetItem(number, state.UnclaimedTrades.GetValueOrDefault(number, []).Add(trade)) };
    }

    /// <summary>Trades that came before anybody knew their order were counted in the position; now they are counted in the order too.</summary>
    internal static AccountState Claim(AccountState state, ClientOrderId id, (MarketSegment, long) number, DateTimeOffset at)
    {
        if (!state.UnclaimedTrades.TryGetValue(number, out var trades))
        {
            return state;
        }

        var claimed = state with { UnclaimedTrades = state.UnclaimedTrades.Remove(number) };
        var placed = trades.Aggregate(claimed, (next, trade) => Move(next, trade.Key, state.Orders[id].Key));
        return Change(placed, id, at, order => trades.Aggregate(order, OrderFold.Fill));
    }

    /// <summary>A trade without its order was counted where it fitted; the order knows the product.</summary>
    internal static AccountState Move(AccountState state, TradeKey trade, PositionKey key)
    {
        var seen = state.SeenTrades[trade];
        return seen.Key is not { } guessed || guessed == key
            ? state
            : state with
            {
                SeenTrades = state.SeenTrades.SetItem(trade, seen with { Key = key }),
                Positions = state.Positions
                    .SetItem(guessed, state.Positions[guessed].WithTrade(trade.Side, -seen.Quantity, seen.PricePaise, state.Version))
                    .SetItem(key, state.Positions[key].WithTrade(trade.Side, seen.Quantity, seen.PricePaise, state.Version)),
            };
    }

    /// <summary>A refusal has no number to be recognised by, so its place in the exchange's journal is kept; one of our own has none.</summary>
    private static AccountState Refused(AccountState state, ClientOrderId id, int stream, long streamTime, DateTimeOffset at, AccountEvent recorded)
    {
        var seen = streamTime == 0 ? state : state with { SeenRefusals = state.SeenRefusals.Add((state.Orders[id].Segment, stream, streamTime)) };
        return Change(seen, id, at, order => OrderFold.Evolve(order, recorded, at));
    }

    private static AccountState Open(AccountState state, AccountEvent.DayOpened opened) => new AccountState(state.AccountId)
    {
        Version = state.Version,
        BusinessDate = opened.BusinessDate,
        DatasetHash = opened.DatasetHash,
        Positions = AccountState.NoPositions.AddRange(opened.Positions.Select(carried => KeyValuePair.Create(
            carried.Key,
            new Position(carried.Key, carried.Contract, carried.Quantity, carried.AveragePricePaise, 0, 0, 0, 0, state.Version) { Lock = carried.Lock }))),
    };

    private static AccountState Accept(AccountState state, AccountEvent.OrderAccepted accepted, DateTimeOffset at)
    {
        var id = new ClientOrderId(state.Version);
        var order = new Order(
            id, accepted.Key, accepted.Side, accepted.Quantity, accepted.LimitPricePaise, OrderStatus.Accepted,
            accepted.ExitId, accepted.PlacedBy, at, state.Version);
        return Touch(PlanFold.Release(state, accepted, id), accepted.Key) with
        {
            Orders = state.Orders.Add(id, order),
            Working = state.Working.Add(id),
        };
    }

    private static AccountState Fill(AccountState state, AccountEvent.OrderTraded traded, DateTimeOffset at)
    {
        var order = state.Orders[traded.OrderId];
        var moved = Trade(state, order.Key, traded.Trade, traded.Quantity, traded.PricePaise);
        return Numbered(moved, order.Id, traded.Reference, at, traded);
    }

    private static AccountState Adopt(AccountState state, AccountEvent.ForeignOrderFound found, DateTimeOffset at)
    {
        var id = new ClientOrderId(state.Version);
        var order = new Order(
            id, found.Key, found.Side, found.Reference.Volume, found.Reference.PricePaise, OrderStatus.Open, null, "exchange", at, state.Version)
        {
            Exchange = found.Reference,
            TermsActivity = found.Reference.LastActivityReference,
            ConfirmedAt = at,
            Note = "Not sent from here; found at the exchange.",
        };
        var number = (order.Segment, found.Reference.OrderNumber);
        var adopted = Touch(state, found.Key) with
        {
            Orders = state.Orders.Add(id, order),
            Working = state.Working.Add(id),
            ByExchangeNumber = state.ByExchangeNumber.SetItem(number, id),
        };
        return Claim(adopted, id, number, at);
    }

    private static AccountState Trade(AccountState state, PositionKey key, TradeKey trade, long quantity, long pricePaise) =>
        state.SeenTrades.TryGetValue(trade, out var busted)

            // Its bust was told first: it is counted in its order, which does not come back, and never in the position.
            ? state with { SeenTrades = state.SeenTrades.SetItem(trade, busted with { Key = key }) }
            : state with
            {
                Positions = state.Positions.SetItem(key, state.Positions[key].WithTrade(trade.Side, quantity, pricePaise, state.Version)),
                SeenTrades = state.SeenTrades.Add(trade, new SeenTrade(key, quantity, pricePaise)),
            };

    /// <summary>Takes a trade back and counts it anew; a bust counts it as nothing, also when the trade itself comes only later.</summary>
    private static AccountState Recount(AccountState state, TradeKey trade, long quantity, long pricePaise)
    {
        var seen = state.SeenTrades.GetValueOrDefault(trade) ?? new SeenTrade(null, 0, 0);
        var known = state with { SeenTrades = state.SeenTrades.SetItem(trade, seen with { Quantity = quantity, PricePaise = pricePaise }) };
        return seen.Key is { } key
            ? known with
            {
                Positions = known.Positions.SetItem(key, known.Positions[key]
                    .WithTrade(trade.Side, -seen.Quantity, seen.PricePaise, state.Version)
                    .WithTrade(trade.Side, quantity, pricePaise, state.Version)),
            }
            : known;
    }

    private static AccountState Unplaced(AccountState state, OrderReport report) => report.Kind == OrderReportKind.Traded
        ? state with { SeenTrades = state.SeenTrades.Add(new TradeKey(report.Segment, report.TradeNumber, report.Reference.OrderNumber, report.Side), new SeenTrade(null, report.FillQuantity, report.FillPricePaise)) }
        : state;

    internal static AccountState Change(AccountState state, ClientOrderId id, DateTimeOffset at, Func<Order, Order> change)
    {
        var order = change(state.Orders[id]) with { ChangedAt = state.Version, UpdatedAt = at };
        order = order with
        {
            ModifyWanted = order.Status.IsFinal() ? null : order.ModifyWanted,
            IsUnprovable = order.IsUnprovable && order.Status.IsUnanswered(),
        };
        return Touch(state, order.Key) with
        {
            Orders = state.Orders.SetItem(id, order),
            Working = order.Status.IsFinal() && order.UntoldFills == 0 ? state.Working.Remove(id) : state.Working.Add(id),
        };
    }

    /// <summary>An order's change also changes what its position shows: closable, pending exit, blocking orders.</summary>
    internal static AccountState Touch(AccountState state, PositionKey key) => state with
    {
        Positions = state.Positions.SetItem(key, state.Positions[key] with { ChangedAt = state.Version }),
    };
}
