using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Exits of many positions, and of positions that other orders hold (rulebook 1.3 to 1.5).</summary>
public sealed class PlanTests
{
    private static readonly Contract Put = Given.Option with { TradingSymbol = "NIFTY30DEC25000PE", Token = 13906435, ExchangeToken = 54322, OptionType = "PE" };
    private static readonly Contract FarCall = Given.Option with { TradingSymbol = "NIFTY30DEC27000CE", Token = 13906436, ExchangeToken = 54323, StrikePaise = 2700000 };

    private static PositionKey KeyOf(Contract contract, string product = "NRML") => new(contract.Exchange, contract.Token, product);

    private static PlanLineRequest Line(Contract contract, ExitAmount? amount = null, string product = "NRML") =>
        new(KeyOf(contract, product), amount ?? new ExitAmount.Full(), Given.Price, Given.TenPercent);

    private static AccountCommand.StartPlan Plan(PlanOptions options, params PlanLineRequest[] lines) => new("plan-1", [.. lines], options, Given.AccountId);

    private static PlanOptions Confirming(params PlanWarning[] warnings) => PlanOptions.Plain with { Confirmed = [.. warnings] };

    private static Book Spread(long shortCall, long longCall) => Given.Holding(
        new CarriedPosition(Given.Option, "NRML", shortCall, 10000), new CarriedPosition(FarCall, "NRML", longCall, 5000));

    private static Book Confirm(Book book, Order order, long number) => book.Send(order.Id.Number).Hear(Report(book, OrderReportKind.Confirmed, order, number, number * 10));

    private static OrderReport Report(Book book, OrderReportKind kind, Order order, long number, long activity) =>
        Given.Report(kind, kind == OrderReportKind.Traded ? 0 : order.Id.Number, Given.Reference(number, activity, order.Quantity, order.Filled, order.LimitPricePaise), order.Side) with
        {
            ExchangeToken = book.State.Positions[order.Key].Contract.ExchangeToken,
        };

    private static Book Fill(Book book, Order order, long number, long trade, long quantity) =>
        book.Hear(Report(book, OrderReportKind.Traded, order, number, (number * 10) + trade) with { TradeNumber = trade, FillQuantity = quantity, FillPricePaise = 11200 });

    private static Plan PlanOf(Book book) => book.State.Plans["plan-1"];

    [Fact]
    public void Shorts_are_bought_back_first_and_what_covers_them_follows_in_proportion_to_their_fills()
    {
        var book = Spread(-150, 225).Do(Plan(PlanOptions.Plain, Line(FarCall), Line(Given.Option)));
        var buy = Assert.Single(book.State.Orders.Values);
        Assert.Equal((OrderSide.Buy, 150L, KeyOf(Given.Option)), (buy.Side, buy.Quantity, buy.Key));
        Assert.Equal(0, book.State.Closable(book.State.Positions[KeyOf(FarCall)]));

        Fill(Confirm(book, buy, 500), buy, 500, 1, 75);
        var half = Assert.Single(book.State.Orders.Values, order => order.Side == OrderSide.Sell);
        Assert.Equal(75, half.Quantity); // half of 225 is 112, down to a lot

        Fill(book, book[buy.Id.Number], 500, 2, 75);
        Assert.Equal([75L, 150L], book.State.Orders.Values.Where(order => order.Side == OrderSide.Sell).Select(order => order.Quantity));
        Assert.Equal(0, PlanOf(book).Unreleased(PlanOf(book).Lines[1]));
        Assert.True(PlanOf(book).IsRunning);
    }

    [Fact]
    public void A_thousand_positions_leave_in_one_exit_and_one_more_is_refused()
    {
        Contract[] strikes = [.. Enumerable.Range(0, 1001).Select(i => Given.Option with
        {
            TradingSymbol = $"NIFTY30DEC{10000 + (50 * i)}CE", Token = 20_000_000 + i, ExchangeToken = 60_000 + i, StrikePaise = 100L * (10000 + (50 * i)),
        })];
        var book = Given.Holding([.. strikes.Select(strike => new CarriedPosition(strike, "NRML", 75, 10000))]);

        Assert.Equal(RefusalCode.TooManyLines, book.Do(Plan(PlanOptions.Plain, [.. strikes.Select(strike => Line(strike))])).Refusal.Code);

        book = book.Do(Plan(PlanOptions.Plain, [.. strikes.Take(1000).Select(strike => Line(strike))]));
        Assert.Equal(1000, book.State.Orders.Count);
        Assert.All(book.State.Orders.Values, order => Assert.Equal((OrderSide.Sell, 75L), (order.Side, order.Quantity)));
        foreach (var order in book.State.Orders.Values)
        {
            Fill(Confirm(book, order, order.Id.Number), order, order.Id.Number, 1, 75);
        }

        Assert.False(PlanOf(book).IsRunning);
        Assert.Equal(75, book.State.Positions.Values.Sum(position => position.Net)); // that of the one that was too many
    }

