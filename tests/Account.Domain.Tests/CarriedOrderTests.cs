using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Orders that the main site, its risk management or a bracket left at the exchange (rulebook 1.1, 1.3).</summary>
public sealed class CarriedOrderTests
{
    private static CarriedOrder Carried(long number, long quantity, OrderSide side = OrderSide.Sell, string? parent = null, long trigger = 0, string by = "client", string product = "NRML") => new(
        Given.Option, product, side, quantity, 9000, trigger, number, new OrderOrigin(parent is null ? "regular" : "bo", $"main-{number}", parent), by);

    private static Book Holding(long quantity, params CarriedOrder[] orders) => Given.Holding(quantity).Do(new AccountCommand.CarryOrders([.. orders]));

    private static ExchangeReference At(long number, long activity, long volume, long filled = 0, long trigger = 0, bool isStop = false) =>
        Given.Reference(number, activity, volume, filled, 9000) with { TriggerPaise = trigger, IsStop = isStop };

    private static Book Found(Book book, long number, long volume, long activity = 100, long trigger = 0) =>
        book.Hear(Given.Report(OrderReportKind.Confirmed, 0, At(number, activity, volume, trigger: trigger, isStop: trigger > 0)));

    [Theory]
    [InlineData("client")]
    [InlineData("rms")]
    public void An_order_of_the_main_site_or_of_risk_management_reserves_before_the_exchange_tells_of_it(string placedBy)
    {
        var book = Holding(150, Carried(900, 75, by: placedBy));

        Assert.Equal((75L, 75L), (book.State.PendingExit(book.Option), book.State.Closable(book.Option)));
        Assert.Equal((OrderStatus.Unknown, placedBy, "main-900"), (book.LastOrder.Status, book.LastOrder.PlacedBy, book.LastOrder.Origin!.MainOrderId));
        Assert.Equal(book.LastOrder.Id, Assert.Single(book.Do(Given.Exit(new ExitAmount.Units(150))).Refusal.BlockingOrders));
    }

    [Fact]
    public void Told_twice_it_is_one_order()
    {
        var book = Holding(150, Carried(900, 75), Carried(900, 75)).Do(new AccountCommand.CarryOrders([Carried(900, 75)]));

        Assert.Empty(book.Events);
        Assert.Single(book.State.Orders);
    }

