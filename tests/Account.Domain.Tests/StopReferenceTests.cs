using Backup.Account.Domain.Orders;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>A stop order of the main site keeps what its cancel and change must name, whatever the exchange repeats.</summary>
public class StopReferenceTests
{
    private static readonly ExchangeReference Waiting = Given.Reference(900, 1000, 150) with { TriggerPaise = 10200, IsStop = true };

    // 2212 and 2222 carry neither the time of entry nor the trigger (NSE-TAP.md 5.6).
    private static readonly ExchangeReference Met = Given.Reference(900, 1001, 150) with { EntryDateTime = 0 };

    [Fact]
    public void A_trigger_that_was_met_updates_the_reference_and_nothing_else()
    {
        var book = Given.Holding(150).Hear(Given.Report(OrderReportKind.Confirmed, 0, Waiting));
        var before = book.LastOrder;
        Assert.Equal(Waiting, before.Exchange);
        book.Hear(Given.Report(OrderReportKind.Triggered, 0, Met));
        Assert.Equal(Met with { EntryDateTime = Waiting.EntryDateTime, TriggerPaise = 10200 }, book.LastOrder.Exchange);
        Assert.Equal((before.Status, before.Filled, before.Quantity, before.LimitPricePaise), (book.LastOrder.Status, book.LastOrder.Filled, book.LastOrder.Quantity, book.LastOrder.LimitPricePaise));
        Assert.Empty(book.Hear(Given.Report(OrderReportKind.Triggered, 0, Met)).Events);
    }

    [Fact]
    public void A_trade_of_a_triggered_stop_leaves_its_trigger_known_so_that_its_rest_is_cancelled_in_its_form()
    {
        var book = Given.Holding(150).Hear(Given.Report(OrderReportKind.Confirmed, 0, Waiting)).Hear(Given.Report(OrderReportKind.Triggered, 0, Met));
        book.Hear(Given.Report(OrderReportKind.Traded, 0, Given.Reference(900, 1002, 150, 75) with { EntryDateTime = 0 }) with { TradeNumber = 1, FillQuantity = 75, FillPricePaise = 10150 });
        Assert.Equal((1002, 100, 10200, false), (
            book.LastOrder.Exchange!.LastActivityReference, book.LastOrder.Exchange.EntryDateTime, book.LastOrder.Exchange.TriggerPaise, book.LastOrder.Exchange.IsStop));
    }

    [Fact]
    public void A_trigger_told_before_the_order_was_known_is_an_order_found_at_the_exchange()
    {
        var book = Given.Holding(150).Hear(Given.Report(OrderReportKind.Triggered, 0, Met));
        Assert.Equal((150, OrderStatus.Open, Met), (book.LastOrder.Quantity, book.LastOrder.Status, book.LastOrder.Exchange));
    }
}
