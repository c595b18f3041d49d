using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Backup.Account.Domain.Journal;

/// <summary>
/// What nodes say to each other about an account: one command or one reply as UTF-8 JSON, a version and the case by its name,
/// <c>{"v":2,"Show":{}}</c>. Nodes of one version understand each other; what another version says is refused, not guessed.
/// </summary>
public static class AccountMessageCodec
{
    /// <summary>Of the format written now, and the only one read. Any change of what is written takes another number.</summary>
    public const short Version = 2;

    private static readonly FrozenDictionary<Type, MessageKind> Commands = ByType(
        typeof(AccountCommand.OpenDay), typeof(AccountCommand.CarryOrders), typeof(AccountCommand.StartPlan), typeof(AccountCommand.StopPlan),
        typeof(AccountCommand.ReleaseHedges), typeof(AccountCommand.ReviewPlans), typeof(AccountCommand.CancelOrder), typeof(AccountCommand.ModifyOrder),
        typeof(AccountCommand.AuthorizeSend), typeof(AccountCommand.AuthorizeCancel), typeof(AccountCommand.AuthorizeModify), typeof(AccountCommand.RecordReport),
        typeof(AccountCommand.LoseSession), typeof(AccountCommand.ConcludeRecovery), typeof(AccountCommand.LoseStream), typeof(AccountCommand.LapseOrder),
        typeof(AccountCommand.Show));

    private static readonly FrozenDictionary<Type, MessageKind> Replies = ByType(
        typeof(AccountReply.Done), typeof(AccountReply.Refused), typeof(AccountReply.PlanShown), typeof(AccountReply.CancelAccepted),
        typeof(AccountReply.ModifyAccepted), typeof(AccountReply.GoAhead), typeof(AccountReply.NotNow), typeof(AccountReply.Shown));

    private static readonly FrozenDictionary<string, MessageKind> CommandsByName = ByName(Commands);

    private static readonly FrozenDictionary<string, MessageKind> RepliesByName = ByName(Replies);

    public static void EncodeCommand(AccountCommand command, IBufferWriter<byte> payload) => Encode(Commands, command, payload);

    /// <exception cref="AccountFormatException">The bytes are no command, or one of another version.</exception>
    public static AccountCommand DecodeCommand(ReadOnlySpan<byte> payload) => (AccountCommand)Decode("command", CommandsByName, payload);

    public static void EncodeReply(AccountReply reply, IBufferWriter<byte> payload) => Encode(Replies, reply, payload);

    /// <exception cref="AccountFormatException">The bytes are no reply, or one of another version.</exception>
    public static AccountReply DecodeReply(ReadOnlySpan<byte> payload) => (AccountReply)Decode("reply", RepliesByName, payload);

    private static void Encode(FrozenDictionary<Type, MessageKind> kinds, object message, IBufferWriter<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(message);
        var kind = kinds[message.GetType()];
        using var writer = new Utf8JsonWriter(payload);
        writer.WriteStartObject();
        writer.WriteNumber("v"u8, Version);
        writer.WritePropertyName(kind.Name);
        JsonSerializer.Serialize(writer, message, kind.Writing);
        writer.WriteEndObject();
    }

    private static object Decode(string what, FrozenDictionary<string, MessageKind> kinds, ReadOnlySpan<byte> payload)
    {
        try
        {
            var reader = new Utf8JsonReader(payload);
            var kind = ReadKind(what, kinds, ref reader);
            var message = JsonSerializer.Deserialize(ref reader, kind.Reading) ?? throw new JsonException($"the {kind.Name} is null");
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject || reader.Read())
            {
                throw new AccountFormatException(what, "more", $"nothing after {kind.Name}");
            }

            return message;
        }
        catch (Exception misread) when (AccountForms.IsMisreading(misread))
        {
            throw AccountForms.Misread(what, misread);
        }
    }

    private static MessageKind ReadKind(string what, FrozenDictionary<string, MessageKind> kinds, ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || !reader.ValueTextEquals("v"u8)
            || !reader.Read() || !reader.TryGetInt16(out var version))
        {
            throw new AccountFormatException(what, $"{reader.TokenType}", "an object that begins with its version");
        }

        if (version != Version)
        {
            throw new AccountFormatException($"{what} $.v", $"version {version}", $"version {Version}");
        }

        reader.Read();
        var name = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString()! : throw new AccountFormatException(what, $"{reader.TokenType}", "the name of its case");
        reader.Read();
        return kinds.GetValueOrDefault(name) ?? throw new AccountFormatException(what, $"\"{name}\"", $"one of {string.Join(", ", kinds.Keys.Order(StringComparer.Ordinal))}");
    }

    private static FrozenDictionary<Type, MessageKind> ByType(params ReadOnlySpan<Type> types)
    {
        var kinds = new Dictionary<Type, MessageKind>();
        foreach (var type in types)
        {
            kinds.Add(type, MessageKind.Of(type));
        }

        return kinds.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, MessageKind> ByName(FrozenDictionary<Type, MessageKind> kinds) =>
        kinds.Values.ToFrozenDictionary(kind => kind.Name, StringComparer.Ordinal);
}

/// <summary>Prices as a list in a fixed order, so that the same command is the same bytes.</summary>
internal sealed record ReviewPlansForm(ImmutableArray<PriceForm> Prices);

internal sealed record PriceForm(PositionKey Key, PriceSeen Price);

internal sealed class ReviewPlansConverter : FormConverter<AccountCommand.ReviewPlans, ReviewPlansForm>
{
    protected override ReviewPlansForm FormOf(AccountCommand.ReviewPlans value) =>
        new([.. value.Prices.OrderBy(price => price.Key).Select(price => new PriceForm(price.Key, price.Value))]);

    protected override AccountCommand.ReviewPlans ValueOf(ReviewPlansForm form) => new(form.Prices.ToImmutableDictionary(price => price.Key, price => price.Price));
}
