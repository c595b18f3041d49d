using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Days on which a large broker failed in public (RELIABILITY.md A9), as far as a rulebook can answer them.</summary>
public sealed class IncidentTests
{
    private static Book Lose(Book book, long session) => book.Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, session));

    private static Book Conclude(Book book, long session) => book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, session, StreamOutage: false));

    private static OrderReport ShareReport(OrderReportKind kind, long ours, ExchangeReference reference) => Given.Report(kind, ours, reference) with
    {
        Segment = MarketSegment.Cash,
        ExchangeToken = 0,
        Symbol = Given.Share.Symbol,
        Series = Given.Share.Series,
    };

    /// <summary>2 May 2018: lines that flapped, and were not simply dead, from three minutes past nine.</summary>
    [Fact]
    public void Zerodha_2018_05_02_a_line_that_flaps_all_morning_sends_an_order_once_and_its_cancel_until_it_arrives()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        var order = book.LastOrder.Id;
        Assert.IsType<AccountReply.GoAhead>(book.Send(order.Number).Reply);
        for (var session = 1L; session <= 20; session++)
        {
            Lose(book, session);
            Assert.Equal((OrderStatus.Unknown, 0L), (book.LastOrder.Status, book.State.Closable(book.Option)));
            Assert.IsType<AccountReply.NotNow>(book.Send(order.Number, session + 1).Reply);
            Assert.Equal(RefusalCode.ExceedsClosable, book.Do(Given.Exit(new ExitAmount.Full(), $"again-{session}")).Refusal.Code);
        }

        book.Hear(Given.Report(OrderReportKind.Confirmed, order.Number, Given.Reference(500, 1000, 150)));
        book.Do(new AccountCommand.CancelOrder(order, Given.AccountId));
        for (var session = 21L; session <= 40; session++)
        {
            Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeCancel(order, session)).Reply);
            Conclude(Lose(book, session), session + 1);
            Assert.Equal(OrderStatus.Open, book.LastOrder.Status);
        }

        book.Do(new AccountCommand.AuthorizeCancel(order, 41)).Hear(Given.Report(OrderReportKind.Cancelled, 0, Given.Reference(500, 1001, 150)));
        Assert.Equal((OrderStatus.Cancelled, 150L, 1), (book.LastOrder.Status, book.State.Closable(book.Option), book.State.Orders.Count));
    }

    /// <summary>6 November 2023: orders went out, but the stream of updates lagged behind, and positions on the screens were old.</summary>
    [Fact]
    public void Zerodha_2023_11_06_while_reports_lag_an_exit_counts_what_was_sent_and_not_what_was_heard()
    {
        var book = Given.Holding(225).Do(Given.Exit(new ExitAmount.Units(150)));
        book.Send(book.LastOrder.Id.Number);

        // The exchange has traded all of it, and nobody has told: what a screen shows is still 225.
        Assert.Equal((225L, 75L), (book.Option.Net, book.State.Closable(book.Option)));
        var refused = book.Do(Given.Exit(new ExitAmount.Units(225), "exit-2")).Refusal;
        Assert.Equal((RefusalCode.ExceedsClosable, 75L), (refused.Code, refused.Closable));
        book.Do(Given.Exit(new ExitAmount.Full(), "exit-3"));
        Assert.Equal(75, book.LastOrder.Quantity);

        // The lag ends: late, all at once, and some of it twice.
        book.Hear(Given.Report(OrderReportKind.Confirmed, 3, Given.Reference(500, 1000, 150)));
        for (var round = 0; round < 2; round++)
        {
            book.Fill(500, 1, 75, 1001).Fill(500, 2, 75, 1002);
        }

        Assert.Equal((75L, 0L), (book.Option.Net, book.State.Closable(book.Option)));
    }

    /// <summary>29 August 2019: one order of one client filled in more than a hundred thousand trades, and the order system fell behind for everybody.</summary>
    [Fact]
    public void Zerodha_2019_08_29_an_order_that_fills_in_a_hundred_thousand_trades_ends_filled_and_each_of_them_counts_once()
    {
        const int fills = 100_000;
        var key = new PositionKey("NSE", Given.Share.Token, "CNC");
        var book = Given.Holding(new Positions.CarriedPosition(Given.Share, "CNC", fills, 150000)).Do(Given.Exit(new ExitAmount.Full(), key: key));
        var order = book.LastOrder;
        book.Send(order.Id.Number).Hear(ShareReport(OrderReportKind.Confirmed, order.Id.Number, Given.Reference(500, 1000, fills, 0, order.LimitPricePaise)));
        for (var fill = 1; fill <= fills; fill++)
        {
            book.Hear(Filled(fill));
            if (fill % 1000 == 0)
            {
                Assert.Empty(book.Hear(Filled(fill - 500)).Events);
            }
        }

        Assert.Equal((OrderStatus.Filled, (long)fills, 0L), (book.LastOrder.Status, book.LastOrder.Filled, book.State.Positions[key].Net));
        Assert.Empty(book.State.RunningPlans);

        OrderReport Filled(int fill) => ShareReport(OrderReportKind.Traded, 0, Given.Reference(500, 1000 + fill, fills, fill, order.LimitPricePaise)) with
        {
            TradeNumber = fill,
            FillQuantity = 1,
            FillPricePaise = 11200,
        };
    }

    /// <summary>3 May 2016: they moved to another line, and orders of the old one stayed "pending" on screens for hours.</summary>
    [Fact]
    public void Zerodha_2016_05_03_after_the_move_to_another_line_every_old_order_is_found_or_proven_absent()
    {
        var book = Given.Holding(5400).Do(Given.Exit(new ExitAmount.Full()));
        var orders = book.State.Orders.Keys.ToArray();
        Assert.Equal(3, orders.Length);

        // The first is open, the second is on its way, the third has not left.
        book.Send(orders[0].Number).Hear(Given.Report(OrderReportKind.Confirmed, orders[0].Number, Given.Reference(500, 1000, 1800)));
        book.Send(orders[1].Number);
        Lose(book, 1);
        Assert.Equal([OrderStatus.Open, OrderStatus.Unknown, OrderStatus.Accepted], book.State.Orders.Values.Select(order => order.Status));

        // The new line's download: the first has traded meanwhile, the second never arrived.
        book.Fill(500, 1, 1800, 1001);
        var before = book.State;
        Conclude(book, 2);

        Assert.Equal([OrderStatus.Filled, OrderStatus.Absent, OrderStatus.Accepted], book.State.Orders.Values.Select(order => order.Status));
        Assert.Equal([orders[2]], AccountDecider.EffectsOf(before, book.State).OfType<AccountEffect.Send>().Select(effect => effect.OrderId));
        Assert.Equal((3600L, 1800L), (book.Option.Net, book.State.Closable(book.Option)));
        Assert.True(book.State.Plans["exit-1"] is { IsRunning: true, Options.Repricing: Repricing.Offered });
    }
}
