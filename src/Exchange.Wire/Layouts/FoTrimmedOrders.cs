namespace Backup.Exchange.Wire.Layouts;

/// <summary>Names one contract inside the F&amp;O messages (NSE-TAP.md 5.7).</summary>
public static class FoContract
{
    private static readonly StructureBuilder S = new("FO_CONTRACT_DESC_TR");

    public static readonly TextField InstrumentName = S.Text(0, 6);
    public static readonly TextField Symbol = S.Text(6, 10);
    public static readonly Int32Field ExpiryDate = S.I32(16);
    public static readonly Int32Field StrikePrice = S.I32(20);
    public static readonly TextField OptionType = S.Text(24, 2);

    public static readonly StructureLayout Layout = S.Build(26);
}

/// <summary>20000 of F&amp;O: a new order (NSE-TAP.md 5.7).</summary>
public static class FoOrderEntry
{
    private static readonly StructureBuilder S = new("FO_OE_REQUEST_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field UserId = S.I32(2);
    public static readonly Int16Field ReasonCode = S.I16(6);
    public static readonly Int32Field TokenNo = S.I32(8);
    public static readonly TextField InstrumentName = S.Text(12, 6);
    public static readonly TextField Symbol = S.Text(18, 10);
    public static readonly Int32Field ExpiryDate = S.I32(28);
    public static readonly Int32Field StrikePrice = S.I32(32);
    public static readonly TextField OptionType = S.Text(36, 2);
    public static readonly TextField AccountNumber = S.Text(38, 10);
    public static readonly Int16Field BookType = S.I16(48);
    public static readonly Int16Field BuySell = S.I16(50);
    public static readonly Int32Field DisclosedVolume = S.I32(52);
    public static readonly Int32Field Volume = S.I32(56);
    public static readonly Int32Field Price = S.I32(60);
    public static readonly Int32Field GoodTillDate = S.I32(64);
    public static readonly RawField OrderFlags = S.Raw(68, 2);
    public static readonly Int16Field BranchId = S.I16(70);
    public static readonly Int32Field TraderId = S.I32(72);
    public static readonly TextField BrokerId = S.Text(76, 5);
    public static readonly TextField OpenClose = S.Text(81, 1);
    public static readonly TextField Settlor = S.Text(82, 12);
    public static readonly Int16Field ProClient = S.I16(94);
    public static readonly RawField AdditionalOrderFlags = S.Raw(96, 1);
    public static readonly RawField Reserved1 = S.Raw(97, 1);
    public static readonly Int32Field Filler = S.I32(98);
    public static readonly DoubleInteger NnfField = S.Wide(102);
    public static readonly TextField PAN = S.Text(110, 10);
    public static readonly Int32Field AlgoId = S.I32(120);
    public static readonly RawField Reserved2 = S.Raw(124, 2);
    public static readonly RawField Reserved3 = S.Raw(126, 32);

    public static readonly StructureLayout Layout = S.Build(158);
}

/// <summary>20040, 20070 and 20060 of F&amp;O (NSE-TAP.md 5.7).</summary>
public static class FoOrderChange
{
    private static readonly StructureBuilder S = new("FO_OM_REQUEST_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field UserId = S.I32(2);
    public static readonly TextField ModCxlBy = S.Text(6, 1);
    public static readonly RawField Reserved1 = S.Raw(7, 1);
    public static readonly Int32Field TokenNo = S.I32(8);
    public static readonly TextField InstrumentName = S.Text(12, 6);
    public static readonly TextField Symbol = S.Text(18, 10);
    public static readonly Int32Field ExpiryDate = S.I32(28);
    public static readonly Int32Field StrikePrice = S.I32(32);
    public static readonly TextField OptionType = S.Text(36, 2);
    public static readonly DoubleInteger OrderNumber = S.Wide(38);
    public static readonly TextField AccountNumber = S.Text(46, 10);
    public static readonly Int16Field BookType = S.I16(56);
    public static readonly Int16Field BuySell = S.I16(58);
    public static readonly Int32Field DisclosedVolume = S.I32(60);
    public static readonly Int32Field DisclosedVolumeRemaining = S.I32(64);
    public static readonly Int32Field TotalVolumeRemaining = S.I32(68);
    public static readonly Int32Field Volume = S.I32(72);
    public static readonly Int32Field VolumeFilledToday = S.I32(76);
    public static readonly Int32Field Price = S.I32(80);
    public static readonly Int32Field GoodTillDate = S.I32(84);
    public static readonly Int32Field EntryDateTime = S.I32(88);
    public static readonly Int32Field LastModified = S.I32(92);
    public static readonly RawField OrderFlags = S.Raw(96, 2);
    public static readonly Int16Field BranchId = S.I16(98);
    public static readonly Int32Field TraderId = S.I32(100);
    public static readonly TextField BrokerId = S.Text(104, 5);
    public static readonly TextField OpenClose = S.Text(109, 1);
    public static readonly TextField Settlor = S.Text(110, 12);
    public static readonly Int16Field ProClient = S.I16(122);
    public static readonly RawField AdditionalOrderFlags = S.Raw(124, 1);
    public static readonly RawField Reserved2 = S.Raw(125, 1);
    public static readonly Int32Field Filler = S.I32(126);
    public static readonly DoubleInteger NnfField = S.Wide(130);
    public static readonly TextField PAN = S.Text(138, 10);
    public static readonly Int32Field AlgoId = S.I32(148);
    public static readonly RawField Reserved3 = S.Raw(152, 2);
    public static readonly Int64Field LastActivityReference = S.I64(154);
    public static readonly RawField Reserved4 = S.Raw(162, 24);

    public static readonly StructureLayout Layout = S.Build(186);
}

/// <summary>Trimmed answers of F&amp;O: 20073 to 20075 (NSE-TAP.md 5.7).</summary>
public static class FoOrderAnswer
{
    private static readonly StructureBuilder S = new("FO_OE_RESPONSE_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field LogTime = S.I32(2);
    public static readonly Int32Field UserId = S.I32(6);
    public static readonly Int16Field ErrorCode = S.I16(10);
    public static readonly Int64Field TimeStamp1 = S.I64(12);
    public static readonly RawField TimeStamp2 = S.Raw(20, 1);
    public static readonly TextField ModCxlBy = S.Text(21, 1);
    public static readonly Int16Field ReasonCode = S.I16(22);
    public static readonly Int32Field TokenNo = S.I32(24);
    public static readonly TextField InstrumentName = S.Text(28, 6);
    public static readonly TextField Symbol = S.Text(34, 10);
    public static readonly Int32Field ExpiryDate = S.I32(44);
    public static readonly Int32Field StrikePrice = S.I32(48);
    public static readonly TextField OptionType = S.Text(52, 2);
    public static readonly TextField CloseoutFlag = S.Text(54, 1);
    public static readonly RawField Reserved1 = S.Raw(55, 1);
    public static readonly DoubleInteger OrderNumber = S.Wide(56);
    public static readonly TextField AccountNumber = S.Text(64, 10);
    public static readonly Int16Field BookType = S.I16(74);
    public static readonly Int16Field BuySell = S.I16(76);
    public static readonly Int32Field DisclosedVolume = S.I32(78);
    public static readonly Int32Field DisclosedVolumeRemaining = S.I32(82);
    public static readonly Int32Field TotalVolumeRemaining = S.I32(86);
    public static readonly Int32Field Volume = S.I32(90);
    public static readonly Int32Field VolumeFilledToday = S.I32(94);
    public static readonly Int32Field Price = S.I32(98);
    public static readonly Int32Field GoodTillDate = S.I32(102);
    public static readonly Int32Field EntryDateTime = S.I32(106);
    public static readonly Int32Field LastModified = S.I32(110);
    public static readonly RawField OrderFlags = S.Raw(114, 2);
    public static readonly Int16Field BranchId = S.I16(116);
    public static readonly Int32Field TraderId = S.I32(118);
    public static readonly TextField BrokerId = S.Text(122, 5);
    public static readonly TextField OpenClose = S.Text(127, 1);
    public static readonly TextField Settlor = S.Text(128, 12);
    public static readonly Int16Field ProClient = S.I16(140);
    public static readonly RawField AdditionalOrderFlags = S.Raw(142, 1);
    public static readonly RawField Reserved2 = S.Raw(143, 1);
    public static readonly Int32Field Filler = S.I32(144);
    public static readonly DoubleInteger NnfField = S.Wide(148);
    public static readonly Int64Field Timestamp = S.I64(156);
    public static readonly TextField PAN = S.Text(164, 10);
    public static readonly Int32Field AlgoId = S.I32(174);
    public static readonly RawField Reserved3 = S.Raw(178, 2);
    public static readonly Int64Field LastActivityReference = S.I64(180);
    public static readonly RawField Reserved4 = S.Raw(188, 52);

    public static readonly StructureLayout Layout = S.Build(240);
}

/// <summary>20222 of F&amp;O: one fill (NSE-TAP.md 5.7).</summary>
public static class FoTrade
{
    private static readonly StructureBuilder S = new("FO_TRADE_CONFIRM_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field LogTime = S.I32(2);
    public static readonly Int32Field TraderId = S.I32(6);
    public static readonly Int64Field Timestamp = S.I64(10);
    public static readonly DoubleInteger Timestamp1 = S.Wide(18);
    public static readonly DoubleInteger Timestamp2 = S.Wide(26);
    public static readonly DoubleInteger ResponseOrderNumber = S.Wide(34);
    public static readonly TextField BrokerId = S.Text(42, 5);
    public static readonly RawField Reserved1 = S.Raw(47, 1);
    public static readonly TextField AccountNumber = S.Text(48, 10);
    public static readonly Int16Field BuySell = S.I16(58);
    public static readonly Int32Field OriginalVolume = S.I32(60);
    public static readonly Int32Field DisclosedVolume = S.I32(64);
    public static readonly Int32Field RemainingVolume = S.I32(68);
    public static readonly Int32Field DisclosedVolumeRemaining = S.I32(72);
    public static readonly Int32Field Price = S.I32(76);
    public static readonly RawField OrderFlags = S.Raw(80, 2);
    public static readonly Int32Field GoodTillDate = S.I32(82);
    public static readonly Int32Field FillNumber = S.I32(86);
    public static readonly Int32Field FillQuantity = S.I32(90);
    public static readonly Int32Field FillPrice = S.I32(94);
    public static readonly Int32Field VolumeFilledToday = S.I32(98);
    public static readonly TextField ActivityType = S.Text(102, 2);
    public static readonly Int32Field ActivityTime = S.I32(104);
    public static readonly Int32Field Token = S.I32(108);
    public static readonly TextField InstrumentName = S.Text(112, 6);
    public static readonly TextField Symbol = S.Text(118, 10);
    public static readonly Int32Field ExpiryDate = S.I32(128);
    public static readonly Int32Field StrikePrice = S.I32(132);
    public static readonly TextField OptionType = S.Text(136, 2);
    public static readonly TextField OpenClose = S.Text(138, 1);
    public static readonly TextField BookType = S.Text(139, 1);
    public static readonly TextField Participant = S.Text(140, 12);
    public static readonly RawField AdditionalOrderFlags = S.Raw(152, 1);
    public static readonly TextField PAN = S.Text(153, 10);
    public static readonly RawField Reserved2 = S.Raw(163, 1);
    public static readonly Int32Field AlgoId = S.I32(164);
    public static readonly RawField Reserved3 = S.Raw(168, 2);
    public static readonly Int64Field LastActivityReference = S.I64(170);
    public static readonly RawField Reserved4 = S.Raw(178, 52);

    public static readonly StructureLayout Layout = S.Build(230);
}

/// <summary>20401, 20403, 20405: the gateway has taken the message (NSE-TAP.md 5.7).</summary>
public static class FoQuickAck
{
    private static readonly StructureBuilder S = new("FO_QUICK_ACK");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field TraderId = S.I32(2);
    public static readonly Int64Field Timestamp = S.I64(6);
    public static readonly Int32Field Reference = S.I32(14);
    public static readonly Int16Field ErrorCode = S.I16(18);
    public static readonly Int16Field MessageLength = S.I16(20);

    public static readonly StructureLayout Layout = S.Build(22);
}
