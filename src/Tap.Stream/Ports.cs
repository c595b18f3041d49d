using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;

namespace Backup.Tap.Stream;

/// <summary>Names one tradable thing in the words of the wire: by symbol and series in the cash segment, by contract in F&amp;O.</summary>
/// <param name="Segment">The segment whose box carries the order.</param>
/// <param name="Token">The exchange's token. F&amp;O sends it; the cash segment does not.</param>
/// <param name="InstrumentName">FUTIDX, FUTSTK, OPTIDX or OPTSTK; empty in the cash segment.</param>
/// <param name="Symbol">At most ten characters.</param>
/// <param name="Series">EQ, BE, ...; empty in F&amp;O.</param>
/// <param name="ExpirySeconds">Seconds since 1980-01-01 (NSE-TAP.md 1.6); 0 in the cash segment.</param>
/// <param name="StrikePaise">-1 for futures; 0 in the cash segment.</param>
/// <param name="OptionType">CE, PE, XX for futures; empty in the cash segment.</param>
public sealed record TapInstrument(
    Segment Segment,
    int Token,
    string InstrumentName,
    string Symbol,
    string Series,
    int ExpirySeconds,
    int StrikePaise,
    string OptionType);

/// <summary>A new limit order for the exchange, day validity, regular-lot book.</summary>
/// <param name="Account">Client code, at most ten characters; comes back in every message about the order.</param>
/// <param name="ClientReference">Our number of this order within the account: TransactionId in the cash segment, Filler in F&amp;O.</param>
public sealed record TapOrder(
    string Account,
    string Pan,
    TapInstrument Instrument,
    BuySell Side,
    int Quantity,
    int PricePaise,
    int ClientReference);

/// <summary>What the exchange last said about a working order. A cancel or a change must echo it (NSE-TAP.md 5.3).</summary>
/// <param name="TriggerPaise">Above zero for a stop order, also when it has been met; 0 for none. Trades and 2212 do not repeat it.</param>
/// <param name="IsStop">It waits in the stop-loss book for its trigger (NSE-TAP.md 1.8).</param>
public sealed record ExchangeOrderReference(
    long OrderNumber,
    int EntryDateTime,
    int LastModified,
    long LastActivityReference,
    ushort OrderFlags,
    int Volume,
    int VolumeFilledToday,
    int TotalVolumeRemaining,
    int PricePaise,
    int TriggerPaise = 0,
    bool IsStop = false)
{
    /// <summary>Its cancel and change are full size (NSE-TAP.md 5.1), also when its trigger has been met (N34).</summary>
    public bool IsFullSize => IsStop || TriggerPaise > 0;
}

/// <summary>What may go on the wire for one ticket: a new order, the cancel of one, or its change.</summary>
public abstract record TapRequest
{
    private protected TapRequest()
    {
    }

    public sealed record Enter(TapOrder Order) : TapRequest;

    public sealed record Cancel(TapOrder Order, ExchangeOrderReference Reference) : TapRequest;

    /// <param name="Quantity">The whole quantity, what has traded included (N10).</param>
    /// <param name="TriggerPaise">Of a stop order; 0 leaves its trigger as it is.</param>
    public sealed record Modify(TapOrder Order, ExchangeOrderReference Reference, int Quantity, int PricePaise, int TriggerPaise = 0) : TapRequest;
}

/// <summary>Lower goes first: risk comes off fastest by taking orders away.</summary>
public enum TapPriority
{
    Cancel = 0,
    Exit = 1,
    Modify = 2,
}

/// <summary>A place in the queue for the wire. It names an order; the order itself is asked for when the permit is there.</summary>
/// <param name="Key">Our order id, unique over all accounts together with <paramref name="Priority"/>; a ticket already waiting is not queued twice.</param>
public sealed record TapTicket(Segment Segment, string Account, string Key, TapPriority Priority);

/// <summary>What became of a ticket handed to the stage.</summary>
public enum TicketResult
{
    /// <summary>It waits for its permit.</summary>
    Queued,

    /// <summary>The same ticket is waiting already.</summary>
    AlreadyQueued,

    /// <summary>The bounded inbox is full; the order stays accepted and is offered again when room is announced.</summary>
    Full,
}

/// <summary>The kinds of thing that the exchange reports about an order.</summary>
public enum ReportKind
{
    Confirmed,
    Rejected,
    Modified,
    ModifyRejected,
    Cancelled,
    CancelRejected,
    Traded,
    PriceConfirmed,

    /// <summary>A stop order met its trigger and rests as a limit order from now on; nothing has traded yet (2212, NSE-TAP.md 5.5).</summary>
    Triggered,

    /// <summary>A trade was cancelled by the exchange: it never was.</summary>
    TradeBusted,

    /// <summary>A trade has another quantity or price than was reported.</summary>
    TradeCorrected,
}

