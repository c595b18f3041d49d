using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Journal;

/// <summary>
/// How states, commands and replies are written: what is zero, false or null is left out. And how they are read: everything else must be
/// there, and nothing that is not known.
/// </summary>
internal static class AccountForms
{
    private static readonly JsonSerializerOptions Strict = new(AccountFormsJson.Default.Options)
    {
        TypeInfoResolver = AccountFormsJson.Default.WithAddedModifier(Demand),
    };

    internal static JsonTypeInfo Writing(Type type) => AccountFormsJson.Default.GetTypeInfo(type)
        ?? throw new ArgumentException($"{type.Name} has no form.", nameof(type));

    internal static JsonTypeInfo Reading(Type type) => Strict.GetTypeInfo(type);

    /// <summary>Whatever goes wrong while bytes are read says that they are not ours; nothing that was read so far is handed out.</summary>
    internal static AccountFormatException Misread(string what, Exception misread) => misread is AccountFormatException known ? known
        : new AccountFormatException(misread is JsonException { Path: { } path } ? $"{what} {path}" : what, misread.Message, "what this build writes", misread);

    internal static bool IsMisreading(Exception failure) =>
        failure is AccountFormatException or JsonException or FormatException or InvalidOperationException or ArgumentException or OverflowException;

    private static void Demand(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            property.IsRequired = !MayBeAbsent(property);
        }

        var lists = type.Properties
            .Where(property => property.PropertyType.IsAssignableTo(typeof(IEnumerable)) && property.PropertyType.GetGenericArguments() is [{ IsValueType: false }])
            .Select(property => property.Get!).ToArray();
        if (lists.Length > 0)
        {
            type.OnDeserialized = read => RefuseNulls(type.Type, read, lists);
        }
    }

    private static bool MayBeAbsent(JsonPropertyInfo property) =>
        property.Set is null || property.IsSetNullable || property.AssociatedParameter is { HasDefaultValue: true }
        || property.PropertyType == typeof(long) || property.PropertyType == typeof(int) || property.PropertyType == typeof(bool);

    /// <summary>Annotations say that an item of a list is never null; the reader looks only at properties.</summary>
    private static void RefuseNulls(Type type, object read, Func<object, object?>[] lists)
    {
        if (lists.Any(list => ((IEnumerable)list(read)!).Cast<object?>().Contains(null)))
        {
            throw new JsonException($"a list of {type.Name} holds a null");
        }
    }
}

/// <summary>A kind of message by its name.</summary>
internal sealed record MessageKind(string Name, JsonTypeInfo Writing, JsonTypeInfo Reading)
{
    internal static MessageKind Of(Type type) => new(type.Name, AccountForms.Writing(type), AccountForms.Reading(type));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    Converters =
    [
        typeof(NumberConverter<MarketSegment>),
        typeof(NumberConverter<ContractKind>),
        typeof(NumberConverter<OrderSide>),
        typeof(NumberConverter<OrderStatus>),
        typeof(NumberConverter<OrderReportKind>),
        typeof(NumberConverter<Repricing>),
        typeof(NumberConverter<PlanWarning>),
        typeof(NumberConverter<RefusalCode>),
        typeof(PositionKeyConverter),
        typeof(TradeConverter),
        typeof(ExitAmountConverter),
        typeof(PlanLineConverter),
        typeof(ReviewPlansConverter),
        typeof(AccountStateConverter),
    ])]
[JsonSerializable(typeof(AccountStateForm))]
[JsonSerializable(typeof(PlanLineForm))]
[JsonSerializable(typeof(ReviewPlansForm))]
[JsonSerializable(typeof(AccountCommand.OpenDay))]
[JsonSerializable(typeof(AccountCommand.CarryOrders))]
[JsonSerializable(typeof(AccountCommand.StartPlan))]
[JsonSerializable(typeof(AccountCommand.StopPlan))]
[JsonSerializable(typeof(AccountCommand.ReleaseHedges))]
[JsonSerializable(typeof(AccountCommand.ReviewPlans))]
[JsonSerializable(typeof(AccountCommand.CancelOrder))]
[JsonSerializable(typeof(AccountCommand.ModifyOrder))]
[JsonSerializable(typeof(AccountCommand.AuthorizeSend))]
[JsonSerializable(typeof(AccountCommand.AuthorizeCancel))]
[JsonSerializable(typeof(AccountCommand.AuthorizeModify))]
[JsonSerializable(typeof(AccountCommand.RecordReport))]
[JsonSerializable(typeof(AccountCommand.LoseSession))]
[JsonSerializable(typeof(AccountCommand.ConcludeRecovery))]
[JsonSerializable(typeof(AccountCommand.LoseStream))]
[JsonSerializable(typeof(AccountCommand.LapseOrder))]
[JsonSerializable(typeof(AccountCommand.Show))]
[JsonSerializable(typeof(AccountReply.Done))]
[JsonSerializable(typeof(AccountReply.Refused))]
[JsonSerializable(typeof(AccountReply.PlanShown))]
[JsonSerializable(typeof(AccountReply.CancelAccepted))]
[JsonSerializable(typeof(AccountReply.ModifyAccepted))]
[JsonSerializable(typeof(AccountReply.GoAhead))]
[JsonSerializable(typeof(AccountReply.NotNow))]
[JsonSerializable(typeof(AccountReply.Shown))]
internal sealed partial class AccountFormsJson : JsonSerializerContext;
