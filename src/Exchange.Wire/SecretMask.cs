using System.Collections.Frozen;

namespace Backup.Exchange.Wire;

/// <summary>Which fields of the wire must not be seen by people: what signs on, what deciphers, and what names a person to the tax office.</summary>
public static class SecretMask
{
    private const byte Star = (byte)'*';

    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
        ["Password", "NewPassword", "SessionKey", "CryptographicKey", "CryptographicIV", "StaticIV", "DynamicIV", "AdditionalKey", "PAN"],
        StringComparer.Ordinal);

    public static bool Covers(string fieldName) => Names.Contains(fieldName);

    /// <summary>Overwrites every secret of a message with stars, that of a message inside it too.</summary>
    /// <param name="segment">Null lets the size decide.</param>
    public static void Apply(Span<byte> message, Segment? segment)
    {
        if (message.Length < sizeof(short))
        {
            return;
        }

        var code = Layouts.MessageHeader.TransactionCode.Read(message);
        var header = Layouts.MessageHeader.Layout.Size;
        if (code == TransactionCode.DownloadMessage && message.Length > header)
        {
            Apply(message[header..], segment);
        }
        else if (MessageCatalogue.Find(segment, code, message.Length) is { } kind)
        {
            foreach (var field in kind.Layout.Fields)
            {
                if (Covers(field.Name))
                {
                    message.Slice(field.Offset, field.Size).Fill(Star);
                }
            }
        }
    }
}
