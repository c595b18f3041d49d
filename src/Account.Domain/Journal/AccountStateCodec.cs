using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Backup.Account.Domain.Journal;

/// <summary>
/// The format of a whole state, for snapshots and for those who watch an account from another node: UTF-8 JSON that begins with its version. A
/// snapshot is a cache, so an older version is not upcast but folded anew.
/// </summary>
public static class AccountStateCodec
{
    /// <summary>Of the format written now, and the only one read. Any change of what is written takes another number.</summary>
    public const short Version = 2;

    private static readonly JsonTypeInfo<AccountStateForm> WritingForm = (JsonTypeInfo<AccountStateForm>)AccountForms.Writing(typeof(AccountStateForm));

    private static readonly JsonTypeInfo<AccountState> Reading = (JsonTypeInfo<AccountState>)AccountForms.Reading(typeof(AccountState));

    public static void Encode(AccountState state, IBufferWriter<byte> payload)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var writer = new Utf8JsonWriter(payload);
        JsonSerializer.Serialize(writer, AccountStateForm.Of(state), WritingForm);
    }

    /// <exception cref="AccountFormatException">The bytes are no state, or one of another version.</exception>
    public static AccountState Decode(ReadOnlySpan<byte> payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, Reading) ?? throw new JsonException("the state is null");
        }
        catch (Exception misread) when (AccountForms.IsMisreading(misread))
        {
            throw AccountForms.Misread("state", misread);
        }
    }
}

/// <summary>A state wherever it stands in a message; its version is looked at before anything else of it.</summary>
internal sealed class AccountStateConverter : FormConverter<AccountState, AccountStateForm>
{
    public override AccountState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var ahead = reader;
        if (ahead.TokenType != JsonTokenType.StartObject || !ahead.Read() || !ahead.ValueTextEquals("v"u8) || !ahead.Read() || !ahead.TryGetInt16(out var version))
        {
            throw new AccountFormatException("state", $"{ahead.TokenType}", "an object that begins with its version");
        }

        return version == AccountStateCodec.Version
            ? base.Read(ref reader, typeToConvert, options)
            : throw new AccountFormatException("state $.v", $"version {version}", $"version {AccountStateCodec.Version}");
    }

    protected override AccountStateForm FormOf(AccountState value) => AccountStateForm.Of(value);

    protected override AccountState ValueOf(AccountStateForm form) => form.ToState();
}
