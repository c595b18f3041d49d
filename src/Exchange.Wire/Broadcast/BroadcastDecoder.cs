using System.Buffers.Binary;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Broadcast;

/// <summary>
/// Reads the last prices out of one segment's broadcast datagrams (NSE-TAP.md 8): depth (7208) and ticker (18703 cash, 7202 F&amp;O). Other codes
/// are counted and passed over. A datagram is read whole or not at all. Allocates nothing for a datagram.
/// </summary>
/// <remarks>Used by one thread; its <see cref="Tally"/> may be looked at by others.</remarks>
public sealed class BroadcastDecoder(Segment segment)
{
    /// <summary>Room for what is received. The exchange's datagrams have 512 bytes of packets; a clear depth packet alone takes 576.</summary>
    public const int DatagramMax = 2048;

    /// <summary>The longest packet after decompression; the longest of the exchange's list has 574.</summary>
    public const int PacketMax = 2048;

    /// <summary>The most prices of one datagram.</summary>
    public const int PricesMax = 1024;

    /// <summary>Bytes before the header of every packet, the first being the market type.</summary>
    public const int PreambleLength = 8;

    /// <summary>cNetId and iNoPackets.</summary>
    public const int DatagramHeaderLength = 4;

    private const int PacketsMax = 128;

    /// <summary>Book types and market types agree on their first: the normal market, regular lots (NSE-TAP.md 1.8).</summary>
    private const short NormalMarket = 1;

    private static readonly int HeaderLength = BroadcastHeader.Layout.Size;

    private readonly byte[] _packet = new byte[PacketMax];
    private readonly BroadcastPrice[] _prices = new BroadcastPrice[PricesMax];
    private readonly PacketMark[] _marks = new PacketMark[PacketsMax];
    private readonly BroadcastSequences _sequences = new();
    private int _priceCount;
    private int _withoutTrade;
    private int _otherMarkets;

    public BroadcastTally Tally { get; } = new();

    /// <summary>The prices of the last datagram that was read, in its order; gone at the next one.</summary>
    public ReadOnlySpan<BroadcastPrice> Prices => _prices.AsSpan(0, _priceCount);

    /// <summary>The first byte of a datagram of this segment.</summary>
    public static byte NetIdOf(Segment segment) => segment == Segment.CapitalMarket ? (byte)4 : (byte)2;

    /// <param name="fault">What was wrong, when the datagram is malformed.</param>
    public BroadcastStatus Read(ReadOnlySpan<byte> datagram, out BroadcastFault fault)
    {
        Tally.Datagrams++;
        (_priceCount, _withoutTrade, _otherMarkets) = (0, 0, 0);
        var status = ReadPackets(datagram, out var packets, out fault);
        if (status == BroadcastStatus.Read)
        {
            Settle(packets);
            return status;
        }

        _priceCount = 0;
        if (status == BroadcastStatus.Malformed)
        {
            Tally.Malformed++;
        }
        else
        {
            Tally.OtherSegment++;
        }

        return status;
    }

    private BroadcastStatus ReadPackets(ReadOnlySpan<byte> datagram, out int packets, out BroadcastFault fault)
    {
        packets = 0;
        fault = default;
        if (datagram.Length is < DatagramHeaderLength or > DatagramMax)
        {
            return Bad(out fault, "datagram", 0, "4 to 2048 bytes", datagram.Length);
        }

        if (datagram[0] != NetIdOf(segment))
        {
            return datagram[0] is 2 or 4 or 6 ? BroadcastStatus.OtherSegment : Bad(out fault, "cNetId", 0, "4 (cash), 2 (F&O) or 6 (currency)", datagram[0]);
        }

        packets = BinaryPrimitives.ReadInt16BigEndian(datagram[2..]);
        if (packets is < 0 or > PacketsMax)
        {
            return Bad(out fault, "iNoPackets", 2, "0 to 128", packets);
        }

        var at = DatagramHeaderLength;
        for (var number = 0; number < packets; number++)
        {
            if (ReadPacket(datagram, ref at, out _marks[number], out fault) != BroadcastStatus.Read)
            {
                return BroadcastStatus.Malformed;
            }
        }

        return BroadcastStatus.Read;
    }

