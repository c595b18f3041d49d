using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Kite;

/// <summary>Fields of a request as Kite's clients send them, in a form, or as a JSON object.</summary>
internal static class FormFields
{
    /// <summary>No request of this kind needs more.</summary>
    private const int BodyLengthMax = 4096;

    /// <summary>The wire carries paise in 31 bits.</summary>
    private const int MaxRupees = 20_000_000;

    /// <returns>Null when the body is neither, or too long.</returns>
    internal static async Task<IReadOnlyDictionary<string, string>?> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.ContentLength is > BodyLengthMax)
        {
            return null;
        }

        try
        {
            return request.HasFormContentType
                ? (await request.ReadFormAsync(stop)).ToDictionary(field => field.Key, field => field.Value.ToString(), StringComparer.Ordinal)
                : await ReadJsonAsync(request, stop);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidDataException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Null in <paramref name="value"/> when the field is absent.</summary>
    /// <returns>What is wrong with the field; null when nothing is.</returns>
    internal static string? Whole(IReadOnlyDictionary<string, string> fields, string name, out long? value)
    {
        value = null;
        if (!fields.TryGetValue(name, out var text))
        {
            return null;
        }

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return $"{name}: expected a whole number of units, found \"{text}\".";
        }

        value = whole;
        return null;
    }

    /// <summary>Rupees as paise; null in <paramref name="paise"/> when the field is absent.</summary>
    /// <returns>What is wrong with the field; null when nothing is.</returns>
    internal static string? Rupees(IReadOnlyDictionary<string, string> fields, string name, out long? paise)
    {
        paise = null;
        if (!fields.TryGetValue(name, out var text))
        {
            return null;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price))
        {
            return $"{name}: expected rupees with at most two decimals, up to {MaxRupees}, found \"{text}\".";
        }

        return Rupees(name, price, out paise);
    }

    /// <inheritdoc cref="Rupees(IReadOnlyDictionary{string, string}, string, out long?)"/>
    internal static string? Rupees(string name, decimal price, out long? paise)
    {
        paise = null;
        if (price is < -MaxRupees or > MaxRupees || decimal.Truncate(price * 100) != price * 100)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{name}: expected rupees with at most two decimals, up to {MaxRupees}, found \"{price}\".");
        }

        paise = (long)(price * 100);
        return null;
    }

    private static async Task<Dictionary<string, string>> ReadJsonAsync(HttpRequest request, CancellationToken stop) =>
        await JsonNode.ParseAsync(request.Body, cancellationToken: stop) is JsonObject body
            ? body.Where(field => field.Value is not null).ToDictionary(field => field.Key, field => field.Value!.ToString(), StringComparer.Ordinal)
            : throw new JsonException("no object");
}