/// <summary>
/// One message of the exchange about one order, whichever form it came in (trimmed or full, live or downloaded).
/// Numbers are as on the wire: paise, units, seconds and nanoseconds since 1980.
/// </summary>
/// <param name="ClientReference">0 where the form carries none (cash full-size messages, trades).</param>
/// <param name="Stream">The exchange's stream, from 1.</param>
/// <param name="TimeStamp1">Jiffies; with <paramref name="Stream"/> the position in the exchange's journal.</param>
/// <param name="TradeNumber">0 unless a trade.</param>
/// <param name="ModifiedBy">'T' trader, 'C' exchange, ' ' none (NSE-TAP.md 1.8, N13).</param>
/// <param name="FromDownload">True when it was replayed by a message download.</param>
public sealed record ExchangeReport(
    ReportKind Kind,
    Segment Segment,
    string Account,
    int ClientReference,
    ExchangeOrderReference Order,
    int Token,
    string Symbol,
    string Series,
    BuySell Side,
    long TradeNumber,
    int FillQuantity,
    int FillPricePaise,
    short ErrorCode,
    short ReasonCode,
    char ModifiedBy,
    byte Stream,
    long TimeStamp1,
    long ExchangeTimeNanoseconds,
    bool FromDownload);

/// <summary>The account side of the stage. Implemented where accounts live; called by one session's tasks only.</summary>
/// <remarks>
/// Reports of one account arrive in the order in which the exchange sent them. A call that throws breaks the session:
/// what was not applied will come again by download.
/// </remarks>
public interface ITapDesk
{
    /// <summary>
    /// Journals that this order is about to be sent in <paramref name="sessionEpoch"/> and returns what to write, or null when it
    /// must not go (cancelled meanwhile, or its key waits for an unknown order). After a non-null answer the bytes are written at
    /// most once, and never later than this session.
    /// </summary>
    ValueTask<TapRequest?> AuthorizeAsync(TapTicket ticket, long sessionEpoch, CancellationToken cancellationToken);

    /// <summary>Applies what the exchange said. Returns when it is durable; applying twice changes nothing (P5).</summary>
    ValueTask ApplyAsync(ExchangeReport report, CancellationToken cancellationToken);

    /// <summary>
    /// A matching engine is down and its book is gone: what rested there has ended without a message, and what was on its way cannot be
    /// proven (NSE-TAP.md 3.6). Everything the exchange said before it has been applied.
    /// </summary>
    ValueTask StreamLostAsync(Segment segment, TapStreamLoss loss, CancellationToken cancellationToken);

    /// <summary>The session is gone: what it sent without an answer is unknown from now on.</summary>
    ValueTask SessionLostAsync(Segment segment, long sessionEpoch, string reason);

    /// <summary>
    /// A new session is signed on, the settle delay has passed and every stream was downloaded to its trailer. What older
    /// sessions left unknown and the download did not show is proven absent, unless <paramref name="hasHole"/> says that a part of
    /// the download could not be read.
    /// </summary>
    ValueTask RecoveryCompletedAsync(Segment segment, long sessionEpoch, bool hasHole, CancellationToken cancellationToken);

    /// <summary>The inbox has room again after it was full.</summary>
    void RoomAvailable(Segment segment);
}

/// <summary>A matching engine's outage as the exchange announced it.</summary>
/// <param name="Stream">0 for all of the segment.</param>
/// <param name="TimeStamp1">Its place in the exchange's journal.</param>
/// <param name="At">The exchange's clock.</param>
public sealed record TapStreamLoss(byte Stream, long TimeStamp1, DateTimeOffset At);

/// <summary>What became of a kill switch.</summary>
public sealed record KillSwitchOutcome(bool IsDone, string Words);

/// <summary>Where a session stands, in the order of the login (NSE-TAP.md 3.1).</summary>
public enum TapSessionState
{
    Disconnected,
    AskingRouter,

    /// <summary>Only on an encrypted link: the box says its name in clear before the ciphers start.</summary>
    BoxRegistration,
    BoxSignOn,
    UserSignOn,
    SystemInformation,
    LocalDatabase,
    Settling,
    Downloading,
    Trading,
    SigningOff,
    Stopped,
}

/// <summary>What an operator sees of one session.</summary>
/// <param name="Link">How the gateway's line is protected; null before the router has said so.</param>
/// <param name="Credit">Orders that the exchange's invitations still allow; null where it needs none.</param>
/// <param name="Unread">Downloaded messages that could not be read, and so facts that the accounts lack.</param>
public sealed record TapStatus(
    Segment Segment,
    TapSessionState State,
    long SessionEpoch,
    short BoxId,
    int UserId,
    string Router,
    string? Gateway,
    LinkMode? Link,
    int MessagesPerSecond,
    int SentInLastSecond,
    int Waiting,
    int WaitingLimit,
    long Sent,
    long Received,
    DateTimeOffset? LastReceivedAt,
    DateTimeOffset? LastSentAt,
    DateTimeOffset? LastHeartbeatAt,
    DateTimeOffset? SignedOnAt,
    string? LastBreak,
    int Breaks,
    int? Credit,
    long Unread,
    string? LastUnread,
    IReadOnlyList<TapStreamPosition> Streams);

/// <summary>How far one stream of the exchange's journal has been applied.</summary>
public sealed record TapStreamPosition(byte Stream, long TimeStamp1, DateTimeOffset? AppliedAt);
