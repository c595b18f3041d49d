using System.Globalization;

namespace Backup.Exchange.Wire;

/// <summary>Fields of messages by name and as text: numbers in decimal, raw bytes in hexadecimal.</summary>
public static class FieldText
{
    /// <summary>A field of a structure; those of the header also without their "Hdr." in front when no other has that name.</summary>
    public static FieldInfo? Find(StructureLayout layout, string name) =>
        layout.Fields.FirstOrDefault(field => field.Name == name) ?? layout.Fields.FirstOrDefault(field => field.Name == "Hdr." + name);

    public static string Read(ReadOnlySpan<byte> message, FieldInfo field) => field.Kind switch
    {
        FieldKind.Text => new TextField(field.Offset, field.Size).Read(message),
        FieldKind.Raw => Convert.ToHexStringLower(message.Slice(field.Offset, field.Size)),
        FieldKind.I16 => Text(new Int16Field(field.Offset).Read(message)),
        FieldKind.U16 => Text(new UInt16Field(field.Offset).Read(message)),
        FieldKind.I32 => Text(new Int32Field(field.Offset).Read(message)),
        FieldKind.U32 => Text(new UInt32Field(field.Offset).Read(message)),
        FieldKind.I64 => Text(new Int64Field(field.Offset).Read(message)),
        _ => new DoubleInteger(field.Offset).TryRead(message, out var number) ? Text(number) : "no whole number",
    };

    /// <summary>Writes a value; false when it does not fit the field.</summary>
    public static bool TryWrite(Span<byte> message, FieldInfo field, string value)
    {
        if (field.Kind == FieldKind.Text)
        {
            return TryWriteText(message, field, value);
        }

        if (field.Kind == FieldKind.Raw)
        {
            return TryWriteRaw(message, field, value);
        }

        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        if (field.Kind == FieldKind.Wide)
        {
            if (Math.Abs(number) > DoubleInteger.Limit)
            {
                return false;
            }

            new DoubleInteger(field.Offset).Write(message, number);
            return true;
        }

        new RawField(field.Offset, field.Size).WriteNumber(message, number);
        return Read(message, field) == Text(number);
    }

    /// <summary>Whether a field is what was told; numbers may have leading zeros, raw bytes may be told as a number.</summary>
    public static bool Matches(ReadOnlySpan<byte> message, FieldInfo field, string value)
    {
        var found = Read(message, field);
        if (found == value)
        {
            return true;
        }

        var told = new byte[message.Length];
        return field.Kind != FieldKind.Text && TryWrite(told, field, value) && Read(told, field) == found;
    }

    private static bool TryWriteText(Span<byte> message, FieldInfo field, string value)
    {
        if (value.Length > field.Size || value.Any(letter => letter > 0x7F))
        {
            return false;
        }

        new TextField(field.Offset, field.Size).Write(message, value);
        return true;
    }

    /// <summary>Exactly as many hex digits as the field has, else a number.</summary>
    private static bool TryWriteRaw(Span<byte> message, FieldInfo field, string value)
    {
        if (value.Length == 2 * field.Size && value.All(char.IsAsciiHexDigit))
        {
            Convert.FromHexString(value).CopyTo(message[field.Offset..]);
            return true;
        }

        if (field.Size > 8 || !long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        new RawField(field.Offset, field.Size).WriteNumber(message, number);
        return true;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
