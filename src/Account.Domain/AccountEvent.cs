using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain;

/// <summary>
/// A fact about one account that is already true. Events are appended, never changed; a new meaning is a new event. Names
/// and fields are the storage format: each case has its number in <see cref="Journal.AccountEventCodec"/> and its golden file.
/// <c>Evidence</c> is that of the command; events from before it was asked for have none, and are read and written as they were.
/// </summary>
public abstract record AccountEvent
{
    private AccountEvent()
    {
    }

    /// <summary>A trading day began with these positions.</summary>
    public sealed record DayOpened(DateOnly BusinessDate, string DatasetHash, ImmutableArray<CarriedPosition> Positions) : AccountEvent;

    /// <summary>An exit of one position, as it was recorded before there were plans of many; no longer written.</summary>
    public sealed record ExitAccepted(
        string ExitId, string Fingerprint, PositionKey Key, long Quantity, PriceSeen Price, Protection Protection, int Slices, string RequestedBy) : AccountEvent, IPlanEvent
    {
        string IPlanEvent.PlanId => ExitId;
    }

    /// <summary>One order of an exit. Its id is the sequence number of this event.</summary>
    public sealed record OrderAccepted(string ExitId, PositionKey Key, OrderSide Side, long Quantity, long LimitPricePaise, string PlacedBy) : AccountEvent;

