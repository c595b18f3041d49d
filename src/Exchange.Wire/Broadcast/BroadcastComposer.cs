using System.Buffers.Binary;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Broadcast;

/// <summary>Writes datagrams of the broadcast: what an exchange sends, and what a decoder must read.</summary>
public static class BroadcastComposer
{
    /// <summary>Clears a message of so many records and fills its header. Records lie behind the two bytes of their number.</summary>
    /// <returns>The message: the front of the buffer.</returns>
    public static Span<byte> Begin(Span<byte> buffer, BroadcastForm form, int records, int sequence, DateTimeOffset now)
    {
        // A message is as long as its largest number of records, however many it has (NSE-TAP.md 8, sizes).
        var message = buffer[..(BroadcastHeader.Layout.Size + sizeof(short) + (form.RecordsMax * form.RecordSize))];
        message.Clear();
        BroadcastHeader.LogTime.Write(message, NnfTime.ToSeconds(now));
        BroadcastHeader.AlphaChar.Write(message, "  "u8);
        BroadcastHeader.TransactionCode.Write(message, form.Code);
        BroadcastHeader.BCSeqNo.Write(message, sequence);
        BroadcastHeader.TimeStamp2.WriteNumber(message, NnfTime.ToJiffies(now));
        BroadcastHeader.MessageLength.Write(message, (short)message.Length);
        BinaryPrimitives.WriteInt16BigEndian(message[BroadcastHeader.Layout.Size..], (short)records);
        return message;
    }

    /// <summary>The bytes of one record of a message.</summary>
    public static Span<byte> Record(Span<byte> message, BroadcastForm form, int number) =>
        message.Slice(BroadcastHeader.Layout.Size + sizeof(short) + (number * form.RecordSize), form.RecordSize);

    /// <summary>Writes the datagram's own header.</summary>
    /// <returns>Its length.</returns>
    public static int BeginDatagram(Span<byte> datagram, Segment segment, int packets)
    {
        datagram[0] = BroadcastDecoder.NetIdOf(segment);
        datagram[1] = 0;
        BinaryPrimitives.WriteInt16BigEndian(datagram[2..], (short)packets);
        return BroadcastDecoder.DatagramHeaderLength;
    }

    /// <summary>Writes one packet, compressed or as it is.</summary>
    /// <returns>Its length.</returns>
    public static int AddPacket(Span<byte> target, Segment segment, ReadOnlySpan<byte> message, bool isCompressed)
    {
        Span<byte> whole = stackalloc byte[BroadcastDecoder.PacketMax];
        whole = whole[..(BroadcastDecoder.PreambleLength + message.Length)];
        whole[..BroadcastDecoder.PreambleLength].Clear();
        whole[0] = BroadcastDecoder.NetIdOf(segment);
        message.CopyTo(whole[BroadcastDecoder.PreambleLength..]);
        if (!isCompressed)
        {
            BinaryPrimitives.WriteInt16BigEndian(target, 0);
            whole.CopyTo(target[sizeof(short)..]);
            return sizeof(short) + whole.Length;
        }

        var length = Lzo1zPacker.Pack(whole, target[sizeof(short)..]);
        BinaryPrimitives.WriteInt16BigEndian(target, (short)length);
        return sizeof(short) + length;
    }
}
