using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Kite;

/// <summary>The body of PUT /orders/regular/{order_id}: what the order shall be, as a form (Kite) or as JSON.</summary>
internal sealed record OrderChange(long? Quantity, long? PricePaise)
{
    private const int BodyLengthMax = 4096;

    /// <summary>Fields that Kite clients send with every change and that must be what the order has already.</summary>
    private static readonly Dictionary<string, string> Fixed = new(StringComparer.Ordinal)
    {
        ["order_type"] = "LIMIT",
        ["validity"] = "DAY",
        ["disclosed_quantity"] = "0",
        ["trigger_price"] = "0",
    };

    /// <returns>The change, or what is wrong with the body.</returns>
    internal static async Task<(OrderChange? Change, string? Wrong)> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength is > BodyLengthMax)
        {
            return (null, $"body: expected at most {BodyLengthMax} bytes, found {request.ContentLength}.");
        }

        Dictionary<string, string> fields;
        try
        {
            fields = request.HasFormContentType
                ? (await request.ReadFormAsync(stop)).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)
                : await ReadJsonAsync(request, stop);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException or InvalidOperationException or ArgumentException)
        {
            return (null, "body: expected a form or a JSON object with quantity, price or both.");
        }

        return Read(fields);
    }

    private static async Task<Dictionary<string, string>> ReadJsonAsync(HttpRequest request, CancellationToken stop) =>
        await JsonNode.ParseAsync(request.Body, cancellationToken: stop) is JsonObject body
            ? body.Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!.ToString(), StringComparer.Ordinal)
            : throw new JsonException("no object");

    private static (OrderChange? Change, string? Wrong) Read(Dictionary<string, string> fields)
    {
        foreach (var (name, text) in fields)
        {
            if (Fixed.TryGetValue(name, out var only) && !text.Equals(only, StringComparison.OrdinalIgnoreCase))
            {
                return (null, $"{name}: expected {only}, found \"{text}\". Here quantity and price of an order can be changed, nothing else.");
            }

            if (name is not ("quantity" or "price") && !Fixed.ContainsKey(name))
            {
                return (null, $"{name}: not known here; expected quantity, price or both.");
            }
        }

        long? quantity = null;
        long? paise = null;
        if (fields.TryGetValue("quantity", out var units))
        {
            if (!long.TryParse(units, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            {
                return (null, $"quantity: expected a whole number of units, found \"{units}\".");
            }

            quantity = whole;
        }

        if (fields.TryGetValue("price", out var rupees))
        {
            if (!decimal.TryParse(rupees, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
                || price is < -MaxRupees or > MaxRupees || decimal.Truncate(price * 100) != price * 100)
            {
                return (null, $"price: expected rupees with at most two decimals, up to {MaxRupees}, found \"{rupees}\".");
            }

            paise = (long)(price * 100);
        }

        return quantity is null && paise is null ? (null, "body: expected quantity, price or both.") : (new OrderChange(quantity, paise), null);
    }

    /// <summary>The wire carries paise in 31 bits.</summary>
    private const int MaxRupees = 20_000_000;
}
