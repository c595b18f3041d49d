using Backup.Account.Domain.Market;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>What the broker chooses: repeats, rates, delivery, hedges (rulebook 1.4, 1.6, 1.7).</summary>
public sealed class PolicyTests
{
    private static readonly ExitPolicy Careful = new() { RepeatWindow = TimeSpan.FromSeconds(10) };

    private static AccountCommand.StartPlan Again(string id, params PlanWarning[] confirmed) =>
        Given.Exit(new ExitAmount.Units(75), id) with { Options = PlanOptions.Plain with { Confirmed = [.. confirmed] } };

    private static AccountCommand.StartPlan Sell(long units, params PlanWarning[] confirmed) =>
        Given.Exit(new ExitAmount.Units(units), "sell", Given.ShareKey) with { Options = PlanOptions.Plain with { Confirmed = [.. confirmed] } };

    [Fact]
    public void The_same_exit_under_another_id_within_seconds_is_asked_about_and_not_sent()
    {
        var book = Given.Holding(Careful, new CarriedPosition(Given.Option, "NRML", 225, 10000));
        book.Do(Again("one"));

        Assert.Equal(PlanWarning.LooksRepeated, Assert.Single(book.Do(Again("two")).Refusal.Warnings));
        Assert.Single(book.State.Orders);
        Assert.IsType<AccountReply.PlanShown>(book.Do(Again("two", PlanWarning.LooksRepeated)).Reply);
        Assert.Equal(2, book.State.Orders.Count);
    }

    [Fact]
    public void Another_quantity_or_the_same_after_a_while_is_not_asked_about()
    {
        var book = Given.Holding(Careful, new CarriedPosition(Given.Option, "NRML", 450, 10000)).At(11, 0);
        book.Do(Again("one"));

        Assert.IsType<AccountReply.PlanShown>(book.Do(Given.Exit(new ExitAmount.Units(150), "two")).Reply);
        Assert.IsType<AccountReply.PlanShown>(book.At(11, 1).Do(Again("three")).Reply);
    }

    [Fact]
    public void Half_and_then_all_that_is_left_is_not_asked_about()
    {
        var book = Given.Holding(Careful, new CarriedPosition(Given.Option, "NRML", 300, 10000));
        book.Do(Given.Exit(new ExitAmount.Percent(50), "half"));

        Assert.IsType<AccountReply.PlanShown>(book.Do(Given.Exit(new ExitAmount.Full(), "rest")).Reply);
        Assert.Equal(0, book.State.Closable(book.Option));
    }

    [Fact]
    public void A_repeat_is_found_behind_other_exits()
    {
        var book = Given.Holding(Careful, new CarriedPosition(Given.Option, "NRML", 450, 10000), new CarriedPosition(Given.Share, "CNC", 10, 150000));
        book.Do(Again("one")).Do(Sell(10));

        Assert.Equal(PlanWarning.LooksRepeated, Assert.Single(book.Do(Again("two")).Refusal.Warnings));
    }

