namespace Backup.Account.Domain.Positions;

/// <summary>
/// The figures of a position at a price, defined as Kite Connect defines its position fields. All money is in paise;
/// averages are rounded to the nearest paisa only here.
/// </summary>
public readonly record struct PositionFigures(
    long Quantity,
    long BuyQuantity,
    long BuyValuePaise,
    long BuyPricePaise,
    long BuyM2mPaise,
    long SellQuantity,
    long SellValuePaise,
    long SellPricePaise,
    long SellM2mPaise,
    long DayBuyPricePaise,
    long DaySellPricePaise,
    long AveragePricePaise,
    long ValuePaise,
    long PnlPaise,
    long M2mPaise,
    long UnrealisedPaise,
    long RealisedPaise)
{
    /// <param name="lastPricePaise">The price to value at.</param>
    public static PositionFigures Of(Position position, long lastPricePaise)
    {
        ArgumentNullException.ThrowIfNull(position);
        var carriedLong = Math.Max(position.OvernightQuantity, 0);
        var carriedShort = Math.Max(-position.OvernightQuantity, 0);
        var close = position.Contract.ClosePaise > 0 ? position.Contract.ClosePaise : position.OvernightPricePaise;

        var buyQuantity = position.DayBuyQuantity + carriedLong;
        var buyValue = position.DayBuyValuePaise + (carriedLong * position.OvernightPricePaise);
        var buyM2m = position.DayBuyValuePaise + (carriedLong * close);
        var sellQuantity = position.DaySellQuantity + carriedShort;
        var sellValue = position.DaySellValuePaise + (carriedShort * position.OvernightPricePaise);
        var sellM2m = position.DaySellValuePaise + (carriedShort * close);

        var net = position.Net;
        var value = sellValue - buyValue;
        var pnl = value + (net * lastPricePaise);
        var average = net switch
        {
            > 0 => Average(buyValue, buyQuantity),
            < 0 => Average(sellValue, sellQuantity),
            _ => 0,
        };

        // Realised is what closing trades earned against the average of the other side; the rest of P&L still moves.
        var closed = Math.Min(buyQuantity, sellQuantity);
        var realised = closed == 0 ? 0 : RoundedRatio(sellValue, closed, sellQuantity) - RoundedRatio(buyValue, closed, buyQuantity);
        return new PositionFigures(
            net, buyQuantity, buyValue, Average(buyValue, buyQuantity), buyM2m,
            sellQuantity, sellValue, Average(sellValue, sellQuantity), sellM2m,
            Average(position.DayBuyValuePaise, position.DayBuyQuantity), Average(position.DaySellValuePaise, position.DaySellQuantity),
            average, value, pnl, sellM2m - buyM2m + (net * lastPricePaise), pnl - realised, realised);
    }

    private static long Average(long valuePaise, long quantity) => quantity == 0 ? 0 : RoundedRatio(valuePaise, 1, quantity);

    /// <summary>value × part / whole, rounded half away from zero, without leaving integers.</summary>
    private static long RoundedRatio(long value, long part, long whole)
    {
        var product = (Int128)value * part;
        var half = whole / 2;
        return (long)((product >= 0 ? product + half : product - half) / whole);
    }
}
