using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Broadcast;

/// <summary>Where a message with last prices keeps them: one view of the forms they come in.</summary>
/// <param name="Market">Book type or market type.</param>
/// <param name="Time">When the last trade was; null when the message's own time is that of its trades.</param>
public sealed record BroadcastForm(
    Segment Segment, short Code, int RecordsMax, int RecordSize, Int32Field Token, Int16Field Market, Int32Field Price, Int32Field? Time)
{
    public static readonly BroadcastForm CmDepth = new(
        Segment.CapitalMarket, 7208, 2, CmMarketDepth.Layout.Size, CmMarketDepth.Token, CmMarketDepth.BookType, CmMarketDepth.LastTradedPrice, CmMarketDepth.LastTradeTime);

    public static readonly BroadcastForm FoDepth = new(
        Segment.FuturesAndOptions, 7208, 2, FoMarketDepth.Layout.Size, FoMarketDepth.Token, FoMarketDepth.BookType, FoMarketDepth.LastTradedPrice, FoMarketDepth.LastTradeTime);

    public static readonly BroadcastForm CmTrades = new(
        Segment.CapitalMarket, 18703, 28, CmTicker.Layout.Size, CmTicker.Token, CmTicker.MarketType, CmTicker.FillPrice, Time: null);

    public static readonly BroadcastForm FoTrades = new(
        Segment.FuturesAndOptions, 7202, 17, FoTicker.Layout.Size, FoTicker.Token, FoTicker.MarketType, FoTicker.FillPrice, Time: null);

    /// <summary>Null: the code says nothing about last prices in this segment.</summary>
    public static BroadcastForm? Find(Segment segment, short code) => (segment, code) switch
    {
        (Segment.CapitalMarket, 7208) => CmDepth,
        (Segment.FuturesAndOptions, 7208) => FoDepth,
        (Segment.CapitalMarket, 18703) => CmTrades,
        (Segment.FuturesAndOptions, 7202) => FoTrades,
        _ => null,
    };
}
