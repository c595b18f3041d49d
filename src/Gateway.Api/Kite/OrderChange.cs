using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Kite;

/// <summary>The body of PUT /orders/{variety}/{order_id}: what the order shall be, as a form (Kite) or as JSON.</summary>
internal sealed record OrderChange(long? Quantity, long? PricePaise, long? TriggerPaise)
{
    /// <summary>Fields that Kite clients send with every change and that must be what the order has already.</summary>
    private static readonly Dictionary<string, string[]> Fixed = new(StringComparer.Ordinal)
    {
        ["order_type"] = ["LIMIT", "SL"],
        ["validity"] = ["DAY"],
        ["disclosed_quantity"] = ["0"],
        ["parent_order_id"] = [],
    };

    /// <returns>The change, or what is wrong with the body.</returns>
    internal static async Task<(OrderChange? Change, string? Wrong)> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        var fields = await FormFields.ReadAsync(request, stop);
        return fields is null ? (null, "body: expected a form or a JSON object with quantity, price or trigger_price.") : Read(fields);
    }

    private static (OrderChange? Change, string? Wrong) Read(IReadOnlyDictionary<string, string> fields)
    {
        foreach (var (name, text) in fields)
        {
            if (Fixed.TryGetValue(name, out var only) && only.Length > 0 && !only.Contains(text, StringComparer.OrdinalIgnoreCase))
            {
                return (null, $"{name}: expected {string.Join(" or ", only)}, found \"{text}\". Here quantity, price and trigger of an order can be changed, nothing else.");
            }

            if (name is not ("quantity" or "price" or "trigger_price") && !Fixed.ContainsKey(name))
            {
                return (null, $"{name}: not known here; expected quantity, price, trigger_price.");
            }
        }

        var wrongQuantity = FormFields.Whole(fields, "quantity", out var quantity);
        var wrongPrice = FormFields.Rupees(fields, "price", out var price);
        var wrongTrigger = FormFields.Rupees(fields, "trigger_price", out var trigger);
        if ((wrongQuantity ?? wrongPrice ?? wrongTrigger) is { } wrong)
        {
            return (null, wrong);
        }

        // Kite's clients send a trigger of zero with every plain order.
        trigger = trigger == 0 ? null : trigger;
        return (quantity, price, trigger) == default
            ? (null, "body: expected quantity, price or trigger_price.")
            : (new OrderChange(quantity, price, trigger), null);
    }
}
