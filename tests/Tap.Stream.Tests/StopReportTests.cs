using System.Text.Json;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

/// <summary>What the exchange says about stop orders, read (NSE-TAP.md 5.1, 5.2, 5.5).</summary>
public sealed class StopReportTests : SessionFixture
{
    private const Segment Fo = Segment.FuturesAndOptions;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_worked_examples_confirmation_tells_that_the_order_waits_and_for_which_price(bool fromDownload)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "nse-tap-vectors.json")));
        var example = document.RootElement.GetProperty("vectors").EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == "stop_loss_confirmation_cm");
        var report = ReportReader.Read(Cm, Convert.FromHexString(example.GetProperty("message_hex").GetString()!), fromDownload)!;
        Assert.Equal((ReportKind.Confirmed, "CLI0001", BuySell.Sell, fromDownload), (report.Kind, report.Account, report.Side, report.FromDownload));
        Assert.Equal(
            new ExchangeOrderReference(1100000000000460, 1479633330, 1479633330, 1479633330600000005, 0x3000, 50, 0, 50, 149900, 150000, IsStop: true),
            report.Order);
    }

    [Theory]
    [InlineData(Cm, 2073, 0, ReportKind.Confirmed)]
    [InlineData(Cm, 2231, 16448, ReportKind.Rejected)]
    [InlineData(Cm, 2074, 0, ReportKind.Modified)]
    [InlineData(Cm, 2042, 16115, ReportKind.ModifyRejected)]
    [InlineData(Cm, 2075, 0, ReportKind.Cancelled)]
    [InlineData(Cm, 2072, 16343, ReportKind.CancelRejected)]
    [InlineData(Cm, 9002, 0, ReportKind.Cancelled)]
    [InlineData(Fo, 2073, 0, ReportKind.Confirmed)]
    [InlineData(Fo, 2231, 16448, ReportKind.Rejected)]
    [InlineData(Fo, 2074, 0, ReportKind.Modified)]
    [InlineData(Fo, 2042, 16044, ReportKind.ModifyRejected)]
    [InlineData(Fo, 2075, 0, ReportKind.Cancelled)]
    [InlineData(Fo, 2072, 16044, ReportKind.CancelRejected)]
    [InlineData(Fo, 9002, 0, ReportKind.Cancelled)]
    public void Every_full_size_answer_about_a_stop_is_understood(Segment segment, short code, short error, ReportKind kind)
    {
        var report = ReportReader.Read(segment, Answer(segment, code, error, BookNumber.StopLoss, 10000), false)!;
        Assert.Equal((kind, error, 10000, true), (report.Kind, report.ErrorCode, report.Order.TriggerPaise, report.Order.IsStop));
        Assert.True(report.Order.IsFullSize);
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public void A_stop_that_has_triggered_waits_no_more_but_stays_full_size(Segment segment)
    {
        var order = ReportReader.Read(segment, Answer(segment, TransactionCode.FullModifyConfirmed, 0, BookNumber.RegularLot, 10000), false)!.Order;
        Assert.Equal((10000, false, true), (order.TriggerPaise, order.IsStop, order.IsFullSize));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public void The_downloaded_twin_of_a_trimmed_order_is_no_stop(Segment segment)
    {
        var form = segment == Cm ? OrderForm.CmTrimmed : OrderForm.FoTrimmed;
        var trimmed = new byte[form.Layout.Size];
        form.Layout.Clear(trimmed);
        MessageHeader.TransactionCode.Write(trimmed, TransactionCode.OrderConfirmed);
        form.BookType.Write(trimmed, BookNumber.RegularLot);
        form.BuySell.Write(trimmed, 1);
        Assert.False(ReportReader.Read(segment, trimmed, false)!.Order.IsFullSize);
        Assert.False(ReportReader.Read(segment, FullForm.FromTrimmed(segment, trimmed), true)!.Order.IsFullSize);
    }

    /// <summary>A trigger of nonsense on an order that waits for nothing must not change the form of its cancel.</summary>
    [Fact]
    public void A_negative_trigger_is_none()
    {
        var order = ReportReader.Read(Fo, Answer(Fo, TransactionCode.FullOrderConfirmed, 0, BookNumber.RegularLot, -1), true)!.Order;
        Assert.Equal((0, false), (order.TriggerPaise, order.IsFullSize));
    }

    [Theory]
    [InlineData(Cm, true)]
    [InlineData(Cm, false)]
    [InlineData(Fo, true)]
    [InlineData(Fo, false)]
    public void A_trigger_that_was_met_is_a_report_of_its_own_and_no_trade(Segment segment, bool fromDownload)
    {
        var report = ReportReader.Read(segment, Triggered(segment), fromDownload)!;
        Assert.Equal((ReportKind.Triggered, 0L, 0, 0), (report.Kind, report.TradeNumber, report.FillQuantity, report.FillPricePaise));
        Assert.Equal(new ExchangeOrderReference(1200000000000892, 0, 1479633340, 77, 0x0800, 75, 0, 75, 9900), report.Order);
        Assert.Equal((segment == Cm ? 0 : 54321, "NIFTY", 5L, (byte)2), (report.Token, report.Symbol, report.TimeStamp1, report.Stream));
    }

    [Fact]
    public async Task A_trigger_answers_no_request_so_the_session_still_finds_out_what_became_of_it()
    {
        var (session, peer) = await OpenAsync(options => options with { OrderAnswerTimeout = TimeSpan.FromSeconds(5) });
        Desk.Answer = ticket => new TapRequest.Cancel(
            RecordingDesk.Order(ticket.Account, Cm), new ExchangeOrderReference(1200000000000892, 1, 2, 3, CmOrderFlags.Day, 75, 0, 75, 9900, 10000, IsStop: true));
        session.Offer(new TapTicket(Cm, "CLI0001", "1", TapPriority.Cancel));
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.FullOrderCancel));
        await peer.SayAsync(Triggered(Cm));
        Assert.Equal("applied Triggered CLI0001", await Clock.RunUntilAsync(Desk.NextAsync()));
        Assert.StartsWith("lost 1048576: The exchange has owed an answer about an order for 5.", await Clock.RunUntilAsync(Desk.NextAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_size_answer_without_our_reference_answers_the_request()
    {
        var (session, peer) = await OpenAsync(options => options with { OrderAnswerTimeout = TimeSpan.FromSeconds(5) });
        Desk.Answer = ticket => new TapRequest.Cancel(
            RecordingDesk.Order(ticket.Account, Cm), new ExchangeOrderReference(1200000000000892, 1, 2, 3, CmOrderFlags.Day, 75, 0, 75, 9900, 10000, IsStop: true));
        session.Offer(new TapTicket(Cm, "CLI0001", "1", TapPriority.Cancel));
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.FullOrderCancel));
        await peer.SayAsync(Answer(Cm, TransactionCode.FullCancelConfirmed, 0, BookNumber.StopLoss, 10000));
        Assert.Equal("applied Cancelled CLI0001", await Clock.RunUntilAsync(Desk.NextAsync()));
        await Clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.Heartbeat), TimeSpan.FromMilliseconds(500));
        Assert.Equal(0, session.Status.Breaks);
    }

    private static byte[] Answer(Segment segment, short code, short error, short book, int trigger)
    {
        var form = segment == Cm ? OrderForm.CmFull : OrderForm.FoFull;
        var message = new byte[form.Layout.Size];
        form.Layout.Begin(message, code, 40521);
        form.ErrorCode.Write(message, error);
        form.Account.Write(message, "CLI0001");
        form.BookType.Write(message, book);
        form.BuySell.Write(message, 2);
        form.Trigger!.Value.Write(message, trigger);
        return message;
    }

    /// <summary>2212, with a fill's fields that hold what a careless exchange left there.</summary>
    private static byte[] Triggered(Segment segment)
    {
        var form = segment == Cm ? TradeForm.CmFull : TradeForm.FoFull;
        var message = new byte[form.Layout.Size];
        form.Layout.Begin(message, TransactionCode.StopLossTriggered, 40521);
        form.WritePosition(message, 5, 2);
        form.OrderNumber.Write(message, 1200000000000892);
        form.Account.Write(message, "CLI0001");
        form.Symbol.Write(message, "NIFTY");
        form.Token?.Write(message, 54321);
        form.BuySell.Write(message, 2);
        form.Volume.Write(message, 75);
        form.Remaining.Write(message, 75);
        form.Price.Write(message, 9900);
        form.Flags.WriteNumber(message, 0x0800);
        form.FillNumber.Write(message, 9);
        form.FillQuantity.Write(message, 9);
        form.FillPrice.Write(message, 9);
        form.ActivityTime.Write(message, 1479633340);
        form.LastActivityReference.Write(message, 77);
        return message;
    }
}
