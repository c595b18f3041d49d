namespace Backup.Exchange.Wire.Layouts;

/// <summary>7307 and 7308: begin and end of the local database data (NSE-TAP.md 3.7).</summary>
public static class LocalDatabaseMark
{
    private static readonly StructureBuilder S = new("UPDATE_LDB_HEADER_TRAILER", MessageHeader.Layout);

    public static readonly RawField Reserved = S.Raw(40, 2);

    public static readonly StructureLayout Layout = S.Build(42);
}

/// <summary>7000: asks one stream for what happened after a mark (NSE-TAP.md 6.1).</summary>
public static class DownloadRequest
{
    private static readonly StructureBuilder S = new("MESSAGE_DOWNLOAD", MessageHeader.Layout);

    public static readonly DoubleInteger SequenceNumber = S.Wide(40);

    public static readonly StructureLayout Layout = S.Build(48);
}

/// <summary>5295: a text of market control (NSE-TAP.md 3.7).</summary>
public static class TraderMessage
{
    private static readonly StructureBuilder S = new("MS_TRADER_INT_MSG", MessageHeader.Layout);

    public static readonly Int32Field TraderId = S.I32(40);
    public static readonly TextField ActionCode = S.Text(44, 3);
    public static readonly RawField Reserved = S.Raw(47, 1);
    public static readonly Int16Field MsgLength = S.I16(48);
    public static readonly TextField Msg = S.Text(50, 240);

    public static readonly StructureLayout Layout = S.Build(290);
}

/// <summary>5294: a matching engine is down or back (NSE-TAP.md 3.6).</summary>
public static class ContingencyMessage
{
    private static readonly StructureBuilder S = new("MS_BCAST_CONT_MESSAGE", MessageHeader.Layout);

    public static readonly Int16Field StreamNumber = S.I16(40);
    public static readonly Int16Field Status = S.I16(42);
    public static readonly RawField Reserved = S.Raw(44, 200);

    public static readonly StructureLayout Layout = S.Build(244);
}

/// <summary>5790: sets cancel-on-logout of a user (NSE-TAP.md 3.5).</summary>
public static class CancelOnLogoutRequest
{
    private static readonly StructureBuilder S = new("COL_USER_STATUS_CHANGE_REQ", MessageHeader.Layout);

    public static readonly Int32Field UserId = S.I32(40);
    public static readonly TextField ColUserBit = S.Text(44, 1);
    public static readonly RawField Reserved = S.Raw(45, 7);

    public static readonly StructureLayout Layout = S.Build(52);
}

/// <summary>5791: answer to 5790 (NSE-TAP.md 3.5).</summary>
public static class CancelOnLogoutResponse
{
    private static readonly StructureBuilder S = new("COL_USER_STATUS_CHANGE_RESP", MessageHeader.Layout);

    public static readonly Int32Field UserId = S.I32(40);
    public static readonly TextField ColUserBit = S.Text(44, 1);
    public static readonly RawField Reserved = S.Raw(45, 1);

    public static readonly StructureLayout Layout = S.Build(46);
}

/// <summary>5738 and 5739 (NSE-TAP.md 3.7).</summary>
public static class ResetPassword
{
    private static readonly StructureBuilder S = new("RESET_PASSWORD", MessageHeader.Layout);

    public static readonly Int32Field UserId = S.I32(40);
    public static readonly RawField Reserved = S.Raw(44, 14);

    public static readonly StructureLayout Layout = S.Build(58);
}

/// <summary>6501, 6511, 6521, 6531, 6571: market texts (NSE-TAP.md 8).</summary>
public static class BroadcastText
{
    private static readonly StructureBuilder S = new("BCAST_VCT_MESSAGES", BroadcastHeader.Layout);

    public static readonly Int16Field BranchNumber = S.I16(40);
    public static readonly TextField BrokerNumber = S.Text(42, 5);
    public static readonly TextField ActionCode = S.Text(47, 3);
    public static readonly RawField Reserved = S.Raw(50, 4);
    public static readonly RawField BroadcastDestination = S.Raw(54, 2);
    public static readonly Int16Field MsgLength = S.I16(56);
    public static readonly TextField Msg = S.Text(58, 240);

    public static readonly StructureLayout Layout = S.Build(298);
}

/// <summary>15000 as a bare four bytes: a send credit of old clients, read and ignored (NSE-TAP.md 3.4).</summary>
public static class ShortInvitation
{
    private static readonly StructureBuilder S = new("INVITATION_4");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int16Field InvitationCount = S.I16(2);

    public static readonly StructureLayout Layout = S.Build(4);
}

/// <summary>15000 with a message header: the older form, read and ignored (NSE-TAP.md 3.4).</summary>
public static class LongInvitation
{
    private static readonly StructureBuilder S = new("INVITATION_42", MessageHeader.Layout);

    public static readonly Int16Field InvitationCount = S.I16(40);

    public static readonly StructureLayout Layout = S.Build(42);
}
