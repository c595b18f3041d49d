using System.Collections.Immutable;
using Backup.Gateway.Api.Notices;

namespace Backup.Gateway.Api.Kite;

/// <summary>The facts that decided a refusal.</summary>
/// <param name="Code">The refusal's number; it is never used again for another reason.</param>
/// <param name="Reason">The refusal's name.</param>
/// <param name="Net">Units held: long above zero, short below; 0 where no position is concerned.</param>
/// <param name="PendingExit">Units that working orders reserve.</param>
/// <param name="Closable">Units that can be exited now.</param>
/// <param name="BlockingOrders">The orders that reserve them.</param>
/// <param name="Confirm">Names of warnings: the same request with them in confirm goes.</param>
public sealed record RefusalFacts(
    int Code, string Reason, long Net, long PendingExit, long Closable, ImmutableArray<string> BlockingOrders, ImmutableArray<string> Confirm);

/// <summary>What the system says about itself.</summary>
/// <param name="Mode">Always backup: what may be done here does not change with the main site.</param>
/// <param name="Message">For every page.</param>
/// <param name="MainSiteDownSince">Null: it is back, or nobody has said since when.</param>
/// <param name="Notice">What an operator says of the main site; null when none has said anything.</param>
/// <param name="Exchange">Each segment's link to the exchange.</param>
public sealed record SystemStatus(
    string Mode, string Message, DateTimeOffset? MainSiteDownSince, ToldNotice? Notice, IReadOnlyList<ExchangeLinkState> Exchange, DateTimeOffset ServerTime,
    string Version);

/// <summary>All positions, as Kite groups them.</summary>
/// <param name="Net">What is held, carried in and traded today.</param>
/// <param name="Day">What was traded today alone.</param>
public sealed record PositionsView(ImmutableArray<PositionView> Net, ImmutableArray<PositionView> Day);

/// <summary>The order that was meant; what becomes of it is told by GET /orders and the hub.</summary>
public sealed record OrderNamed(string OrderId);

/// <summary>An order in Kite's form, taken as an exit.</summary>
/// <param name="OrderId">The first of its orders.</param>
/// <param name="ExitId">For GET /exits.</param>
/// <param name="Orders">All of them: more than one above the freeze quantity.</param>
public sealed record PlacedExit(string OrderId, string ExitId, ImmutableArray<string> Orders);

/// <summary>One execution of an order, with Kite's fields.</summary>
/// <param name="TradeId">The exchange's number: the proof.</param>
/// <param name="TransactionType">BUY or SELL.</param>
/// <param name="AveragePrice">Rupees.</param>
/// <param name="FillTimestamp">India time.</param>
public sealed record Execution(
    string TradeId,
    string OrderId,
    string ExchangeOrderId,
    string Exchange,
    string Tradingsymbol,
    long InstrumentToken,
    string Product,
    string TransactionType,
    decimal AveragePrice,
    long Quantity,
    string FillTimestamp);
