using Backup.Account.Domain.Orders;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Trades that the exchange cancels or corrects: the position moves again, the order does not come back (rulebook 2).</summary>
public sealed class BustTests
{
    private static Book Hear(Book book, OrderReportKind kind, long quantity = 60, long price = 11200) =>
        book.Hear(Given.Report(kind, 0, Given.Reference(500, 2000, 150, 60)) with { TradeNumber = 1, FillQuantity = quantity, FillPricePaise = price });

    private static Book Traded() => Given.Holding(150).WithOpenOrder(150).Fill(500, 1, 60, 1001);

    [Fact]
    public void A_busted_trade_opens_the_position_again_and_not_the_order()
    {
        var book = Hear(Traded().Fill(500, 2, 90, 1002), OrderReportKind.TradeBusted);

        Assert.Equal((60L, OrderStatus.Filled), (book.Option.Net, book.LastOrder.Status));
        Assert.Equal((60L, 90 * 11200L), (book.State.Closable(book.Option), book.Option.DaySellValuePaise));
        Assert.Empty(Hear(book, OrderReportKind.TradeBusted).Events);
    }

    [Fact]
    public void A_busted_trade_that_is_told_again_stays_busted()
    {
        var book = Hear(Traded(), OrderReportKind.TradeBusted).Fill(500, 1, 60, 1001);

        Assert.Equal(150, book.Option.Net);
    }

    [Fact]
    public void A_bust_that_comes_before_its_trade_keeps_it_out_of_the_position_and_not_out_of_the_order()
    {
        var book = Hear(Given.Holding(150).WithOpenOrder(150), OrderReportKind.TradeBusted).Fill(500, 1, 60, 1001);
        Assert.Equal((150L, 60L), (book.Option.Net, book.LastOrder.Filled));
        Assert.Empty(book.Fill(500, 1, 60, 1001).Events);

        book.Fill(500, 2, 90, 1002);
        Assert.Equal((60L, OrderStatus.Filled, 60L), (book.Option.Net, book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void A_corrected_trade_counts_with_its_new_quantity_and_price()
    {
        var book = Hear(Traded(), OrderReportKind.TradeCorrected, 50, 11000);

        Assert.Equal((100L, 50 * 11000L), (book.Option.Net, book.Option.DaySellValuePaise));
        Assert.Empty(Hear(book, OrderReportKind.TradeCorrected, 50, 11000).Events);
        Assert.Empty(Hear(Hear(book, OrderReportKind.TradeBusted), OrderReportKind.TradeCorrected, 50, 11000).Events);
    }
}
