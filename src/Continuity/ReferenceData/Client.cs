namespace Backup.Continuity.ReferenceData;

public enum ClientStatus
{
    Active,
    Inactive,
    Blocked,
}

/// <summary>One client of the broker as the back office knows him; enough to log him in and to reach him.</summary>
public sealed record Client(
    string Id, string Name, string Pan, string Mobile, string Email, IReadOnlyList<string> Segments, ClientStatus Status)
{
    /// <summary>A record's own printing would put a person's name and number into logs.</summary>
    public override string ToString() => $"Client {Id} ({Status})";
}

/// <summary>What a client held when the day began.</summary>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Instrument">What is held.</param>
/// <param name="Product">NRML, MIS, CNC or MTF.</param>
/// <param name="Quantity">Units; below 0 is short.</param>
/// <param name="AveragePricePaise">
/// For futures and options from the clearing file the settlement price, or the previous close where that is absent.
/// </param>
/// <param name="T1Quantity">Of the quantity: shares bought and not credited yet.</param>
/// <param name="HoldingQuantity">Of the quantity: shares in the depository.</param>
public sealed record CarriedPosition(
    string ClientId, Instrument Instrument, string Product, long Quantity, long AveragePricePaise, long T1Quantity = 0, long HoldingQuantity = 0);

/// <summary>An order of the main site that may rest at the exchange.</summary>
/// <param name="IsBuy">Else it sells.</param>
/// <param name="Quantity">Units it was entered with.</param>
/// <param name="LimitPaise">0: at the market once triggered.</param>
/// <param name="TriggerPaise">0 unless a stop.</param>
/// <param name="ExchangeOrderNumber">The exchange's number, by which it will be known again.</param>
/// <param name="Variety">regular, co, bo, iceberg or amo, in Kite's words.</param>
/// <param name="OrderId">The main site's name of it.</param>
/// <param name="ParentOrderId">Of a leg: the main site's name of its order; else null.</param>
/// <param name="PlacedBy">client, rms or desk.</param>
public sealed record MainOrder(
    string ClientId,
    Instrument Instrument,
    string Product,
    bool IsBuy,
    long Quantity,
    long LimitPaise,
    long TriggerPaise,
    long ExchangeOrderNumber,
    string Variety,
    string OrderId,
    string? ParentOrderId,
    string PlacedBy);
