namespace Backup.Exchange.Wire.Layouts;

/// <summary>One trade of the cash ticker, 18703 (NSE-TAP.md 8).</summary>
public static class CmTicker
{
    private static readonly StructureBuilder S = new("CM_TICKER_RECORD");

    public static readonly Int32Field Token = S.I32(0);
    public static readonly Int16Field MarketType = S.I16(4);
    public static readonly Int32Field FillPrice = S.I32(6);
    public static readonly Int32Field FillVolume = S.I32(10);
    public static readonly Int32Field MarketIndexValue = S.I32(14);

    public static readonly StructureLayout Layout = S.Build(18);
}

/// <summary>One trade of the F&amp;O ticker, 7202. Its 26 bytes are in NSE-TAP.md 8; their fields are those of public headers of members.</summary>
public static class FoTicker
{
    private static readonly StructureBuilder S = new("FO_TICKER_RECORD");

    public static readonly Int32Field Token = S.I32(0);
    public static readonly Int16Field MarketType = S.I16(4);
    public static readonly Int32Field FillPrice = S.I32(6);
    public static readonly Int32Field FillVolume = S.I32(10);
    public static readonly Int32Field OpenInterest = S.I32(14);
    public static readonly Int32Field DayHighOpenInterest = S.I32(18);
    public static readonly Int32Field DayLowOpenInterest = S.I32(22);

    public static readonly StructureLayout Layout = S.Build(26);
}