    [Fact]
    public void It_is_known_by_its_number_when_the_exchange_tells_of_it_and_is_cancelled_like_any_other()
    {
        var book = Found(Holding(150, Carried(900, 75)), 900, 75);
        Assert.Equal((OrderStatus.Open, 1), (book.LastOrder.Status, book.State.Orders.Count));

        book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1));
        Assert.IsType<AccountReply.GoAhead>(book.Reply);
    }

    /// <summary>The download shows what our user did; that another user's order is not in it proves nothing.</summary>
    [Fact]
    public void A_whole_download_without_it_does_not_prove_it_absent_and_an_operator_can_settle_it()
    {
        var book = Holding(150, Carried(900, 75)).Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, false));
        Assert.Equal(OrderStatus.Unknown, book.LastOrder.Status);

        book.Do(new AccountCommand.LapseOrder(book.LastOrder.Id, "operator Rao", "NSE-HD-17"));
        Assert.Equal((OrderStatus.Absent, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void It_does_not_hold_up_an_exit_of_the_rest()
    {
        var book = Holding(150, Carried(900, 75)).Do(Given.Exit(new ExitAmount.Units(75)));

        Assert.IsType<AccountReply.GoAhead>(book.Send(book.LastOrder.Id.Number).Reply);
    }

    [Fact]
    public void A_report_that_looks_like_it_but_has_our_reference_is_ours()
    {
        var book = Holding(150, Carried(900, 75)).Do(Given.Exit(new ExitAmount.Units(75)) with { });
        var ours = book.LastOrder.Id.Number;
        book.Send(ours).Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(901, 50, 75, price: book[ours].LimitPricePaise)));

        Assert.Equal((OrderStatus.Open, OrderStatus.Unknown), (book[ours].Status, book.State.Orders.Values.First().Status));
    }

    [Fact]
    public void An_order_found_first_is_attributed_and_its_trades_move_to_its_product()
    {
        var mis = new PositionKey("NFO", Given.Option.Token, "MIS");
        var book = Given.Holding(new CarriedPosition(Given.Option, "NRML", 150, 10000), new CarriedPosition(Given.Option, "MIS", 150, 10000));
        Found(book, 900, 150).Fill(900, 1, 75, 200);
        var guessed = book.LastOrder.Key;
        var other = guessed == mis ? Given.OptionKey : mis;

        book.Do(new AccountCommand.CarryOrders([Carried(900, 150, product: other.Product)]));

        Assert.Equal((other, "main-900", 1), (book.LastOrder.Key, book.LastOrder.Origin!.MainOrderId, book.State.Orders.Count));
        Assert.Equal((75L, 150L), (book.State.Positions[other].Net, book.State.Positions[guessed].Net));
    }

    [Fact]
    public void An_entry_in_an_instrument_that_is_not_held_gets_a_place_and_may_be_cancelled()
    {
        var book = Given.Holding(new CarriedPosition(Given.Share, "CNC", 10, 150000)).Do(new AccountCommand.CarryOrders([Carried(900, 75, OrderSide.Buy)]));

        Assert.Equal(0, book.Option.Net);
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Reply);
    }

    [Fact]
    public void Cancelling_the_stop_that_protects_is_asked_about_once()
    {
        var book = Found(Holding(150, Carried(900, 150, trigger: 9050)), 900, 150, trigger: 9050);
        Assert.True(book.LastOrder.IsStop);

        Assert.Equal(PlanWarning.LeavesUnprotected, Assert.Single(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Refusal.Warnings));
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId, Confirmed: true)).Reply);
    }

    [Fact]
    public void A_cover_orders_leg_is_cancelled_first_and_then_its_position_exited()
    {
        var book = Found(Holding(150, Carried(900, 150, parent: "main-1", trigger: 9050)), 900, 150, trigger: 9050);
        var leg = book.LastOrder.Id;
        Assert.Equal(RefusalCode.ExceedsClosable, book.Do(Given.Exit(new ExitAmount.Full(), "plain")).Refusal.Code);

        book.Do(Given.Exit(new ExitAmount.Full()) with { Options = PlanOptions.Plain with { CancelBlocking = true } });
        Assert.Single(book.State.Orders);
        book.Do(new AccountCommand.AuthorizeCancel(leg, 1)).Hear(Given.Report(OrderReportKind.Cancelled, 0, At(900, 101, 150)));

        Assert.Equal((OrderStatus.Cancelled, OrderStatus.Accepted, 150L), (book.State.Orders[leg].Status, book.LastOrder.Status, book.LastOrder.Quantity));
    }

    [Fact]
    public void When_one_leg_of_a_bracket_has_traded_the_other_is_taken_out()
    {
        var book = Bracket(out var target, out var stop);

        book.Fill(900, 1, 150, 200);

        Assert.Equal((OrderStatus.Filled, true, "bracket"), (book.State.Orders[target].Status, book.State.Orders[stop].CancelWanted, book.Events.OfType<AccountEvent.CancelRequested>().Single().RequestedBy));
    }

    [Fact]
    public void When_one_leg_has_traded_in_part_the_other_is_made_as_small_as_what_is_left()
    {
        var book = Bracket(out _, out var stop);

        book.Fill(900, 1, 75, 200);

        Assert.Equal(new OrderTerms(75, 9000, 9050), book.State.Orders[stop].ModifyWanted);
    }

    [Fact]
    public void An_exit_beside_a_bracket_shrinks_both_legs_as_it_trades()
    {
        // Half of the position is free because the legs were made for the other half.
        var book = Found(Found(Holding(150, Carried(900, 75, parent: "main-1"), Carried(901, 75, parent: "main-1", trigger: 9050)), 900, 75), 901, 75, trigger: 9050);

        Assert.Equal(0, book.State.Closable(book.Option));
        Assert.Equal(2, book.Do(Given.Exit(new ExitAmount.Units(75))).Refusal.BlockingOrders.Length);
    }

    private static Book Bracket(out ClientOrderId target, out ClientOrderId stop)
    {
        var book = Found(Found(Holding(150, Carried(900, 150, parent: "main-1"), Carried(901, 150, parent: "main-1", trigger: 9050)), 900, 150), 901, 150, trigger: 9050);
        (target, stop) = (book.State.Orders.Keys.First(), book.State.Orders.Keys.Last());
        return book;
    }
}
