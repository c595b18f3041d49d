using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Orders;

/// <summary>What the exchange last said about an order; a cancel or change must echo it, and only the newest is accepted (NSE-TAP.md 5.3).</summary>
/// <param name="OrderNumber">The exchange's order number.</param>
/// <param name="LastActivityReference">Grows with every activity; decides which of two references is newer.</param>
/// <param name="Stream">The matching engine's stream, 0 when it was not told: an outage takes the orders of its stream.</param>
/// <param name="StreamTime">The place of that message in the stream.</param>
/// <param name="TriggerPaise">The price at which a stop-loss order becomes a plain one; 0 for an order that never was one.</param>
/// <param name="IsStop">It waits for its trigger: it cannot trade yet, and its cancel and change have a form of their own (NSE-TAP.md N34).</param>
public sealed record ExchangeReference(
    long OrderNumber,
    int EntryDateTime,
    int LastModified,
    long LastActivityReference,
    int OrderFlags,
    long Volume,
    long Filled,
    long Remaining,
    long PricePaise,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Stream = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long StreamTime = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long TriggerPaise = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsStop = false);

/// <summary>What a client may change of a limit order.</summary>
/// <param name="Quantity">The whole quantity, what has traded included (NSE-TAP.md N10).</param>
/// <param name="TriggerPaise">Of an order that waits for its trigger; else 0.</param>
public sealed record OrderTerms(long Quantity, long LimitPricePaise, long TriggerPaise = 0);

/// <summary>Where an order that was not entered here comes from, as the main site told it.</summary>
/// <param name="Variety">Kite's word: regular, co (cover order), bo (bracket order), iceberg, amo.</param>
/// <param name="MainOrderId">The main site's name of it.</param>
/// <param name="ParentOrderId">The main site's name of the order whose leg it is; null for one that stands alone.</param>
public sealed record OrderOrigin(string Variety, string MainOrderId, string? ParentOrderId);

/// <summary>An order of the main site or of its risk management that may rest at the exchange when the backup takes over.</summary>
/// <param name="Contract">So that an order in an instrument without a position has its facts too.</param>
/// <param name="Quantity">Units it was entered with; what has traded of it the exchange tells.</param>
/// <param name="TriggerPaise">0 unless a stop.</param>
/// <param name="PlacedBy">client, rms or desk.</param>
public sealed record CarriedOrder(
    Contract Contract,
    string Product,
    OrderSide Side,
    long Quantity,
    long LimitPricePaise,
    long TriggerPaise,
    long ExchangeOrderNumber,
    OrderOrigin Origin,
    string PlacedBy)
{
    [JsonIgnore]
    public PositionKey Key => new(Contract.Exchange, Contract.Token, Product);
}

/// <summary>One execution of an order.</summary>
/// <param name="ExchangeTimeNanoseconds">The exchange's clock, nanoseconds since 1980-01-01 (NSE-TAP.md 1.6).</param>
public sealed record Trade(TradeKey Key, long Quantity, long PricePaise, long ExchangeTimeNanoseconds, DateTimeOffset RecordedAt);

/// <summary>What somebody asked for the client, by a recorded call or mail.</summary>
/// <param name="Evidence">The reference of the call or mail.</param>
public sealed record AssistedChange(string By, string Evidence);

/// <summary>One order of an account.</summary>
/// <param name="ExitId">The request that it serves; null for an order that the exchange told us about and we did not send.</param>
/// <param name="ChangedAt">The account's version at the last change.</param>
public sealed record Order(
    ClientOrderId Id,
    PositionKey Key,
    OrderSide Side,
    long Quantity,
    long LimitPricePaise,
    OrderStatus Status,
    string? ExitId,
    string PlacedBy,
    DateTimeOffset AcceptedAt,
    long ChangedAt)
{
    /// <summary>Null for an order of ours, and for one that only the exchange has told us about.</summary>
    public OrderOrigin? Origin { get; init; }

    public long Filled { get; init; }

    public long FilledValuePaise { get; init; }

    public ExchangeReference? Exchange { get; init; }

    /// <summary>Session in which the last intent (entry or cancel) was journaled; 0 before any.</summary>
    public long SentEpoch { get; init; }

    /// <summary>When the intent to enter it was journaled.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>Somebody asked for its cancellation and it has not been refused for good.</summary>
    public bool CancelWanted { get; init; }

    /// <summary>The last change or cancel, where it was asked for the client; null where he or a plan asked for it, or there was none.</summary>
    public AssistedChange? Assisted { get; init; }

    /// <summary>Cancels refused since the last wish, because the order had changed under them.</summary>
    public int CancelRefusals { get; init; }

    /// <summary>Terms asked for and not answered yet.</summary>
    public OrderTerms? ModifyWanted { get; init; }

    /// <summary>The activity that the change under way named as the last it knew.</summary>
    public long ModifyNamed { get; init; }

    /// <summary>How often the terms asked for were sent.</summary>
    public int ModifyAttempts { get; init; }

    /// <summary>Its terms are not those it was accepted with.</summary>
    public bool IsModified { get; init; }

    /// <summary>The activity that set the present terms: an older report does not change them back.</summary>
    public long TermsActivity { get; init; }

    public DateTimeOffset? UnknownSince { get; init; }

    /// <summary>No download can prove it absent: only an operator, with the exchange's word, can settle it.</summary>
    public bool IsUnprovable { get; init; }

    public DateTimeOffset UpdatedAt { get; init; } = AcceptedAt;

    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>The exchange's error code, 0 if none.</summary>
    public int ErrorCode { get; init; }

    /// <summary>Plain words about the last thing that happened; null when there is nothing to explain.</summary>
    public string? Note { get; init; }

    public ImmutableList<Trade> Trades { get; init; } = [];

    /// <summary>In the book and not yet triggered.</summary>
    public bool IsStop => Exchange is { IsStop: true };

    /// <summary>Where it waits to be triggered; 0 for an order that does not.</summary>
    public long TriggerPaise => Exchange is { IsStop: true } stop ? stop.TriggerPaise : 0;

    /// <summary>Units that may still trade: the reservation. Unknown and cancel-pending orders keep theirs; of two terms the larger counts.</summary>
    public long Leaves => Status.IsFinal() ? UntoldFills : Math.Max(Quantity, ModifyWanted?.Quantity ?? 0) - Filled;

    /// <summary>Units of an ended order that the exchange says have traded and whose trades have not been told yet: they still move the position.</summary>
    public long UntoldFills => Status.IsFinal() && Exchange is { } last ? Math.Max(0, last.Filled - Filled) : 0;

    public MarketSegment Segment => Key.Exchange == "NSE" ? MarketSegment.Cash : MarketSegment.Derivatives;
}
