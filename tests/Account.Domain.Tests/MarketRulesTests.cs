using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Sessions, holidays and trade-to-trade series are data with effective dates (rulebook 0.3, 1.6, 1.7).</summary>
public sealed class MarketRulesTests
{
    private static readonly Contract AuctionShare = Given.Share with { ClosesByAuction = true };

    private static readonly MarketRules Rules = new(
        "test",
        [
            Table(2020, 1, "NSE", true, ("09:00", "09:15", MarketPhase.PreOpen), ("09:15", "15:30", MarketPhase.Continuous)),
            Table(2026, 8, "NSE", true, ("09:15", "15:15", MarketPhase.Continuous), ("15:15", "15:35", MarketPhase.ClosingAuction)),
            Table(2020, 1, "NSE", false, ("09:15", "15:30", MarketPhase.Continuous)),
            Table(2026, 8, "NFO", false, ("09:15", "15:40", MarketPhase.Continuous)),
        ],
        [new DateOnly(2026, 11, 24)],
        ["BE"]);

    private static SessionTable Table(int year, int month, string exchange, bool auction, params (string Start, string End, MarketPhase Phase)[] phases) => new(
        new DateOnly(year, month, 3), exchange, auction,
        [.. phases.Select(phase => new PhaseSpan(TimeOnly.Parse(phase.Start, null), TimeOnly.Parse(phase.End, null), phase.Phase))]);

    private static DateTimeOffset India(int day, int hour, int minute, int month = 11) => new(2026, month, day, hour, minute, 0, new TimeSpan(5, 30, 0));

    [Theory]
    [InlineData(20, 9, 14, MarketPhase.Closed)]
    [InlineData(20, 9, 15, MarketPhase.Continuous)]
    [InlineData(20, 15, 14, MarketPhase.Continuous)]
    [InlineData(20, 15, 15, MarketPhase.ClosingAuction)]
    [InlineData(20, 15, 35, MarketPhase.Closed)]
    [InlineData(21, 11, 0, MarketPhase.Closed)] // a Saturday
    [InlineData(24, 11, 0, MarketPhase.Closed)] // a holiday
    public void The_phase_of_a_share_with_derivatives_follows_the_table_in_force(int day, int hour, int minute, MarketPhase phase) =>
        Assert.Equal(phase, Rules.PhaseOf(AuctionShare, India(day, hour, minute)));

    [Fact]
    public void The_day_does_not_end_at_the_same_time_for_everything_nor_for_ever()
    {
        Assert.Equal(MarketPhase.Continuous, Rules.PhaseOf(Given.Share, India(20, 15, 29)));
        Assert.Equal(MarketPhase.Continuous, Rules.PhaseOf(Given.Option, India(20, 15, 39)));
        Assert.Equal(MarketPhase.PreOpen, Rules.PhaseOf(AuctionShare, India(31, 9, 1, month: 7)));
        Assert.Equal(MarketPhase.Continuous, Rules.PhaseOf(AuctionShare, India(31, 15, 20, month: 7)));
    }

    [Fact]
    public void An_exit_outside_the_hours_is_refused_with_the_hours()
    {
        var book = Given.Holding(Rules, new CarriedPosition(Given.Option, "NRML", 150, 10000)).At(15, 40);

        var refusal = book.Do(Given.Exit(new ExitAmount.Full())).Refusal;

        Assert.Equal(RefusalCode.MarketClosed, refusal.Code);
        Assert.Contains("09:15 to 15:40", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("NIFTY30DEC26000CE does not trade today.", book.At(11, 0, day: 24).Do(Given.Exit(new ExitAmount.Full())).Refusal.Message);
        Assert.IsType<AccountReply.PlanShown>(book.At(15, 39).Do(Given.Exit(new ExitAmount.Full())).Reply);
    }

    [Fact]
    public void An_order_that_waited_beyond_the_close_is_not_sent_and_frees_the_position()
    {
        var book = Given.Holding(Rules, new CarriedPosition(Given.Option, "NRML", 150, 10000)).At(15, 39).Do(Given.Exit(new ExitAmount.Full()));

        book.At(15, 40).Send(book.LastOrder.Id.Number);

        Assert.IsType<AccountReply.NotNow>(book.Reply);
        Assert.Equal((OrderStatus.Cancelled, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void An_order_is_not_changed_outside_the_hours_and_can_always_be_cancelled()
    {
        var book = Given.Holding(Rules, new CarriedPosition(Given.Option, "NRML", 150, 10000)).At(15, 0).WithOpenOrder(150).At(16, 0);

        Assert.Equal(RefusalCode.MarketClosed, book.Do(new AccountCommand.ModifyOrder(book.LastOrder.Id, null, 10500, Given.AccountId)).Refusal.Code);
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Reply);
    }

    [Theory]
    [InlineData("CNC", 100, 0, 100, true)]
    [InlineData("CNC", 100, 50, 100, true)]
    [InlineData("CNC", 100, 50, 150, false)] // fifty were bought today
    [InlineData("MIS", 100, 0, 100, false)]
    [InlineData("CNC", -100, 0, 100, false)] // a short cannot be bought back where every trade is delivered
    public void In_trade_to_trade_series_only_what_was_carried_in_is_sold(string product, long carried, long boughtToday, long quantity, bool isAllowed)
    {
        var share = Given.Share with { Series = "BE" };
        var book = Given.Holding(Rules, new CarriedPosition(share, product, carried, 150000)).At(11, 0);
        if (boughtToday > 0)
        {
            book.Hear(new OrderReport(
                OrderReportKind.Traded, MarketSegment.Cash, 0, Given.Reference(900, 1, boughtToday), share.ExchangeToken, "INFY", "BE", OrderSide.Buy, 7, boughtToday, 150000,
                0, null, false, 1, 1, 0));
        }

        book.Do(Given.Exit(new ExitAmount.Units(quantity), key: new PositionKey("NSE", share.Token, product)));

        Assert.Equal(isAllowed, book.Reply is AccountReply.PlanShown);
        Assert.True(isAllowed || book.Refusal.Code == RefusalCode.TradeToTrade);
    }
}
