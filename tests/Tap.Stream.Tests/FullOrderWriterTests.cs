using System.Text.Json;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

/// <summary>Cancels and changes of stop orders: members make them by copying the exchange's last message (NSE-TAP.md 5.1, 5.3).</summary>
public class FullOrderWriterTests
{
    private const Segment Cm = Segment.CapitalMarket;
    private const Segment Fo = Segment.FuturesAndOptions;

    private static readonly TapOrder Infosys = new(
        "CLI0001", "ABCDE1234F", new TapInstrument(Cm, 1594, "", "INFY", "EQ", 0, 0, ""), BuySell.Sell, 50, 149900, 700001);

    private static readonly TapOrder Option = new(
        "CLI0001", "ABCDE1234F", new TapInstrument(Fo, 54321, "OPTIDX", "NIFTY", "", 1479997800, 2600000, "CE"), BuySell.Sell, 75, 9900, 700001);

    private static readonly ExchangeOrderReference CashStop =
        new(1100000000000460, 1479633330, 1479633330, 1479633330600000005, 0x3000, 50, 0, 50, 149900, 150000, IsStop: true);

    private static readonly ExchangeOrderReference OptionStop =
        new(1200000000000892, 1479633331, 1479633332, 1479633332600000006, 0x2800, 75, 0, 75, 9900, 10000, IsStop: true);

    [Fact]
    public void A_cash_stop_is_cancelled_with_the_worked_examples_confirmation_byte_for_byte_but_for_what_a_request_leaves_empty() =>
        Assert.Equal(Convert.ToHexString(CashCancel()), Convert.ToHexString(Written(Cm, new TapRequest.Cancel(Infosys, CashStop))));

    [Fact]
    public void A_derivatives_stop_is_cancelled_with_the_worked_examples_structure_byte_for_byte() =>
        Assert.Equal(Convert.ToHexString(OptionCancel()), Convert.ToHexString(Written(Fo, new TapRequest.Cancel(Option, OptionStop))));

