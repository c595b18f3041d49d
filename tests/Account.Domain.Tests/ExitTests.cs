using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

public sealed class ExitTests
{
    [Fact]
    public void A_full_exit_of_a_long_position_sells_all_of_it_below_the_last_price()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));

        Assert.Equal((OrderSide.Sell, 150L, OrderStatus.Accepted), (book.LastOrder.Side, book.LastOrder.Quantity, book.LastOrder.Status));
        Assert.Equal(10110, book.LastOrder.LimitPricePaise);
        Assert.Equal(0, book.State.Closable(book.Option));
    }

    [Fact]
    public void A_full_exit_of_a_short_position_buys_it_back_above_the_last_price()
    {
        var book = Given.Holding(-150).Do(Given.Exit(new ExitAmount.Full()));

        Assert.Equal((OrderSide.Buy, 150L), (book.LastOrder.Side, book.LastOrder.Quantity));
        Assert.Equal(12360, book.LastOrder.LimitPricePaise);
    }

    [Theory]
    [InlineData(50, 10_000, 100, 500, 9500)] // five percent of ₹100 is ₹5, and so is the least distance
    [InlineData(50, 1_000, 1000, 500, 500)] // the least distance is the larger one
    [InlineData(50, 300, 1000, 500, 50)] // never below one tick
    public void A_sell_limit_keeps_to_the_protection_and_the_tick(int tick, long last, int basisPoints, long minimum, long expected) =>
        Assert.Equal(expected, ExitRules.LimitPrice(Given.Option with { TickPaise = tick }, OrderSide.Sell, last, new Protection(basisPoints, minimum)));

    [Fact]
    public void A_percentage_is_rounded_down_to_a_lot_and_a_hundred_percent_leaves_no_residue()
    {
        var half = Given.Holding(225).Do(Given.Exit(new ExitAmount.Percent(50)));
        Assert.Equal(75, half.LastOrder.Quantity);

        half.Do(Given.Exit(new ExitAmount.Percent(100), "exit-2"));
        Assert.Equal(150, half.LastOrder.Quantity);
    }

    [Fact]
    public void A_position_that_is_not_a_multiple_of_the_lot_can_be_closed_completely()
    {
        var book = Given.Holding(80).Do(Given.Exit(new ExitAmount.Units(80)));

        Assert.Equal(80, book.LastOrder.Quantity);
    }

    [Fact]
    public void An_exit_above_closable_is_refused_with_the_orders_that_block_it_and_never_trimmed()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Units(75)));
        var blocking = book.LastOrder.Id;

        book.Do(Given.Exit(new ExitAmount.Units(150), "exit-2"));

        Assert.Equal((RefusalCode.ExceedsClosable, 150L, 75L, 75L), (book.Refusal.Code, book.Refusal.Net, book.Refusal.PendingExit, book.Refusal.Closable));
        Assert.Equal([blocking], book.Refusal.BlockingOrders);
        Assert.Empty(book.Events);
    }

    [Fact]
    public void A_second_full_exit_is_refused_while_the_first_is_working()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full())).Do(Given.Exit(new ExitAmount.Full(), "exit-2"));

        Assert.Equal(RefusalCode.ExceedsClosable, book.Refusal.Code);
        Assert.Single(book.Refusal.BlockingOrders);
    }

    [Fact]
    public void The_same_request_again_gets_the_same_answer_and_no_second_order()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Units(75)));
        var first = ((AccountReply.PlanShown)book.Reply).Plan;

        book.Do(Given.Exit(new ExitAmount.Units(75)));

        Assert.Equal(first.Orders, ((AccountReply.PlanShown)book.Reply).Plan.Orders);
        Assert.Empty(book.Events);
        Assert.Single(book.State.Orders);
    }

    [Fact]
    public void A_request_id_used_for_another_exit_is_refused()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Units(75))).Do(Given.Exit(new ExitAmount.Units(150)));

        Assert.Equal(RefusalCode.ExitIdReused, book.Refusal.Code);
    }

    [Fact]
    public void An_exit_above_the_freeze_quantity_goes_in_slices_of_whole_lots()
    {
        var book = Given.Holding(4500).Do(Given.Exit(new ExitAmount.Full()));

        Assert.Equal([1800L, 1800L, 900L], book.State.Orders.Values.Select(order => order.Quantity));
        Assert.Equal(4500, book.State.PendingExit(book.Option));
    }

    [Theory]
    [InlineData(0, RefusalCode.QuantityNotPositive)]
    [InlineData(-75, RefusalCode.QuantityNotPositive)]
    [InlineData(80, RefusalCode.NotALotMultiple)]
    [InlineData(225, RefusalCode.ExceedsClosable)]
    public void A_wrong_quantity_is_refused(long quantity, RefusalCode expected) =>
        Assert.Equal(expected, Given.Holding(150).Do(Given.Exit(new ExitAmount.Units(quantity))).Refusal.Code);

    [Theory]
    [InlineData(0, RefusalCode.PercentOutOfRange)]
    [InlineData(101, RefusalCode.PercentOutOfRange)]
    [InlineData(20, RefusalCode.LessThanALot)]
    public void A_wrong_percentage_is_refused(int percent, RefusalCode expected) =>
        Assert.Equal(expected, Given.Holding(150).Do(Given.Exit(new ExitAmount.Percent(percent))).Refusal.Code);

    [Fact]
    public void Nothing_is_exited_without_a_live_price()
    {
        var book = Given.Holding(150).Do(new AccountCommand.StartPlan(
            "exit-1", [new PlanLineRequest(Given.OptionKey, new ExitAmount.Full(), null, Given.TenPercent)], PlanOptions.Plain, Given.AccountId));

        Assert.Equal(RefusalCode.PriceUnavailable, book.Refusal.Code);
    }

    [Fact]
    public void A_flat_position_and_an_unknown_one_are_refused_by_name()
    {
        var book = Given.Holding(75).WithOpenOrder(75).Fill(500, 1, 75, 1001);
        Assert.Equal(RefusalCode.AlreadyFlat, book.Do(Given.Exit(new ExitAmount.Full(), "exit-2")).Refusal.Code);
        Assert.Equal(RefusalCode.NoSuchPosition, book.Do(Given.Exit(new ExitAmount.Full(), "exit-3", Given.ShareKey)).Refusal.Code);
    }

    [Fact]
    public void An_account_whose_day_is_not_open_exits_nothing() =>
        Assert.Equal(RefusalCode.DayNotOpen, new Book().Do(Given.Exit(new ExitAmount.Full())).Refusal.Code);

    [Fact]
    public void A_day_is_opened_once_however_often_it_is_asked()
    {
        var book = Given.Holding(150).WithOpenOrder(75).Fill(500, 1, 75, 1001);

        book.Do(new AccountCommand.OpenDay(new DateOnly(2026, 11, 19), "hash", [new CarriedPosition(Given.Option, "NRML", 150, 10000)]));

        Assert.Empty(book.Events);
        Assert.Equal(75, book.Option.Net);
    }

    [Fact]
    public void A_corrected_file_for_a_day_that_is_open_is_refused_and_changes_nothing()
    {
        var book = Given.Holding(150);

        book.Do(new AccountCommand.OpenDay(new DateOnly(2026, 11, 19), "other", [new CarriedPosition(Given.Option, "NRML", 75, 10000)]));

        Assert.Equal(RefusalCode.DayOpenedFromOtherData, book.Refusal.Code);
        Assert.Equal(150, book.Option.Net);
    }

    [Fact]
    public void Kites_figures_come_out_of_carried_and_traded_quantities()
    {
        // Kite's own example: three carried at a close of 23,232, one bought at 23,388, four sold at 23,340.
        var position = new Position(Given.OptionKey, Given.Option with { ClosePaise = 2323200 }, 3, 2305700, 1, 2338800, 4, 9336000, 0);

        var figures = PositionFigures.Of(position, 2335500);

        Assert.Equal((0L, 4L, 4L), (figures.Quantity, figures.BuyQuantity, figures.SellQuantity));
        Assert.Equal((9255900L, 9336000L, 80100L, 80100L), (figures.BuyValuePaise, figures.SellValuePaise, figures.ValuePaise, figures.PnlPaise));
        Assert.Equal((9308400L, 27600L), (figures.BuyM2mPaise, figures.M2mPaise));
        Assert.Equal(80100, figures.RealisedPaise + figures.UnrealisedPaise);
    }
}
