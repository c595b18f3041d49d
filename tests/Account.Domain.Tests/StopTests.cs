using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>A stop that the main site left may be moved and made smaller, within the exchange's rules (rulebook 1.2, 1.7).</summary>
public sealed class StopTests
{
    private static readonly MarketRules Market = new(
        "test",
        [
            new SessionTable(new DateOnly(2020, 1, 1), "NFO", false,
            [
                new PhaseSpan(new TimeOnly(9, 15), new TimeOnly(15, 15), MarketPhase.Continuous),
                new PhaseSpan(new TimeOnly(15, 15), new TimeOnly(15, 35), MarketPhase.ClosingAuction),
            ]),
        ],
        [], [])
    {
        Prices = new PriceRules([], [], [new StopRange(new DateOnly(2026, 1, 19), "NFO", "OPTIDX", 5000, 2000, 1000)]),
    };

    private static Book WithStop(long limit = 9000, long trigger = 9050)
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000)).At(11, 0);
        return book.Hear(Given.Report(
            OrderReportKind.Confirmed, 0, Given.Reference(900, 100, 150, price: limit) with { TriggerPaise = trigger, IsStop = true }));
    }

    private static Book Change(Book book, long? limit, long? trigger, long? quantity = null) =>
        book.Do(new AccountCommand.ModifyOrder(book.LastOrder.Id, quantity, limit, Given.AccountId, trigger));

    [Fact]
    public void Its_trigger_and_limit_are_changed_and_the_exchange_answers()
    {
        var book = Change(WithStop(), 9400, 9500);
        Assert.Equal(new OrderTerms(150, 9400, 9500), book.LastOrder.ModifyWanted);

        book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1));
        book.Hear(Given.Report(OrderReportKind.Modified, 0, Given.Reference(900, 101, 150, price: 9400) with { TriggerPaise = 9500, IsStop = true }));

        Assert.Equal((OrderStatus.Open, 9400L, 9500L, null), (book.LastOrder.Status, book.LastOrder.LimitPricePaise, book.LastOrder.TriggerPaise, book.LastOrder.ModifyWanted));
    }

    [Fact]
    public void Another_hands_new_trigger_is_not_taken_for_the_answer_to_ours()
    {
        var book = Change(WithStop(), null, 9100);
        book.Do(new AccountCommand.AuthorizeModify(book.LastOrder.Id, 1));

        book.Hear(Given.Report(OrderReportKind.Modified, 0, Given.Reference(900, 101, 150, price: 9000) with { TriggerPaise = 9200, IsStop = true }));

        Assert.Equal((OrderStatus.ModifySent, 9200L), (book.LastOrder.Status, book.LastOrder.TriggerPaise));
    }

    [Theory]
    [InlineData(9000, 9052, RefusalCode.PriceNotATickMultiple)]
    [InlineData(9001, 9050, RefusalCode.PriceNotATickMultiple)]
    [InlineData(9100, 9050, RefusalCode.LimitWorseThanTrigger)]
    [InlineData(9000, 11300, RefusalCode.StopRangeExceeded)]
    [InlineData(3000, 4500, RefusalCode.StopRangeExceeded)]
    public void A_change_that_the_exchange_refuses_by_rule_is_refused_here(long limit, long trigger, RefusalCode code) =>
        Assert.Equal(code, Change(WithStop(), limit, trigger).Refusal.Code);

    [Fact]
    public void The_auction_knows_no_stops_but_they_can_be_cancelled()
    {
        var book = WithStop().At(15, 20);

        Assert.Equal(RefusalCode.StopNotInAuction, Change(book, null, 9100).Refusal.Code);
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId, Confirmed: true)).Reply);
    }

    [Fact]
    public void A_plain_order_has_no_trigger_to_change()
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000)).At(11, 0).WithOpenOrder(150);

        Assert.Equal(RefusalCode.NotAStopOrder, Change(book, null, 9100).Refusal.Code);
    }

    [Fact]
    public void A_stop_of_an_entry_may_only_shrink()
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000)).At(11, 0);
        book.Hear(Given.Report(OrderReportKind.Confirmed, 0, Given.Reference(901, 100, 150, price: 12000) with { TriggerPaise = 11950, IsStop = true }, OrderSide.Buy));

        Assert.Equal(RefusalCode.EntryMayOnlyShrink, Change(book, null, 11900).Refusal.Code);
        Assert.IsType<AccountReply.ModifyAccepted>(Change(book, null, null, 75).Reply);
        Assert.IsType<AccountReply.CancelAccepted>(book.Do(new AccountCommand.CancelOrder(book.LastOrder.Id, Given.AccountId)).Reply);
    }

    [Fact]
    public void Once_triggered_it_rests_like_any_other_and_trades_once()
    {
        var book = WithStop();
        book.Hear(Given.Report(OrderReportKind.Triggered, 0, Given.Reference(900, 101, 150, price: 9000)));
        Assert.False(book.LastOrder.IsStop);

        book.Fill(900, 1, 150, 102).Fill(900, 1, 150, 102);

        Assert.Equal((OrderStatus.Filled, 0L), (book.LastOrder.Status, book.Option.Net));
    }
}