    /// <summary>We will send this order in this session. Journaled before its first byte reaches the socket.</summary>
    public sealed record SendIntended(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    public sealed record OrderConfirmed(ClientOrderId OrderId, ExchangeReference Reference) : AccountEvent, IOrderEvent;

    public sealed record OrderRejected(ClientOrderId OrderId, int ErrorCode, string? ErrorText, int Stream, long StreamTime) : AccountEvent, IOrderEvent;

    /// <summary>The exchange changed what must be echoed (price fixed, order moved by the exchange).</summary>
    public sealed record OrderRefreshed(ClientOrderId OrderId, ExchangeReference Reference) : AccountEvent, IOrderEvent;

    public sealed record OrderTraded(
        ClientOrderId OrderId, TradeKey Trade, long Quantity, long PricePaise, long ExchangeTimeNanoseconds, ExchangeReference Reference) : AccountEvent, IOrderEvent;

    public sealed record CancelRequested(ClientOrderId OrderId, string RequestedBy, string? Evidence = null) : AccountEvent, IOrderEvent;

    public sealed record CancelIntended(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    /// <param name="Reference">Null when the order never left us.</param>
    public sealed record OrderCancelled(ClientOrderId OrderId, bool ByExchange, int ErrorCode, ExchangeReference? Reference) : AccountEvent, IOrderEvent;

    /// <param name="TryAgain">The order had changed under the cancel; the cancel goes out again with the newer reference.</param>
    public sealed record CancelRejected(
        ClientOrderId OrderId, int ErrorCode, string? ErrorText, bool TryAgain, int Stream, long StreamTime) : AccountEvent, IOrderEvent;

    /// <summary>The client wants other terms. Until the exchange has answered, the larger quantity is reserved.</summary>
    /// <param name="TriggerPaise">Of a stop order; else 0.</param>
    public sealed record ModifyRequested(
        ClientOrderId OrderId,
        long Quantity,
        long LimitPricePaise,
        string RequestedBy,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long TriggerPaise = 0,
        string? Evidence = null) : AccountEvent, IOrderEvent;

    public sealed record ModifyIntended(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    /// <summary>These are the order's terms now.</summary>
    /// <param name="Reference">Null when the order had not left us yet.</param>
    public sealed record OrderModified(ClientOrderId OrderId, long Quantity, long LimitPricePaise, ExchangeReference? Reference) : AccountEvent, IOrderEvent;

    /// <summary>The change was refused, or dropped here before it was sent (then without error code, stream and time).</summary>
    /// <param name="TryAgain">The order had changed under it; the change goes out again with the newer reference.</param>
    public sealed record ModifyRejected(
        ClientOrderId OrderId, int ErrorCode, string? ErrorText, bool TryAgain, int Stream, long StreamTime) : AccountEvent, IOrderEvent;

    /// <summary>The link was lost while an answer was owed.</summary>
    public sealed record OrderBecameUnknown(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    /// <summary>A complete download of a later session does not show the order: the exchange never took it.</summary>
    public sealed record OrderProvenAbsent(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    /// <summary>A complete download of a later session shows the order but no cancel: the cancel never arrived.</summary>
    public sealed record CancelProvenAbsent(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    /// <summary>A complete download of a later session shows the order but no change: the change never arrived.</summary>
    public sealed record ModifyProvenAbsent(ClientOrderId OrderId, long SessionEpoch) : AccountEvent, IOrderEvent;

    /// <summary>The exchange lost the order with a matching engine; it said so for the stream, not for the order.</summary>
    public sealed record OrderLostInOutage(ClientOrderId OrderId, int Stream, long StreamTime) : AccountEvent, IOrderEvent;

    /// <summary>A matching engine was down while an answer of it was owed, as it was recorded while outages were heard live; no longer written.</summary>
    public sealed record StreamLost(MarketSegment Segment, int Stream, long StreamTime) : AccountEvent;

    /// <summary>The exchange's memory has a hole where this order may have been: no download can prove it absent any more.</summary>
    public sealed record OrderUnprovable(ClientOrderId OrderId) : AccountEvent, IOrderEvent;

    /// <summary>An operator settled the order with the exchange: it has none.</summary>
    public sealed record OrderLapsed(ClientOrderId OrderId, string RequestedBy, string Confirmation) : AccountEvent, IOrderEvent;

    /// <summary>The client asked for an exit of one position or many, and we took it on; its orders follow as events of their own.</summary>
    public sealed record PlanAccepted(
        string PlanId,
        string Fingerprint,
        PlanOptions Options,
        ImmutableArray<PlanLine> Lines,
        ImmutableArray<PlanLineRefusal> Refused,
        string RequestedBy,
        string? Evidence = null) : AccountEvent, IPlanEvent;

    /// <summary>A line of a plan exits fewer units than asked, because the position shrank before they could go.</summary>
    public sealed record PlanLineReduced(string PlanId, PositionKey Key, long Quantity, string Reason) : AccountEvent, IPlanEvent;

    public sealed record PlanHedgesReleased(string PlanId, string RequestedBy, string? Evidence = null) : AccountEvent, IPlanEvent;

    public sealed record PlanStopped(string PlanId, string RequestedBy, string? Evidence = null) : AccountEvent, IPlanEvent;

    /// <summary>Nothing of the plan is left to release, and every order of it is final.</summary>
    public sealed record PlanEnded(string PlanId) : AccountEvent, IPlanEvent;

    /// <summary>The plan gives its order another price; the change itself follows as an event of its own.</summary>
    public sealed record OrderRepriced(ClientOrderId OrderId, string PlanId, long LimitPricePaise, PriceSeen Price) : AccountEvent;

    /// <summary>The exchange has an order of this account that we did not send. Its id is the sequence number of this event.</summary>
    public sealed record ForeignOrderFound(PositionKey Key, OrderSide Side, ExchangeReference Reference) : AccountEvent;

    /// <summary>The main site says that this order of its own may rest at the exchange. Its id is the sequence number of this event.</summary>
    public sealed record OrderCarried(CarriedOrder Order) : AccountEvent;

    /// <summary>An order that the exchange had told us about turned out to be one that the main site names.</summary>
    public sealed record OrderAttributed(ClientOrderId OrderId, CarriedOrder Order) : AccountEvent;

    /// <summary>The exchange executed something that fits no order we know. The position moves all the same.</summary>
    public sealed record ForeignTradeRecorded(
        PositionKey Key, TradeKey Trade, long Quantity, long PricePaise, long ExchangeTimeNanoseconds) : AccountEvent;

    /// <summary>The exchange cancelled a trade: the position is as if it had never been. The order does not come back (rulebook 2).</summary>
    public sealed record TradeBusted(TradeKey Trade) : AccountEvent;

    /// <summary>The exchange corrected a trade: the position counts it with this quantity and price from now on.</summary>
    public sealed record TradeCorrected(TradeKey Trade, long Quantity, long PricePaise) : AccountEvent;

    /// <summary>The exchange reported on an instrument that this account has no position in and the day's data does not name.</summary>
    public sealed record UnplacedReportRecorded(OrderReport Report) : AccountEvent;
}
