using System.Collections.Immutable;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;

namespace Backup.Account.Domain;

/// <summary>Our no, with a stable number per reason: 1xxx exits, 2xxx orders. A number is never used again for another reason.</summary>
public enum RefusalCode
{
    DayNotOpen = 1001,
    NoSuchPosition = 1002,
    AlreadyFlat = 1003,
    ExceedsClosable = 1004,
    NotALotMultiple = 1005,
    QuantityNotPositive = 1006,
    PercentOutOfRange = 1007,
    LessThanALot = 1008,
    PriceUnavailable = 1009,
    TooManySlices = 1010,
    ExitIdReused = 1011,
    DayOpenedFromOtherData = 1012,
    ConfirmationNeeded = 1013,
    PlanRunning = 1014,
    NoPositionChosen = 1015,
    TooManyLines = 1016,
    PositionChosenTwice = 1017,
    NoSuchPlan = 1018,
    MarketClosed = 1019,
    TradeToTrade = 1020,
    PriceOutOfRange = 1021,
    AwaitsDelivery = 1022,
    HoldingNotExitable = 1023,
    LeavesShortUncovered = 1024,
    TooManyRequests = 1025,
    InstrumentHalted = 1026,
    EntryNotAllowed = 1027,
    ProductChangeNotAllowed = 1028,
    NoSuchOrder = 2001,
    OrderIsFinal = 2002,
    NothingToChange = 2003,
    OrderBusy = 2004,
    PriceNotATickMultiple = 2005,
    QuantityFixedByFill = 2006,
    AboveFreezeQuantity = 2007,
    EntryMayOnlyShrink = 2008,
    OrderNotUnknown = 2009,
    ConfirmationMissing = 2010,
    NotAStopOrder = 2011,
    StopNotInAuction = 2012,
    LimitWorseThanTrigger = 2013,
    StopRangeExceeded = 2014,
}

/// <summary>Why we said no, in plain words and with the facts that decided it.</summary>
public sealed record Refusal(
    RefusalCode Code,
    string Message,
    long Net = 0,
    long PendingExit = 0,
    long Closable = 0,
    ImmutableArray<ClientOrderId> BlockingOrders = default)
{
    /// <summary>What must be read and confirmed first; empty for a no that is final.</summary>
    public ImmutableArray<PlanWarning> Warnings { get; init; } = [];

    /// <summary>When the same request may be answered otherwise; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>What an account answers. What an answer says is durable when it arrives.</summary>
public abstract record AccountReply
{
    private AccountReply()
    {
    }

    /// <summary>Done, or nothing was left to do.</summary>
    public sealed record Done : AccountReply
    {
        public static Done Instance { get; } = new();
    }

    public sealed record Refused(Refusal Refusal) : AccountReply;

    public sealed record PlanShown(Plan Plan, AccountState State) : AccountReply;

    public sealed record CancelAccepted(Order Order) : AccountReply;

    /// <summary>The change is on its way, or made already when the order had not left us.</summary>
    public sealed record ModifyAccepted(Order Order) : AccountReply;

    /// <summary>The order (or its cancel, or its change) must be written now, once, in the session that asked.</summary>
    public sealed record GoAhead(Order Order, Positions.Contract Contract) : AccountReply;

    /// <summary>Not now: finished, already sent, or behind an unanswered order alike.</summary>
    public sealed record NotNow(string Reason) : AccountReply;

    public sealed record Shown(AccountState State) : AccountReply;
}

/// <summary>What the outside must do because of the account's new state. Repeated after a recovery; handlers are idempotent.</summary>
public abstract record AccountEffect
{
    private AccountEffect()
    {
    }

    /// <summary>Something about one order may go to the exchange.</summary>
    public abstract record Send(ClientOrderId OrderId, MarketSegment Segment) : AccountEffect;

    public sealed record SendOrder(ClientOrderId OrderId, MarketSegment Segment) : Send(OrderId, Segment);

    public sealed record SendModify(ClientOrderId OrderId, MarketSegment Segment) : Send(OrderId, Segment);

    public sealed record SendCancel(ClientOrderId OrderId, MarketSegment Segment) : Send(OrderId, Segment);

    /// <summary>A plan's orders follow the market: the account wants to be shown prices until no such plan runs any more.</summary>
    public sealed record FollowPrices : AccountEffect;
}