    private BroadcastStatus ReadPacket(ReadOnlySpan<byte> datagram, ref int at, out PacketMark mark, out BroadcastFault fault)
    {
        mark = default;
        if (datagram.Length - at < sizeof(short))
        {
            return Bad(out fault, "CompressionLen", at, "2 bytes", datagram.Length - at);
        }

        var packed = BinaryPrimitives.ReadInt16BigEndian(datagram[at..]);
        var begin = at + sizeof(short);
        if (packed < 0 || packed > datagram.Length - begin)
        {
            return Bad(out fault, "CompressionLen", at, "0, or no more than the bytes behind it", packed);
        }

        var packet = datagram[begin..];
        if (packed > 0)
        {
            var status = Lzo1z.Decompress(packet[..packed], _packet, out var read, out var length);
            if (status != LzoStatus.Done)
            {
                return Bad(out fault, NameOf(status), begin + read, "whole LZO1Z data of at most 2048 bytes", length);
            }

            packet = _packet.AsSpan(0, length);
        }

        if (packet.Length < PreambleLength + HeaderLength)
        {
            return Bad(out fault, "packet", begin, "at least 48 bytes", packet.Length);
        }

        var stated = BroadcastHeader.MessageLength.Read(packet[PreambleLength..]);
        if (stated < HeaderLength || stated > packet.Length - PreambleLength)
        {
            return Bad(out fault, "MessageLength", begin, "40, up to the length of its packet less 8", stated);
        }

        var message = packet.Slice(PreambleLength, stated);
        var before = _priceCount;
        if (ReadMessage(message, begin, out var isPassedOver, out fault) != BroadcastStatus.Read)
        {
            return BroadcastStatus.Malformed;
        }

        at = begin + (packed > 0 ? packed : PreambleLength + stated);
        mark = new PacketMark(
            BroadcastHeader.Filler2.ReadNumber(message), BroadcastHeader.TransactionCode.Read(message), BroadcastHeader.BCSeqNo.Read(message),
            before, _priceCount, isPassedOver);
        return BroadcastStatus.Read;
    }

    private BroadcastStatus ReadMessage(ReadOnlySpan<byte> message, int begin, out bool isPassedOver, out BroadcastFault fault)
    {
        fault = default;
        var form = BroadcastForm.Find(segment, BroadcastHeader.TransactionCode.Read(message));
        isPassedOver = form is null;
        if (form is null)
        {
            return BroadcastStatus.Read;
        }

        if (message.Length < HeaderLength + sizeof(short))
        {
            return Bad(out fault, "MessageLength", begin, "at least 42 for a message with records", message.Length);
        }

        var count = BinaryPrimitives.ReadInt16BigEndian(message[HeaderLength..]);
        if (count < 0 || count > form.RecordsMax || HeaderLength + sizeof(short) + (count * form.RecordSize) > message.Length)
        {
            return Bad(out fault, "NoOfRecords", begin, "0 to 2 (7208), 17 (7202) or 28 (18703), all within the message", count);
        }

        var loggedAt = BroadcastHeader.LogTime.Read(message);
        for (var number = 0; number < count; number++)
        {
            var record = message.Slice(HeaderLength + sizeof(short) + (number * form.RecordSize), form.RecordSize);
            if (!TakeRecord(record, form, loggedAt))
            {
                return Bad(out fault, "iNoPackets", 2, "a datagram of at most 1024 prices", PricesMax + 1);
            }
        }

        return BroadcastStatus.Read;
    }

    /// <summary>False when there is no room for one more price.</summary>
    private bool TakeRecord(ReadOnlySpan<byte> record, BroadcastForm form, int loggedAt)
    {
        var paise = form.Price.Read(record);
        var seconds = form.Time?.Read(record) ?? loggedAt;
        if (form.Market.Read(record) != NormalMarket)
        {
            _otherMarkets++;
        }
        else if (paise <= 0 || seconds <= 0)
        {
            _withoutTrade++;
        }
        else if (_priceCount == PricesMax)
        {
            return false;
        }
        else
        {
            _prices[_priceCount++] = new BroadcastPrice(form.Token.Read(record), paise, seconds, IsLate: false);
        }

        return true;
    }

    /// <summary>Only now, as all of it could be read, does the datagram leave traces.</summary>
    private void Settle(int packets)
    {
        foreach (ref readonly var mark in _marks.AsSpan(0, packets))
        {
            if (mark.IsPassedOver)
            {
                Tally.PassOver(mark.Code);
            }
            else if (_sequences.IsLate(mark.Machine, mark.Code, mark.Sequence))
            {
                Tally.LatePackets++;
                foreach (ref var price in _prices.AsSpan(mark.PricesFrom, mark.PricesTo - mark.PricesFrom))
                {
                    price = price with { IsLate = true };
                }
            }
        }

        Tally.Packets += packets;
        Tally.Prices += _priceCount;
        Tally.WithoutTrade += _withoutTrade;
        Tally.OtherMarkets += _otherMarkets;
    }

    private static string NameOf(LzoStatus status) => status switch
    {
        LzoStatus.Cut => "compressed data, cut short",
        LzoStatus.TooLong => "compressed data, too long when unpacked",
        LzoStatus.BadDistance => "compressed data, copying from before its beginning",
        _ => "compressed data, going on behind its end",
    };

    private static BroadcastStatus Bad(out BroadcastFault fault, string field, int offset, string expected, long found)
    {
        fault = new BroadcastFault(field, offset, expected, found);
        return BroadcastStatus.Malformed;
    }

    private readonly record struct PacketMark(long Machine, short Code, int Sequence, int PricesFrom, int PricesTo, bool IsPassedOver);
}
