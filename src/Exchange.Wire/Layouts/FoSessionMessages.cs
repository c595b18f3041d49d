namespace Backup.Exchange.Wire.Layouts;

/// <summary>A refused login (2301) or request (2302) in F&amp;O (NSE-TAP.md 3.7).</summary>
public static class FoErrorResponse
{
    private static readonly StructureBuilder S = new("FO_ERROR_RESPONSE", MessageHeader.Layout);

    public static readonly TextField Key = S.Text(40, 14);
    public static readonly TextField ErrorMessage = S.Text(54, 128);

    public static readonly StructureLayout Layout = S.Build(182);
}

/// <summary>2300 and 2301 of F&amp;O; the answer carries EndTime where the request has Batch2StartTime (NSE-TAP.md 3.7).</summary>
public static class FoSignOn
{
    private static readonly StructureBuilder S = new("FO_SIGNON_IN", MessageHeader.Layout);

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
    public static readonly Int32Field Batch2StartTime = S.I32(118);
    public static readonly RawField HostSwitchContext = S.Raw(122, 1);
    public static readonly RawField Colour = S.Raw(123, 50);
    public static readonly RawField Reserved4 = S.Raw(173, 1);
    public static readonly Int16Field UserType = S.I16(174);
    public static readonly DoubleInteger SequenceNumber = S.Wide(176);
    public static readonly TextField WsClassName = S.Text(184, 14);
    public static readonly TextField BrokerStatus = S.Text(198, 1);
    public static readonly TextField ShowIndex = S.Text(199, 1);
    public static readonly RawField BrokerEligibility = S.Raw(200, 2);
    public static readonly Int16Field MemberType = S.I16(202);
    public static readonly TextField ClearingStatus = S.Text(204, 1);
    public static readonly TextField BrokerName = S.Text(205, 25);
    public static readonly RawField Reserved5 = S.Raw(230, 16);
    public static readonly RawField Reserved6 = S.Raw(246, 16);
    public static readonly RawField Reserved7 = S.Raw(262, 16);

    public static readonly StructureLayout Layout = S.Build(278);
}

/// <summary>1600 of F&amp;O (NSE-TAP.md 3.7).</summary>
public static class FoSystemInformationRequest
{
    private static readonly StructureBuilder S = new("FO_SYSTEM_INFORMATION_IN", MessageHeader.Layout);

    public static readonly Int32Field LastUpdatePortfolioTime = S.I32(40);

    public static readonly StructureLayout Layout = S.Build(44);
}

/// <summary>1601 of F&amp;O; use nothing behind offset 64 (NSE-TAP.md 3.7).</summary>
public static class FoSystemInformation
{
    private static readonly StructureBuilder S = new("FO_SYSTEM_INFORMATION_OUT", MessageHeader.Layout);

    public static readonly Int16Field NormalStatus = S.I16(40);
    public static readonly Int16Field OddLotStatus = S.I16(42);
    public static readonly Int16Field SpotStatus = S.I16(44);
    public static readonly Int16Field AuctionStatus = S.I16(46);
    public static readonly Int16Field ExNormalStatus = S.I16(48);
    public static readonly Int16Field ExOddLotStatus = S.I16(50);
    public static readonly Int16Field ExSpotStatus = S.I16(52);
    public static readonly Int16Field ExAuctionStatus = S.I16(54);
    public static readonly Int16Field PlNormalStatus = S.I16(56);
    public static readonly Int16Field PlOddLotStatus = S.I16(58);
    public static readonly Int16Field PlSpotStatus = S.I16(60);
    public static readonly Int16Field PlAuctionStatus = S.I16(62);
    public static readonly TextField UpdatePortfolio = S.Text(64, 1);
    public static readonly RawField Pad = S.Raw(65, 1);
    public static readonly Int32Field MarketIndex = S.I32(66);
    public static readonly Int16Field DefSettlementNormal = S.I16(70);
    public static readonly Int16Field DefSettlementSpot = S.I16(72);
    public static readonly Int16Field DefSettlementAuction = S.I16(74);
    public static readonly Int16Field CompetitorPeriod = S.I16(76);
    public static readonly Int16Field SolicitorPeriod = S.I16(78);
    public static readonly Int16Field WarningPercent = S.I16(80);
    public static readonly Int16Field VolumeFreezePercent = S.I16(82);
    public static readonly Int16Field SnapQuoteTime = S.I16(84);
    public static readonly RawField Reserved = S.Raw(86, 2);
    public static readonly Int32Field BoardLotQuantity = S.I32(88);
    public static readonly Int32Field TickSize = S.I32(92);
    public static readonly Int16Field MaximumGtcDays = S.I16(96);
    public static readonly RawField SecurityEligibility = S.Raw(98, 2);
    public static readonly Int16Field DisclosedQtyPercent = S.I16(100);
    public static readonly Int32Field RiskFreeRate = S.I32(102);

    public static readonly StructureLayout Layout = S.Build(106);
}

/// <summary>7300 of F&amp;O (NSE-TAP.md 3.7).</summary>
public static class FoUpdateLocalDatabase
{
    private static readonly StructureBuilder S = new("FO_UPDATE_LOCALDB_IN", MessageHeader.Layout);

    public static readonly Int32Field LastUpdateSecurityTime = S.I32(40);
    public static readonly Int32Field LastUpdateParticipantTime = S.I32(44);
    public static readonly Int32Field LastUpdateInstrumentTime = S.I32(48);
    public static readonly Int32Field LastUpdateIndexTime = S.I32(52);
    public static readonly TextField RequestForOpenOrders = S.Text(56, 1);
    public static readonly RawField Reserved = S.Raw(57, 1);
    public static readonly RawField MarketStatus = S.Raw(58, 8);
    public static readonly RawField ExMarketStatus = S.Raw(66, 8);
    public static readonly RawField PlMarketStatus = S.Raw(74, 8);

    public static readonly StructureLayout Layout = S.Build(82);
}
