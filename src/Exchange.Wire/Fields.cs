using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Backup.Exchange.Wire;

/// <summary>How the bytes of a field are to be read.</summary>
public enum FieldKind
{
    I16,
    U16,
    I32,
    U32,
    I64,
    Wide,
    Text,
    Raw,
}

/// <summary>One field of a structure: its name in the exchange's document, where it lies, and its type.</summary>
public sealed record FieldInfo(string Name, int Offset, int Size, FieldKind Kind);

/// <summary>SHORT: two bytes, signed.</summary>
public readonly record struct Int16Field(int Offset)
{
    public short Read(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt16BigEndian(message[Offset..]);

    public void Write(Span<byte> message, short value) => BinaryPrimitives.WriteInt16BigEndian(message[Offset..], value);
}

/// <summary>UINT: two bytes, unsigned.</summary>
public readonly record struct UInt16Field(int Offset)
{
    public ushort Read(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[Offset..]);

    public void Write(Span<byte> message, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(message[Offset..], value);
}

/// <summary>LONG: four bytes, signed.</summary>
public readonly record struct Int32Field(int Offset)
{
    public int Read(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt32BigEndian(message[Offset..]);

    public void Write(Span<byte> message, int value) => BinaryPrimitives.WriteInt32BigEndian(message[Offset..], value);
}

/// <summary>UNSIGNED LONG: four bytes.</summary>
public readonly record struct UInt32Field(int Offset)
{
    public uint Read(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32BigEndian(message[Offset..]);

    public void Write(Span<byte> message, uint value) => BinaryPrimitives.WriteUInt32BigEndian(message[Offset..], value);
}

/// <summary>LONG LONG: eight bytes, signed.</summary>
public readonly record struct Int64Field(int Offset)
{
    public long Read(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt64BigEndian(message[Offset..]);

    public void Write(Span<byte> message, long value) => BinaryPrimitives.WriteInt64BigEndian(message[Offset..], value);
}

/// <summary>DOUBLE: a whole number that travels as an IEEE double, exact up to 2^53 (NSE-TAP.md 1.5).</summary>
public readonly record struct DoubleInteger(int Offset)
{
    /// <summary>The largest magnitude that every whole number below it reaches exactly.</summary>
    public const long Limit = 1L << 53;

    /// <exception cref="WireFormatException">The bytes are no whole number within the limit.</exception>
    public long Read(ReadOnlySpan<byte> message) => TryRead(message, out var value)
        ? value
        : throw new WireFormatException($"Expected a whole number as a double at offset {Offset}, found {Convert.ToHexStringLower(message.Slice(Offset, 8))}.");

    public bool TryRead(ReadOnlySpan<byte> message, out long value)
    {
        var carried = BinaryPrimitives.ReadDoubleBigEndian(message[Offset..]);
        if (!(Math.Abs(carried) <= Limit) || carried != Math.Floor(carried))
        {
            value = 0;
            return false;
        }

        value = (long)carried;
        return true;
    }

    public void Write(Span<byte> message, long value)
    {
        if (value is > Limit or < -Limit)
        {
            throw new WireFormatException($"Expected at most 2^53 in a double at offset {Offset}, found {value}.");
        }

        BinaryPrimitives.WriteDoubleBigEndian(message[Offset..], value);
    }
}

/// <summary>CHAR text: ASCII, left justified, filled with blanks; read without trailing blanks and NULs (NSE-TAP.md 1.3, N2).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TextField(int Offset, int Size)
{
    public string Read(ReadOnlySpan<byte> message) => Encoding.Latin1.GetString(ReadBytes(message));

    /// <summary>The text without its padding; a window into the message, not a copy.</summary>
    public ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> message)
    {
        var field = message.Slice(Offset, Size);
        var end = field.Length;
        while (end > 0 && field[end - 1] is (byte)' ' or 0)
        {
            end--;
        }

        return field[..end];
    }

    /// <exception cref="WireFormatException">The text is longer than the field or not ASCII: it is never cut silently.</exception>
    public void Write(Span<byte> message, ReadOnlySpan<char> value)
    {
        // Fields are short: plain loops are faster than calls for checking, filling and converting.
        var target = message.Slice(Offset, Size);
        var all = 0;
        var at = 0;
        for (; at < value.Length && at < target.Length; at++)
        {
            all |= value[at];
            target[at] = unchecked((byte)value[at]);
        }

        for (; at < target.Length; at++)
        {
            target[at] = (byte)' ';
        }

        if (all > 0x7F || value.Length > Size)
        {
            throw new WireFormatException($"Expected at most {Size} ASCII characters at offset {Offset}, found {value.Length} characters.");
        }
    }
}

/// <summary>CHAR raw: bytes without a meaning of their own, or with bits.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RawField(int Offset, int Size)
{
    /// <summary>A window into the message, not a copy.</summary>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> message) => message.Slice(Offset, Size);

    /// <summary>The whole field as a big-endian number, for fields of at most eight bytes.</summary>
    public long ReadNumber(ReadOnlySpan<byte> message)
    {
        long number = 0;
        foreach (var part in Read(message))
        {
            number = (number << 8) | part;
        }

        return number;
    }

    public void Write(Span<byte> message, ReadOnlySpan<byte> value)
    {
        if (value.Length != Size)
        {
            throw new WireFormatException($"Expected {Size} bytes at offset {Offset}, found {value.Length}.");
        }

        value.CopyTo(message[Offset..]);
    }

    public void WriteNumber(Span<byte> message, long value)
    {
        var target = message.Slice(Offset, Size);
        for (var at = Size - 1; at >= 0; at--)
        {
            target[at] = unchecked((byte)value);
            value >>= 8;
        }
    }
}
