using System.Text.Json;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests;

public class FrameDescriberTests
{
    [Fact]
    public void An_order_packet_is_shown_by_field_name_and_its_segment_is_told_from_its_size()
    {
        var shown = Describe(Vectors.Named("order_confirmation_tr_cm").Packet, null);
        Assert.Equal("ORDER_CONFIRMATION_TR", shown.GetProperty("name").GetString());
        Assert.Equal("CM", shown.GetProperty("segment").GetString());
        Assert.Equal("size", shown.GetProperty("segmentFrom").GetString());
        Assert.Equal("exchange to member", shown.GetProperty("direction").GetString());
        Assert.True(shown.GetProperty("packet").GetProperty("checksumOk").GetBoolean());
        Assert.Equal("INFY", shown.GetProperty("fields").GetProperty("Symbol").GetString());
        Assert.Equal(1100000000000457, shown.GetProperty("fields").GetProperty("OrderNumber").GetInt64());
        Assert.Equal("2026-11-20T09:15:30+05:30", shown.GetProperty("times").GetProperty("LogTime").GetString());
        Assert.Equal("2026-11-20T09:15:30.1234567+05:30", shown.GetProperty("times").GetProperty("Timestamp").GetString());
    }

    [Fact]
    public void The_same_code_of_the_other_segment_is_told_apart()
    {
        Assert.Equal("FO", Describe(Vectors.Named("fo_order_confirmation_tr").Packet, null).GetProperty("segment").GetString());
    }

    [Fact]
    public void A_message_without_its_packet_header_is_shown_too()
    {
        var shown = Describe(Vectors.Named("heartbeat").Message, Segment.FuturesAndOptions);
        Assert.Equal("HEARTBEAT", shown.GetProperty("name").GetString());
        Assert.False(shown.TryGetProperty("packet", out _));
    }

    [Fact]
    public void Every_plain_example_can_be_shown()
    {
        foreach (var vector in Vectors.All.Where(vector => !vector.IsEncrypted && vector.Code != 7208))
        {
            Assert.Equal(vector.Code, Describe(vector.Message, null).GetProperty("code").GetInt16());
        }
    }

    [Theory]
    [InlineData("sign_on_request_cm", "Password")]
    [InlineData("fo_sign_on_request", "Password")]
    [InlineData("box_sign_on_request", "SessionKey")]
    [InlineData("gr_response_124", "CryptographicKey")]
    [InlineData("gr_response_136", "AdditionalKey")]
    public void Secrets_are_masked(string name, string field)
    {
        Assert.Equal("***", Describe(Vectors.Named(name).Packet, null).GetProperty("fields").GetProperty(field).GetString());
        Assert.DoesNotContain("Trade@26", FrameDescriber.Describe(Vectors.Named(name).Packet, null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_checksum_is_pointed_out()
    {
        var packet = Vectors.Named("heartbeat").Packet;
        packet[^1] ^= 1;
        Assert.False(Describe(packet, null).GetProperty("packet").GetProperty("checksumOk").GetBoolean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_downloaded_message_is_shown_inside_its_envelope_in_either_header_order(bool innerOrder)
    {
        var shown = Describe(Downloaded(innerOrder), Segment.CapitalMarket);
        Assert.Equal("DOWNLOAD_MESSAGE", shown.GetProperty("name").GetString());
        Assert.Equal("ORDER_CONFIRMATION", shown.GetProperty("inner").GetProperty("name").GetString());
        Assert.Equal("INFY", shown.GetProperty("inner").GetProperty("fields").GetProperty("Symbol").GetString());
    }

    [Theory]
    [InlineData("", "Expected at least 22 bytes, found 0.")]
    [InlineData("01020304050607", "Expected at least 22 bytes, found 7.")]
    public void Too_few_bytes_are_refused_in_plain_words(string hex, string message)
    {
        var refused = Assert.Throws<WireFormatException>(() => FrameDescriber.Describe(Convert.FromHexString(hex), null));
        Assert.Equal(message, refused.Message);
    }

    [Fact]
    public void A_known_code_of_the_wrong_length_names_the_right_one()
    {
        var refused = Assert.Throws<WireFormatException>(() => FrameDescriber.Describe(Vectors.Named("order_entry_tr_cm").Message.AsSpan(0, 100), null));
        Assert.Equal("Expected 136 or 158 message bytes for code 20000 (BOARD_LOT_IN_TR), found 100.", refused.Message);
    }

    [Fact]
    public void Garbage_never_gives_anything_but_the_stated_error()
    {
        var random = new Random(11);
        var codes = MessageCatalogue.Messages.Select(kind => (kind.Code, kind.Layout.Size)).ToArray();
        for (var round = 0; round < 5_000; round++)
        {
            var (code, size) = codes[random.Next(codes.Length)];
            var message = new byte[random.Next(4) == 0 ? random.Next(600) : size];
            random.NextBytes(message);
            if (message.Length >= 2)
            {
                MessageHeader.TransactionCode.Write(message, code);
            }

            try
            {
                FrameDescriber.Describe(message, null);
            }
            catch (WireFormatException)
            {
                // The one allowed answer.
            }
        }
    }

    private static byte[] Downloaded(bool innerOrder)
    {
        var inner = Vectors.Named("stop_loss_confirmation_cm").Message;
        if (innerOrder)
        {
            var plain = inner.ToArray();
            InnerMessageHeader.TraderId.Write(inner, MessageHeader.TraderId.Read(plain));
            InnerMessageHeader.LogTime.Write(inner, MessageHeader.LogTime.Read(plain));
            InnerMessageHeader.AlphaChar.Write(inner, MessageHeader.AlphaChar.Read(plain));
            InnerMessageHeader.TransactionCode.Write(inner, MessageHeader.TransactionCode.Read(plain));
        }

        var outer = new byte[40 + inner.Length];
        MessageHeader.Layout.Begin(outer, TransactionCode.DownloadMessage, 40521);
        MessageHeader.MessageLength.Write(outer, (short)outer.Length);
        inner.CopyTo(outer, 40);
        return outer;
    }

    private static JsonElement Describe(ReadOnlySpan<byte> packet, Segment? segment) =>
        JsonDocument.Parse(FrameDescriber.Describe(packet, segment)).RootElement;
}