    [Fact]
    public void Hedges_go_at_once_when_the_client_says_so()
    {
        var book = Spread(-150, 150).Do(Plan(PlanOptions.Plain, Line(FarCall), Line(Given.Option)));

        book.Do(new AccountCommand.ReleaseHedges("plan-1", Given.AccountId));

        Assert.Equal([150L, 150L], book.State.Orders.Values.Select(order => order.Quantity));
        Assert.Empty(book.Do(new AccountCommand.ReleaseHedges("plan-1", Given.AccountId)).Events);
    }

    [Fact]
    public void Selling_the_leg_that_covers_a_short_must_be_confirmed_and_the_whole_spread_need_not()
    {
        var book = Spread(-150, 150);

        var refusal = book.Do(Plan(PlanOptions.Plain, Line(FarCall))).Refusal;

        Assert.Equal((RefusalCode.ConfirmationNeeded, PlanWarning.LeavesShortUncovered), (refusal.Code, Assert.Single(refusal.Warnings)));
        Assert.IsType<AccountReply.PlanShown>(book.Do(Plan(Confirming(PlanWarning.LeavesShortUncovered), Line(FarCall))).Reply);
        Assert.IsType<AccountReply.PlanShown>(Spread(-150, 150).Do(Plan(PlanOptions.Plain, Line(FarCall), Line(Given.Option))).Reply);
    }

    [Fact]
    public void A_long_put_covers_no_short_call() =>
        Assert.IsType<AccountReply.PlanShown>(
            Given.Holding(new CarriedPosition(Given.Option, "NRML", -150, 10000), new CarriedPosition(Put, "NRML", 150, 5000))
                .Do(Plan(PlanOptions.Plain, Line(Put))).Reply);

    [Fact]
    public void The_opposite_in_another_product_must_be_confirmed()
    {
        var book = Given.Holding(new CarriedPosition(Given.Share, "MIS", 10, 150000), new CarriedPosition(Given.Share, "CNC", -10, 150000));

        Assert.Equal(PlanWarning.OpensOtherProduct, Assert.Single(book.Do(Plan(PlanOptions.Plain, Line(Given.Share, product: "MIS"))).Refusal.Warnings));
        Assert.IsType<AccountReply.PlanShown>(book.Do(Plan(PlanOptions.Plain, Line(Given.Share, product: "MIS"), Line(Given.Share, product: "CNC"))).Reply);
    }

