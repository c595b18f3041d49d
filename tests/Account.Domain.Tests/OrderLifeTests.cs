using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

public sealed class OrderLifeTests
{
    [Fact]
    public void An_order_goes_from_accepted_to_filled_and_the_position_to_zero()
    {
        var book = Given.Holding(150).WithOpenOrder(150);
        Assert.Equal(OrderStatus.Open, book.LastOrder.Status);

        book.Fill(500, 1, 60, 1001);
        Assert.Equal((OrderStatus.Open, 90L, 90L, 0L), (book.LastOrder.Status, book.Option.Net, book.LastOrder.Leaves, book.State.Closable(book.Option)));

        book.Fill(500, 2, 90, 1002);
        Assert.Equal((OrderStatus.Filled, 0L), (book.LastOrder.Status, book.Option.Net));
        Assert.Empty(book.State.Working);
    }

    [Fact]
    public void A_fill_reported_twice_moves_the_position_once()
    {
        var book = Given.Holding(150).WithOpenOrder(150).Fill(500, 1, 60, 1001).Fill(500, 1, 60, 1001);

        Assert.Equal(90, book.Option.Net);
        Assert.Empty(book.Events);
    }

    [Fact]
    public void A_trade_that_comes_before_the_confirmation_is_taken_and_the_confirmation_adds_what_trades_do_not_say()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        var order = book.LastOrder;
        book.Send(order.Id.Number);

        book.Hear(Given.Report(OrderReportKind.Traded, 0, Given.Reference(500, 1001, 150, 60, order.LimitPricePaise) with { EntryDateTime = 0 }) with
        {
            TradeNumber = 1,
            FillQuantity = 60,
            FillPricePaise = 11200,
        });
        Assert.Equal((OrderStatus.Open, 90L), (book.LastOrder.Status, book.Option.Net));

