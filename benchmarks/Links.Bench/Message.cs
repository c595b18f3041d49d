using System.Buffers;
using System.Buffers.Binary;

namespace Backup.Links.Bench;

/// <summary>What both sides carry there and back: a number, and bytes that fill it up to the size of a command.</summary>
internal static class Message
{
    internal const int Bytes = 200;

    internal static void Write(long number, IBufferWriter<byte> writer)
    {
        var span = writer.GetSpan(Bytes)[..Bytes];
        Fill(number, span);
        writer.Advance(Bytes);
    }

    internal static void Fill(long number, Span<byte> message)
    {
        BinaryPrimitives.WriteInt64BigEndian(message, number);
        message[sizeof(long)..].Fill(LastByte(number));
    }

    /// <exception cref="FormatException">It is not what was sent.</exception>
    internal static long Read(ReadOnlySpan<byte> message)
    {
        var number = message.Length == Bytes ? BinaryPrimitives.ReadInt64BigEndian(message) : -1;
        return number >= 0 && message[^1] == LastByte(number)
            ? number
            : throw new FormatException($"a message came back changed: {message.Length} bytes, expected {Bytes} of number {number}");
    }

    private static byte LastByte(long number) => (byte)(number & 0xff);
}