    [Fact]
    public void An_order_that_would_open_the_position_again_must_be_confirmed()
    {
        var book = Given.Holding(150).Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(700, 1000, 75), OrderSide.Buy));

        Assert.Equal(PlanWarning.EntryStillWorks, Assert.Single(book.Do(Plan(PlanOptions.Plain, Line(Given.Option))).Refusal.Warnings));
    }

    [Fact]
    public void Blocking_orders_are_cancelled_first_and_the_exit_waits_for_their_end()
    {
        var book = Given.Holding(150).WithOpenOrder(75);
        var blocking = book.LastOrder.Id;

        book.Do(Plan(PlanOptions.Plain with { CancelBlocking = true }, Line(Given.Option)));
        Assert.True(book[blocking.Number].CancelWanted);
        Assert.Equal([blocking], book.State.Orders.Keys);
        Assert.Equal(0, book.State.Closable(book.Option));

        book.Do(new AccountCommand.AuthorizeCancel(blocking, 1)).Fill(500, 1, 30, 1001);
        book.Hear(Given.Report(OrderReportKind.Cancelled, blocking.Number, Given.Reference(500, 1002, 75, 30)));

        Assert.Equal((120L, "The position became smaller before this part could go."), (PlanOf(book).Lines[0].Quantity, PlanOf(book).Lines[0].Reduced));
        Assert.Equal((120L, OrderStatus.Accepted), (book.LastOrder.Quantity, book.LastOrder.Status));
    }

    [Fact]
    public void A_blocking_order_that_is_unknown_keeps_the_exit_waiting()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Units(75)));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        book.Do(Plan(PlanOptions.Plain with { CancelBlocking = true }, Line(Given.Option)));
        Assert.Single(book.State.Orders);

        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: false));
        Assert.Equal((2, 150L), (book.State.Orders.Count, book.LastOrder.Quantity));
    }

    [Fact]
    public void While_a_plan_is_at_work_no_other_exit_of_its_positions_is_taken_but_cancels_are()
    {
        var book = Given.Holding(225).WithOpenOrder(75);
        book.Do(Plan(PlanOptions.Plain with { CancelBlocking = true }, Line(Given.Option, new ExitAmount.Units(75))));

        Assert.Equal(RefusalCode.PlanRunning, book.Do(Given.Exit(new ExitAmount.Units(75), "exit-9")).Refusal.Code);
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Reply);
    }

    [Fact]
    public void A_stopped_plan_releases_no_more_frees_what_it_held_and_ends_with_its_orders()
    {
        var book = Spread(-150, 150).Do(Plan(PlanOptions.Plain, Line(FarCall), Line(Given.Option)));
        var buy = Confirm(book, book.LastOrder, 500).LastOrder;

        book.Do(new AccountCommand.StopPlan("plan-1", CancelOrders: true, Given.AccountId));
        Assert.Equal(150, book.State.Closable(book.State.Positions[KeyOf(FarCall)]));
        Assert.True(book[buy.Id.Number].CancelWanted);

        book.Do(new AccountCommand.AuthorizeCancel(buy.Id, 1)).Hear(Report(book, OrderReportKind.Cancelled, buy, 500, 5009));
        Assert.False(PlanOf(book).IsRunning);
        Assert.IsType<AccountReply.PlanShown>(book.Do(Given.Exit(new ExitAmount.Full(), "exit-9")).Reply);
    }

    [Fact]
    public void The_same_plan_twice_is_one_plan_and_another_under_its_id_is_refused()
    {
        var book = Spread(-150, 150).Do(Plan(PlanOptions.Plain, Line(FarCall), Line(Given.Option)));

        Assert.Empty(book.Do(Plan(PlanOptions.Plain, Line(Given.Option), Line(FarCall))).Events);
        Assert.Equal(RefusalCode.ExitIdReused, book.Do(Plan(PlanOptions.Plain, Line(Given.Option))).Refusal.Code);
    }

    [Fact]
    public void A_line_that_cannot_go_is_told_and_the_others_go()
    {
        var book = Spread(-150, 0).Do(Plan(PlanOptions.Plain, Line(Given.Option), Line(FarCall), Line(Put)));

        Assert.Equal(
            [RefusalCode.NoSuchPosition, RefusalCode.AlreadyFlat], PlanOf(book).Refused.Select(refused => refused.Code).Order());
        Assert.Single(PlanOf(book).Orders);
    }

    [Fact]
    public void A_plan_of_nothing_of_the_same_twice_or_of_nothing_that_can_go_is_refused()
    {
        var book = Spread(0, 0);

        Assert.Equal(RefusalCode.NoPositionChosen, book.Do(Plan(PlanOptions.Plain)).Refusal.Code);
        Assert.Equal(RefusalCode.PositionChosenTwice, book.Do(Plan(PlanOptions.Plain, Line(Given.Option), Line(Given.Option))).Refusal.Code);
        Assert.StartsWith("None of the 2 positions", book.Do(Plan(PlanOptions.Plain, Line(Given.Option), Line(FarCall))).Refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_ends_by_itself_when_its_last_order_does()
    {
        var book = Given.Holding(150).Do(Plan(PlanOptions.Plain, Line(Given.Option)));
        var order = Confirm(book, book.LastOrder, 500).LastOrder;

        Fill(book, order, 500, 1, 150);

        Assert.IsType<AccountEvent.PlanEnded>(book.Events[^1]);
        Assert.Empty(book.State.RunningPlans);
    }

    [Fact]
    public void An_automatic_plan_follows_the_market_toward_execution_as_far_as_agreed_and_no_further()
    {
        var book = Given.Holding(150).Do(Plan(PlanOptions.Plain with { Repricing = Repricing.Automatic, MoveMaxBasisPoints = 500 }, Line(Given.Option)));
        Confirm(book, book.LastOrder, 500);

        Assert.Empty(Review(book, 12000).Events); // the market came to us
        Review(book, 11000);
        Assert.Equal(9900, book.LastOrder.ModifyWanted!.LimitPricePaise);
        Assert.Empty(Review(book, 10500).Events); // one change at a time
        book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1)).Hear(Report(book, OrderReportKind.Modified, book.LastOrder with { LimitPricePaise = 9900 }, 500, 5001));
        Review(book, 9000);
        Assert.Equal(10110 - 560, book.LastOrder.ModifyWanted!.LimitPricePaise); // five percent of 112.35, down to a tick
    }

    private static Book Review(Book book, long paise) => book.Do(new AccountCommand.ReviewPlans(
        System.Collections.Immutable.ImmutableDictionary<PositionKey, PriceSeen>.Empty.Add(Given.OptionKey, new PriceSeen(paise, book.Now, "test feed"))));
}
