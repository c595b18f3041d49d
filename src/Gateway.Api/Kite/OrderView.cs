using System.Globalization;
using Backup.Account.Domain;
using Backup.Account.Domain.Orders;

namespace Backup.Gateway.Api.Kite;

/// <summary>One execution, as proof: the exchange's trade number.</summary>
public sealed record TradeView(string TradeId, long Quantity, decimal AveragePrice, string ExchangeTimestamp)
{
    public static TradeView Of(Trade trade)
    {
        ArgumentNullException.ThrowIfNull(trade);
        return new TradeView(
            trade.Key.TradeNumber.ToString(CultureInfo.InvariantCulture), trade.Quantity, PositionView.Rupees(trade.PricePaise), IndiaTime.Kite(trade.RecordedAt));
    }
}

/// <summary>One order with Kite Connect's fields, and ours behind them: proof, doubt, and the place in the queue.</summary>
public sealed record OrderView
{
    public required string OrderId { get; init; }

    public required string? ExchangeOrderId { get; init; }

    public required string? ParentOrderId { get; init; }

    /// <summary>The client's id; desk:NAME where the dealing desk placed it for the client; client, rms or desk for an order of the main site.</summary>
    public required string PlacedBy { get; init; }

    /// <summary>The reference of the recorded call or mail in which the client asked for it; null where he asked here himself.</summary>
    public required string? Evidence { get; init; }

    /// <summary>The last change or cancel, where the dealing desk asked for it; else null.</summary>
    public required AssistedView? Assisted { get; init; }

    public required string Status { get; init; }

    public required string? StatusMessage { get; init; }

    public required string? StatusMessageRaw { get; init; }

    public required string OrderTimestamp { get; init; }

    public required string? ExchangeTimestamp { get; init; }

    public required string ExchangeUpdateTimestamp { get; init; }

    public required string Variety { get; init; }

    public required bool Modified { get; init; }

    public required string Exchange { get; init; }

    public required string Tradingsymbol { get; init; }

    public required long InstrumentToken { get; init; }

    public required string OrderType { get; init; }

    public required string TransactionType { get; init; }

    public string Validity { get; } = "DAY";

    public int ValidityTtl { get; }

    public required string Product { get; init; }

    public required long Quantity { get; init; }

    public long DisclosedQuantity { get; }

    public required decimal Price { get; init; }

    public required decimal TriggerPrice { get; init; }

    public required decimal AveragePrice { get; init; }

    public required long FilledQuantity { get; init; }

    public required long PendingQuantity { get; init; }

    public required long CancelledQuantity { get; init; }

    public decimal MarketProtection { get; }

    public IReadOnlyDictionary<string, string> Meta { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string? Tag { get; }

    public required string? Guid { get; init; }

    /// <summary>exchange: the exchange has confirmed it. none: nobody outside has.</summary>
    public required string Proof { get; init; }

    public required DateTimeOffset? UnknownSince { get; init; }

    public required string? PlanId { get; init; }

    public required string? ClientRequestId { get; init; }

    public required int? QueuePlace { get; init; }

    public required long? QueueWaitMs { get; init; }

    /// <summary>The newest executions; one order may have a hundred thousand, and this view goes to the browser with each of them.</summary>
    public required IReadOnlyList<TradeView> Trades { get; init; }

    public required int TradesCount { get; init; }

    private const int TradesShownMax = 20;

    public static OrderView Of(AccountState state, Order order, IExchangeLinks links)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(links);
        var contract = state.Positions[order.Key].Contract;
        var place = order.Status is OrderStatus.Accepted or OrderStatus.Open ? links.PlaceOf(state.AccountId, order.Id) : null;
        return new OrderView
        {
            OrderId = order.Id.In(state.AccountId),
            ExchangeOrderId = order.Exchange?.OrderNumber.ToString(CultureInfo.InvariantCulture),
            ParentOrderId = order.Origin?.ParentOrderId,
            Variety = order.Origin?.Variety ?? "regular",
            OrderType = (order.Exchange?.TriggerPaise, order.LimitPricePaise) switch
            {
                ( > 0, 0) => "SL-M",
                ( > 0, _) => "SL",
                _ => "LIMIT",
            },
            TriggerPrice = PositionView.Rupees(order.Exchange?.TriggerPaise ?? 0),
            PlacedBy = order.PlacedBy,
            Evidence = order.ExitId is { } exit ? state.Plans[exit].Evidence : null,
            Assisted = AssistedView.Of(order.Assisted?.By, order.Assisted?.Evidence),
            Status = StatusWord(order),
            StatusMessage = order.Note,
            StatusMessageRaw = order.ErrorCode == 0 ? null : order.ErrorCode.ToString(CultureInfo.InvariantCulture),
            OrderTimestamp = IndiaTime.Kite(order.AcceptedAt),
            ExchangeTimestamp = order.ConfirmedAt is { } confirmed ? IndiaTime.Kite(confirmed) : null,
            ExchangeUpdateTimestamp = IndiaTime.Kite(order.UpdatedAt),
            Modified = order.IsModified,
            Exchange = contract.Exchange,
            Tradingsymbol = contract.TradingSymbol,
            InstrumentToken = contract.Token,
            TransactionType = SideOf(order.Side),
            Product = order.Key.Product,
            Quantity = order.Quantity,
            Price = PositionView.Rupees(order.LimitPricePaise),
            AveragePrice = order.Filled == 0 ? 0 : Math.Round(order.FilledValuePaise / 100m / order.Filled, 2, MidpointRounding.AwayFromZero),
            FilledQuantity = order.Filled,
            PendingQuantity = order.Leaves,
            CancelledQuantity = order.Status == OrderStatus.Cancelled ? order.Quantity - order.Filled : 0,
            Guid = order.ExitId,
            Proof = order.Exchange is null ? "none" : "exchange",
            UnknownSince = order.UnknownSince,
            PlanId = order.ExitId,
            ClientRequestId = order.ExitId,
            QueuePlace = place?.Place,
            QueueWaitMs = place is null ? null : (long)place.EstimatedWait.TotalMilliseconds,
            Trades = [.. order.Trades.Skip(order.Trades.Count - TradesShownMax).Select(TradeView.Of)],
            TradesCount = order.Trades.Count,
        };
    }

