using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Backup.Cluster.Node.Exchange;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;
using Xunit;

namespace Backup.Cluster.Node.Tests;

public sealed class TranslationTests
{
    private static readonly Contract Option = new(
        "NFO", "NIFTY26NOV26000CE", 13906178, 54321, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "",
        new DateOnly(2026, 11, 24), 2600000, "CE", 75, 5, 1800, 11000);

    private static readonly Contract Share = new(
        "NSE", "INFY", 408065, 1594, MarketSegment.Cash, ContractKind.Equity, "", "INFY", "EQ", null, 0, "", 1, 5, 0, 152550);

    [Fact]
    public void An_option_is_named_as_in_the_exchanges_worked_example()
    {
        var wire = Translation.ToWire("CLI0001", "ABCDE1234F", Order(Option), Option);

        // NSE-TAP.md section 10, fo_order_entry_tr: expiry 1479997800, strike 2600000.
        Assert.Equal(
            new TapInstrument(Segment.FuturesAndOptions, 54321, "OPTIDX", "NIFTY", "", 1479997800, 2600000, "CE"), wire.Instrument);
        Assert.Equal((BuySell.Sell, 75, 10110, 3), (wire.Side, wire.Quantity, wire.PricePaise, wire.ClientReference));
    }

    [Fact]
    public void A_future_has_no_strike_and_the_option_type_of_futures()
    {
        var future = Option with { Kind = ContractKind.Future, InstrumentName = "FUTIDX", StrikePaise = 0, OptionType = "" };

        var wire = Translation.ToWire("CLI0001", "ABCDE1234F", Order(future), future).Instrument;

        Assert.Equal((-1, "XX"), (wire.StrikePaise, wire.OptionType));
    }

    [Fact]
    public void A_share_is_named_by_symbol_and_series()
    {
        var wire = Translation.ToWire("CLI0001", "ABCDE1234F", Order(Share), Share).Instrument;

        Assert.Equal((Segment.CapitalMarket, "INFY", "EQ", ""), (wire.Segment, wire.Symbol, wire.Series, wire.InstrumentName));
    }

    [Theory]
    [InlineData(ReportKind.Confirmed, OrderReportKind.Confirmed)]
    [InlineData(ReportKind.Rejected, OrderReportKind.Rejected)]
    [InlineData(ReportKind.PriceConfirmed, OrderReportKind.Refreshed)]
    [InlineData(ReportKind.Triggered, OrderReportKind.Triggered)]
    [InlineData(ReportKind.Modified, OrderReportKind.Modified)]
    [InlineData(ReportKind.ModifyRejected, OrderReportKind.ModifyRejected)]
    [InlineData(ReportKind.Cancelled, OrderReportKind.Cancelled)]
    [InlineData(ReportKind.CancelRejected, OrderReportKind.CancelRejected)]
    [InlineData(ReportKind.Traded, OrderReportKind.Traded)]
    [InlineData(ReportKind.TradeBusted, OrderReportKind.TradeBusted)]
    [InlineData(ReportKind.TradeCorrected, OrderReportKind.TradeCorrected)]
    public void Every_report_that_matters_has_its_word_in_the_domain(ReportKind wire, OrderReportKind domain)
    {
        var report = Translation.ToDomain(Report(wire) with { ErrorCode = 16283, ModifiedBy = 'C' });

        Assert.Equal(domain, report.Kind);
        Assert.True(report.ByExchange);
        Assert.Contains("16283", report.ErrorText, StringComparison.Ordinal);
        Assert.Equal(new ExchangeReference(1100000000000457, 10, 20, 30, 0x1000, 100, 40, 60, 152500, 1, 77), report.Reference);
    }

    [Fact]
    public void A_stop_order_keeps_its_trigger_both_ways_and_a_change_of_it_names_the_new_one()
    {
        var told = Report(ReportKind.Confirmed) with { Order = Report(ReportKind.Confirmed).Order with { TriggerPaise = 150000, IsStop = true } };

        var reference = Translation.ToDomain(told).Reference;

        Assert.Equal((150000L, true), (reference.TriggerPaise, reference.IsStop));
        Assert.Equal(told.Order, Translation.ToWire(reference));
        var order = Order(Share) with { Exchange = reference, ModifyWanted = new OrderTerms(50, 148900, 149000) };
        var wire = Translation.ToWire("CLI0001", "ABCDE1234F", order, Share);
        Assert.Equal(new TapRequest.Modify(wire, told.Order, 50, 148900, 149000), Translation.ToWire(TapPriority.Modify, wire, order));
        Assert.Equal(new TapRequest.Cancel(wire, told.Order), Translation.ToWire(TapPriority.Cancel, wire, order));
    }

    [Fact]
    public void Every_kind_of_report_has_a_word_in_the_domain() =>
        Assert.All(Enum.GetValues<ReportKind>(), kind => Translation.ToDomain(Report(kind)));

    internal static ExchangeReport Report(ReportKind kind) => new(
        kind, Segment.CapitalMarket, "CLI0001", 3, new ExchangeOrderReference(1100000000000457, 10, 20, 30, 0x1000, 100, 40, 60, 152500),
        0, "INFY", "EQ", BuySell.Sell, 75001234, 40, 152495, 0, 0, ' ', 1, 77, 88, false);

    private static Order Order(Contract contract) => new(
        new ClientOrderId(3), new PositionKey(contract.Exchange, contract.Token, "NRML"), OrderSide.Sell, 75, 10110, OrderStatus.Sent, "exit", "CLI0001",
        DateTimeOffset.UnixEpoch, 4);
}