        book.Hear(Given.Report(OrderReportKind.Confirmed, order.Id.Number, Given.Reference(500, 1000, 150, 0, order.LimitPricePaise)));
        Assert.Equal((1001L, 100, OrderStatus.Open), (book.LastOrder.Exchange!.LastActivityReference, book.LastOrder.Exchange.EntryDateTime, book.LastOrder.Status));
        book.Hear(Given.Report(OrderReportKind.Confirmed, order.Id.Number, Given.Reference(500, 1000, 150, 0, order.LimitPricePaise)));
        Assert.Empty(book.Events);
    }

    [Fact]
    public void Fills_that_a_cancellation_speaks_of_stay_reserved_until_they_are_told()
    {
        var book = Given.Holding(150).WithOpenOrder(75);

        book.Hear(Given.Report(OrderReportKind.Cancelled, 0, Given.Reference(500, 1002, 75, 30)) with { ByExchange = true });
        Assert.Equal((OrderStatus.Cancelled, 30L, 120L), (book.LastOrder.Status, book.LastOrder.Leaves, book.State.Closable(book.Option)));

        book.Fill(500, 1, 30, 1001);
        Assert.Equal((OrderStatus.Cancelled, 0L, 120L, 120L), (book.LastOrder.Status, book.LastOrder.Leaves, book.Option.Net, book.State.Closable(book.Option)));
        Assert.Empty(book.State.Working);
    }

    [Fact]
    public void A_cancel_can_be_asked_for_again_however_often_the_link_or_a_changed_order_got_in_its_way()
    {
        var book = Given.Holding(150).WithOpenOrder(150);
        var order = book.LastOrder.Id;
        book.Do(new AccountCommand.CancelOrder(order, Given.AccountId));
        for (var session = 1; session <= 8; session++)
        {
            Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeCancel(order, session)).Reply);
            book.Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, session));
            book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, session + 1, StreamOutage: false));
        }

        for (var refusal = 0; refusal < 5; refusal++)
        {
            book.Do(new AccountCommand.AuthorizeCancel(order, 20));
            book.Hear(Given.Report(OrderReportKind.CancelRejected, 0, Given.Reference(500, 1000, 150)) with { ErrorCode = 16044, StreamTime = 9000 + refusal });
        }

        Assert.False(book.LastOrder.CancelWanted);
        book.Do(new AccountCommand.CancelOrder(order, Given.AccountId));
        Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeCancel(order, 20)).Reply);
    }

    [Fact]
    public void A_change_heard_before_the_confirmation_makes_the_order_known_by_its_number()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        var number = book.LastOrder.Id.Number;
        book.Send(number).Hear(Given.Report(OrderReportKind.Modified, number, Given.Reference(500, 1001, 75)));

        book.Hear(Given.Report(OrderReportKind.Confirmed, number, Given.Reference(500, 1000, 150)));

        Assert.Equal((1, 75L, OrderStatus.Open), (book.State.Orders.Count, book.LastOrder.Quantity, book.LastOrder.Status));
    }

    [Fact]
    public void A_trade_heard_before_anybody_told_its_order_is_counted_in_the_order_when_that_is_told()
    {
        var book = Given.Holding(150).Fill(700, 1, 75, 1001);
        Assert.Equal(75, book.Option.Net);

        book.Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(700, 1000, 75)));

        Assert.Equal((75L, OrderStatus.Filled, 75L), (book.LastOrder.Filled, book.LastOrder.Status, book.State.Closable(book.Option)));
        Assert.Empty(book.Fill(700, 1, 75, 1001).Events);
    }

    [Fact]
    public void The_same_number_in_another_segment_is_another_order()
    {
        var book = Given.Holding(new CarriedPosition(Given.Option, "NRML", 150, 10000), new CarriedPosition(Given.Share, "CNC", 10, 150000)).WithOpenOrder(150);

        book.Hear(Given.Report(OrderReportKind.Traded, 0, Given.Reference(500, 7, 10, 10)) with
        {
            Segment = MarketSegment.Cash,
            Symbol = "INFY",
            Series = "EQ",
            ExchangeToken = 0,
            TradeNumber = 1,
            FillQuantity = 10,
            FillPricePaise = 150000,
        });

        Assert.Equal((150L, 0L), (book.Option.Net, book.State.Positions[Given.ShareKey].Net));
    }

    [Fact]
    public void An_order_is_sent_at_most_once()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        var number = book.LastOrder.Id.Number;

        Assert.IsType<AccountReply.GoAhead>(book.Send(number).Reply);
        Assert.IsType<AccountReply.NotNow>(book.Send(number).Reply);
    }

    [Fact]
    public void A_second_order_alike_waits_until_the_first_is_answered()
    {
        var book = Given.Holding(4500).Do(Given.Exit(new ExitAmount.Full()));
        var slices = book.State.Orders.Values.ToArray();
        book.Send(slices[0].Id.Number);

        Assert.IsType<AccountReply.NotNow>(book.Send(slices[1].Id.Number).Reply);
        var before = book.State;
        book.Hear(Given.Report(OrderReportKind.Confirmed, slices[0].Id.Number, Given.Reference(500, 1000, 1800)));

        Assert.Equal([slices[1].Id], AccountDecider.EffectsOf(before, book.State).OfType<AccountEffect.Send>().Select(effect => effect.OrderId));
        Assert.IsType<AccountReply.GoAhead>(book.Send(slices[1].Id.Number).Reply);
    }

    [Fact]
    public void A_rejection_frees_what_the_order_had_reserved_and_keeps_the_reason()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number);

        book.Hear(Given.Report(OrderReportKind.Rejected, book.LastOrder.Id.Number, Given.Reference(0, 0, 150)) with { ErrorCode = 16284, ErrorText = "outside the band" });

        Assert.Equal((OrderStatus.Rejected, 16284, "outside the band"), (book.LastOrder.Status, book.LastOrder.ErrorCode, book.LastOrder.Note));
        Assert.Equal(150, book.State.Closable(book.Option));
    }

    [Fact]
    public void A_cancel_before_sending_ends_the_order_without_a_byte()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId));

        Assert.Equal(OrderStatus.Cancelled, book.LastOrder.Status);
        Assert.IsType<AccountReply.NotNow>(book.Send(book.LastOrder.Id.Number).Reply);
    }

    [Fact]
    public void A_cancel_keeps_the_reservation_until_it_is_confirmed()
    {
        var book = Given.Holding(150).WithOpenOrder(150).Do(new AccountCommand.CancelOrder(new ClientOrderId(3), Given.AccountId));
        book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1));
        Assert.Equal((OrderStatus.CancelSent, 0L), (book.LastOrder.Status, book.State.Closable(book.Option)));

        book.Hear(Given.Report(OrderReportKind.Cancelled, 0, Given.Reference(500, 1001, 150)));
        Assert.Equal((OrderStatus.Cancelled, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void A_cancel_that_loses_the_race_to_a_fill_ends_as_filled()
    {
        var book = Given.Holding(150).WithOpenOrder(150).Do(new AccountCommand.CancelOrder(new ClientOrderId(3), Given.AccountId));
        book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Fill(500, 1, 150, 1001);
        Assert.Equal(OrderStatus.Filled, book.LastOrder.Status);

        book.Hear(Given.Report(OrderReportKind.CancelRejected, 0, Given.Reference(500, 1001, 150)) with { ErrorCode = 16060 });
        Assert.Equal(OrderStatus.Filled, book.LastOrder.Status);
    }

    [Fact]
    public void A_cancel_refused_because_the_order_had_changed_goes_out_again_with_the_newer_reference()
    {
        var book = Given.Holding(150).WithOpenOrder(150).Do(new AccountCommand.CancelOrder(new ClientOrderId(3), Given.AccountId));
        book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Fill(500, 1, 75, 1001);
        var before = book.State;

        book.Hear(Given.Report(OrderReportKind.CancelRejected, 0, Given.Reference(500, 1000, 150)) with { ErrorCode = 16343 });

        Assert.IsType<AccountEffect.SendCancel>(Assert.Single(AccountDecider.EffectsOf(before, book.State)));
        var go = Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Reply);
        Assert.Equal(1001, go.Order.Exchange!.LastActivityReference);
    }

    [Fact]
    public void A_cancel_after_a_partial_fill_still_carries_the_time_of_entry_which_trades_do_not_say()
    {
        var book = Given.Holding(150).WithOpenOrder(150);
        book.Hear(Given.Report(OrderReportKind.Traded, 0, Given.Reference(500, 1001, 150, 60) with { EntryDateTime = 0 }) with
        {
            TradeNumber = 1,
            FillQuantity = 60,
            FillPricePaise = 11200,
        });
        book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId));

        var go = Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Reply);

        Assert.Equal((100, 1001L, 90L), (go.Order.Exchange!.EntryDateTime, go.Order.Exchange.LastActivityReference, go.Order.Exchange.Remaining));
    }

    [Fact]
    public void An_order_without_an_answer_when_the_link_is_lost_is_unknown_and_keeps_its_whole_reservation()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        Assert.Equal((OrderStatus.Unknown, 0L), (book.LastOrder.Status, book.State.Closable(book.Option)));
        Assert.NotNull(book.LastOrder.UnknownSince);
        Assert.IsType<AccountReply.NotNow>(book.Send(book.LastOrder.Id.Number, 2).Reply);
    }

    [Fact]
    public void An_unknown_order_is_found_by_its_attributes_where_the_download_carries_no_reference()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        book.Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(500, 1000, 150, 0, book.LastOrder.LimitPricePaise)));

        Assert.Equal((OrderStatus.Open, 500L), (book.LastOrder.Status, book.LastOrder.Exchange!.OrderNumber));
    }

    [Fact]
    public void An_unknown_order_is_proven_absent_only_by_a_later_session_of_its_segment()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 1, StreamOutage: false));
        Assert.Equal(OrderStatus.Unknown, book.LastOrder.Status);
        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Cash, 2, StreamOutage: false));
        Assert.Equal(OrderStatus.Unknown, book.LastOrder.Status);

        book.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: false));
        Assert.Equal((OrderStatus.Absent, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void A_refusal_that_is_replayed_by_a_download_does_not_reject_a_later_order_alike()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Send(book.LastOrder.Id.Number);
        var refusal = Given.Report(OrderReportKind.Rejected, 0, Given.Reference(0, 0, 150, 0, book.LastOrder.LimitPricePaise)) with { StreamTime = 77, ErrorCode = 16284 };
        book.Hear(refusal).Do(Given.Exit(new ExitAmount.Full(), "exit-2"));
        book.Send(book.LastOrder.Id.Number).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));

        book.Hear(refusal);

        Assert.Equal(OrderStatus.Unknown, book.LastOrder.Status);
    }

    [Fact]
    public void A_trade_that_fits_no_order_we_know_moves_the_position_all_the_same()
    {
        var book = Given.Holding(150).Fill(900, 9, 75, 2000);

        Assert.IsType<AccountEvent.ForeignTradeRecorded>(Assert.Single(book.Events));
        Assert.Equal(75, book.Option.Net);
    }

    [Fact]
    public void An_order_whose_position_shrank_while_it_waited_is_taken_back_instead_of_sent()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        book.Fill(900, 9, 75, 2000);

        Assert.IsType<AccountReply.NotNow>(book.Send(book.LastOrder.Id.Number).Reply);
        Assert.Equal((OrderStatus.Cancelled, 75L), (book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void A_foreign_order_reserves_its_part_and_can_be_cancelled()
    {
        var book = Given.Holding(150).Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(700, 10, 75)));

        Assert.Equal(75, book.State.Closable(book.Option));
        book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId));
        Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Reply);
    }

    [Fact]
    public void What_is_unfinished_is_driven_again_from_the_state_alone()
    {
        var book = Given.Holding(225).Do(Given.Exit(new ExitAmount.Units(75)));

        var effect = Assert.Single(AccountDecider.EffectsOf(AccountDecider.Initial(Given.AccountId), book.State));
        Assert.Equal(new AccountEffect.SendOrder(book.LastOrder.Id, MarketSegment.Derivatives), effect);
    }
}
