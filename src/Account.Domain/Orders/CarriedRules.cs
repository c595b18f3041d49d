using System.Collections.Immutable;

namespace Backup.Account.Domain.Orders;

/// <summary>
/// The orders that the main site left at the exchange (rulebook 1.1, 1.3): they hold a part of the position from the first moment, before
/// the exchange has said a word about them, and are known by the exchange's number.
/// </summary>
internal static class CarriedRules
{
    internal static AccountDecision Decide(AccountState state, AccountCommand.CarryOrders carry)
    {
        if (state.BusinessDate is null)
        {
            return AccountDecision.Refuse(RefusalCode.DayNotOpen, "The day's positions have not been loaded for this account.");
        }

        var seen = new HashSet<(MarketSegment, long)>();
        var events = ImmutableArray.CreateBuilder<AccountEvent>();
        foreach (var order in carry.Orders)
        {
            var number = (order.Contract.Segment, order.ExchangeOrderNumber);
            if (!seen.Add(number))
            {
                continue;
            }

            if (!state.ByExchangeNumber.TryGetValue(number, out var known))
            {
                events.Add(new AccountEvent.OrderCarried(order));
            }
            else if (state.Orders[known] is { Origin: null, ExitId: null } told && told.Side == order.Side && told.Key.Token == order.Contract.Token)
            {
                events.Add(new AccountEvent.OrderAttributed(known, order));
            }
        }

        return AccountDecision.Record(events.ToImmutable());
    }
}

/// <summary>What the main site's word about its orders makes of the account.</summary>
internal static class CarriedFold
{
    internal static AccountState Carry(AccountState state, CarriedOrder carried, DateTimeOffset at)
    {
        var id = new ClientOrderId(state.Version);
        var number = (carried.Contract.Segment, carried.ExchangeOrderNumber);

        // Unknown, as any order is about which the exchange has said nothing: it is reserved in full until the exchange tells of it, or an
        // operator has asked.
        var order = new Order(
            id, carried.Key, carried.Side, carried.Quantity, carried.LimitPricePaise, OrderStatus.Unknown, null, carried.PlacedBy, at, state.Version)
        {
            Origin = carried.Origin,
            UnknownSince = at,
            Note = "Entered at the main site. The exchange has not told of it yet, so it counts as working.",
        };
        var next = AccountFold.Touch(WithPosition(state, carried), carried.Key) with
        {
            Orders = state.Orders.Add(id, order),
            Working = state.Working.Add(id),
            ByExchangeNumber = state.ByExchangeNumber.Add(number, id),
        };
        return AccountFold.Claim(next, id, number, at);
    }

    internal static AccountState Attribute(AccountState state, ClientOrderId id, CarriedOrder carried, DateTimeOffset at)
    {
        // The exchange does not know products, so the order and its trades were counted where they fitted; the main site knows.
        var placed = AccountFold.Touch(WithPosition(state, carried), state.Orders[id].Key);
        var moved = state.Orders[id].Trades.Aggregate(placed, (next, trade) => AccountFold.Move(next, trade.Key, carried.Key));
        return AccountFold.Change(moved, id, at, order => order with { Key = carried.Key, Origin = carried.Origin, PlacedBy = carried.PlacedBy });
    }

    /// <summary>An instrument of which nothing was carried in is held at zero from now on, so that what the order trades has its place.</summary>
    private static AccountState WithPosition(AccountState state, CarriedOrder carried) => state.Positions.ContainsKey(carried.Key)
        ? state
        : state with
        {
            Positions = state.Positions.Add(
                carried.Key, new Positions.Position(carried.Key, carried.Contract, 0, 0, 0, 0, 0, 0, state.Version)),
        };
}
