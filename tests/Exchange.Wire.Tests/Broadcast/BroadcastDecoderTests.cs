using Backup.Exchange.Wire.Broadcast;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests.Broadcast;

public class BroadcastDecoderTests
{
    private const Segment Cm = Segment.CapitalMarket;
    private const Segment Fo = Segment.FuturesAndOptions;

    private static readonly int Traded = NnfTime.ToSeconds(Datagrams.Now) - 7;

    [Fact]
    public void The_references_own_datagram_gives_its_price_and_time()
    {
        var decoder = new BroadcastDecoder(Cm);

        Assert.Equal(BroadcastStatus.Read, decoder.Read(Vectors.Named("broadcast_only_mbp_uncompressed").Packet, out _));
        Assert.Equal([new BroadcastPrice(1594, 152495, 1479633337, IsLate: false)], decoder.Prices.ToArray());
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 15, 37, NnfTime.IndiaOffset), decoder.Prices[0].At);
    }

    [Theory]
    [InlineData(Cm, false)]
    [InlineData(Cm, true)]
    [InlineData(Fo, false)]
    [InlineData(Fo, true)]
    public void Depth_and_ticker_are_read_clear_and_compressed(Segment segment, bool isCompressed)
    {
        var decoder = new BroadcastDecoder(segment);
        var depth = Datagrams.Message(Datagrams.Depth(segment), 1, (11, 12345, Traded), (12, 67890, Traded - 1));
        var ticker = Datagrams.Message(Datagrams.Ticker(segment), 1, (13, 500, 0), (14, 600, 0), (11, 12350, 0));

        Assert.Equal(BroadcastStatus.Read, decoder.Read(Datagrams.Of(segment, isCompressed, depth, ticker), out _));
        var now = NnfTime.ToSeconds(Datagrams.Now);
        Assert.Equal(
            [new(11, 12345, Traded, false), new(12, 67890, Traded - 1, false), new(13, 500, now, false), new(14, 600, now, false), new(11, 12350, now, false)],
            decoder.Prices.ToArray());
        Assert.Equal((1, 2, 5, 0), (decoder.Tally.Datagrams, decoder.Tally.Packets, decoder.Tally.Prices, decoder.Tally.Malformed));
    }

    [Fact]
    public void Clear_and_compressed_packets_stand_in_one_datagram()
    {
        var datagram = new byte[4096];
        var length = BroadcastComposer.BeginDatagram(datagram, Cm, 2);
        length += BroadcastComposer.AddPacket(datagram.AsSpan(length), Cm, Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded)), isCompressed: false);
        length += BroadcastComposer.AddPacket(datagram.AsSpan(length), Cm, Datagrams.Message(BroadcastForm.CmDepth, 2, (2, 200, Traded)), isCompressed: true);
        var decoder = new BroadcastDecoder(Cm);

        Assert.Equal(BroadcastStatus.Read, decoder.Read(datagram.AsSpan(0, length), out _));
        Assert.Equal([1, 2], decoder.Prices.ToArray().Select(price => price.Token));
    }

    [Fact]
    public void A_record_without_a_trade_or_of_another_market_is_no_price()
    {
        var decoder = new BroadcastDecoder(Cm);
        var oddLot = Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded), (2, 100, Traded));
        BroadcastForm.CmDepth.Market.Write(BroadcastComposer.Record(oddLot, BroadcastForm.CmDepth, 0), 5);

        decoder.Read(Datagrams.Of(Cm, true, Datagrams.Message(BroadcastForm.CmDepth, 9, (3, 0, Traded), (4, -5, Traded)), oddLot), out _);
        Assert.Equal([2], decoder.Prices.ToArray().Select(price => price.Token));
        decoder.Read(Datagrams.Of(Cm, true, Datagrams.Message(BroadcastForm.CmDepth, 10, (5, 100, 0))), out _);
        Assert.Equal(0, decoder.Prices.Length);
        Assert.Equal((3, 1, 1), (decoder.Tally.WithoutTrade, decoder.Tally.OtherMarkets, decoder.Tally.Prices));
    }

    [Fact]
    public void Other_codes_are_counted_and_passed_over()
    {
        var decoder = new BroadcastDecoder(Cm);
        byte[][] messages = [Datagrams.HeaderOnly(6541), Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded)), Datagrams.HeaderOnly(7202), Datagrams.HeaderOnly(6541)];

        Assert.Equal(BroadcastStatus.Read, decoder.Read(Datagrams.Of(Cm, true, messages), out _));
        Assert.Equal(1, decoder.Prices.Length);
        Assert.Equal(new Dictionary<short, long> { [6541] = 2, [7202] = 1 }, decoder.Tally.PassedOver);
    }

    [Fact]
    public void Codes_without_end_are_counted_in_bounded_room()
    {
        var decoder = new BroadcastDecoder(Cm);
        for (short code = 1; code <= 1000; code++)
        {
            decoder.Read(Datagrams.Of(Cm, false, Datagrams.HeaderOnly(code)), out _);
        }

        Assert.Equal(64, decoder.Tally.PassedOver.Count);
        Assert.Equal((1, 937), (decoder.Tally.PassedOver[63], decoder.Tally.PassedOver[0]));
    }

    [Fact]
    public void A_datagram_of_another_segment_is_left_alone()
    {
        var decoder = new BroadcastDecoder(Cm);

        Assert.Equal(BroadcastStatus.OtherSegment, decoder.Read(Datagrams.Of(Fo, true, Datagrams.Message(BroadcastForm.FoDepth, 1, (1, 100, Traded))), out _));
        Assert.Equal(0, decoder.Prices.Length);
        Assert.Equal((1, 0, 0), (decoder.Tally.OtherSegment, decoder.Tally.Malformed, decoder.Tally.Packets));
    }

    [Fact]
    public void A_packet_that_comes_twice_or_after_a_newer_one_is_late()
    {
        var decoder = new BroadcastDecoder(Cm);
        bool IsLate(int sequence, long machine = 0)
        {
            var message = Datagrams.Message(BroadcastForm.CmDepth, sequence, (1, 100, Traded));
            BroadcastHeader.Filler2.WriteNumber(message, machine);
            decoder.Read(Datagrams.Of(Cm, true, message), out _);
            return decoder.Prices[0].IsLate;
        }

        Assert.False(IsLate(5000));
        Assert.True(IsLate(5000));
        Assert.False(IsLate(5003));
        Assert.True(IsLate(5002));
        Assert.False(IsLate(4000, machine: 7));
        Assert.False(IsLate(1));
        Assert.False(IsLate(2));
        Assert.Equal(2, decoder.Tally.LatePackets);
    }

    [Fact]
    public void Nothing_of_a_datagram_counts_whose_last_packet_is_bad()
    {
        var decoder = new BroadcastDecoder(Cm);
        var good = Datagrams.Of(Cm, true, Datagrams.Message(BroadcastForm.CmDepth, 5, (1, 100, Traded)), Datagrams.HeaderOnly(6541), Datagrams.HeaderOnly(6541));
        var bad = good[..^1];

        Assert.Equal(BroadcastStatus.Malformed, decoder.Read(bad, out var fault));
        Assert.Equal(0, decoder.Prices.Length);
        Assert.Equal((1, 0, 0), (decoder.Tally.Malformed, decoder.Tally.Packets, decoder.Tally.Prices));
        Assert.Empty(decoder.Tally.PassedOver);
        Assert.StartsWith("CompressionLen at byte ", fault.ToString(), StringComparison.Ordinal);

        // Nor did it leave its sequence number behind: the same packet, whole, is not late.
        Assert.Equal(BroadcastStatus.Read, decoder.Read(good, out _));
        Assert.False(decoder.Prices[0].IsLate);
    }

    [Theory]
    [InlineData("", "datagram at byte 0: expected 4 to 2048 bytes, found 0")]
    [InlineData("09000001", "cNetId at byte 0: expected 4 (cash), 2 (F&O) or 6 (currency), found 9")]
    [InlineData("0400FFFF", "iNoPackets at byte 2: expected 0 to 128, found -1")]
    [InlineData("04000001", "CompressionLen at byte 4: expected 2 bytes, found 0")]
    [InlineData("040000018000", "CompressionLen at byte 4: expected 0, or no more than the bytes behind it, found -32768")]
    [InlineData("040000010004110000", "CompressionLen at byte 4: expected 0, or no more than the bytes behind it, found 4")]
    [InlineData("040000010003110000", "packet at byte 6: expected at least 48 bytes, found 0")]
    [InlineData("0400000100041241400411", "compressed data, copying from before its beginning at byte 10: expected whole LZO1Z data of at most 2048 bytes, found 1")]
    public void A_bad_datagram_names_the_place_what_was_expected_and_what_was_found(string datagram, string expected)
    {
        Assert.Equal(BroadcastStatus.Malformed, new BroadcastDecoder(Cm).Read(Convert.FromHexString(datagram), out var fault));
        Assert.Equal(expected, fault.ToString());
    }

    [Theory]
    [InlineData(39)]
    [InlineData(567)]
    [InlineData(-1)]
    public void A_message_length_that_its_packet_cannot_have_is_named(short length)
    {
        var message = Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded));
        BroadcastHeader.MessageLength.Write(message, length);

        Assert.Equal(BroadcastStatus.Malformed, new BroadcastDecoder(Cm).Read(Datagrams.Of(Cm, false, message), out var fault));
        Assert.Equal(("MessageLength", (long)length), (fault.Field, fault.Found));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void More_records_than_a_message_can_have_are_named(short records)
    {
        var message = Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded));
        System.Buffers.Binary.BinaryPrimitives.WriteInt16BigEndian(message.AsSpan(40), records);

        Assert.Equal(BroadcastStatus.Malformed, new BroadcastDecoder(Cm).Read(Datagrams.Of(Cm, false, message), out var fault));
        Assert.Equal(("NoOfRecords", (long)records), (fault.Field, fault.Found));
    }

    [Fact]
    public void More_prices_than_there_is_room_for_spoil_the_datagram()
    {
        // Thirty-seven times 28 alike records pack into a datagram of fewer than 2048 bytes.
        var same = Enumerable.Repeat((7, 100, 0), 28).ToArray();
        var messages = Enumerable.Repeat(Datagrams.Message(BroadcastForm.CmTrades, 1, same), 37).ToArray();

        Assert.Equal(BroadcastStatus.Malformed, new BroadcastDecoder(Cm).Read(Datagrams.Of(Cm, true, messages), out var fault));
        Assert.Equal(1025, fault.Found);
        Assert.Equal(BroadcastStatus.Read, new BroadcastDecoder(Cm).Read(Datagrams.Of(Cm, true, messages[..36]), out _));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var decoder = new BroadcastDecoder(Cm);
        var good = Datagrams.Of(Cm, true, Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded), (2, 200, Traded)), Datagrams.HeaderOnly(6541));
        var bad = good[..^1];
        decoder.Read(good, out _);
        decoder.Read(bad, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            decoder.Read(good, out _);
            decoder.Read(bad, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Damaged_datagrams_are_read_or_refused_and_never_throw()
    {
        var random = new Random(5);
        var decoder = new BroadcastDecoder(Cm);
        byte[][] whole =
        [
            Datagrams.Of(Cm, true, Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded)), Datagrams.Message(BroadcastForm.CmTrades, 1, (2, 200, 0))),
            Datagrams.Of(Cm, false, Datagrams.Message(BroadcastForm.CmDepth, 1, (1, 100, Traded))),
        ];
        var seen = new int[3];
        for (var round = 0; round < 40_000; round++)
        {
            byte[] hit = [.. whole[round & 1]];
            for (var times = random.Next(1, 4); times > 0; times--)
            {
                hit[random.Next(hit.Length)] = (byte)random.Next(256);
            }

            seen[(int)decoder.Read(hit.AsSpan(0, random.Next(4) == 0 ? random.Next(hit.Length) : hit.Length), out _)]++;
        }

        Assert.True(seen[(int)BroadcastStatus.Read] > 1000 && seen[(int)BroadcastStatus.Malformed] > 1000 && seen[(int)BroadcastStatus.OtherSegment] > 0);
    }
}
