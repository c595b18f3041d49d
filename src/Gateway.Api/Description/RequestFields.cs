using System.ComponentModel.DataAnnotations;

namespace Backup.Gateway.Api.Description;

/// <summary>Kite's fields of an order.</summary>
/// <param name="Quantity">Units.</param>
/// <param name="OrderType">MARKET goes as a limit with protection.</param>
/// <param name="Price">Rupees; with LIMIT.</param>
internal sealed record OrderFields(
    [property: Required] string Exchange,
    [property: Required] string Tradingsymbol,
    [property: Required] string Product,
    [property: Required, AllowedValues("BUY", "SELL")] string TransactionType,
    [property: Required] long Quantity,
    [property: Required, AllowedValues("MARKET", "LIMIT")] string OrderType,
    decimal? Price,
    [property: AllowedValues("DAY")] string? Validity);

/// <summary>What an order shall be; what is absent stays.</summary>
/// <param name="Quantity">Units of the whole order, what has traded included.</param>
/// <param name="Price">Rupees.</param>
/// <param name="TriggerPrice">Rupees; of a stop.</param>
/// <param name="OrderType">Must be what the order is: it does not change.</param>
internal sealed record OrderChangeFields(
    long? Quantity, decimal? Price, decimal? TriggerPrice, [property: AllowedValues("LIMIT", "SL")] string? OrderType, [property: AllowedValues("DAY")] string? Validity);

/// <summary>Kite's fields of a product change.</summary>
internal sealed record ProductChange(
    string? Exchange,
    string? Tradingsymbol,
    string? OldProduct,
    string? NewProduct,
    [property: AllowedValues("BUY", "SELL")] string? TransactionType,
    [property: AllowedValues("day", "overnight")] string? PositionType,
    long? Quantity);
