using System.Text.Json.Serialization;

namespace Backup.Account.Domain.Positions;

/// <summary>
/// What an account holds under one netting key: what was carried in, and the day's confirmed trades. Quantities are units,
/// values are paise times units; computed from trades only, never from orders (rulebook 1.1).
/// </summary>
/// <param name="OvernightQuantity">Signed: long above zero, short below.</param>
/// <param name="OvernightPricePaise">Average price at which it was carried in.</param>
/// <param name="ChangedAt">The account's version at the last change; what a browser resumes by.</param>
public sealed record Position(
    PositionKey Key,
    Contract Contract,
    long OvernightQuantity,
    long OvernightPricePaise,
    long DayBuyQuantity,
    long DayBuyValuePaise,
    long DaySellQuantity,
    long DaySellValuePaise,
    long ChangedAt)
{
    /// <summary>Units among those held that delivery rules keep from being sold; null when there are none.</summary>
    public DeliveryLock? Lock { get; init; }

    /// <summary>A place for the trades of an order in an instrument that is not held: nothing carried in, nothing traded yet.</summary>
    public bool IsPlaceOnly => OvernightQuantity == 0 && DayBuyQuantity == 0 && DaySellQuantity == 0;

    /// <summary>Signed units held now.</summary>
    public long Net => OvernightQuantity + DayBuyQuantity - DaySellQuantity;

    public Position WithTrade(OrderSide side, long quantity, long pricePaise, long version) => side == OrderSide.Buy
        ? this with { DayBuyQuantity = DayBuyQuantity + quantity, DayBuyValuePaise = DayBuyValuePaise + (quantity * pricePaise), ChangedAt = version }
        : this with { DaySellQuantity = DaySellQuantity + quantity, DaySellValuePaise = DaySellValuePaise + (quantity * pricePaise), ChangedAt = version };
}

/// <summary>Units of a share that belong to the client and may not simply be sold (rulebook 1.6).</summary>
/// <param name="T1Quantity">Bought and not yet credited: selling them risks short delivery and auction.</param>
/// <param name="HoldingQuantity">In the depository: selling them needs the client's authorisation there.</param>
public sealed record DeliveryLock(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long T1Quantity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] long HoldingQuantity);

/// <summary>One line of the beginning-of-day file: what the account carries into the day.</summary>
/// <param name="Lock">Parts of the quantity that delivery rules hold.</param>
public sealed record CarriedPosition(Contract Contract, string Product, long Quantity, long AveragePricePaise, DeliveryLock? Lock = null)
{
    [JsonIgnore]
    public PositionKey Key => new(Contract.Exchange, Contract.Token, Product);
}