    /// <summary>
    /// The steps of an order that are known of it: taken, confirmed by the exchange, and as it is now. Kite's clients read the last one as the order.
    /// </summary>
    public static IReadOnlyList<OrderView> HistoryOf(AccountState state, Order order, IExchangeLinks links)
    {
        ArgumentNullException.ThrowIfNull(order);
        var now = Of(state, order, links);
        var taken = now with
        {
            Status = "PUT ORDER REQ RECEIVED",
            StatusMessage = null,
            StatusMessageRaw = null,
            ExchangeOrderId = null,
            ExchangeTimestamp = null,
            ExchangeUpdateTimestamp = now.OrderTimestamp,
            Modified = false,
            Assisted = null,
            AveragePrice = 0,
            FilledQuantity = 0,
            PendingQuantity = now.Quantity,
            CancelledQuantity = 0,
            Proof = "none",
            UnknownSince = null,
            QueuePlace = null,
            QueueWaitMs = null,
            Trades = [],
            TradesCount = 0,
        };
        if (order.Status == OrderStatus.Accepted)
        {
            return [now];
        }

        return order.ConfirmedAt is { } confirmed && order.Status != OrderStatus.Open
            ? [taken, taken with { Status = "OPEN", ExchangeOrderId = now.ExchangeOrderId, ExchangeTimestamp = IndiaTime.Kite(confirmed), ExchangeUpdateTimestamp = IndiaTime.Kite(confirmed), Proof = "exchange" }, now]
            : [taken, now];
    }

    /// <summary>Kite's word for each state (rulebook 2); an order proven absent is one that was never taken.</summary>
    internal static string SideOf(OrderSide side) => side == OrderSide.Buy ? "BUY" : "SELL";

    private static string StatusWord(Order order) => order.Status switch
    {
        OrderStatus.Accepted => "PUT ORDER REQ RECEIVED",
        OrderStatus.Sent => "OPEN PENDING",
        OrderStatus.Open when order.CancelWanted => "CANCEL PENDING",
        OrderStatus.Open when order.ModifyWanted is not null => "MODIFY VALIDATION PENDING",
        OrderStatus.Open when order.IsStop => "TRIGGER PENDING",
        OrderStatus.Open => "OPEN",
        OrderStatus.ModifySent => "MODIFY PENDING",
        OrderStatus.CancelSent => "CANCEL PENDING",
        OrderStatus.Unknown => "UNKNOWN",
        OrderStatus.Filled => "COMPLETE",
        OrderStatus.Cancelled => "CANCELLED",
        OrderStatus.Rejected => "REJECTED",
        OrderStatus.Absent => "REJECTED",
        _ => throw new System.Diagnostics.UnreachableException($"No word for {order.Status}."),
    };
}
