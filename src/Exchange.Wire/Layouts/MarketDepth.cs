using System.Collections.Immutable;

namespace Backup.Exchange.Wire.Layouts;

/// <summary>One record of the cash 7208: five levels a side, levels 0 to 4 buy, 5 to 9 sell (NSE-TAP.md 8).</summary>
public static class CmMarketDepth
{
    private static readonly StructureBuilder S = new("CM_MBP_RECORD");

    public static readonly Int32Field Token = S.I32(0);
    public static readonly Int16Field BookType = S.I16(4);
    public static readonly Int16Field TradingStatus = S.I16(6);
    public static readonly Int64Field VolumeTradedToday = S.I64(8);
    public static readonly Int32Field LastTradedPrice = S.I32(16);
    public static readonly TextField NetChangeIndicator = S.Text(20, 1);
    public static readonly RawField Filler = S.Raw(21, 1);
    public static readonly Int32Field NetPriceChange = S.I32(22);
    public static readonly Int32Field LastTradeQuantity = S.I32(26);
    public static readonly Int32Field LastTradeTime = S.I32(30);
    public static readonly Int32Field AverageTradePrice = S.I32(34);
    public static readonly Int16Field AuctionNumber = S.I16(38);
    public static readonly Int16Field AuctionStatus = S.I16(40);
    public static readonly Int16Field InitiatorType = S.I16(42);
    public static readonly Int32Field InitiatorPrice = S.I32(44);
    public static readonly Int32Field InitiatorQuantity = S.I32(48);
    public static readonly Int32Field AuctionPrice = S.I32(52);
    public static readonly Int32Field AuctionQuantity = S.I32(56);

    /// <summary>Best level of a side first.</summary>
    public static readonly ImmutableArray<CmDepthLevel> Levels = [.. Enumerable.Range(0, 10).Select(n => new CmDepthLevel(S, 60, n))];

    public static readonly Int16Field BbTotalBuyFlag = S.I16(220);
    public static readonly Int16Field BbTotalSellFlag = S.I16(222);
    public static readonly Int64Field TotalBuyQuantity = S.I64(224);
    public static readonly Int64Field TotalSellQuantity = S.I64(232);
    public static readonly RawField Indicator = S.Raw(240, 2);
    public static readonly Int32Field ClosingPrice = S.I32(242);
    public static readonly Int32Field OpenPrice = S.I32(246);
    public static readonly Int32Field HighPrice = S.I32(250);
    public static readonly Int32Field LowPrice = S.I32(254);
    public static readonly Int32Field IndicativeClosePrice = S.I32(258);

    public static readonly StructureLayout Layout = S.Build(262);
}

/// <summary>One record of the F&amp;O 7208: five levels a side (NSE-TAP.md 8).</summary>
public static class FoMarketDepth
{
    private static readonly StructureBuilder S = new("FO_MBP_RECORD");

    public static readonly Int32Field Token = S.I32(0);
    public static readonly Int16Field BookType = S.I16(4);
    public static readonly Int16Field TradingStatus = S.I16(6);
    public static readonly UInt32Field VolumeTradedToday = S.U32(8);
    public static readonly Int32Field LastTradedPrice = S.I32(12);
    public static readonly RawField Indicator1 = S.Raw(16, 1);
    public static readonly RawField Exceeded1 = S.Raw(17, 1);
    public static readonly Int32Field NetPriceChange = S.I32(18);
    public static readonly Int32Field LastTradeQuantity = S.I32(22);
    public static readonly Int32Field LastTradeTime = S.I32(26);
    public static readonly Int32Field AverageTradePrice = S.I32(30);
    public static readonly Int16Field AuctionNumber = S.I16(34);
    public static readonly Int16Field AuctionStatus = S.I16(36);
    public static readonly Int16Field InitiatorType = S.I16(38);
    public static readonly Int32Field InitiatorPrice = S.I32(40);
    public static readonly Int32Field InitiatorQuantity = S.I32(44);
    public static readonly Int32Field AuctionPrice = S.I32(48);
    public static readonly Int32Field AuctionQuantity = S.I32(52);

    /// <summary>Best level of a side first.</summary>
    public static readonly ImmutableArray<FoDepthLevel> Levels = [.. Enumerable.Range(0, 10).Select(n => new FoDepthLevel(S, 56, n))];

    public static readonly Int16Field BbTotalBuyFlag = S.I16(176);
    public static readonly Int16Field BbTotalSellFlag = S.I16(178);
    public static readonly DoubleInteger TotalBuyQuantity = S.Wide(180);
    public static readonly DoubleInteger TotalSellQuantity = S.Wide(188);
    public static readonly RawField Indicator = S.Raw(196, 2);
    public static readonly Int32Field ClosingPrice = S.I32(198);
    public static readonly Int32Field OpenPrice = S.I32(202);
    public static readonly Int32Field HighPrice = S.I32(206);
    public static readonly Int32Field LowPrice = S.I32(210);

    public static readonly StructureLayout Layout = S.Build(214);
}

/// <summary>One price level of the cash segment.</summary>
public sealed class CmDepthLevel
{
    internal CmDepthLevel(StructureBuilder s, int first, int number)
    {
        var at = first + (16 * number);
        Quantity = s.I64(at, $"Mbp{number}.Quantity");
        Price = s.I32(at + 8, $"Mbp{number}.Price");
        Orders = s.I16(at + 12, $"Mbp{number}.Orders");
        Flag = s.I16(at + 14, $"Mbp{number}.BbFlag");
    }

    public Int64Field Quantity { get; }

    public Int32Field Price { get; }

    public Int16Field Orders { get; }

    public Int16Field Flag { get; }
}

/// <summary>One price level of F&amp;O.</summary>
public sealed class FoDepthLevel
{
    internal FoDepthLevel(StructureBuilder s, int first, int number)
    {
        var at = first + (12 * number);
        Quantity = s.I32(at, $"Mbp{number}.Quantity");
        Price = s.I32(at + 4, $"Mbp{number}.Price");
        Orders = s.I16(at + 8, $"Mbp{number}.Orders");
        Flag = s.I16(at + 10, $"Mbp{number}.Flag");
    }

    public Int32Field Quantity { get; }

    public Int32Field Price { get; }

    public Int16Field Orders { get; }

    public Int16Field Flag { get; }
}