    [Fact]
    public void More_requests_than_a_minute_allows_are_refused_with_the_time_to_wait_and_cancels_are_not()
    {
        var book = Given.Holding(new ExitPolicy { RequestsPerMinuteMax = 2 }, new CarriedPosition(Given.Option, "NRML", 450, 10000)).At(11, 0);
        book.Do(Given.Exit(new ExitAmount.Units(75), "one")).Do(Given.Exit(new ExitAmount.Units(75), "two"));

        Assert.Equal(RefusalCode.TooManyRequests, book.Do(Given.Exit(new ExitAmount.Units(75), "three")).Refusal.Code);
        Assert.InRange(book.Refusal.RetryAfter!.Value, TimeSpan.FromSeconds(59), TimeSpan.FromMinutes(1));
        Assert.Equal(RefusalCode.TooManyRequests, book.Do(new AccountCommand.ModifyOrder(book.LastOrder.Id, null, 10000, Given.AccountId)).Refusal.Code);
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Reply);
        Assert.IsType<AccountReply.PlanShown>(book.Do(Given.Exit(new ExitAmount.Units(75), "one")).Reply);
        Assert.IsType<AccountReply.PlanShown>(book.At(11, 1).Do(Given.Exit(new ExitAmount.Units(75), "three")).Reply);
    }

    [Fact]
    public void A_desk_that_acts_for_the_client_does_not_use_up_his_requests()
    {
        var book = Given.Holding(new ExitPolicy { RequestsPerMinuteMax = 1 }, new CarriedPosition(Given.Option, "NRML", 450, 10000)).At(11, 0);
        book.Do(Given.Exit(new ExitAmount.Units(75), "one") with { RequestedBy = "desk Rao" }).Do(Given.Exit(new ExitAmount.Units(75), "two") with { RequestedBy = "desk Rao" });

        Assert.IsType<AccountReply.PlanShown>(book.Do(Given.Exit(new ExitAmount.Units(75), "three")).Reply);
    }

    [Theory]
    [InlineData(40, 60, false, 0, RefusalCode.AwaitsDelivery)] // nothing is free
    [InlineData(40, 30, false, 30, default(RefusalCode))] // thirty are
    [InlineData(0, 60, true, 60, default(RefusalCode))]
    [InlineData(100, 0, true, 0, RefusalCode.HoldingNotExitable)] // what lies in the depository stays there, whatever the switch says
    public void Shares_not_yet_credited_and_shares_in_the_depository_are_not_sold(
        long holding, long t1, bool sellsBeforeDelivery, long free, RefusalCode code)
    {
        var book = Given.Holding(
            new ExitPolicy { SellBeforeDelivery = sellsBeforeDelivery }, new CarriedPosition(Given.Share, "CNC", 100, 150000, new DeliveryLock(t1, holding)));
        var more = free == 0 ? 10 : free;

        book.Do(Sell(more, PlanWarning.SellsBeforeDelivery));

        Assert.Equal(free > 0, book.Reply is AccountReply.PlanShown);
        Assert.True(free > 0 || (book.Refusal.Code == code && book.Refusal.Message.EndsWith("0 units can be exited now.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Selling_before_delivery_is_warned_of_and_full_means_what_is_free()
    {
        var free = Given.Holding(new ExitPolicy { SellBeforeDelivery = true }, new CarriedPosition(Given.Share, "CNC", 100, 150000, new DeliveryLock(60, 0)));
        Assert.IsType<AccountReply.PlanShown>(free.Do(Sell(40)).Reply);
        Assert.Equal(PlanWarning.SellsBeforeDelivery, Assert.Single(free.Do(Sell(60) with { PlanId = "t1" }).Refusal.Warnings));

        var locked = Given.Holding(ExitPolicy.Plain, new CarriedPosition(Given.Share, "CNC", 100, 150000, new DeliveryLock(60, 0)));
        locked.Do(Given.Exit(new ExitAmount.Full(), key: Given.ShareKey));
        Assert.Equal(40, locked.LastOrder.Quantity);
    }

    [Fact]
    public void Shares_bought_today_are_sold_before_those_that_wait_for_delivery()
    {
        var book = Given.Holding(ExitPolicy.Plain, new CarriedPosition(Given.Share, "CNC", 100, 150000, new DeliveryLock(100, 0)));
        book.Hear(new Orders.OrderReport(
            Orders.OrderReportKind.Traded, MarketSegment.Cash, 0, Given.Reference(900, 1, 25), Given.Share.ExchangeToken, "INFY", "EQ", OrderSide.Buy, 7, 25, 150000,
            0, null, false, 1, 1, 0));

        book.Do(Given.Exit(new ExitAmount.Full(), key: Given.ShareKey));

        Assert.Equal(25, book.LastOrder.Quantity);
        Assert.Equal(RefusalCode.AwaitsDelivery, book.Do(Given.Exit(new ExitAmount.Full(), "again", Given.ShareKey)).Refusal.Code);
    }

    [Fact]
    public void Units_of_a_margin_funded_position_are_sold_like_any_other_and_keep_their_product()
    {
        var key = new PositionKey("NSE", Given.Share.Token, "MTF");
        var book = Given.Holding(ExitPolicy.Plain, new CarriedPosition(Given.Share, "MTF", 100, 150000));

        book.Do(Given.Exit(new ExitAmount.Full(), key: key));

        Assert.Equal((100L, "MTF"), (book.LastOrder.Quantity, book.LastOrder.Key.Product));
    }

    [Fact]
    public void A_broker_may_refuse_what_uncovers_a_short_even_when_the_client_confirms()
    {
        var put = Given.Option with { Token = 77, TradingSymbol = "NIFTY30DEC27000CE", ExchangeToken = 77, StrikePaise = 2700000 };
        var policy = new ExitPolicy { Uncovering = UncoveringPolicy.Refuse };
        var book = Given.Holding(policy, new CarriedPosition(Given.Option, "NRML", 75, 10000), new CarriedPosition(put, "NRML", -75, 5000));
        var uncovering = Given.Exit(new ExitAmount.Full()) with { Options = PlanOptions.Plain with { Confirmed = [PlanWarning.LeavesShortUncovered] } };

        Assert.Equal(RefusalCode.LeavesShortUncovered, book.Do(uncovering).Refusal.Code);
        Assert.IsType<AccountReply.PlanShown>(book.Do(uncovering with
        {
            PlanId = "both",
            Lines = [.. uncovering.Lines, uncovering.Lines[0] with { Key = new PositionKey("NFO", 77, "NRML") }],
        }).Reply);
    }
}
