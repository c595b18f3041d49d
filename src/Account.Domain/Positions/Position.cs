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
    /// <summary>Signed units held now.</summary>
    public long Net => OvernightQuantity + DayBuyQuantity - DaySellQuantity;

    public Position WithTrade(OrderSide side, long quantity, long pricePaise, long version) => side == OrderSide.Buy
        ? this with { DayBuyQuantity = DayBuyQuantity + quantity, DayBuyValuePaise = DayBuyValuePaise + (quantity * pricePaise), ChangedAt = version }
        : this with { DaySellQuantity = DaySellQuantity + quantity, DaySellValuePaise = DaySellValuePaise + (quantity * pricePaise), ChangedAt = version };
}

/// <summary>One line of the beginning-of-day file: what the account carries into the day.</summary>
public sealed record CarriedPosition(Contract Contract, string Product, long Quantity, long AveragePricePaise)
{
    [JsonIgnore]
    public PositionKey Key => new(Contract.Exchange, Contract.Token, Product);
}
