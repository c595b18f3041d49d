using System.Collections.Immutable;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>What clients of brokers complain of (DOMAIN.md 4d), each as the answer that this rulebook gives.</summary>
public sealed class ComplaintTests
{
    private static AccountCommand.CancelOrder CancelOf(Book book) => new(book.LastOrder.Id, Given.AccountId);

    [Fact]
    public void The_page_was_frozen_and_he_kept_punching_makes_one_order()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        for (var punch = 0; punch < 50; punch++)
        {
            Assert.IsType<AccountReply.PlanShown>(book.Do(Given.Exit(new ExitAmount.Full())).Reply);
            Assert.Equal(RefusalCode.ExceedsClosable, book.Do(Given.Exit(new ExitAmount.Full(), $"punch-{punch}")).Refusal.Code);
        }

        Assert.Equal(150, Assert.Single(book.State.Orders.Values).Quantity);
    }

    [Fact]
    public void Margin_blocked_for_an_order_that_had_filled_unseen_is_freed_by_the_download()
    {
        var book = Given.Holding(150).WithOpenOrder(75);
        book.Do(CancelOf(book)).Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Do(new AccountCommand.LoseSession(MarketSegment.Derivatives, 1));
        Assert.Equal(75, book.State.PendingExit(book.Option));

        book.Fill(500, 1, 75, 1001).Do(new AccountCommand.ConcludeRecovery(MarketSegment.Derivatives, 2, StreamOutage: false));

        Assert.Equal((OrderStatus.Filled, 0L, 75L), (book.LastOrder.Status, book.State.PendingExit(book.Option), book.State.Closable(book.Option)));
    }

    [Fact]
    public void Stuck_at_put_order_request_is_not_repeated_and_can_be_taken_back_without_a_byte()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()));
        Assert.Equal([book.LastOrder.Id], book.Do(Given.Exit(new ExitAmount.Units(75), "impatient")).Refusal.BlockingOrders);

        book.Do(CancelOf(book));

        Assert.Equal((OrderStatus.Cancelled, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));
        Assert.IsType<AccountReply.NotNow>(book.Send(book.LastOrder.Id.Number).Reply);
    }

    [Fact]
    public void A_duplicate_exit_never_reaches_the_exchange_to_be_rejected_for_margin()
    {
        var book = Given.Holding(150).WithOpenOrder(150);
        var before = book.State;

        var refusal = book.Do(Given.Exit(new ExitAmount.Full(), "duplicate")).Refusal;

        Assert.Equal([book.LastOrder.Id], refusal.BlockingOrders);
        Assert.Empty(AccountDecider.EffectsOf(before, book.State));
    }

    [Fact]
    public void An_exit_never_makes_a_second_position_because_it_keeps_exchange_contract_and_product()
    {
        var book = Given.Holding(new CarriedPosition(Given.Share, "MIS", 100, 150000), new CarriedPosition(Given.Share, "CNC", 40, 150000));
        var mis = new PositionKey("NSE", Given.Share.Token, "MIS");

        book.Do(Given.Exit(new ExitAmount.Full(), key: mis));

        Assert.Equal((mis, 100L, OrderSide.Sell), (book.LastOrder.Key, book.LastOrder.Quantity, book.LastOrder.Side));
        Assert.Equal(RefusalCode.NoSuchPosition, book.Do(Given.Exit(new ExitAmount.Full(), "nrml", mis with { Product = "NRML" })).Refusal.Code);
        Assert.Equal(2, book.State.Positions.Count);
    }

    [Fact]
    public void An_old_order_shown_as_cancelled_that_executes_after_all_moves_the_books_and_cannot_be_exited_again()
    {
        var book = Given.Holding(150).WithOpenOrder(75);
        book.Hear(Given.Report(OrderReportKind.Cancelled, 0, Given.Reference(500, 1001, 75)));
        Assert.Equal((OrderStatus.Cancelled, 150L), (book.LastOrder.Status, book.State.Closable(book.Option)));

        book.Fill(500, 1, 75, 1002);

        Assert.Equal((75L, 75L), (book.Option.Net, book.State.Closable(book.Option)));
        Assert.Equal(RefusalCode.ExceedsClosable, book.Do(Given.Exit(new ExitAmount.Units(150), "all-of-it")).Refusal.Code);
    }

    [Fact]
    public void A_protected_exit_left_unfilled_follows_the_market_when_its_owner_agreed_to_that()
    {
        var book = Given.Holding(150).Do(Given.Exit(new ExitAmount.Full()) with { Options = PlanOptions.Plain with { Repricing = Repricing.Automatic, MoveMaxBasisPoints = 500 } });
        var first = book.LastOrder.LimitPricePaise;
        book.Send(book.LastOrder.Id.Number);
        book.Hear(Given.Report(OrderReportKind.Confirmed, book.LastOrder.Id.Number, Given.Reference(500, 1000, 150, price: first)));
        Assert.True(book.State.FollowsPrices);

        var fallen = new PriceSeen(Given.Price.Paise * 9 / 10, book.Now, "test feed");
        book.Do(new AccountCommand.ReviewPlans(ImmutableDictionary<PositionKey, PriceSeen>.Empty.Add(Given.OptionKey, fallen)));

        var wanted = book.LastOrder.ModifyWanted!.LimitPricePaise;
        Assert.InRange(wanted, first - (Given.Price.Paise * 500 / 10_000), first - 1);
    }

    [Fact]
    public void A_cancel_is_not_an_exit_and_says_what_is_still_held()
    {
        var book = Given.Holding(150).WithOpenOrder(150);
        book.Do(CancelOf(book));
        Assert.IsType<AccountReply.CancelAccepted>(book.Reply);

        book.Do(new AccountCommand.AuthorizeCancel(book.LastOrder.Id, 1)).Hear(Given.Report(OrderReportKind.Cancelled, 0, Given.Reference(500, 1001, 150)));

        Assert.Equal((150L, 1), (book.Option.Net, book.State.Orders.Count));
    }

    [Fact]
    public void One_order_executed_twice_cannot_turn_a_position_round()
    {
        var book = Given.Holding(-75).Do(Given.Exit(new ExitAmount.Full()));
        var number = book.LastOrder.Id.Number;
        Assert.IsType<AccountReply.GoAhead>(book.Send(number).Reply);
        Assert.IsType<AccountReply.NotNow>(book.Send(number).Reply);
        book.Hear(Given.Report(OrderReportKind.Confirmed, number, Given.Reference(500, 1000, 75), OrderSide.Buy));

        book.Fill(500, 1, 75, 1001, OrderSide.Buy).Fill(500, 1, 75, 1001, OrderSide.Buy);

        Assert.Equal((0L, OrderStatus.Filled), (book.Option.Net, book.LastOrder.Status));
        Assert.Equal(RefusalCode.AlreadyFlat, book.Do(Given.Exit(new ExitAmount.Full(), "once more")).Refusal.Code);
    }

    [Fact]
    public void Yesterdays_row_does_not_zero_a_position_of_today()
    {
        var book = Given.Holding(150).WithOpenOrder(150).Fill(500, 1, 150, 1001);
        Assert.Equal(0, book.Option.Net);

        book.Do(new AccountCommand.OpenDay(new DateOnly(2026, 11, 20), "hash of today", [new CarriedPosition(Given.Option, "NRML", 75, 10000)]));

        Assert.Equal((75L, 0L, 75L), (book.Option.Net, book.Option.DaySellQuantity, book.State.Closable(book.Option)));
        Assert.Empty(book.State.Orders);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(300)]
    public void Closing_four_of_a_position_of_three_is_refused_and_never_trimmed(long asked)
    {
        var key = new PositionKey("NSE", Given.Share.Token, "CNC");
        var book = Given.Holding(new CarriedPosition(Given.Share, "CNC", 3, 150000)).Do(Given.Exit(new ExitAmount.Units(asked), key: key));

        Assert.Equal((RefusalCode.ExceedsClosable, 3L), (book.Refusal.Code, book.Refusal.Closable));
        Assert.Empty(book.State.Orders);
    }

    [Fact]
    public void Replaced_with_quantity_zero_does_not_happen()
    {
        var book = Given.Holding(150).WithOpenOrder(150);
        Assert.Equal(RefusalCode.QuantityNotPositive, book.Do(new AccountCommand.ModifyOrder(book.LastOrder.Id, 0, null, Given.AccountId)).Refusal.Code);

        book.Do(new AccountCommand.ModifyOrder(book.LastOrder.Id, null, 10200, Given.AccountId));

        Assert.Equal(new OrderTerms(150, 10200), book.LastOrder.ModifyWanted);
    }

    [Theory]
    [InlineData(50, 300)]
    [InlineData(33, 150)]
    [InlineData(100, 600)]
    public void A_part_of_a_position_can_be_exited(int percent, long expected)
    {
        var book = Given.Holding(600).Do(Given.Exit(new ExitAmount.Percent(percent)));

        Assert.Equal((expected, 600 - expected), (book.LastOrder.Quantity, book.State.Closable(book.Option)));
    }
}
