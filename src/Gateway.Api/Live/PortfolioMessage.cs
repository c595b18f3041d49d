using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Prices;

namespace Backup.Gateway.Api.Live;

/// <summary>What the views of a portfolio are made from, beside the account itself.</summary>
public sealed record PortfolioSources(PriceBook Prices, IExchangeLinks Links, GatewayOptions Options, TradingRules Rules, TimeProvider Clock);

/// <summary>One message of a live stream.</summary>
/// <remarks>Shared by connections on several threads.</remarks>
public sealed class PortfolioMessage(PortfolioUpdate update)
{
    /// <summary>No browser takes these bytes for HTML: only what JSON itself needs is escaped, as the framework's protocol does.</summary>
    private static readonly JsonWriterOptions Escaping = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a thread's writer points to between two messages: nothing is written there.</summary>
    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    private byte[]? _json;

    public PortfolioUpdate Update { get; } = update;

    /// <summary>Several connections get it: it is encoded once and the bytes are kept. Otherwise nothing of it outlives its writing.</summary>
    internal bool IsShared { get; set; }

    /// <summary>The update as UTF-8 JSON, as the hub's protocol and the API write it.</summary>
    internal void WriteTo(IBufferWriter<byte> output)
    {
        if (IsShared)
        {
            output.Write(Volatile.Read(ref _json) ?? Interlocked.CompareExchange(ref _json, Encoded(), null) ?? _json);
        }
        else
        {
            Encode(output);
        }
    }

    /// <summary>Everything there is to see of an account.</summary>
    internal static PortfolioMessage Snapshot(AccountState state, PortfolioSources sources) => Facts("snapshot", state, null, FrozenSet<ClientOrderId>.Empty, sources);

    /// <summary>What has changed after a sequence, and the orders whose place in the queue may have.</summary>
    internal static PortfolioMessage Delta(AccountState state, long after, IReadOnlySet<ClientOrderId> queued, PortfolioSources sources) =>
        Facts("delta", state, after, queued, sources);

    /// <summary>The prices of an account's positions that are newer than a version of the book.</summary>
    internal static PortfolioMessage PricesAfter(AccountState state, long version, PortfolioSources sources)
    {
        // The message that is made most often: no enumerators, no closures.
        var now = sources.Clock.GetUtcNow();
        var prices = new List<PriceView>(state.Positions.Count);
        foreach (var (_, position) in state.Positions)
        {
            if (!position.IsPlaceOnly && sources.Prices.Find(position.Contract) is { } price && price.Version > version)
            {
                prices.Add(PriceView.Of(state, position, sources, now));
            }
        }

        return Make("prices", state, null, now, [], [], prices);
    }

    internal static PortfolioMessage Heartbeat(AccountState state, PortfolioSources sources) => Make("heartbeat", state, null, sources.Clock.GetUtcNow(), [], [], []);

    /// <summary>Names the history that sequences count in.</summary>
    internal static string StreamOf(AccountState state) => state.BusinessDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "none";

    private byte[] Encoded()
    {
        var bytes = new ArrayBufferWriter<byte>();
        Encode(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    private void Encode(IBufferWriter<byte> output)
    {
        var writer = _writer ??= new Utf8JsonWriter(Nowhere, Escaping);
        writer.Reset(output);
        JsonSerializer.Serialize(writer, Update, PortfolioJson.Default.PortfolioUpdate);
        writer.Flush();
        writer.Reset(Nowhere);
    }

    private static PortfolioMessage Facts(string kind, AccountState state, long? from, IReadOnlySet<ClientOrderId> queued, PortfolioSources sources)
    {
        var now = sources.Clock.GetUtcNow();
        var after = from ?? -1;
        return Make(kind, state, from, now,
            [.. state.Positions.Values.Where(position => position.ChangedAt > after && !position.IsPlaceOnly).Select(position => PositionView.Of(state, position, sources, now))],
            [.. state.Orders.Values.Where(order => order.ChangedAt > after || queued.Contains(order.Id)).Select(order => OrderView.Of(state, order, sources.Links))],
            []);
    }

    private static PortfolioMessage Make(
        string kind, AccountState state, long? from, DateTimeOffset now,
        IReadOnlyList<PositionView> positions, IReadOnlyList<OrderView> orders, IReadOnlyList<PriceView> prices) =>
        new(new PortfolioUpdate(kind, StreamOf(state), state.Version, from, now, positions, orders, prices));
}

/// <summary>As <see cref="GatewayJson"/> writes, without looking types up while running.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict,
    GenerationMode = JsonSourceGenerationMode.Default)]
[JsonSerializable(typeof(PortfolioUpdate))]
internal sealed partial class PortfolioJson : JsonSerializerContext;
