using System.Globalization;

namespace Backup.Exchange.Wire;

/// <summary>Makes a message from field names and values as text: the way back from <see cref="FrameDescriber"/>.</summary>
public static class FrameComposer
{
    /// <summary>What a description shows in the place of a secret; here it leaves the field blank.</summary>
    private const string Masked = "***";

    /// <summary>The one kind of message that is called so, or whose structure is.</summary>
    /// <param name="name">For example ORDER_CONFIRMATION_TR, or the structure's name in the exchange's document.</param>
    /// <param name="segment">Needed where the two segments differ.</param>
    /// <exception cref="WireFormatException">There is none, or more than one; the text names them.</exception>
    public static MessageKind Find(string name, Segment? segment)
    {
        var called = MessageCatalogue.Messages
            .Where(kind => kind.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && (segment is null || kind.Segment is null || kind.Segment == segment))
            .ToArray();
        if (called.Length == 0)
        {
            called = [.. MessageCatalogue.Messages.Where(kind => kind.Layout.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Take(1)];
        }

        return called.Length switch
        {
            1 => called[0],
            0 => throw new WireFormatException($"There is no message {name}{Near(name)}."),
            _ => throw new WireFormatException(
                $"There are {called.Length} messages {name}: give the segment, or one of the structures {string.Join(", ", called.Select(kind => kind.Layout.Name).Distinct())}."),
        };
    }

    /// <summary>Writes one message: its code and length, the given fields, blanks and zeros in all others.</summary>
    /// <param name="kind">Which message.</param>
    /// <param name="fields">Names as in the exchange's document, those of the header with or without <c>Hdr.</c>; numbers in decimal, raw bytes in hexadecimal.</param>
    /// <exception cref="WireFormatException">A field is not there or cannot hold its value; the text names it.</exception>
    public static byte[] Compose(MessageKind kind, IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(fields);
        var message = new byte[kind.Layout.Size];
        kind.Layout.Clear(message);
        Layouts.MessageHeader.TransactionCode.Write(message, kind.Code);
        if (FieldText.Find(kind.Layout, "Hdr.MessageLength") is { } length)
        {
            FieldText.TryWrite(message, length, kind.Layout.Size.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (name, value) in fields)
        {
            var field = FieldText.Find(kind.Layout, name)
                ?? throw new WireFormatException($"{kind.Layout.Name} has no field {name}; it has {string.Join(", ", kind.Layout.Fields.Select(known => known.Name))}.");
            if (value != Masked && !FieldText.TryWrite(message, field, value))
            {
                throw new WireFormatException($"{field.Name}: expected {Words(field)}, found \"{value}\".");
            }
        }

        return message;
    }

    private static string Words(FieldInfo field) => field.Kind switch
    {
        FieldKind.Raw => $"{field.Size} bytes in hexadecimal, or a number",
        FieldKind.Text => $"at most {field.Size} characters",
        _ => $"a whole number of {field.Size} bytes",
    };

    private static string Near(string name)
    {
        var near = MessageCatalogue.Messages.Select(kind => kind.Name).Distinct()
            .Where(known => known.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(known, StringComparison.OrdinalIgnoreCase)).Take(6).ToArray();
        return near.Length == 0 ? "" : $"; there are {string.Join(", ", near)}";
    }
}
