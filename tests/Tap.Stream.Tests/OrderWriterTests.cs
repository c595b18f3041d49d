using System.Text.Json;
using Backup.Exchange.Wire;

namespace Backup.Tap.Stream.Tests;

/// <summary>The messages of the reference's worked examples (NSE-TAP.md 10), written by the session.</summary>
public class OrderWriterTests
{
    private static readonly TapOrder Infosys = new(
        "CLI0001", "ABCDE1234F", new TapInstrument(Segment.CapitalMarket, 1594, "", "INFY", "EQ", 0, 0, ""), BuySell.Buy, 100, 152550, 700001);

    [Fact]
    public void A_cash_order_is_the_worked_example_byte_for_byte() =>
        Assert.Equal(Example("order_entry_tr_cm"), Written(Segment.CapitalMarket, new TapRequest.Enter(Infosys)));

    [Fact]
    public void A_cash_cancel_is_the_worked_example_byte_for_byte()
    {
        var reference = new ExchangeOrderReference(1100000000000457, 1479633335, 1479633337, 1479633337300000002, 0x1060, 100, 40, 60, 152500);
        Assert.Equal(Example("order_cancel_tr_cm"), Written(Segment.CapitalMarket, new TapRequest.Cancel(Infosys with { ClientReference = 700003 }, reference)));
    }

    [Fact]
    public void A_cash_change_is_the_worked_example_byte_for_byte()
    {
        var reference = new ExchangeOrderReference(1100000000000457, 1479633330, 1479633330, 1479633330123456789, 0x1000, 100, 0, 100, 152550);
        Assert.Equal(
            Example("order_modify_tr_cm"),
            Written(Segment.CapitalMarket, new TapRequest.Modify(Infosys with { ClientReference = 700002 }, reference, 100, 152500)));
    }

    [Theory]
    [InlineData(Segment.CapitalMarket)]
    [InlineData(Segment.FuturesAndOptions)]
    public void An_order_leaves_nothing_of_the_one_before_it(Segment segment)
    {
        var writer = new OrderWriter(SessionTests.Options(segment));
        var buffer = new byte[OrderWriter.MaxLength];
        var small = RecordingDesk.Order("A", segment);
        var fresh = Convert.ToHexString(writer.Write(buffer, new TapRequest.Enter(small)));
        writer.Write(buffer, new TapRequest.Enter(small with { Account = "LONGERNAME", Quantity = int.MaxValue, Instrument = small.Instrument with { Symbol = "SYMBOLLONG" } }));
        Assert.Equal(fresh, Convert.ToHexString(writer.Write(buffer, new TapRequest.Enter(small))));
    }

    private static string Example(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "nse-tap-vectors.json")));
        var example = document.RootElement.GetProperty("vectors").EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);
        return example.GetProperty("message_hex").GetString()!;
    }

    private static string Written(Segment segment, TapRequest request)
    {
        var buffer = new byte[OrderWriter.MaxLength];
        buffer.AsSpan().Fill(0xEE);
        return Convert.ToHexStringLower(new OrderWriter(SessionTests.Options(segment)).Write(buffer, request));
    }
}
