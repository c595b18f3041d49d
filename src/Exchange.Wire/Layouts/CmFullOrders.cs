namespace Backup.Exchange.Wire.Layouts;

/// <summary>The full-size order of the cash segment, as request, answer and in downloads (NSE-TAP.md 5.6).</summary>
public static class CmFullOrder
{
    private static readonly StructureBuilder S = new("CM_ORDER_ENTRY_REQUEST", MessageHeader.Layout);

    public static readonly TextField ParticipantType = S.Text(40, 1);
    public static readonly RawField Reserved1 = S.Raw(41, 1);
    public static readonly Int16Field CompetitorPeriod = S.I16(42);
    public static readonly Int16Field SolicitorPeriod = S.I16(44);
    public static readonly TextField ModCxlBy = S.Text(46, 1);
    public static readonly RawField Filler9 = S.Raw(47, 1);
    public static readonly Int16Field ReasonCode = S.I16(48);
    public static readonly RawField Reserved2 = S.Raw(50, 4);
    public static readonly TextField Symbol = S.Text(54, 10);
    public static readonly TextField Series = S.Text(64, 2);
    public static readonly Int16Field AuctionNumber = S.I16(66);
    public static readonly TextField OpBrokerId = S.Text(68, 5);
    public static readonly TextField Suspended = S.Text(73, 1);
    public static readonly DoubleInteger OrderNumber = S.Wide(74);
    public static readonly TextField AccountNumber = S.Text(82, 10);
    public static readonly Int16Field BookType = S.I16(92);
    public static readonly Int16Field BuySell = S.I16(94);
    public static readonly Int32Field DisclosedVol = S.I32(96);
    public static readonly Int32Field DisclosedVolRemaining = S.I32(100);
    public static readonly Int32Field TotalVolRemaining = S.I32(104);
    public static readonly Int32Field Volume = S.I32(108);
    public static readonly Int32Field VolumeFilledToday = S.I32(112);
    public static readonly Int32Field Price = S.I32(116);
    public static readonly Int32Field TriggerPrice = S.I32(120);
    public static readonly Int32Field GoodTillDate = S.I32(124);
    public static readonly Int32Field EntryDateTime = S.I32(128);
    public static readonly Int32Field MinFillAon = S.I32(132);
    public static readonly Int32Field LastModified = S.I32(136);
    public static readonly RawField OrderFlags = S.Raw(140, 2);
    public static readonly Int16Field BranchId = S.I16(142);
    public static readonly Int32Field TraderId = S.I32(144);
    public static readonly TextField BrokerId = S.Text(148, 5);
    public static readonly TextField OERemarks = S.Text(153, 25);
    public static readonly TextField Settlor = S.Text(178, 12);
    public static readonly Int16Field ProClient = S.I16(190);
    public static readonly Int16Field SettlementType = S.I16(192);
    public static readonly DoubleInteger NNFField = S.Wide(194);
    public static readonly DoubleInteger ExecTimeStamp = S.Wide(202);
    public static readonly RawField Reserved3 = S.Raw(210, 4);
    public static readonly TextField PAN = S.Text(214, 10);
    public static readonly Int32Field AlgoId = S.I32(224);
    public static readonly Int16Field ReservedFiller = S.I16(228);
    public static readonly Int64Field LastActivityReference = S.I64(230);
    public static readonly RawField Reserved4 = S.Raw(238, 52);

    public static readonly StructureLayout Layout = S.Build(290);
}

/// <summary>The full-size trade of the cash segment (NSE-TAP.md 5.6).</summary>
public static class CmFullTrade
{
    private static readonly StructureBuilder S = new("CM_TRADE_CONFIRM", MessageHeader.Layout);

    public static readonly DoubleInteger ResponseOrderNumber = S.Wide(40);
    public static readonly TextField BrokerId = S.Text(48, 5);
    public static readonly RawField Reserved1 = S.Raw(53, 1);
    public static readonly Int32Field TraderNum = S.I32(54);
    public static readonly TextField AccountNum = S.Text(58, 10);
    public static readonly Int16Field BuySell = S.I16(68);
    public static readonly Int32Field OriginalVol = S.I32(70);
    public static readonly Int32Field DisclosedVol = S.I32(74);
    public static readonly Int32Field RemainingVol = S.I32(78);
    public static readonly Int32Field DisclosedVolRemaining = S.I32(82);
    public static readonly Int32Field Price = S.I32(86);
    public static readonly RawField OrderFlags = S.Raw(90, 2);
    public static readonly Int32Field Gtd = S.I32(92);
    public static readonly Int32Field FillNumber = S.I32(96);
    public static readonly Int32Field FillQty = S.I32(100);
    public static readonly Int32Field FillPrice = S.I32(104);
    public static readonly Int32Field VolFilledToday = S.I32(108);
    public static readonly TextField ActivityType = S.Text(112, 2);
    public static readonly Int32Field ActivityTime = S.I32(114);
    public static readonly DoubleInteger OpOrderNumber = S.Wide(118);
    public static readonly TextField OpBrokerId = S.Text(126, 5);
    public static readonly TextField Symbol = S.Text(131, 10);
    public static readonly TextField Series = S.Text(141, 2);
    public static readonly RawField Reserved2 = S.Raw(143, 1);
    public static readonly Int16Field BookType = S.I16(144);
    public static readonly Int32Field NewVolume = S.I32(146);
    public static readonly Int16Field ProClient = S.I16(150);
    public static readonly TextField PAN = S.Text(152, 10);
    public static readonly Int32Field AlgoId = S.I32(162);
    public static readonly Int16Field ReservedFiller = S.I16(166);
    public static readonly Int64Field LastActivityReference = S.I64(168);
    public static readonly RawField Reserved3 = S.Raw(176, 52);

    public static readonly StructureLayout Layout = S.Build(228);
}

/// <summary>5440, 5441, 5445 and 2223: change or cancellation of a trade (NSE-TAP.md 5.6).</summary>
public static class CmTradeInquiry
{
    private static readonly StructureBuilder S = new("CM_TRADE_INQUIRY_DATA", MessageHeader.Layout);

    public static readonly TextField Symbol = S.Text(40, 10);
    public static readonly TextField Series = S.Text(50, 2);
    public static readonly Int32Field FillNumber = S.I32(52);
    public static readonly Int32Field FillQty = S.I32(56);
    public static readonly Int32Field FillPrice = S.I32(60);
    public static readonly Int16Field MarketType = S.I16(64);
    public static readonly Int32Field NewVolume = S.I32(66);
    public static readonly RawField Reserved1 = S.Raw(70, 24);
    public static readonly TextField BuyBrokerId = S.Text(94, 5);
    public static readonly TextField SellBrokerId = S.Text(99, 5);
    public static readonly Int32Field TraderId = S.I32(104);
    public static readonly Int16Field RequestedBy = S.I16(108);
    public static readonly TextField BuyAccountNumber = S.Text(110, 10);
    public static readonly TextField SellAccountNumber = S.Text(120, 10);
    public static readonly TextField BuyPAN = S.Text(130, 10);
    public static readonly TextField SellPAN = S.Text(140, 10);
    public static readonly RawField Reserved2 = S.Raw(150, 60);

    public static readonly StructureLayout Layout = S.Build(210);
}
