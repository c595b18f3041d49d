namespace Backup.Exchange.Wire.Layouts;

/// <summary>2300 of the cash segment; also 5723 and 5724 (NSE-TAP.md 3.7).</summary>
public static class CmSignOnRequest
{
    private static readonly StructureBuilder S = new("SIGNON_IN", MessageHeader.Layout);

    public static readonly Int32Field UserId = S.I32(40);
    public static readonly RawField Reserved1 = S.Raw(44, 8);
    public static readonly TextField Password = S.Text(52, 8);
    public static readonly RawField Reserved2 = S.Raw(60, 8);
    public static readonly TextField NewPassword = S.Text(68, 8);
    public static readonly TextField TraderName = S.Text(76, 26);
    public static readonly Int32Field LastPasswordChange = S.I32(102);
    public static readonly TextField BrokerId = S.Text(106, 5);
    public static readonly RawField Reserved3 = S.Raw(111, 1);
    public static readonly Int16Field BranchId = S.I16(112);
    public static readonly Int32Field VersionNumber = S.I32(114);
    public static readonly RawField Reserved4 = S.Raw(118, 56);
    public static readonly Int16Field UserType = S.I16(174);
    public static readonly DoubleInteger SequenceNumber = S.Wide(176);
    public static readonly TextField WorkstationNumber = S.Text(184, 14);
    public static readonly TextField BrokerStatus = S.Text(198, 1);
    public static readonly TextField ShowIndex = S.Text(199, 1);
    public static readonly RawField BrokerEligibility = S.Raw(200, 2);
    public static readonly TextField BrokerName = S.Text(202, 26);
    public static readonly RawField Reserved5 = S.Raw(228, 16);
    public static readonly RawField Reserved6 = S.Raw(244, 16);
    public static readonly RawField Reserved7 = S.Raw(260, 16);

    public static readonly StructureLayout Layout = S.Build(276);
}

/// <summary>2301 of the cash segment (NSE-TAP.md 3.7).</summary>
public static class CmSignOnResponse
{
    private static readonly StructureBuilder S = new("SIGNON_OUT", MessageHeader.Layout);

    public static readonly Int32Field UserId = S.I32(40);
    public static readonly RawField Reserved1 = S.Raw(44, 8);
    public static readonly TextField Password = S.Text(52, 8);
    public static readonly RawField Reserved2 = S.Raw(60, 8);
    public static readonly TextField NewPassword = S.Text(68, 8);
    public static readonly TextField TraderName = S.Text(76, 26);
    public static readonly Int32Field LastPasswordChange = S.I32(102);
    public static readonly TextField BrokerId = S.Text(106, 5);
    public static readonly RawField Reserved3 = S.Raw(111, 1);
    public static readonly Int16Field BranchId = S.I16(112);
    public static readonly Int32Field VersionNumber = S.I32(114);
    public static readonly Int32Field EndTime = S.I32(118);
    public static readonly RawField Reserved4 = S.Raw(122, 52);
    public static readonly Int16Field UserType = S.I16(174);
    public static readonly DoubleInteger SequenceNumber = S.Wide(176);
    public static readonly RawField Reserved8 = S.Raw(184, 14);
    public static readonly TextField BrokerStatus = S.Text(198, 1);
    public static readonly RawField Reserved9 = S.Raw(199, 1);
    public static readonly RawField BrokerEligibility = S.Raw(200, 2);
    public static readonly TextField BrokerName = S.Text(202, 26);
    public static readonly RawField Reserved5 = S.Raw(228, 16);
    public static readonly RawField Reserved6 = S.Raw(244, 16);
    public static readonly RawField Reserved7 = S.Raw(260, 16);

    public static readonly StructureLayout Layout = S.Build(276);
}

/// <summary>A refused login (2301) or request (2302) in the cash segment (NSE-TAP.md 3.7).</summary>
public static class CmErrorResponse
{
    private static readonly StructureBuilder S = new("ERROR_RESPONSE", MessageHeader.Layout);

    public static readonly TextField Symbol = S.Text(40, 10);
    public static readonly TextField Series = S.Text(50, 2);
    public static readonly TextField ErrorMessage = S.Text(52, 128);

    public static readonly StructureLayout Layout = S.Build(180);
}

/// <summary>1601 and 7321 of the cash segment; byte 0 of AlphaChar counts the streams (NSE-TAP.md 3.7).</summary>
public static class CmSystemInformation
{
    private static readonly StructureBuilder S = new("SYSTEM_INFORMATION_DATA", MessageHeader.Layout);

    public static readonly Int16Field Normal = S.I16(40);
    public static readonly Int16Field OddLot = S.I16(42);
    public static readonly Int16Field Spot = S.I16(44);
    public static readonly Int16Field Auction = S.I16(46);
    public static readonly Int16Field CallAuction1 = S.I16(48);
    public static readonly Int16Field CallAuction2 = S.I16(50);
    public static readonly Int32Field MarketIndex = S.I32(52);
    public static readonly Int16Field DefSettlementNormal = S.I16(56);
    public static readonly Int16Field DefSettlementSpot = S.I16(58);
    public static readonly Int16Field DefSettlementAuction = S.I16(60);
    public static readonly Int16Field CompetitorPeriod = S.I16(62);
    public static readonly Int16Field SolicitorPeriod = S.I16(64);
    public static readonly Int16Field WarningPercent = S.I16(66);
    public static readonly Int16Field VolumeFreezePercent = S.I16(68);
    public static readonly RawField Reserved1 = S.Raw(70, 2);
    public static readonly Int16Field TerminalIdleTime = S.I16(72);
    public static readonly Int32Field BoardLotQuantity = S.I32(74);
    public static readonly Int32Field TickSize = S.I32(78);
    public static readonly Int16Field MaximumGtcDays = S.I16(82);
    public static readonly RawField SecurityEligibility = S.Raw(84, 2);
    public static readonly Int16Field DisclosedQtyPercent = S.I16(86);
    public static readonly RawField Reserved2 = S.Raw(88, 6);

    public static readonly StructureLayout Layout = S.Build(94);
}

/// <summary>7300 of the cash segment (NSE-TAP.md 3.7).</summary>
public static class CmUpdateLocalDatabase
{
    private static readonly StructureBuilder S = new("UPDATE_LOCALDB_IN", MessageHeader.Layout);

    public static readonly Int32Field LastUpdateSecurityTime = S.I32(40);
    public static readonly Int32Field LastUpdateParticipantTime = S.I32(44);
    public static readonly TextField RequestForOpenOrders = S.Text(48, 1);
    public static readonly RawField Reserved = S.Raw(49, 1);
    public static readonly Int16Field NormalMarketStatus = S.I16(50);
    public static readonly Int16Field OddLotMarketStatus = S.I16(52);
    public static readonly Int16Field SpotMarketStatus = S.I16(54);
    public static readonly Int16Field AuctionMarketStatus = S.I16(56);
    public static readonly Int16Field CallAuction1MarketStatus = S.I16(58);
    public static readonly Int16Field CallAuction2MarketStatus = S.I16(60);

    public static readonly StructureLayout Layout = S.Build(62);
}
