using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>Between the account's words and the wire's. The two rooms do not know each other; they meet here and nowhere else.</summary>
internal static class Translation
{
    /// <summary>Contracts expire at 14:30 on the wire's clock, as in the exchange's contract file (NSE-TAP.md 1.6).</summary>
    private static readonly TimeOnly ExpiryTime = new(14, 30);

    private static readonly DateTime WireEpoch = new(1980, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    internal static Segment ToWire(MarketSegment segment) => segment == MarketSegment.Cash ? Segment.CapitalMarket : Segment.FuturesAndOptions;

    internal static MarketSegment ToDomain(Segment segment) => segment == Segment.CapitalMarket ? MarketSegment.Cash : MarketSegment.Derivatives;

    internal static TapOrder ToWire(string account, string pan, Order order, Contract contract) => new(
        account,
        pan,
        Instrument(contract),
        order.Side == OrderSide.Buy ? BuySell.Buy : BuySell.Sell,
        checked((int)order.Quantity),
        checked((int)order.LimitPricePaise),
        checked((int)order.Id.Number));

    /// <summary>What goes on the wire for an order that may go now.</summary>
    internal static TapRequest ToWire(TapPriority priority, TapOrder wire, Order order) => priority switch
    {
        TapPriority.Cancel => new TapRequest.Cancel(wire, ToWire(order.Exchange!)),
        TapPriority.Modify => new TapRequest.Modify(
            wire,
            ToWire(order.Exchange!),
            checked((int)order.ModifyWanted!.Quantity),
            checked((int)order.ModifyWanted.LimitPricePaise),
            checked((int)order.ModifyWanted.TriggerPaise)),
        _ => new TapRequest.Enter(wire),
    };

    internal static ExchangeOrderReference ToWire(ExchangeReference reference) => new(
        reference.OrderNumber,
        reference.EntryDateTime,
        reference.LastModified,
        reference.LastActivityReference,
        checked((ushort)reference.OrderFlags),
        checked((int)reference.Volume),
        checked((int)reference.Filled),
        checked((int)reference.Remaining),
        checked((int)reference.PricePaise),
        checked((int)reference.TriggerPaise),
        reference.IsStop);

    internal static OrderReport ToDomain(ExchangeReport report) => new(
        report.Kind switch
        {
            ReportKind.Confirmed => OrderReportKind.Confirmed,
            ReportKind.Rejected => OrderReportKind.Rejected,
            ReportKind.Modified => OrderReportKind.Modified,
            ReportKind.ModifyRejected => OrderReportKind.ModifyRejected,
            ReportKind.PriceConfirmed => OrderReportKind.Refreshed,
            ReportKind.Triggered => OrderReportKind.Triggered,
            ReportKind.Cancelled => OrderReportKind.Cancelled,
            ReportKind.CancelRejected => OrderReportKind.CancelRejected,
            ReportKind.Traded => OrderReportKind.Traded,
            ReportKind.TradeBusted => OrderReportKind.TradeBusted,
            ReportKind.TradeCorrected => OrderReportKind.TradeCorrected,
            _ => throw new ArgumentOutOfRangeException(nameof(report), report.Kind, "no word for this report in the domain"),
        },
        ToDomain(report.Segment),
        report.ClientReference,
        new ExchangeReference(
            report.Order.OrderNumber,
            report.Order.EntryDateTime,
            report.Order.LastModified,
            report.Order.LastActivityReference,
            report.Order.OrderFlags,
            report.Order.Volume,
            report.Order.VolumeFilledToday,
            report.Order.TotalVolumeRemaining,
            report.Order.PricePaise,
            report.Stream,
            report.TimeStamp1,
            report.Order.TriggerPaise,
            report.Order.IsStop),
        report.Token,
        report.Symbol,
        report.Series,
        report.Side == BuySell.Buy ? OrderSide.Buy : OrderSide.Sell,
        report.TradeNumber,
        report.FillQuantity,
        report.FillPricePaise,
        report.ErrorCode,
        report.ErrorCode == 0 ? null : $"The exchange says: {ExchangeError.Describe(report.Segment, report.ErrorCode)} ({report.ErrorCode}).",
        report.ModifiedBy == 'C',
        report.Stream,
        report.TimeStamp1,
        report.ExchangeTimeNanoseconds);

    private static TapInstrument Instrument(Contract contract) => contract.Segment == MarketSegment.Cash
        ? new TapInstrument(Segment.CapitalMarket, contract.ExchangeToken, "", contract.Symbol, contract.Series, 0, 0, "")
        : new TapInstrument(
            Segment.FuturesAndOptions,
            contract.ExchangeToken,
            contract.InstrumentName,
            contract.Symbol,
            "",
            Seconds(contract.Expiry),
            contract.Kind == ContractKind.Future ? -1 : checked((int)contract.StrikePaise),
            contract.Kind == ContractKind.Future ? "XX" : contract.OptionType);

    private static int Seconds(DateOnly? expiry) =>
        expiry is { } day ? checked((int)(day.ToDateTime(ExpiryTime) - WireEpoch).TotalSeconds) : 0;
}
