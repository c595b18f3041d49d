namespace Backup.Account.Domain.Orders;

/// <summary>The kinds of thing that an exchange says about an order.</summary>
public enum OrderReportKind
{
    Confirmed = 1,
    Rejected = 2,
    Refreshed = 3,
    Cancelled = 4,
    CancelRejected = 5,
    Traded = 6,
    Modified = 7,
    ModifyRejected = 8,
    TradeBusted = 9,
    TradeCorrected = 10,

    /// <summary>A stop-loss order met its trigger and rests as a plain limit order from now on.</summary>
    Triggered = 11,
}

/// <summary>
/// A report of the exchange in the domain's words. A report is a fact: it is recognised or recorded, never refused.
/// </summary>
/// <param name="ClientReference">Our order number if the message carried it, else 0.</param>
/// <param name="ExchangeToken">0 where the segment names instruments by symbol and series.</param>
/// <param name="TradeNumber">0 unless a trade.</param>
/// <param name="Stream">The exchange's journal stream; with <paramref name="StreamTime"/> it names this message for ever.</param>
/// <param name="ByExchange">True when the exchange acted by itself.</param>
public sealed record OrderReport(
    OrderReportKind Kind,
    MarketSegment Segment,
    long ClientReference,
    ExchangeReference Reference,
    int ExchangeToken,
    string Symbol,
    string Series,
    OrderSide Side,
    long TradeNumber,
    long FillQuantity,
    long FillPricePaise,
    int ErrorCode,
    string? ErrorText,
    bool ByExchange,
    int Stream,
    long StreamTime,
    long ExchangeTimeNanoseconds);
