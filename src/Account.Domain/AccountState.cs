using System.Collections.Immutable;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain;

/// <summary>A request to exit that was accepted: the same request id always gets this answer again.</summary>
public sealed record Exit(string Id, string Fingerprint, PositionKey Key, long Quantity, ImmutableArray<ClientOrderId> Orders, DateTimeOffset AcceptedAt);

/// <summary>Everything known about one client account for one trading day. Immutable; changed only by folding events.</summary>
public sealed record AccountState(string AccountId)
{
    /// <summary>Number of events folded in: the sequence of the last one.</summary>
    public long Version { get; init; }

    /// <summary>The trading day whose positions were carried in; null before the first.</summary>
    public DateOnly? BusinessDate { get; init; }

    /// <summary>The dataset that the day was opened from.</summary>
    public string DatasetHash { get; init; } = "";

    internal static ImmutableSortedDictionary<PositionKey, Position> NoPositions => ImmutableSortedDictionary<PositionKey, Position>.Empty;

    public ImmutableSortedDictionary<PositionKey, Position> Positions { get; init; } = NoPositions;

    public ImmutableSortedDictionary<ClientOrderId, Order> Orders { get; init; } = ImmutableSortedDictionary<ClientOrderId, Order>.Empty;

    /// <summary>Orders that are not final, so that hot paths do not walk the whole day.</summary>
    public ImmutableSortedSet<ClientOrderId> Working { get; init; } = [];

    public ImmutableDictionary<long, ClientOrderId> ByExchangeNumber { get; init; } = ImmutableDictionary<long, ClientOrderId>.Empty;

    public ImmutableDictionary<string, Exit> Exits { get; init; } = ImmutableDictionary.Create<string, Exit>(StringComparer.Ordinal);

    public ImmutableHashSet<TradeKey> SeenTrades { get; init; } = [];

    /// <summary>Refusals by the exchange that were recorded, by their place in its journal: they carry no order number to know them by.</summary>
    public ImmutableHashSet<(MarketSegment Segment, int Stream, long StreamTime)> SeenRefusals { get; init; } = [];

    public IEnumerable<Order> WorkingOrders => Working.Select(id => Orders[id]);

    /// <summary>Orders that would reduce the position if they traded, and so reserve a part of it (rulebook 1.1).</summary>
    public IEnumerable<Order> BlockingOrders(Position position) =>
        WorkingOrders.Where(order => order.Key == position.Key && Reduces(order.Side, position.Net));

    public long PendingExit(Position position) => BlockingOrders(position).Sum(order => order.Leaves);

    /// <summary>Units that a new exit may still take.</summary>
    public long Closable(Position position) => Math.Max(0, Math.Abs(position.Net) - PendingExit(position));

    public static bool Reduces(OrderSide side, long net) => net > 0 ? side == OrderSide.Sell : net < 0 && side == OrderSide.Buy;
}
