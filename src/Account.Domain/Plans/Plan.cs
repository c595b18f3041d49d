using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Backup.Account.Domain.Plans;

/// <summary>What happens to what rests of a plan when the market has moved away.</summary>
public enum Repricing
{
    /// <summary>It rests; the client is shown a new price and may take it.</summary>
    Offered = 1,

    /// <summary>It follows the market, within <see cref="PlanOptions.MoveMaxBasisPoints"/>.</summary>
    Automatic = 2,
}

/// <summary>What a client must have read before a plan is taken on (rulebook 1.3, 1.4).</summary>
public enum PlanWarning
{
    /// <summary>The long leg that covers a short one goes, and the short one stays.</summary>
    LeavesShortUncovered = 1,

    /// <summary>Another product holds the opposite of the same contract: exiting one opens the net.</summary>
    OpensOtherProduct = 2,

    /// <summary>An order that would open the position again still works.</summary>
    EntryStillWorks = 3,

    /// <summary>The same exit was taken on a moment ago under another id.</summary>
    LooksRepeated = 4,

    /// <summary>Shares that were bought and are not credited yet are sold: short delivery and auction are possible.</summary>
    SellsBeforeDelivery = 5,

    /// <summary>The order to be cancelled is the stop that protects a position.</summary>
    LeavesUnprotected = 6,
}

/// <param name="CancelBlocking">Orders that reserve a part of the positions are cancelled first, and the exit waits for that.</param>
/// <param name="MoveMaxBasisPoints">How far the limit may follow the market from the first price, in hundredths of a percent of it.</param>
/// <param name="Confirmed">Warnings that the client has read and accepted.</param>
public sealed record PlanOptions(bool CancelBlocking, Repricing Repricing, int MoveMaxBasisPoints, ImmutableArray<PlanWarning> Confirmed)
{
    /// <summary>Nothing but the exit itself.</summary>
    public static PlanOptions Plain { get; } = new(false, Repricing.Offered, 0, []);
}

/// <summary>One position that a client wants exited, with what his screen showed.</summary>
/// <param name="Price">Null when no live price is known: then this line is refused, unless the client gives a limit of his own.</param>
/// <param name="LimitPaise">The client's own limit; null to have it set from the price and the protection.</param>
/// <param name="Side">What the client called it; refused where that is no exit. Null: whichever exits.</param>
public sealed record PlanLineRequest(
    PositionKey Key, ExitAmount Amount, PriceSeen? Price, Protection Protection, long? LimitPaise = null, OrderSide? Side = null);

/// <summary>One position of a plan, in send order.</summary>
/// <param name="Quantity">Units to exit in all; a part of it may not have been released yet, and is reserved.</param>
/// <param name="IsHedge">It goes only in proportion to the shorts of its underlying that have been bought back.</param>
/// <param name="WaitsFor">Orders that must have ended first.</param>
/// <param name="LimitPaise">The limit of its orders; 0 in journals that left it to price and protection.</param>
public sealed record PlanLine(
    PositionKey Key,
    OrderSide Side,
    long Quantity,
    PriceSeen Price,
    Protection Protection,
    bool IsHedge,
    ImmutableArray<ClientOrderId> WaitsFor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long LimitPaise = 0)
{
    /// <summary>Units for which orders have been made.</summary>
    [JsonIgnore]
    public long Released { get; init; }

    /// <summary>Why it was made smaller than asked; null when it was not.</summary>
    [JsonIgnore]
    public string? Reduced { get; init; }
}

/// <summary>A position that could not be taken into the plan.</summary>
public sealed record PlanLineRefusal(PositionKey Key, RefusalCode Code, string Message);

/// <summary>
/// An exit of one or many positions: durable, so that it goes on after a crash or on another node, and known by its id, so that the same
/// request twice is one plan (rulebook 1.5).
/// </summary>
public sealed record Plan(
    string Id,
    string Fingerprint,
    PlanOptions Options,
    ImmutableArray<PlanLine> Lines,
    ImmutableArray<PlanLineRefusal> Refused,
    string RequestedBy,
    DateTimeOffset AcceptedAt)
{
    /// <summary>The reference of the recorded call or mail, where somebody asked for the client; null where he asked himself.</summary>
    public string? Evidence { get; init; }

    public ImmutableArray<ClientOrderId> Orders { get; init; } = [];

    /// <summary>Hedges no longer wait for the shorts.</summary>
    public string? HedgesReleasedBy { get; init; }

    /// <summary>As <see cref="Evidence"/>, of their release.</summary>
    public string? ReleaseEvidence { get; init; }

    public string? StoppedBy { get; init; }

    /// <summary>As <see cref="Evidence"/>, of the stop.</summary>
    public string? StopEvidence { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How often its orders were given another price.</summary>
    public int Reprices { get; init; }

    /// <summary>The plan that was taken on before this one.</summary>
    public string? Previous { get; init; }

    public bool IsRunning => EndedAt is null;

    /// <summary>Units of a line that are reserved and for which no order has been made.</summary>
    public long Unreleased(PlanLine line) => IsRunning && StoppedBy is null ? Math.Max(0, line.Quantity - line.Released) : 0;

    public PlanLine? LineOf(PositionKey key) => Lines.FirstOrDefault(line => line.Key == key);
}