    [Fact]
    public void A_cash_stop_is_changed_with_a_cancels_bytes_and_the_new_terms()
    {
        var expected = CashCancel();
        MessageHeader.TransactionCode.Write(expected, 2040);
        CmFullOrder.Volume.Write(expected, 40);
        CmFullOrder.Price.Write(expected, 148900);
        CmFullOrder.TriggerPrice.Write(expected, 149000);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Written(Cm, new TapRequest.Modify(Infosys, CashStop, 40, 148900, 149000))));
    }

    [Fact]
    public void A_derivatives_stop_is_changed_with_a_cancels_bytes_and_the_new_terms()
    {
        var expected = OptionCancel();
        MessageHeader.TransactionCode.Write(expected, 2040);
        FoFullOrder.Volume.Write(expected, 150);
        FoFullOrder.Price.Write(expected, 8900);
        FoFullOrder.TriggerPrice.Write(expected, 9000);
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(Written(Fo, new TapRequest.Modify(Option, OptionStop, 150, 8900, 9000))));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public void A_change_that_names_no_trigger_leaves_it_as_it_is(Segment segment)
    {
        var (order, stop) = segment == Cm ? (Infosys, CashStop) : (Option, OptionStop);
        var form = Form(segment);
        var written = Written(segment, new TapRequest.Modify(order, stop, stop.Volume, stop.PricePaise - 100));
        Assert.Equal(stop.TriggerPaise, form.Trigger!.Value.Read(written));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public void A_stop_that_has_triggered_keeps_its_form_and_names_the_regular_book(Segment segment)
    {
        var (order, stop) = segment == Cm ? (Infosys, CashStop) : (Option, OptionStop);
        var written = Written(segment, new TapRequest.Cancel(order, stop with { IsStop = false, OrderFlags = 0x1000, VolumeFilledToday = 25, TotalVolumeRemaining = 25 }));
        var form = Form(segment);
        Assert.Equal(form.Layout.Size, written.Length);
        Assert.Equal((BookNumber.RegularLot, 0x1000L, 25, 25, stop.TriggerPaise), (
            form.BookType.Read(written), form.Flags.ReadNumber(written), form.FilledToday.Read(written), form.Remaining.Read(written), form.Trigger!.Value.Read(written)));
    }

    [Theory]
    [InlineData(Cm, 180)]
    [InlineData(Fo, 186)]
    public void An_order_that_never_was_a_stop_is_cancelled_and_changed_trimmed(Segment segment, int length)
    {
        var (order, stop) = segment == Cm ? (Infosys, CashStop) : (Option, OptionStop);
        var plain = stop with { TriggerPaise = 0, IsStop = false };
        Assert.Equal(length, Written(segment, new TapRequest.Cancel(order, plain)).Length);
        Assert.Equal(length, Written(segment, new TapRequest.Modify(order, plain, 10, 100)).Length);
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public void Writing_allocates_nothing_in_either_form(Segment segment)
    {
        var (order, stop) = segment == Cm ? (Infosys, CashStop) : (Option, OptionStop);
        TapRequest[] requests =
        [
            new TapRequest.Enter(order),
            new TapRequest.Cancel(order, stop with { TriggerPaise = 0, IsStop = false }),
            new TapRequest.Cancel(order, stop),
            new TapRequest.Modify(order, stop, 10, 100, 110),
        ];
        var writer = new OrderWriter(SessionTests.Options(segment));
        var buffer = new byte[OrderWriter.MaxLength];
        Write(writer, buffer, requests, 100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Write(writer, buffer, requests, 1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The confirmation of the example, with the header's and the exchange's own fields as in a request.</summary>
    private static byte[] CashCancel()
    {
        var message = Example("stop_loss_confirmation_cm");
        MakeRequest(message, 2070);
        CmFullOrder.ModCxlBy.Write(message, "T");
        CmFullOrder.SettlementType.Write(message, 0);
        return message;
    }

    /// <summary>The only full-size F&amp;O example, a refused entry of a plain order, made this stop order's.</summary>
    private static byte[] OptionCancel()
    {
        var message = Example("fo_order_error_full");
        MakeRequest(message, 2070);
        FoFullOrder.ModCxlBy.Write(message, "T");
        FoFullOrder.OrderNumber.Write(message, 1200000000000892);
        FoFullOrder.BookType.Write(message, 3);
        FoFullOrder.BuySell.Write(message, 2);
        FoFullOrder.Price.Write(message, 9900);
        FoFullOrder.TriggerPrice.Write(message, 10000);
        FoFullOrder.EntryDateTime.Write(message, 1479633331);
        FoFullOrder.LastModified.Write(message, 1479633332);
        FoFullOrder.OrderFlags.WriteNumber(message, 0x2800);
        FoFullOrder.OpenClose.Write(message, "C");
        FoFullOrder.Settlor.Write(message, "90123");
        FoFullOrder.AdditionalOrderFlags.WriteNumber(message, 0);
        FoFullOrder.LastActivityReference.Write(message, 1479633332600000006);
        return message;
    }

    private static void MakeRequest(byte[] message, short code)
    {
        MessageHeader.TransactionCode.Write(message, code);
        MessageHeader.LogTime.Write(message, 0);
        MessageHeader.ErrorCode.Write(message, 0);
        MessageHeader.TimeStamp.Write(message, 0);
        MessageHeader.TimeStamp1.WriteNumber(message, 0);
        MessageHeader.TimeStamp2.WriteNumber(message, 0);
    }

    private static void Write(OrderWriter writer, byte[] buffer, TapRequest[] requests, int times)
    {
        for (var n = 0; n < times; n++)
        {
            foreach (var request in requests)
            {
                writer.Write(buffer, request);
            }
        }
    }

    private static OrderForm Form(Segment segment) => segment == Cm ? OrderForm.CmFull : OrderForm.FoFull;

    private static byte[] Example(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "nse-tap-vectors.json")));
        var example = document.RootElement.GetProperty("vectors").EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);
        return Convert.FromHexString(example.GetProperty("message_hex").GetString()!);
    }

    private static byte[] Written(Segment segment, TapRequest request)
    {
        var buffer = new byte[OrderWriter.MaxLength];
        buffer.AsSpan().Fill(0xEE);
        return new OrderWriter(SessionTests.Options(segment)).Write(buffer, request).ToArray();
    }
}
