namespace Backup.Exchange.Wire.Layouts;

/// <summary>The full-size order of F&amp;O, as request, answer, refusal and in downloads (NSE-TAP.md 5.7).</summary>
public static class FoFullOrder
{
    private static readonly StructureBuilder S = new("FO_ORDER_ENTRY_REQUEST", MessageHeader.Layout);

    public static readonly TextField ParticipantType = S.Text(40, 1);
    public static readonly RawField Reserved1 = S.Raw(41, 1);
    public static readonly Int16Field CompetitorPeriod = S.I16(42);
    public static readonly Int16Field SolicitorPeriod = S.I16(44);
    public static readonly TextField ModCxlBy = S.Text(46, 1);
    public static readonly RawField Reserved2 = S.Raw(47, 1);
    public static readonly Int16Field ReasonCode = S.I16(48);
    public static readonly RawField Reserved3 = S.Raw(50, 4);
    public static readonly Int32Field TokenNo = S.I32(54);
    public static readonly TextField InstrumentName = S.Text(58, 6);
    public static readonly TextField Symbol = S.Text(64, 10);
    public static readonly Int32Field ExpiryDate = S.I32(74);
    public static readonly Int32Field StrikePrice = S.I32(78);
    public static readonly TextField OptionType = S.Text(82, 2);
    public static readonly Int16Field CALevel = S.I16(84);
    public static readonly TextField CounterPartyBrokerId = S.Text(86, 5);
    public static readonly RawField Reserved4 = S.Raw(91, 1);
    public static readonly RawField Reserved5 = S.Raw(92, 2);
    public static readonly TextField CloseoutFlag = S.Text(94, 1);
    public static readonly RawField Reserved6 = S.Raw(95, 1);
    public static readonly Int16Field OrderType = S.I16(96);
    public static readonly DoubleInteger OrderNumber = S.Wide(98);
    public static readonly TextField AccountNumber = S.Text(106, 10);
    public static readonly Int16Field BookType = S.I16(116);
    public static readonly Int16Field BuySell = S.I16(118);
    public static readonly Int32Field DisclosedVolume = S.I32(120);
    public static readonly Int32Field DisclosedVolumeRemaining = S.I32(124);
    public static readonly Int32Field TotalVolumeRemaining = S.I32(128);
    public static readonly Int32Field Volume = S.I32(132);
    public static readonly Int32Field VolumeFilledToday = S.I32(136);
    public static readonly Int32Field Price = S.I32(140);
    public static readonly Int32Field TriggerPrice = S.I32(144);
    public static readonly Int32Field GoodTillDate = S.I32(148);
    public static readonly Int32Field EntryDateTime = S.I32(152);
    public static readonly Int32Field MinFillAon = S.I32(156);
    public static readonly Int32Field LastModified = S.I32(160);
    public static readonly RawField OrderFlags = S.Raw(164, 2);
    public static readonly Int16Field BranchId = S.I16(166);
    public static readonly Int32Field TraderId = S.I32(168);
    public static readonly TextField BrokerId = S.Text(172, 5);
    public static readonly TextField COrdFiller = S.Text(177, 24, "cOrdFiller");
    public static readonly TextField OpenClose = S.Text(201, 1);
    public static readonly TextField Settlor = S.Text(202, 12);
    public static readonly Int16Field ProClient = S.I16(214);
    public static readonly Int16Field SettlementPeriod = S.I16(216);
    public static readonly RawField AdditionalOrderFlags = S.Raw(218, 1);
    public static readonly RawField Reserved7 = S.Raw(219, 1);
    public static readonly Int32Field Filler = S.I32(220);
    public static readonly DoubleInteger NnfField = S.Wide(224);
    public static readonly Int64Field MktReplay = S.I64(232);
    public static readonly TextField PAN = S.Text(240, 10);
    public static readonly Int32Field AlgoId = S.I32(250);
    public static readonly RawField Reserved8 = S.Raw(254, 2);
    public static readonly Int64Field LastActivityReference = S.I64(256);
    public static readonly RawField Reserved9 = S.Raw(264, 52);

    public static readonly StructureLayout Layout = S.Build(316);
}

