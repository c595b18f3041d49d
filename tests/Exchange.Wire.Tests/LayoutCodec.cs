using System.Text.Json;

namespace Backup.Exchange.Wire.Tests;

/// <summary>Reads and writes any field through the same typed descriptors that the product uses.</summary>
internal static class LayoutCodec
{
    public static void AssertReads(FieldInfo field, ReadOnlySpan<byte> message, JsonElement expected)
    {
        switch (field.Kind)
        {
            case FieldKind.Text when IsNuls(field, expected):
                Assert.Equal(new byte[field.Size], message.Slice(field.Offset, field.Size).ToArray());
                break;
            case FieldKind.Text:
                Assert.Equal(expected.GetString(), new TextField(field.Offset, field.Size).Read(message));
                break;
            case FieldKind.Raw:
                Assert.Equal(expected.GetString(), Convert.ToHexStringLower(new RawField(field.Offset, field.Size).Read(message)));
                break;
            default:
                Assert.Equal((long)expected.GetDecimal(), ReadNumber(field, message));
                break;
        }
    }

    public static void Write(FieldInfo field, Span<byte> message, JsonElement value)
    {
        switch (field.Kind)
        {
            case FieldKind.I16: new Int16Field(field.Offset).Write(message, (short)value.GetDecimal()); break;
            case FieldKind.U16: new UInt16Field(field.Offset).Write(message, (ushort)value.GetDecimal()); break;
            case FieldKind.I32: new Int32Field(field.Offset).Write(message, (int)value.GetDecimal()); break;
            case FieldKind.U32: new UInt32Field(field.Offset).Write(message, (uint)value.GetDecimal()); break;
            case FieldKind.I64: new Int64Field(field.Offset).Write(message, (long)value.GetDecimal()); break;
            case FieldKind.Wide: new DoubleInteger(field.Offset).Write(message, (long)value.GetDecimal()); break;
            case FieldKind.Text when IsNuls(field, value): message.Slice(field.Offset, field.Size).Clear(); break;
            case FieldKind.Text: new TextField(field.Offset, field.Size).Write(message, value.GetString()); break;
            default: new RawField(field.Offset, field.Size).Write(message, Convert.FromHexString(value.GetString()!)); break;
        }
    }

    /// <summary>The reference gives text that is filled with NULs as hex: the echoed passwords of 2301.</summary>
    private static bool IsNuls(FieldInfo field, JsonElement value) => value.GetString() == new string('0', 2 * field.Size);

    private static long ReadNumber(FieldInfo field, ReadOnlySpan<byte> message) => field.Kind switch
    {
        FieldKind.I16 => new Int16Field(field.Offset).Read(message),
        FieldKind.U16 => new UInt16Field(field.Offset).Read(message),
        FieldKind.I32 => new Int32Field(field.Offset).Read(message),
        FieldKind.U32 => new UInt32Field(field.Offset).Read(message),
        FieldKind.I64 => new Int64Field(field.Offset).Read(message),
        FieldKind.Wide => new DoubleInteger(field.Offset).Read(message),
        _ => throw new InvalidOperationException($"{field.Name} is no number."),
    };
}
