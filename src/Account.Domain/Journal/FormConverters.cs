using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Backup.Account.Domain.Orders;

namespace Backup.Account.Domain.Journal;

/// <summary>An enum as its number: numbers are fixed where they are declared. One that is not declared is not read.</summary>
internal sealed class NumberConverter<TEnum> : JsonConverter<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<int, TEnum> Known =
        Enum.GetValues<TEnum>().ToFrozenDictionary(value => Convert.ToInt32(value, CultureInfo.InvariantCulture));

    private static readonly FrozenDictionary<TEnum, int> Numbers = Known.ToFrozenDictionary(known => known.Value, known => known.Key);

    public override TEnum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Known.TryGetValue(reader.GetInt32(), out var value) ? value : throw new JsonException($"{reader.GetInt32()} is no {typeof(TEnum).Name}");

    public override void Write(Utf8JsonWriter writer, TEnum value, JsonSerializerOptions options) => writer.WriteNumberValue(Numbers[value]);
}

/// <summary>A netting key as people write it, NFO:13906434:NRML: every order, trade and plan names one.</summary>
internal sealed class PositionKeyConverter : JsonConverter<PositionKey>
{
    /// <summary>Words that nearly every key is made of, so that decoded keys share them.</summary>
    private static readonly FrozenSet<string> Words = FrozenSet.Create(StringComparer.Ordinal, "NSE", "NFO", "CNC", "NRML", "MIS", "MTF");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ByText = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    public override PositionKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = (reader.GetString() ?? throw new JsonException("a position's key is null")).AsSpan();
        var first = text.IndexOf(':');
        var second = first < 0 ? -1 : text[(first + 1)..].IndexOf(':') + first + 1;
        return second > first && long.TryParse(text[(first + 1)..second], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var token)
            ? new PositionKey(Word(text[..first]), token, Word(text[(second + 1)..]))
            : throw new JsonException($"\"{text}\" is no position's key");
    }

    public override void Write(Utf8JsonWriter writer, PositionKey value, JsonSerializerOptions options)
    {
        if (value.Exchange.Contains(':', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The exchange \"{value.Exchange}\" has a colon, which ends it in a key.", nameof(value));
        }

        writer.WriteStringValue(value.ToString());
    }

    private static string Word(ReadOnlySpan<char> text) => ByText.TryGetValue(text, out var known) ? known : text.ToString();
}

/// <summary>A trade as a row of numbers: one order may have a hundred thousand.</summary>
internal sealed class TradeConverter : JsonConverter<Trade>
{
    public override bool HandleNull => true;

    public override Trade Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<long> row = stackalloc long[9];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("a trade is a row of numbers");
        }

        foreach (ref var number in row)
        {
            reader.Read();
            number = reader.GetInt64();
        }

        reader.Read();
        var (segment, side) = ((MarketSegment)row[0], (OrderSide)row[3]);
        if (reader.TokenType != JsonTokenType.EndArray || !Enum.IsDefined(segment) || !Enum.IsDefined(side))
        {
            throw new JsonException("the row is no trade: segment, number, order, side, quantity, price, the exchange's time, ours and its offset");
        }

        var recordedAt = new DateTimeOffset(row[7], TimeSpan.FromMinutes(row[8]));
        return new Trade(new TradeKey(segment, row[1], row[2], side), row[4], row[5], row[6], recordedAt);
    }

    public override void Write(Utf8JsonWriter writer, Trade value, JsonSerializerOptions options)
    {
        ReadOnlySpan<long> row =
        [
            (long)value.Key.Segment, value.Key.TradeNumber, value.Key.ExchangeOrderNumber, (long)value.Key.Side, value.Quantity, value.PricePaise,
            value.ExchangeTimeNanoseconds, value.RecordedAt.Ticks, value.RecordedAt.TotalOffsetMinutes,
        ];
        writer.WriteStartArray();
        foreach (var number in row)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}

/// <summary>How much to exit, as people say it: all, 75 or 50%.</summary>
internal sealed class ExitAmountConverter : JsonConverter<ExitAmount>
{
    public override bool HandleNull => true;

    public override ExitAmount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? "";
        var isPercent = text.EndsWith('%');
        return text == "all" ? new ExitAmount.Full()
            : !long.TryParse(text.AsSpan(0, text.Length - (isPercent ? 1 : 0)), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? throw new JsonException($"\"{text}\" is no amount to exit")
            : isPercent ? new ExitAmount.Percent(checked((int)number))
            : new ExitAmount.Units(number);
    }

    public override void Write(Utf8JsonWriter writer, ExitAmount value, JsonSerializerOptions options) => writer.WriteStringValue(value switch
    {
        ExitAmount.Full => "all",
        ExitAmount.Units units => units.Quantity.ToString(CultureInfo.InvariantCulture),
        ExitAmount.Percent percent => string.Create(CultureInfo.InvariantCulture, $"{percent.Value}%"),
        _ => throw new JsonException($"No form for {value.GetType().Name}."),
    });
}

/// <summary>A value that is written as another record, its form.</summary>
internal abstract class FormConverter<TValue, TForm> : JsonConverter<TValue>
    where TForm : class
{
    public override bool HandleNull => true;

    protected abstract TForm FormOf(TValue value);

    protected abstract TValue ValueOf(TForm form);

    public override TValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ValueOf(JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<TForm>)options.GetTypeInfo(typeof(TForm)))
            ?? throw new JsonException($"a {typeof(TValue).Name} is null"));

    public override void Write(Utf8JsonWriter writer, TValue value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, FormOf(value), (JsonTypeInfo<TForm>)options.GetTypeInfo(typeof(TForm)));
}
