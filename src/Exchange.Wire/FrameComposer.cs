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
        if (kind.Layout.Fields.FirstOrDefault(field => field.Name == "Hdr.MessageLength") is { } length)
        {
            Write(message, length, kind.Layout.Size.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var (name, value) in fields)
        {
            var field = kind.Layout.Fields.FirstOrDefault(field => field.Name == name)
                ?? kind.Layout.Fields.FirstOrDefault(field => field.Name == $"Hdr.{name}")
                ?? throw new WireFormatException($"{kind.Layout.Name} has no field {name}; it has {string.Join(", ", kind.Layout.Fields.Select(known => known.Name))}.");
            if (value != Masked)
            {
                Write(message, field, value);
            }
        }

        return message;
    }

    private static void Write(Span<byte> message, FieldInfo field, string value)
    {
        try
        {
            switch (field.Kind)
            {
                case FieldKind.Text:
                    new TextField(field.Offset, field.Size).Write(message, value);
                    break;
                case FieldKind.Raw:
                    WriteRaw(message, field, value);
                    break;
                default:
                    WriteNumber(message, field, long.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
                    break;
            }
        }
        catch (Exception misfit) when (misfit is FormatException or OverflowException)
        {
            throw new WireFormatException($"{field.Name}: expected {Words(field)}, found \"{value}\".");
        }
    }

    private static void WriteRaw(Span<byte> message, FieldInfo field, string value)
    {
        var bytes = Convert.FromHexString(value);
        if (bytes.Length != field.Size)
        {
            throw new FormatException();
        }

        bytes.CopyTo(message[field.Offset..]);
    }

    private static void WriteNumber(Span<byte> message, FieldInfo field, long number)
    {
        switch (field.Kind)
        {
            case FieldKind.I16:
                new Int16Field(field.Offset).Write(message, checked((short)number));
                break;
            case FieldKind.U16:
                new UInt16Field(field.Offset).Write(message, checked((ushort)number));
                break;
            case FieldKind.I32:
                new Int32Field(field.Offset).Write(message, checked((int)number));
                break;
            case FieldKind.U32:
                new UInt32Field(field.Offset).Write(message, checked((uint)number));
                break;
            case FieldKind.I64:
                new Int64Field(field.Offset).Write(message, number);
                break;
            default:
                new DoubleInteger(field.Offset).Write(message, number);
                break;
        }
    }

    private static string Words(FieldInfo field) => field.Kind switch
    {
        FieldKind.Raw => $"{field.Size} bytes in hexadecimal",
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
