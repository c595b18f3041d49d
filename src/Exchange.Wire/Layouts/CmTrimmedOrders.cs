namespace Backup.Exchange.Wire.Layouts;

/// <summary>Symbol and series of the cash segment (NSE-TAP.md 5.6).</summary>
public static class SecurityInfo
{
    private static readonly StructureBuilder S = new("SEC_INFO");

    public static readonly TextField Symbol = S.Text(0, 10);
    public static readonly TextField Series = S.Text(10, 2);

    public static readonly StructureLayout Layout = S.Build(12);
}

/// <summary>20000 of the cash segment: a new order (NSE-TAP.md 5.6).</summary>
public static class CmOrderEntry
{
    private static readonly StructureBuilder S = new("CM_OE_REQUEST_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field TraderId = S.I32(2);
    public static readonly TextField Symbol = S.Text(6, 10);
    public static readonly TextField Series = S.Text(16, 2);
    public static readonly TextField AccountNumber = S.Text(18, 10);
    public static readonly Int16Field BookType = S.I16(28);
    public static readonly Int16Field BuySell = S.I16(30);
    public static readonly Int32Field DisclosedVol = S.I32(32);
    public static readonly Int32Field Volume = S.I32(36);
    public static readonly Int32Field Price = S.I32(40);
    public static readonly Int32Field GoodTillDate = S.I32(44);
    public static readonly RawField OrderFlags = S.Raw(48, 2);
    public static readonly Int16Field BranchId = S.I16(50);
    public static readonly Int32Field UserId = S.I32(52);
    public static readonly TextField BrokerId = S.Text(56, 5);
    public static readonly TextField Suspended = S.Text(61, 1);
    public static readonly TextField Settlor = S.Text(62, 12);
    public static readonly Int16Field ProClient = S.I16(74);
    public static readonly DoubleInteger NNFField = S.Wide(76);
    public static readonly Int32Field TransactionId = S.I32(84);
    public static readonly TextField PAN = S.Text(88, 10);
    public static readonly Int32Field AlgoId = S.I32(98);
    public static readonly Int16Field ReservedFiller = S.I16(102);
    public static readonly RawField Reserved = S.Raw(104, 32);

    public static readonly StructureLayout Layout = S.Build(136);
}

/// <summary>20040 modify and 20070 cancel of the cash segment (NSE-TAP.md 5.6).</summary>
public static class CmOrderChange
{
    private static readonly StructureBuilder S = new("CM_OM_REQUEST_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field LogTime = S.I32(2);
    public static readonly Int32Field UserId = S.I32(6);
    public static readonly Int16Field ErrorCode = S.I16(10);
    public static readonly Int64Field TimeStamp1 = S.I64(12);
    public static readonly RawField TimeStamp2 = S.Raw(20, 1);
    public static readonly TextField ModCxlBy = S.Text(21, 1);
    public static readonly Int16Field ReasonCode = S.I16(22);
    public static readonly TextField Symbol = S.Text(24, 10);
    public static readonly TextField Series = S.Text(34, 2);
    public static readonly DoubleInteger OrderNumber = S.Wide(36);
    public static readonly TextField AccountNumber = S.Text(44, 10);
    public static readonly Int16Field BookType = S.I16(54);
    public static readonly Int16Field BuySell = S.I16(56);
    public static readonly Int32Field DisclosedVol = S.I32(58);
    public static readonly Int32Field DisclosedVolRemaining = S.I32(62);
    public static readonly Int32Field TotalVolRemaining = S.I32(66);
    public static readonly Int32Field Volume = S.I32(70);
    public static readonly Int32Field VolumeFilledToday = S.I32(74);
    public static readonly Int32Field Price = S.I32(78);
    public static readonly Int32Field EntryDateTime = S.I32(82);
    public static readonly Int32Field LastModified = S.I32(86);
    public static readonly RawField OrderFlags = S.Raw(90, 2);
    public static readonly Int16Field BranchId = S.I16(92);
    public static readonly Int32Field TraderId = S.I32(94);
    public static readonly TextField BrokerId = S.Text(98, 5);
    public static readonly TextField Suspended = S.Text(103, 1);
    public static readonly TextField Settlor = S.Text(104, 12);
    public static readonly Int16Field ProClient = S.I16(116);
    public static readonly Int16Field SettlementType = S.I16(118);
    public static readonly DoubleInteger NNFField = S.Wide(120);
    public static readonly Int32Field TransactionId = S.I32(128);
    public static readonly TextField PAN = S.Text(132, 10);
    public static readonly Int32Field AlgoId = S.I32(142);
    public static readonly Int16Field ReservedFiller = S.I16(146);
    public static readonly Int64Field LastActivityReference = S.I64(148);
    public static readonly RawField Reserved = S.Raw(156, 24);

    public static readonly StructureLayout Layout = S.Build(180);
}

/// <summary>Trimmed answers of the cash segment: 20012, 20042, 20072 to 20075, 20231 (NSE-TAP.md 5.6).</summary>
public static class CmOrderAnswer
{
    private static readonly StructureBuilder S = new("CM_OM_RESPONSE_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field LogTime = S.I32(2);
    public static readonly Int32Field UserId = S.I32(6);
    public static readonly Int16Field ErrorCode = S.I16(10);
    public static readonly Int64Field TimeStamp1 = S.I64(12);
    public static readonly RawField TimeStamp2 = S.Raw(20, 1);
    public static readonly TextField ModCxlBy = S.Text(21, 1);
    public static readonly Int16Field ReasonCode = S.I16(22);
    public static readonly TextField Symbol = S.Text(24, 10);
    public static readonly TextField Series = S.Text(34, 2);
    public static readonly DoubleInteger OrderNumber = S.Wide(36);
    public static readonly TextField AccountNumber = S.Text(44, 10);
    public static readonly Int16Field BookType = S.I16(54);
    public static readonly Int16Field BuySell = S.I16(56);
    public static readonly Int32Field DisclosedVol = S.I32(58);
    public static readonly Int32Field DisclosedVolRemaining = S.I32(62);
    public static readonly Int32Field TotalVolRemaining = S.I32(66);
    public static readonly Int32Field Volume = S.I32(70);
    public static readonly Int32Field VolumeFilledToday = S.I32(74);
    public static readonly Int32Field Price = S.I32(78);
    public static readonly Int32Field EntryDateTime = S.I32(82);
    public static readonly Int32Field LastModified = S.I32(86);
    public static readonly RawField OrderFlags = S.Raw(90, 2);
    public static readonly Int16Field BranchId = S.I16(92);
    public static readonly Int32Field TraderId = S.I32(94);
    public static readonly TextField BrokerId = S.Text(98, 5);
    public static readonly TextField Suspended = S.Text(103, 1);
    public static readonly TextField Settlor = S.Text(104, 12);
    public static readonly Int16Field ProClient = S.I16(116);
    public static readonly Int16Field SettlementType = S.I16(118);
    public static readonly DoubleInteger NNFField = S.Wide(120);
    public static readonly Int32Field TransactionId = S.I32(128);
    public static readonly Int64Field Timestamp = S.I64(132);
    public static readonly TextField PAN = S.Text(140, 10);
    public static readonly Int32Field AlgoId = S.I32(150);
    public static readonly Int16Field ReservedFiller = S.I16(154);
    public static readonly Int64Field LastActivityReference = S.I64(156);
    public static readonly RawField Reserved = S.Raw(164, 52);

    public static readonly StructureLayout Layout = S.Build(216);
}

/// <summary>20222 of the cash segment: one fill (NSE-TAP.md 5.6).</summary>
public static class CmTrade
{
    private static readonly StructureBuilder S = new("CM_TRADE_CONFIRM_TR");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field LogTime = S.I32(2);
    public static readonly Int32Field UserId = S.I32(6);
    public static readonly Int64Field Timestamp = S.I64(10);
    public static readonly RawField TimeStamp1 = S.Raw(18, 8);
    public static readonly DoubleInteger ResponseOrderNumber = S.Wide(26);
    public static readonly RawField TimeStamp2 = S.Raw(34, 1);
    public static readonly TextField BrokerId = S.Text(35, 5);
    public static readonly Int32Field TraderNum = S.I32(40);
    public static readonly Int16Field BuySell = S.I16(44);
    public static readonly TextField AccountNum = S.Text(46, 10);
    public static readonly Int32Field OriginalVol = S.I32(56);
    public static readonly Int32Field DisclosedVol = S.I32(60);
    public static readonly Int32Field RemainingVol = S.I32(64);
    public static readonly Int32Field DisclosedVolRemaining = S.I32(68);
    public static readonly Int32Field Price = S.I32(72);
    public static readonly RawField OrderFlags = S.Raw(76, 2);
    public static readonly Int32Field FillNumber = S.I32(78);
    public static readonly Int32Field FillQty = S.I32(82);
    public static readonly Int32Field FillPrice = S.I32(86);
    public static readonly Int32Field VolFilledToday = S.I32(90);
    public static readonly TextField ActivityType = S.Text(94, 2);
    public static readonly Int32Field ActivityTime = S.I32(96);
    public static readonly TextField Symbol = S.Text(100, 10);
    public static readonly TextField Series = S.Text(110, 2);
    public static readonly Int16Field BookType = S.I16(112);
    public static readonly Int16Field ProClient = S.I16(114);
    public static readonly TextField PAN = S.Text(116, 10);
    public static readonly Int32Field AlgoId = S.I32(126);
    public static readonly Int16Field ReservedFiller = S.I16(130);
    public static readonly Int64Field LastActivityReference = S.I64(132);
    public static readonly RawField Reserved = S.Raw(140, 52);

    public static readonly StructureLayout Layout = S.Build(192);
}
