namespace Backup.Exchange.Wire;

/// <summary>The market segment a box belongs to; the same codes mean different layouts in each.</summary>
public enum Segment
{
    CapitalMarket = 1,
    FuturesAndOptions = 2,
}

/// <summary>The side of an order as the wire counts it (NSE-TAP.md 1.8).</summary>
public enum BuySell
{
    Buy = 1,
    Sell = 2,
}

/// <summary>Who sends a message.</summary>
public enum MessageDirection
{
    ToExchange = 1,
    FromExchange = 2,
    Both = 3,
}
