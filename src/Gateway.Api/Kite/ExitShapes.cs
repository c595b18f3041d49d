using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Backup.Gateway.Api.Kite;

/// <summary>The three names of a position.</summary>
public sealed record PositionName(string Exchange, string Tradingsymbol, string Product);

/// <summary>One exit: what was asked, what became of each line, and its orders.</summary>
/// <param name="ExitId">The Idempotency-Key that began it.</param>
/// <param name="Status">running; stopping: nothing more is released and orders still work; done; stopped.</param>
/// <param name="Quantity">Units of all its lines.</param>
/// <param name="RequestedBy">The client's id; desk:NAME where the dealing desk asked for the client.</param>
/// <param name="Evidence">The reference of the recorded call or mail in which the client asked; null where he asked here himself.</param>
/// <param name="Stopped">Null unless the dealing desk stopped it for the client.</param>
/// <param name="HedgesReleased">Null unless the dealing desk released them for the client.</param>
/// <param name="Lines">In send order: shorts first, then what covers them.</param>
/// <param name="Refused">Positions of the request that are not part of it, and why.</param>
public sealed record ExitView(
    string ExitId,
    [property: AllowedValues("running", "stopping", "done", "stopped")] string Status,
    long Quantity,
    DateTimeOffset AcceptedAt,
    string RequestedBy,
    string? Evidence,
    AssistedView? Stopped,
    AssistedView? HedgesReleased,
    ImmutableArray<ExitLineView> Lines,
    ImmutableArray<RefusedLine> Refused,
    ImmutableArray<OrderView> Orders);

/// <summary>What the dealing desk did for the client.</summary>
/// <param name="By">desk:NAME.</param>
/// <param name="Evidence">The reference of the recorded call or mail in which the client asked.</param>
public sealed record AssistedView(string By, string Evidence)
{
    /// <summary>Null where the client asked himself, or nobody did.</summary>
    internal static AssistedView? Of(string? by, string? evidence) => by is not null && evidence is not null ? new AssistedView(by, evidence) : null;
}

/// <summary>How far one position's exit is.</summary>
/// <param name="Working">Units that orders still hold.</param>
/// <param name="Held">Units that are not released yet.</param>
/// <param name="IsHedge">It covers a short of the same exit, so it follows in proportion to the short's fills.</param>
/// <param name="WaitsFor">Orders whose cancel is awaited first.</param>
/// <param name="Outcome">The same in words.</param>
/// <param name="Reprice">A price nearer to the market for what rests; null when none is offered.</param>
public sealed record ExitLineView(
    PositionName Position,
    [property: AllowedValues("BUY", "SELL")] string Side,
    long Quantity,
    long Filled,
    long Working,
    long Held,
    bool IsHedge,
    ImmutableArray<string> WaitsFor,
    string Outcome,
    NewPrice? Reprice);

/// <summary>What a resting order could be changed to with PUT /orders.</summary>
public sealed record NewPrice(string OrderId, decimal Price, decimal LastPrice);

/// <summary>A position that is not part of the exit.</summary>
/// <param name="Code">The refusal's number, as in the examples.</param>
/// <param name="Reason">The refusal's name.</param>
public sealed record RefusedLine(PositionName Position, int Code, string Reason, string Message);

/// <summary>Why a line of a preview would not go.</summary>
/// <param name="Code">The refusal's number, as in the examples.</param>
/// <param name="Reason">The refusal's name.</param>
public sealed record LineRefusal(int Code, string Reason, string Message);

/// <summary>Something to read first. An exit with it goes when its name comes back in confirm.</summary>
public sealed record ExitWarning(string Name, string Message);

/// <summary>Prices that the exchange takes now, both ends included.</summary>
public sealed record PriceSpan(decimal Low, decimal High);

/// <summary>What an exit of one position would do now.</summary>
/// <param name="Slices">Units of each order, under the freeze quantity.</param>
/// <param name="Price">The limit: the last price moved by the protection, or the client's own.</param>
/// <param name="LastPrice">Null when no live price is known.</param>
/// <param name="ProtectionPercent">How far from the last price the exit may trade; null with a limit of the client's own.</param>
/// <param name="ProtectionTable">The broker's table that says so.</param>
/// <param name="PriceRange">Null where no rule of the exchange binds the price.</param>
/// <param name="AsOf">When the last price was made.</param>
/// <param name="PremiumNeeded">Rupees that buying back short options takes at most.</param>
public sealed record PreviewOfOne(
    [property: AllowedValues("BUY", "SELL")] string Side,
    long Quantity,
    ImmutableArray<long> Slices,
    decimal Price,
    decimal? LastPrice,
    decimal? ProtectionPercent,
    string ProtectionTable,
    PriceSpan? PriceRange,
    DateTimeOffset? AsOf,
    decimal PremiumNeeded,
    ImmutableArray<ExitWarning> Warnings);

/// <summary>What an exit of several positions would do now, line by line in send order.</summary>
/// <param name="PremiumNeeded">Rupees that buying back short options takes at most.</param>
public sealed record PreviewOfMany(ImmutableArray<PreviewLine> Lines, decimal PremiumNeeded, ImmutableArray<ExitWarning> Warnings);

/// <summary>One position of a preview.</summary>
/// <param name="Side">BUY or SELL; null when it would not go.</param>
/// <param name="Slices">Units of each order, under the freeze quantity.</param>
/// <param name="IsHedge">It covers a short of the same exit and would follow it.</param>
/// <param name="Refused">Null when it would go.</param>
public sealed record PreviewLine(
    PositionName Position, string? Side, long Quantity, ImmutableArray<long> Slices, decimal? Price, bool IsHedge, LineRefusal? Refused);
