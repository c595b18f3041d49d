using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Backup.Account.Domain.Journal;

/// <summary>
/// The storage format of the account's events: a type number, a version, and JSON. A number, once shipped, keeps its meaning
/// for ever; an older version is upcast here, never rewritten in the journal.
/// </summary>
public static class AccountEventCodec
{
    /// <summary>One kind of event: its number, its name for people, the version written now.</summary>
    public sealed record Kind(short Number, short Version, string Name, JsonTypeInfo Json);

    public static IReadOnlyList<Kind> Kinds { get; } =
    [
        Of<AccountEvent.DayOpened>(1),
        Of<AccountEvent.ExitAccepted>(2),
        Of<AccountEvent.OrderAccepted>(3),
        Of<AccountEvent.SendIntended>(4),
        Of<AccountEvent.OrderConfirmed>(5),
        Of<AccountEvent.OrderRejected>(6),
        Of<AccountEvent.OrderRefreshed>(7),
        Of<AccountEvent.OrderTraded>(8),
        Of<AccountEvent.CancelRequested>(9),
        Of<AccountEvent.CancelIntended>(10),
        Of<AccountEvent.OrderCancelled>(11),
        Of<AccountEvent.CancelRejected>(12),
        Of<AccountEvent.OrderBecameUnknown>(13),
        Of<AccountEvent.OrderProvenAbsent>(14),
        Of<AccountEvent.CancelProvenAbsent>(15),
        Of<AccountEvent.ForeignOrderFound>(16),
        Of<AccountEvent.ForeignTradeRecorded>(17),
        Of<AccountEvent.UnplacedReportRecorded>(18),
        Of<AccountEvent.ModifyRequested>(19),
        Of<AccountEvent.ModifyIntended>(20),
        Of<AccountEvent.OrderModified>(21),
        Of<AccountEvent.ModifyRejected>(22),
        Of<AccountEvent.ModifyProvenAbsent>(23),
        Of<AccountEvent.OrderLostInOutage>(24),
        Of<AccountEvent.OrderUnprovable>(25),
        Of<AccountEvent.OrderLapsed>(26),
        Of<AccountEvent.PlanAccepted>(27),
        Of<AccountEvent.PlanLineReduced>(28),
        Of<AccountEvent.PlanHedgesReleased>(29),
        Of<AccountEvent.PlanStopped>(30),
        Of<AccountEvent.PlanEnded>(31),
        Of<AccountEvent.OrderRepriced>(32),
        Of<AccountEvent.TradeBusted>(33),
        Of<AccountEvent.TradeCorrected>(34),
        Of<AccountEvent.StreamLost>(35),
        Of<AccountEvent.OrderCarried>(36),
        Of<AccountEvent.OrderAttributed>(37),
    ];

    private static readonly FrozenDictionary<Type, Kind> ByType = Kinds.ToFrozenDictionary(kind => kind.Json.Type);

    private static readonly FrozenDictionary<short, Kind> ByNumber = Kinds.ToFrozenDictionary(kind => kind.Number);

    /// <summary>Writes the payload and says what it is.</summary>
    public static (short Type, short Version) Encode(AccountEvent recorded, IBufferWriter<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var kind = ByType[recorded.GetType()];
        using var writer = new Utf8JsonWriter(payload);
        JsonSerializer.Serialize(writer, recorded, kind.Json);
        return (kind.Number, kind.Version);
    }

    /// <summary>Reads a payload back; null when the type or version is not known to this build.</summary>
    public static AccountEvent? Decode(short type, short version, ReadOnlySpan<byte> payload) =>
        ByNumber.TryGetValue(type, out var kind) && kind.Version == version
            ? ContractPool.Shared((AccountEvent?)JsonSerializer.Deserialize(payload, kind.Json))
            : null;

    /// <summary>The event's name for people, or its number when it is not known.</summary>
    public static string NameOf(short type) => ByNumber.TryGetValue(type, out var kind) ? kind.Name : $"type {type}";

    private static Kind Of<TEvent>(short number)
        where TEvent : AccountEvent =>
        new(number, 1, typeof(TEvent).Name, AccountEventJson.Default.GetTypeInfo(typeof(TEvent))!);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(AccountEvent.DayOpened))]
[JsonSerializable(typeof(AccountEvent.ExitAccepted))]
[JsonSerializable(typeof(AccountEvent.OrderAccepted))]
[JsonSerializable(typeof(AccountEvent.SendIntended))]
[JsonSerializable(typeof(AccountEvent.OrderConfirmed))]
[JsonSerializable(typeof(AccountEvent.OrderRejected))]
[JsonSerializable(typeof(AccountEvent.OrderRefreshed))]
[JsonSerializable(typeof(AccountEvent.OrderTraded))]
[JsonSerializable(typeof(AccountEvent.CancelRequested))]
[JsonSerializable(typeof(AccountEvent.CancelIntended))]
[JsonSerializable(typeof(AccountEvent.OrderCancelled))]
[JsonSerializable(typeof(AccountEvent.CancelRejected))]
[JsonSerializable(typeof(AccountEvent.OrderBecameUnknown))]
[JsonSerializable(typeof(AccountEvent.OrderProvenAbsent))]
[JsonSerializable(typeof(AccountEvent.CancelProvenAbsent))]
[JsonSerializable(typeof(AccountEvent.ForeignOrderFound))]
[JsonSerializable(typeof(AccountEvent.ForeignTradeRecorded))]
[JsonSerializable(typeof(AccountEvent.UnplacedReportRecorded))]
[JsonSerializable(typeof(AccountEvent.ModifyRequested))]
[JsonSerializable(typeof(AccountEvent.ModifyIntended))]
[JsonSerializable(typeof(AccountEvent.OrderModified))]
[JsonSerializable(typeof(AccountEvent.ModifyRejected))]
[JsonSerializable(typeof(AccountEvent.ModifyProvenAbsent))]
[JsonSerializable(typeof(AccountEvent.OrderLostInOutage))]
[JsonSerializable(typeof(AccountEvent.OrderUnprovable))]
[JsonSerializable(typeof(AccountEvent.OrderLapsed))]
[JsonSerializable(typeof(AccountEvent.PlanAccepted))]
[JsonSerializable(typeof(AccountEvent.PlanLineReduced))]
[JsonSerializable(typeof(AccountEvent.PlanHedgesReleased))]
[JsonSerializable(typeof(AccountEvent.PlanStopped))]
[JsonSerializable(typeof(AccountEvent.PlanEnded))]
[JsonSerializable(typeof(AccountEvent.OrderRepriced))]
[JsonSerializable(typeof(AccountEvent.TradeBusted))]
[JsonSerializable(typeof(AccountEvent.TradeCorrected))]
[JsonSerializable(typeof(AccountEvent.StreamLost))]
[JsonSerializable(typeof(AccountEvent.OrderCarried))]
[JsonSerializable(typeof(AccountEvent.OrderAttributed))]
internal sealed partial class AccountEventJson : JsonSerializerContext;
