using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Backup.Actor.Kernel.Links;

/// <summary>Numbers and texts in the questions and answers between nodes: big-endian, a text behind its length in bytes.</summary>
public static class LinkText
{
    private const int TextBytesMax = 64 * 1024;

    public static void Write(this IBufferWriter<byte> writer, byte value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    public static void Write(this IBufferWriter<byte> writer, long value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        BinaryPrimitives.WriteInt64BigEndian(writer.GetSpan(sizeof(long)), value);
        writer.Advance(sizeof(long));
    }

    /// <summary>Longer texts are cut: they are names and reasons.</summary>
    public static void Write(this IBufferWriter<byte> writer, string text)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var length = Encoding.UTF8.GetByteCount(text);
        if (length > TextBytesMax)
        {
            text = text[..(TextBytesMax / 4)];
            length = Encoding.UTF8.GetByteCount(text);
        }

        BinaryPrimitives.WriteInt32BigEndian(writer.GetSpan(sizeof(int)), length);
        writer.Advance(sizeof(int));
        Encoding.UTF8.GetBytes(text, writer);
    }

    public static byte TakeByte(ref ReadOnlySpan<byte> bytes) => Take(ref bytes, 1)[0];

    public static long TakeLong(ref ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(Take(ref bytes, sizeof(long)));

    public static string TakeText(ref ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(Take(ref bytes, BinaryPrimitives.ReadInt32BigEndian(Take(ref bytes, sizeof(int)))));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        if (length < 0 || length > bytes.Length)
        {
            throw new FormatException($"node link: expected {length} more bytes, found {bytes.Length}");
        }

        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }
}
