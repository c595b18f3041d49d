using System.Collections.Immutable;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain;

/// <summary>How much of a position to exit.</summary>
public abstract record ExitAmount
{
    private ExitAmount()
    {
    }

    /// <summary>It takes all that is closable, whatever that is.</summary>
    public bool IsAll => this is Full or Percent { Value: 100 };

    /// <summary>All that is closable, to the last unit.</summary>
    public sealed record Full : ExitAmount;

    /// <summary>A number of units; a multiple of the lot, or all that is closable.</summary>
    public sealed record Units(long Quantity) : ExitAmount;

    /// <summary>1 to 100 percent of what is closable, rounded down to a lot; 100 means all of it.</summary>
    public sealed record Percent(int Value) : ExitAmount;
}

/// <summary>A price as the client saw it when he asked.</summary>
/// <param name="Source">Where it came from, for the audit.</param>
public sealed record PriceSeen(long Paise, DateTimeOffset At, string Source);

/// <summary>How far from the last price an exit may trade: the larger of the two (rulebook 1.7, 6).</summary>
/// <param name="BasisPoints">Hundredths of a percent of the price.</param>
public sealed record Protection(int BasisPoints, long MinimumPaise);

/// <summary>What may be asked of an account. Imperatives; none of them reads a clock or a setting.</summary>
/// <remarks>
/// Where somebody else asks for the client, <c>Evidence</c> is the reference of the recorded call or mail in which the client asked for it; it goes into
/// the journal with the event. Null: he asks himself, or a plan does.
/// </remarks>
public abstract record AccountCommand
{
    private AccountCommand()
    {
    }

    /// <summary>
    /// Carries the beginning-of-day positions in. Asked again for the same or an older day it changes nothing; for the same day from
    /// other data it is refused.
    /// </summary>
    public sealed record OpenDay(DateOnly BusinessDate, string DatasetHash, ImmutableArray<CarriedPosition> Positions) : AccountCommand;

    /// <summary>
    /// Orders that the main site says may rest at the exchange. Told again, nothing changes. They keep their reservation until the
    /// exchange says what became of them.
    /// </summary>
    public sealed record CarryOrders(ImmutableArray<CarriedOrder> Orders) : AccountCommand;

    /// <summary>Exits one position or many, each in full or in part. The same <paramref name="PlanId"/> gets the same answer and no second order.</summary>
    public sealed record StartPlan(string PlanId, ImmutableArray<PlanLineRequest> Lines, PlanOptions Options, string RequestedBy, string? Evidence = null) : AccountCommand;

    /// <summary>Nothing more of the plan is released. What works at the exchange stays, unless <paramref name="CancelOrders"/>.</summary>
    public sealed record StopPlan(string PlanId, bool CancelOrders, string RequestedBy, string? Evidence = null) : AccountCommand;

    /// <summary>The plan's hedges go now, whatever has become of its shorts.</summary>
    public sealed record ReleaseHedges(string PlanId, string RequestedBy, string? Evidence = null) : AccountCommand;

    /// <summary>Prices for the plans whose orders follow the market.</summary>
    public sealed record ReviewPlans(ImmutableDictionary<PositionKey, PriceSeen> Prices) : AccountCommand;

    /// <param name="Confirmed">The client has read that cancelling a stop leaves his position unprotected.</param>
    public sealed record CancelOrder(ClientOrderId OrderId, string RequestedBy, bool Confirmed = false, string? Evidence = null) : AccountCommand;

    /// <summary>Changes quantity or price of an order that works at the exchange, or of one that has not left yet.</summary>
    /// <param name="Quantity">The order's whole quantity, what has traded included; null leaves it.</param>
    /// <param name="LimitPricePaise">Null leaves it.</param>
    /// <param name="TriggerPaise">Of a stop order; null leaves it.</param>
    /// <param name="LastPaise">The last price, for the exchange's range; 0 when none is live.</param>
    public sealed record ModifyOrder(
        ClientOrderId OrderId, long? Quantity, long? LimitPricePaise, string RequestedBy, long? TriggerPaise = null, long LastPaise = 0, string? Evidence = null) : AccountCommand;

    /// <summary>The stage has a permit for this order: may it go, in this session?</summary>
    public sealed record AuthorizeSend(ClientOrderId OrderId, long SessionEpoch) : AccountCommand;

    /// <summary>The stage has a permit for this order's cancel: may it go, in this session?</summary>
    public sealed record AuthorizeCancel(ClientOrderId OrderId, long SessionEpoch) : AccountCommand;

    /// <summary>The stage has a permit for this order's change: may it go, in this session?</summary>
    public sealed record AuthorizeModify(ClientOrderId OrderId, long SessionEpoch) : AccountCommand;

    /// <summary>The exchange said something about an order of this account.</summary>
    public sealed record RecordReport(OrderReport Report) : AccountCommand;

    /// <summary>A session ended: what it left unanswered is unknown.</summary>
    public sealed record LoseSession(MarketSegment Segment, long SessionEpoch) : AccountCommand;

    /// <summary>A newer session has downloaded everything the exchange remembers.</summary>
    /// <param name="StreamOutage">The exchange's memory has a hole: absence proves nothing.</param>
    public sealed record ConcludeRecovery(MarketSegment Segment, long SessionEpoch, bool StreamOutage) : AccountCommand;

    /// <summary>
    /// A matching engine went down: what rested in its books is gone, and no message says so (NSE-TAP.md 3.6). Asked only at its place in a
    /// download, when all that the engine said before has been recorded.
    /// </summary>
    /// <param name="Stream">0 for all of the segment.</param>
    /// <param name="StreamTime">The place of the announcement in the exchange's journal: what was confirmed after it is not touched.</param>
    /// <param name="At">The exchange's clock.</param>
    public sealed record LoseStream(MarketSegment Segment, int Stream, long StreamTime, DateTimeOffset At) : AccountCommand;

    /// <summary>An operator settles an unknown order that no download can settle: the exchange has told him that it has none.</summary>
    /// <param name="Confirmation">What the exchange gave as proof: its reference number.</param>
    public sealed record LapseOrder(ClientOrderId OrderId, string RequestedBy, string Confirmation) : AccountCommand;

    /// <summary>Nothing changes; the answer is the present state.</summary>
    public sealed record Show : AccountCommand;
}
