using Backup.Exchange.Wire.Broadcast;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests.Broadcast;

/// <summary>Datagrams as an exchange sends them.</summary>
internal static class Datagrams
{
    public static readonly DateTimeOffset Now = new(2026, 11, 27, 10, 0, 0, NnfTime.IndiaOffset);

    public static BroadcastForm Depth(Segment segment) => BroadcastForm.Find(segment, 7208)!;

    public static BroadcastForm Ticker(Segment segment) => segment == Segment.CapitalMarket ? BroadcastForm.CmTrades : BroadcastForm.FoTrades;

    /// <summary>A message with one record a price.</summary>
    public static byte[] Message(BroadcastForm form, int sequence, params (int Token, int Paise, int Seconds)[] prices)
    {
        var buffer = new byte[BroadcastDecoder.PacketMax];
        var message = BroadcastComposer.Begin(buffer, form, prices.Length, sequence, Now);
        for (var number = 0; number < prices.Length; number++)
        {
            var record = BroadcastComposer.Record(message, form, number);
            form.Token.Write(record, prices[number].Token);
            form.Market.Write(record, 1);
            form.Price.Write(record, prices[number].Paise);
            form.Time?.Write(record, prices[number].Seconds);
        }

        return message.ToArray();
    }

    public static byte[] Of(Segment segment, bool isCompressed, params byte[][] messages)
    {
        var datagram = new byte[8192];
        var length = BroadcastComposer.BeginDatagram(datagram, segment, messages.Length);
        foreach (var message in messages)
        {
            length += BroadcastComposer.AddPacket(datagram.AsSpan(length), segment, message, isCompressed);
        }

        return datagram[..length];
    }

    /// <summary>A message of nothing but its header, as many codes have no records.</summary>
    public static byte[] HeaderOnly(short code)
    {
        var message = new byte[BroadcastHeader.Layout.Size];
        BroadcastHeader.TransactionCode.Write(message, code);
        BroadcastHeader.MessageLength.Write(message, (short)message.Length);
        return message;
    }
}
