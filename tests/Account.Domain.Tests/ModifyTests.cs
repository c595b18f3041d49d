using Backup.Account.Domain.Orders;
using Xunit;

namespace Backup.Account.Domain.Tests;

public sealed class ModifyTests
{
    private static AccountCommand.ModifyOrder Change(Book book, long? quantity = null, long? price = null) =>
        new(book.LastOrder.Id, quantity, price, Given.AccountId);

    private static Book Sent(Book book, long? quantity = null, long? price = null)
    {
        book.Do(Change(book, quantity, price));
        Assert.IsType<AccountReply.ModifyAccepted>(book.Reply);
        return book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1));
    }

    private static OrderReport Answer(OrderReportKind kind, long activity, long quantity, long price, long filled = 0) =>
        Given.Report(kind, 0, Given.Reference(500, activity, quantity, filled, price));

    [Fact]
    public void A_new_price_goes_out_once_and_is_the_orders_price_when_the_exchange_says_so()
    {
        var book = Sent(Given.Holding(150).WithOpenOrder(150), price: 10500);
        Assert.IsType<AccountReply.GoAhead>(book.Reply);
        Assert.Equal((OrderStatus.ModifySent, 10110L), (book.LastOrder.Status, book.LastOrder.LimitPricePaise));
        Assert.IsType<AccountReply.NotNow>(book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1)).Reply);

        book.Hear(Answer(OrderReportKind.Modified, 1001, 150, 10500));

        Assert.Equal((OrderStatus.Open, 10500L, 1001L), (book.LastOrder.Status, book.LastOrder.LimitPricePaise, book.LastOrder.Exchange!.LastActivityReference));
        Assert.Empty(book.Hear(Answer(OrderReportKind.Modified, 1001, 150, 10500)).Events);
    }

    [Fact]
    public void The_larger_of_old_and_new_quantity_is_reserved_until_the_exchange_has_answered()
    {
        var shrinking = Sent(Given.Holding(225).WithOpenOrder(150), quantity: 75);
        Assert.Equal(75, shrinking.State.Closable(shrinking.Option));
        Assert.Equal(150, shrinking.Hear(Answer(OrderReportKind.Modified, 1001, 75, 10110)).State.Closable(shrinking.Option));

        var growing = Sent(Given.Holding(225).WithOpenOrder(150), quantity: 225);
        Assert.Equal(0, growing.State.Closable(growing.Option));
        growing.Hear(Answer(OrderReportKind.ModifyRejected, 1000, 150, 10110) with { ErrorCode = 16346, ErrorText = "cannot be modified" });
        Assert.Equal((75L, OrderStatus.Open, "cannot be modified"), (growing.State.Closable(growing.Option), growing.LastOrder.Status, growing.LastOrder.Note));
    }

    [Fact]
    public void A_quantity_beyond_the_closable_is_refused_with_the_orders_that_block_it()
    {
        var book = Given.Holding(225).WithOpenOrder(150);

        Assert.Equal(RefusalCode.ExceedsClosable, book.Do(Change(book, quantity: 300)).Refusal.Code);
        Assert.Equal([book.LastOrder.Id], book.Refusal.BlockingOrders);
    }

    [Theory]
    [InlineData(100L, null, RefusalCode.NotALotMultiple)]
    [InlineData(0L, null, RefusalCode.QuantityNotPositive)]
    [InlineData(-75L, null, RefusalCode.QuantityNotPositive)]
    [InlineData(null, 10112L, RefusalCode.PriceNotATickMultiple)]
    [InlineData(null, 0L, RefusalCode.PriceNotATickMultiple)]
    [InlineData(150L, 10110L, RefusalCode.NothingToChange)]
    [InlineData(1875L, null, RefusalCode.AboveFreezeQuantity)]
    public void Terms_that_no_exchange_would_take_are_refused_here(long? quantity, long? price, RefusalCode code)
    {
        var book = Given.Holding(3750).WithOpenOrder(150);

        Assert.Equal(code, book.Do(Change(book, quantity, price)).Refusal.Code);
        Assert.Empty(book.Events);
    }

    [Fact]
    public void Once_a_part_has_traded_the_quantity_stays()
    {
        var book = Given.Holding(225).WithOpenOrder(150).Fill(500, 1, 75, 1001);

        Assert.Equal(RefusalCode.QuantityFixedByFill, book.Do(Change(book, quantity: 225)).Refusal.Code);
        Assert.IsType<AccountReply.ModifyAccepted>(book.Do(Change(book, price: 10500)).Reply);
    }

    [Fact]
    public void A_change_of_quantity_overtaken_by_a_fill_is_dropped_and_says_why()
    {
        var book = Given.Holding(225).WithOpenOrder(150);
        book.Do(Change(book, quantity: 225)).Fill(500, 1, 75, 1001);

        Assert.IsType<AccountReply.NotNow>(book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1)).Reply);
        Assert.Null(book.LastOrder.ModifyWanted);
        Assert.Contains("traded first", book.LastOrder.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_met_a_changed_order_goes_again_with_the_newer_reference_but_not_for_ever()
    {
        var book = Sent(Given.Holding(225).WithOpenOrder(150), price: 10500);
        for (var attempt = 2; attempt <= 5; attempt++)
        {
            book.Hear(Answer(OrderReportKind.ModifyRejected, 2000 + attempt, 150, 10110) with { ErrorCode = 16044 });
            Assert.IsType<AccountReply.GoAhead>(book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1)).Reply);
        }

        book.Hear(Answer(OrderReportKind.ModifyRejected, 3000, 150, 10110) with { ErrorCode = 16044 });
        Assert.Equal((OrderStatus.Open, null), (book.LastOrder.Status, book.LastOrder.ModifyWanted));
    }

    [Fact]
    public void A_fill_of_the_whole_order_beats_the_change()
    {
        var book = Sent(Given.Holding(150).WithOpenOrder(150), price: 10500).Fill(500, 1, 150, 1001);
        Assert.Equal(OrderStatus.Filled, book.LastOrder.Status);

        Assert.Empty(book.Hear(Answer(OrderReportKind.ModifyRejected, 1000, 150, 10110) with { ErrorCode = 16060 }).Events);
    }

    [Fact]
    public void Trades_that_overtake_the_answer_of_a_shrinking_change_end_the_order_when_it_comes()
    {
        var book = Sent(Given.Holding(225).WithOpenOrder(150), quantity: 75).Fill(500, 1, 75, 1002);
        Assert.Equal((OrderStatus.ModifySent, 75L), (book.LastOrder.Status, book.LastOrder.Leaves));

        book.Hear(Answer(OrderReportKind.Modified, 1001, 75, 10110));

        Assert.Equal((OrderStatus.Filled, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
    }

    [Fact]
    public void An_order_that_has_not_left_is_changed_here()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));

        book.Do(Change(book, quantity: 75, price: 10500));

        Assert.Equal((75L, 10500L, OrderStatus.Accepted), (book.LastOrder.Quantity, book.LastOrder.LimitPricePaise, book.LastOrder.Status));
        Assert.IsType<AccountReply.GoAhead>(book.Send(book.LastOrder.Id.Number).Reply);
    }

    [Fact]
    public void A_cancel_voids_a_change_that_has_not_left_and_follows_one_that_has()
    {
        var waiting = Given.Holding(150).WithOpenOrder(150);
        waiting.Do(Change(waiting, price: 10500)).Do(new AccountCommand.CancelOrder(waiting.LastOrder.Id, Given.AccountId));
        Assert.IsType<AccountReply.NotNow>(waiting.Do(new AccountCommand.AuthorizeModify(waiting.LastOrder.Id, 1)).Reply);
        Assert.IsType<AccountReply.GoAhead>(waiting.Do(new AccountCommand.AuthorizeCancel(waiting.LastOrder.Id, 1)).Reply);

        var sent = Sent(Given.Holding(150).WithOpenOrder(150), price: 10500);
        sent.Do(new AccountCommand.CancelOrder(sent.LastOrder.Id, Given.AccountId));
        Assert.IsType<AccountReply.NotNow>(sent.Do(new AccountCommand.AuthorizeCancel(sent.LastOrder.Id, 1)).Reply);
        var before = sent.State;
        sent.Hear(Answer(OrderReportKind.Modified, 1001, 150, 10500));
        Assert.IsType<AccountEffect.SendCancel>(Assert.Single(AccountDecider.EffectsOf(before, sent.State)));
        Assert.Equal(RefusalCode.OrderBusy, sent.Do(Change(sent, price: 10600)).Refusal.Code);
    }

    [Fact]
    public void A_change_whose_answer_was_lost_is_unknown_keeps_both_reservations_and_is_settled_by_the_download()
    {
        var lost = Sent(Given.Holding(225).WithOpenOrder(150), quantity: 225).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));
        Assert.Equal((OrderStatus.Unknown, 0L), (lost.LastOrder.Status, lost.State.Closable(lost.Option)));

        lost.Fill(500, 1, 75, 1001);
        Assert.Equal(OrderStatus.Unknown, lost.LastOrder.Status);
        lost.Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: false));
        Assert.Equal((OrderStatus.Open, 75L, 75L), (lost.LastOrder.Status, lost.LastOrder.Leaves, lost.State.Closable(lost.Option)));
        Assert.IsType<AccountReply.NotNow>(lost.Do(new AccountCommand.AuthorizeModify(lost.LastOrder.Id, 2)).Reply);

        var arrived = Sent(Given.Holding(225).WithOpenOrder(150), quantity: 225).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));
        arrived.Hear(Answer(OrderReportKind.Modified, 1001, 225, 10110)).Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: false));
        Assert.Equal((OrderStatus.Open, 225L), (arrived.LastOrder.Status, arrived.LastOrder.Quantity));
    }

    [Fact]
    public void An_order_that_would_enlarge_the_position_may_only_shrink()
    {
        var book = Given.Holding(150);
        book.Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(700, 1000, 150), OrderSide.Buy));

        Assert.Equal(RefusalCode.EntryMayOnlyShrink, book.Do(Change(book, price: 10500)).Refusal.Code);
        Assert.Equal(RefusalCode.EntryMayOnlyShrink, book.Do(Change(book, quantity: 225)).Refusal.Code);
        Assert.IsType<AccountReply.ModifyAccepted>(book.Do(Change(book, quantity: 75)).Reply);
    }

    [Fact]
    public void A_change_by_another_hand_does_not_answer_ours()
    {
        var book = Sent(Given.Holding(225).WithOpenOrder(150), quantity: 225);

        book.Hear(Answer(OrderReportKind.Modified, 1001, 75, 10110));
        Assert.Equal((OrderStatus.ModifySent, 75L, 225L), (book.LastOrder.Status, book.LastOrder.Quantity, book.LastOrder.Leaves));

        book.Hear(Answer(OrderReportKind.ModifyRejected, 1001, 75, 10110) with { ErrorCode = 16346 });
        Assert.Equal((OrderStatus.Open, 75L), (book.LastOrder.Status, book.LastOrder.Leaves));
    }

    [Fact]
    public void The_exchange_may_change_an_order_by_itself()
    {
        var book = Given.Holding(150).WithOpenOrder(150);

        book.Hear(Answer(OrderReportKind.Modified, 1001, 150, 10300) with { ByExchange = true });

        Assert.Equal((10300L, OrderStatus.Open), (book.LastOrder.LimitPricePaise, book.LastOrder.Status));
    }
}
