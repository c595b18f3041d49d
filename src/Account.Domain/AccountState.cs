using System.Collections.Immutable;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain;

/// <summary>A trade as the position counts it.</summary>
/// <param name="Key">Null when it fits no position of the account.</param>
/// <param name="Quantity">0 once it was busted.</param>
public sealed record SeenTrade(PositionKey? Key, long Quantity, long PricePaise);

/// <summary>Exits and changes that the client asked for in one minute of the clock.</summary>
/// <param name="Minute">Minutes since year one, UTC.</param>
public readonly record struct RequestCount(long Minute, int Count)
{
    internal static long MinuteOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    internal int In(DateTimeOffset at) => Minute == MinuteOf(at) ? Count : 0;

    internal RequestCount Another(DateTimeOffset at) => new(MinuteOf(at), In(at) + 1);
}

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

    /// <summary>Orders of which something may still trade or be told, so that hot paths do not walk the whole day.</summary>
    public ImmutableSortedSet<ClientOrderId> Working { get; init; } = [];

    /// <summary>Each segment numbers its orders by itself.</summary>
    public ImmutableDictionary<(MarketSegment Segment, long Number), ClientOrderId> ByExchangeNumber { get; init; } =
        ImmutableDictionary<(MarketSegment Segment, long Number), ClientOrderId>.Empty;

    /// <summary>Exits that were accepted: the same request id always gets the same one again.</summary>
    public ImmutableDictionary<string, Plan> Plans { get; init; } = ImmutableDictionary.Create<string, Plan>(StringComparer.Ordinal);

    /// <summary>The plan taken on last; each names the one before it.</summary>
    public string? LastPlan { get; init; }

    /// <summary>What the client asked for in the latest minute of the clock in which he asked for anything.</summary>
    public RequestCount Requests { get; init; }

    /// <summary>Plans that are not done.</summary>
    public ImmutableSortedSet<string> RunningPlans { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Every trade that was told, and what of it counts now.</summary>
    public ImmutableDictionary<TradeKey, SeenTrade> SeenTrades { get; init; } = ImmutableDictionary<TradeKey, SeenTrade>.Empty;

    /// <summary>Trades by the number of an order that nobody has told yet.</summary>
    public ImmutableDictionary<(MarketSegment Segment, long Number), ImmutableArray<Trade>> UnclaimedTrades { get; init; } =
        ImmutableDictionary<(MarketSegment Segment, long Number), ImmutableArray<Trade>>.Empty;

    /// <summary>Refusals by the exchange that were recorded, by their place in its journal: they carry no order number to know them by.</summary>
    public ImmutableHashSet<(MarketSegment Segment, int Stream, long StreamTime)> SeenRefusals { get; init; } = [];

    public IEnumerable<Order> WorkingOrders => Working.Select(id => Orders[id]);

    /// <summary>Orders that would reduce the position if they traded, and so reserve a part of it (rulebook 1.1).</summary>
    public IEnumerable<Order> BlockingOrders(Position position) =>
        WorkingOrders.Where(order => order.Key == position.Key && Reduces(order.Side, position.Net));

    /// <summary>Units reserved: by working orders, and by plans that will still make some.</summary>
    public long PendingExit(Position position) => BlockingOrders(position).Sum(order => order.Leaves) + Unreleased(position);

    /// <summary>Units that a new exit may still take.</summary>
    public long Closable(Position position) => Math.Max(0, Math.Abs(position.Net) - PendingExit(position));

    /// <summary>A plan that may still make or change orders of this position by itself; others are kept off it meanwhile.</summary>
    public Plan? ActingPlan(PositionKey key) => RunningPlans.Select(id => Plans[id]).FirstOrDefault(plan =>
        plan.LineOf(key) is { } line
        && (plan.Unreleased(line) > 0
            || (plan is { StoppedBy: null, Options.Repricing: Repricing.Automatic }
                && plan.Orders.Select(id => Orders[id]).Any(order => order.Key == key && !order.Status.IsFinal()))));

    /// <summary>A plan is at work whose orders follow the market.</summary>
    public bool FollowsPrices => RunningPlans.Select(id => Plans[id]).Any(plan => plan is { StoppedBy: null, Options.Repricing: Repricing.Automatic });

    private long Unreleased(Position position) => RunningPlans.Select(id => Plans[id]).Sum(plan =>
        plan.LineOf(position.Key) is { } line && Reduces(line.Side, position.Net) ? plan.Unreleased(line) : 0);

    public static bool Reduces(OrderSide side, long net) => net > 0 ? side == OrderSide.Sell : net < 0 && side == OrderSide.Buy;
}
