using Backup.Account.Domain.Orders;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>A matching engine goes down: what rested there is gone without a message, what was on its way cannot be proven (NSE-TAP.md 3.6).</summary>
public sealed class OutageTests
{
    private static Book Resting(int stream, long streamTime)
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number);
        return book.Hear(Given.Report(
            OrderReportKind.Confirmed, book.LastOrder.Id.Number, Given.Reference(500, 1000, 150) with { Stream = stream, StreamTime = streamTime }));
    }

    private static AccountCommand.LoseStream Outage(Book book, int stream, long streamTime) => new(MarketSegment.Derivatives, stream, streamTime, book.Now);

    [Theory]
    [InlineData(2, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void An_order_of_the_lost_stream_is_gone_and_frees_its_reservation(int stream, bool isLost)
    {
        var book = Resting(stream: 2, streamTime: 5000);

        book.Do(Outage(book, stream, 6000));

        Assert.Equal(isLost ? OrderStatus.Cancelled : OrderStatus.Open, book.LastOrder.Status);
        Assert.Equal(isLost ? 150 : 0, book.State.Closable(book.Option));
    }

    [Fact]
    public void An_order_confirmed_after_the_outage_is_not_touched_when_the_announcement_comes_again_by_download()
    {
        var book = Resting(stream: 2, streamTime: 7000);

        Assert.Empty(book.Do(Outage(book, 0, 6000)).Events);
    }

    [Fact]
    public void An_order_on_its_way_stays_unknown_through_every_later_download_until_an_operator_settles_it()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        var order = book.LastOrder.Id;
        book.Send(order.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1)).Do(Outage(book, 0, 6000));
        for (var session = 2; session < 5; session++)
        {
            Assert.Empty(book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, session, StreamOutage: false)).Events);
        }

        Assert.Equal((OrderStatus.Unknown, 0L), (book.LastOrder.Status, book.State.Closable(book.Option)));
        Assert.Equal(RefusalCode.ConfirmationMissing, book.Do(new AccountCommand.LapseOrder(order, "operator Rao", " ")).Refusal.Code);

        book.Do(new AccountCommand.LapseOrder(order, "operator Rao", "NSE-HD-17"));

        Assert.Equal((OrderStatus.Absent, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
        Assert.Contains("NSE-HD-17", book.LastOrder.Note, StringComparison.Ordinal);
        Assert.Equal(RefusalCode.OrderNotUnknown, book.Do(new AccountCommand.LapseOrder(order, "operator Rao", "NSE-HD-17")).Refusal.Code);
    }

    [Fact]
    public void An_answer_that_comes_after_all_settles_it()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number).Do(Outage(book, 0, 6000));
        Assert.True(book.LastOrder.IsUnprovable);

        book.Hear(Given.Report(OrderReportKind.Confirmed, book.LastOrder.Id.Number, Given.Reference(500, 1000, 150)) with { StreamTime = 7000 });

        Assert.Equal((OrderStatus.Open, false), (book.LastOrder.Status, book.LastOrder.IsUnprovable));
    }

    /// <summary>
    /// Found by a life of the model: an order that an earlier download did not show had been taken, had traded, and was lost with its engine.
    /// Ended at its confirmation, its reservation was free before the trade came.
    /// </summary>
    [Fact]
    public void An_order_found_late_keeps_its_reservation_until_the_download_comes_to_the_outage()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        var order = book.LastOrder.Id.Number;
        book.Send(order).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1)).Do(Outage(book, 1, 6000));

        book.Hear(Given.Report(OrderReportKind.Confirmed, order, Given.Reference(500, 1000, 150)) with { StreamTime = 5998, Stream = 1 });
        Assert.Equal((OrderStatus.Open, 0L), (book.LastOrder.Status, book.State.Closable(book.Option)));
        book.Hear(Given.Report(OrderReportKind.Traded, 0, Given.Reference(500, 1001, 150, 75) with { StreamTime = 5999, Stream = 1 }) with
        {
            TradeNumber = 1,
            FillQuantity = 75,
            FillPricePaise = 11200,
            StreamTime = 5999,
        });
        book.Do(Outage(book, 1, 6000));

        Assert.Equal((OrderStatus.Cancelled, 75L, 75L), (book.LastOrder.Status, book.Option.Net, book.State.Closable(book.Option)));
    }

    [Fact]
    public void An_order_sent_long_after_the_outage_is_proven_absent_as_ever()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        book.Do(new AccountCommand.LoseStream(MarketSegment.Derivatives, 0, 6000, book.Now - TimeSpan.FromHours(1)));
        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: false));

        Assert.Equal(OrderStatus.Absent, book.LastOrder.Status);
    }

    [Fact]
    public void A_download_with_a_hole_proves_no_absence_then_or_later()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: true));
        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 3, StreamOutage: false));

        Assert.Equal(OrderStatus.Unknown, book.LastOrder.Status);
    }
}