/// <summary>The full-size trade of F&amp;O (NSE-TAP.md 5.7).</summary>
public static class FoFullTrade
{
    private static readonly StructureBuilder S = new("FO_TRADE_CONFIRM", MessageHeader.Layout);

    public static readonly DoubleInteger ResponseOrderNumber = S.Wide(40);
    public static readonly TextField BrokerId = S.Text(48, 5);
    public static readonly RawField Reserved1 = S.Raw(53, 1);
    public static readonly Int32Field TraderNumber = S.I32(54);
    public static readonly TextField AccountNumber = S.Text(58, 10);
    public static readonly Int16Field BuySell = S.I16(68);
    public static readonly Int32Field OriginalVolume = S.I32(70);
    public static readonly Int32Field DisclosedVolume = S.I32(74);
    public static readonly Int32Field RemainingVolume = S.I32(78);
    public static readonly Int32Field DisclosedVolumeRemaining = S.I32(82);
    public static readonly Int32Field Price = S.I32(86);
    public static readonly RawField OrderFlags = S.Raw(90, 2);
    public static readonly Int32Field GoodTillDate = S.I32(92);
    public static readonly Int32Field FillNumber = S.I32(96);
    public static readonly Int32Field FillQuantity = S.I32(100);
    public static readonly Int32Field FillPrice = S.I32(104);
    public static readonly Int32Field VolumeFilledToday = S.I32(108);
    public static readonly TextField ActivityType = S.Text(112, 2);
    public static readonly Int32Field ActivityTime = S.I32(114);
    public static readonly DoubleInteger CounterTraderOrderNumber = S.Wide(118);
    public static readonly TextField CounterBrokerId = S.Text(126, 5);
    public static readonly RawField Pad1 = S.Raw(131, 1);
    public static readonly Int32Field Token = S.I32(132);
    public static readonly TextField InstrumentName = S.Text(136, 6);
    public static readonly TextField Symbol = S.Text(142, 10);
    public static readonly Int32Field ExpiryDate = S.I32(152);
    public static readonly Int32Field StrikePrice = S.I32(156);
    public static readonly TextField OptionType = S.Text(160, 2);
    public static readonly Int16Field CALevel = S.I16(162);
    public static readonly TextField OpenClose = S.Text(164, 1);
    public static readonly TextField OldOpenClose = S.Text(165, 1);
    public static readonly TextField BookType = S.Text(166, 1);
    public static readonly RawField Pad2 = S.Raw(167, 1);
    public static readonly RawField Reserved2 = S.Raw(168, 4);
    public static readonly TextField OldAccountNumber = S.Text(172, 10);
    public static readonly TextField Participant = S.Text(182, 12);
    public static readonly TextField OldParticipant = S.Text(194, 12);
    public static readonly RawField AdditionalOrderFlags = S.Raw(206, 1);
    public static readonly RawField Reserved3 = S.Raw(207, 3);
    public static readonly TextField PAN = S.Text(210, 10);
    public static readonly TextField OldPAN = S.Text(220, 10);
    public static readonly Int32Field AlgoId = S.I32(230);
    public static readonly RawField Reserved4 = S.Raw(234, 2);
    public static readonly Int64Field LastActivityReference = S.I64(236);
    public static readonly RawField Reserved5 = S.Raw(244, 52);

    public static readonly StructureLayout Layout = S.Build(296);
}

/// <summary>2013 and 20406: a price-only modify (NSE-TAP.md 5.7).</summary>
public static class FoPriceChange
{
    private static readonly StructureBuilder S = new("FO_PRICE_MOD", MessageHeader.Layout);

    public static readonly Int32Field TokenNo = S.I32(40);
    public static readonly Int32Field TraderId = S.I32(44);
    public static readonly DoubleInteger OrderNumber = S.Wide(48);
    public static readonly Int16Field BuySell = S.I16(56);
    public static readonly Int32Field Price = S.I32(58);
    public static readonly Int32Field Volume = S.I32(62);
    public static readonly Int32Field LastModified = S.I32(66);
    public static readonly RawField Reference = S.Raw(70, 4);
    public static readonly Int64Field LastActivityReference = S.I64(74);
    public static readonly RawField Reserved = S.Raw(82, 24);

    public static readonly StructureLayout Layout = S.Build(106);
}
