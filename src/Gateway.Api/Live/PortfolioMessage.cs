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

/// <summary>One message of a live stream, encoded once for everybody who gets it.</summary>
/// <remarks>Shared by connections on several threads; the bytes are not to be changed.</remarks>
public sealed class PortfolioMessage(PortfolioUpdate update)
{
    /// <summary>No browser takes these bytes for HTML: only what JSON itself needs is escaped, as the framework's protocol does.</summary>
    private static readonly JsonWriterOptions Escaping = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A snapshot of a thousand positions must not stay with its thread.</summary>
    private const int ScratchBytesMax = 64 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Writer)? _scratch;

    public PortfolioUpdate Update { get; } = update;

    /// <summary>The update as UTF-8 JSON, as the hub's protocol and the API write it.</summary>
    internal byte[] Json => Volatile.Read(ref field) ?? Interlocked.CompareExchange(ref field, Encode(Update), null) ?? field;

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

    private static byte[] Encode(PortfolioUpdate update)
    {
        var (bytes, writer) = _scratch ??= NewScratch();
        JsonSerializer.Serialize(writer, update, PortfolioJson.Default.PortfolioUpdate);
        writer.Flush();
        var json = bytes.WrittenSpan.ToArray();
        if (bytes.Capacity > ScratchBytesMax)
        {
            _scratch = null;
        }
        else
        {
            bytes.ResetWrittenCount();
            writer.Reset();
        }

        return json;
    }

    private static (ArrayBufferWriter<byte> Bytes, Utf8JsonWriter Writer) NewScratch()
    {
        var bytes = new ArrayBufferWriter<byte>();
        return (bytes, new Utf8JsonWriter(bytes, Escaping));
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
