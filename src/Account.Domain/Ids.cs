using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backup.Account.Domain;

/// <summary>
/// Our number of an order within its account: the sequence number of the event that accepted it, so the same history always
/// names the same order. On the wire it is the client reference; people see it as <c>ACCOUNT-17</c>.
/// </summary>
[JsonConverter(typeof(ClientOrderIdConverter))]
public readonly record struct ClientOrderId(long Number) : IComparable<ClientOrderId>
{
    public int CompareTo(ClientOrderId other) => Number.CompareTo(other.Number);

    /// <summary>The order's name outside its account.</summary>
    public string In(string account) => $"{account}-{Number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads back what <see cref="In"/> wrote, for the same account only.</summary>
    public static bool TryParse(string account, string? text, out ClientOrderId id)
    {
        id = default;
        if (text is null || text.Length <= account.Length + 1
            || !text.StartsWith(account, StringComparison.Ordinal) || text[account.Length] != '-'
            || !long.TryParse(text.AsSpan(account.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        id = new ClientOrderId(number);
        return true;
    }
}

/// <summary>In the journal an order's id is its bare number.</summary>
internal sealed class ClientOrderIdConverter : JsonConverter<ClientOrderId>
{
    public override ClientOrderId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, ClientOrderId value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Number);
}

/// <summary>The netting key: positions of one contract in two products are two positions (rulebook 1.1).</summary>
/// <param name="Exchange">NSE or NFO.</param>
/// <param name="Token">Kite's instrument token, unique over exchanges.</param>
/// <param name="Product">CNC, NRML, MIS or MTF.</param>
public readonly record struct PositionKey(string Exchange, long Token, string Product) : IComparable<PositionKey>
{
    public int CompareTo(PositionKey other)
    {
        var byExchange = string.CompareOrdinal(Exchange, other.Exchange);
        var byToken = byExchange != 0 ? byExchange : Token.CompareTo(other.Token);
        return byToken != 0 ? byToken : string.CompareOrdinal(Product, other.Product);
    }

    public override string ToString() => $"{Exchange}:{Token.ToString(CultureInfo.InvariantCulture)}:{Product}";
}

/// <summary>One execution, however often it is reported (NSE-TAP.md 6.4).</summary>
public readonly record struct TradeKey(MarketSegment Segment, long TradeNumber, long ExchangeOrderNumber, OrderSide Side);

/// <summary>The exchange's segments; each has its own session and its own numbers.</summary>
public enum MarketSegment
{
    Cash = 1,
    Derivatives = 2,
}

/// <summary>Which way an order moves the position.</summary>
public enum OrderSide
{
    Buy = 1,
    Sell = 2,
}
