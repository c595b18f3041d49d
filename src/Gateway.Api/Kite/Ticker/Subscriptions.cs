using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Backup.Account.Domain.Positions;
using Backup.Gateway.Api.Prices;

namespace Backup.Gateway.Api.Kite.Ticker;

/// <summary>What one connection wants to see, and which price of each instrument it has seen.</summary>
/// <remarks>Safe for two threads: one that reads requests and one that writes ticks.</remarks>
internal sealed class Subscriptions(IInstrumentMaster master)
{
    /// <summary>As Kite has it.</summary>
    internal const int InstrumentsMax = 3000;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Wanted> _wanted = [];

    private sealed class Wanted(Contract contract)
    {
        internal Contract Contract => contract;

        internal TickMode Mode { get; set; } = TickMode.Quote;

        internal long SeenVersion { get; set; } = -1;
    }

    /// <summary>Takes a request: <c>{"a":"subscribe","v":[408065]}</c>, <c>{"a":"mode","v":["full",[408065]]}</c>.</summary>
    /// <returns>What is wrong with it, in words for the client; null when nothing is.</returns>
    internal string? Take(ReadOnlySpan<byte> request)
    {
        try
        {
            var reader = new Utf8JsonReader(request);
            using var document = JsonDocument.ParseValue(ref reader);
            var (action, value) = (document.RootElement.GetProperty("a").GetString(), document.RootElement.GetProperty("v"));
            return action switch
            {
                "subscribe" => Subscribe(value),
                "unsubscribe" => Unsubscribe(value),
                "mode" => SetMode(value),
                _ => $"a: expected subscribe, unsubscribe or mode, found \"{action}\".",
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return """expected {"a":"subscribe","v":[TOKEN, ...]}, found something else.""";
        }
    }

    /// <summary>Writes the packets of all instruments that have a new price. Returns how many.</summary>
    internal int WriteNews(ArrayBufferWriter<byte> message, PriceBook prices)
    {
        message.ResetWrittenCount();
        message.GetSpan(2);
        message.Advance(2);
        ushort count = 0;
        lock (_gate)
        {
            foreach (var wanted in _wanted.Values)
            {
                if (prices.Find(wanted.Contract) is { } price && price.Version > wanted.SeenVersion)
                {
                    Tick.Write(message, wanted.Mode, wanted.Contract, price);
                    wanted.SeenVersion = price.Version;
                    count++;
                }
            }
        }

        if (count > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(System.Runtime.InteropServices.MemoryMarshal.AsMemory(message.WrittenMemory).Span, count);
        }

        return count;
    }

    private string? Subscribe(JsonElement tokens)
    {
        var unknown = new List<long>();
        lock (_gate)
        {
            foreach (var token in tokens.EnumerateArray().Select(one => one.GetInt64()))
            {
                if (_wanted.ContainsKey(token))
                {
                    continue;
                }

                if (_wanted.Count == InstrumentsMax)
                {
                    return $"a connection has at most {InstrumentsMax} instruments; the rest was not subscribed.";
                }

                if (master.Find(token) is { } listed)
                {
                    _wanted.Add(token, new Wanted(listed.Contract));
                }
                else
                {
                    unknown.Add(token);
                }
            }
        }

        return unknown.Count == 0 ? null : $"{unknown.Count} instruments are not known today, the first is {unknown[0]}.";
    }

    private string? Unsubscribe(JsonElement tokens)
    {
        lock (_gate)
        {
            foreach (var token in tokens.EnumerateArray())
            {
                _wanted.Remove(token.GetInt64());
            }
        }

        return null;
    }

    private string? SetMode(JsonElement value)
    {
        if (Tick.Parse(value[0].GetString()) is not { } mode)
        {
            return $"v: expected ltp, quote or full, found {value[0].GetRawText()}.";
        }

        lock (_gate)
        {
            foreach (var token in value[1].EnumerateArray())
            {
                if (_wanted.TryGetValue(token.GetInt64(), out var wanted) && wanted.Mode != mode)
                {
                    (wanted.Mode, wanted.SeenVersion) = (mode, -1);
                }
            }
        }

        return null;
    }
}
