using System.Collections.Immutable;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>One message of the protocol in one segment: how it is called, who sends it, and how its bytes lie.</summary>
/// <param name="Segment">Null when both segments use the same bytes.</param>
public sealed record MessageKind(short Code, string Name, MessageDirection Direction, Segment? Segment, StructureLayout Layout);

/// <summary>Every message of the protocol that has a layout, found by segment, code and length (NSE-TAP.md 9).</summary>
public static class MessageCatalogue
{
    private const MessageDirection In = MessageDirection.ToExchange;
    private const MessageDirection Out = MessageDirection.FromExchange;

    /// <summary>All structures, those inside other structures included.</summary>
    public static readonly ImmutableArray<StructureLayout> Structures =
    [
        PacketHeader.Layout, LegacyPacketHeader.Layout, MessageHeader.Layout, InnerMessageHeader.Layout, BroadcastHeader.Layout,
        HeaderOnly.Layout, Heartbeat.Layout, RouterRequest.Layout, RouterResponseClear.Layout, RouterResponseExisting.Layout,
        RouterResponseNew.Layout, BoxRegistrationRequest.Layout, BoxRegistrationResponse.Layout, BoxSignOnRequest.Layout,
        BoxSignOnResponse.Layout, BoxSignOff.Layout, CmSignOnRequest.Layout, CmSignOnResponse.Layout, CmErrorResponse.Layout,
        CmSystemInformation.Layout, CmUpdateLocalDatabase.Layout, LocalDatabaseMark.Layout, DownloadRequest.Layout, TraderMessage.Layout,
        ContingencyMessage.Layout, CancelOnLogoutRequest.Layout, CancelOnLogoutResponse.Layout, ResetPassword.Layout, BroadcastText.Layout,
        SecurityInfo.Layout, CmOrderEntry.Layout, CmOrderChange.Layout, CmOrderAnswer.Layout, CmTrade.Layout, CmFullOrder.Layout,
        CmFullTrade.Layout, CmTradeInquiry.Layout, FoErrorResponse.Layout, FoSignOn.Layout, FoSystemInformationRequest.Layout,
        FoSystemInformation.Layout, FoUpdateLocalDatabase.Layout, FoContract.Layout, FoOrderEntry.Layout, FoOrderChange.Layout,
        FoOrderAnswer.Layout, FoTrade.Layout, FoQuickAck.Layout, FoFullOrder.Layout, FoFullTrade.Layout, FoPriceChange.Layout,
        CmMarketDepth.Layout, FoMarketDepth.Layout, CmTicker.Layout, FoTicker.Layout, ShortInvitation.Layout, LongInvitation.Layout,
    ];

    public static readonly ImmutableArray<MessageKind> Messages = [.. Shared(), .. CapitalMarket(), .. FuturesAndOptions()];

    private static readonly ILookup<short, MessageKind> ByCode = Messages.ToLookup(kind => kind.Code);

    /// <summary>All messages under one code; empty when the code is unknown.</summary>
    public static IEnumerable<MessageKind> Find(short code) => ByCode[code];

    /// <summary>The message with this code and exactly this many bytes, or null. A missing segment matches both.</summary>
    public static MessageKind? Find(Segment? segment, short code, int messageLength) =>
        ByCode[code].FirstOrDefault(kind => kind.Layout.Size == messageLength && (segment is null || kind.Segment is null || kind.Segment == segment));

    private static IEnumerable<MessageKind> Shared() =>
    [
        new(2320, "SIGN_OFF_REQUEST_IN", In, null, HeaderOnly.Layout),
        new(2321, "SIGN_OFF_REQUEST_OUT", Out, null, HeaderOnly.Layout),
        new(2400, "GR_REQUEST", In, null, RouterRequest.Layout),
        new(2401, "GR_RESPONSE", Out, null, RouterResponseClear.Layout),
        new(2401, "GR_RESPONSE", Out, null, RouterResponseExisting.Layout),
        new(2401, "GR_RESPONSE", Out, null, RouterResponseNew.Layout),
        new(5294, "BCAST_CONT_MSG", Out, null, ContingencyMessage.Layout),
        new(5295, "CTRL_MSG_TO_TRADER", Out, null, TraderMessage.Layout),
        new(5738, "RESET_PASSWORD_IN", In, null, ResetPassword.Layout),
        new(5739, "RESET_PASSWORD_OUT", Out, null, ResetPassword.Layout),
        new(5790, "COL_USER_STATUS_CHANGE_IN", In, null, CancelOnLogoutRequest.Layout),
        new(5791, "COL_USER_STATUS_CHANGE_OUT", Out, null, CancelOnLogoutResponse.Layout),
        new(6501, "BCAST_JRNL_VCT_MSG", Out, null, BroadcastText.Layout),
        new(6511, "BC_OPEN_MESSAGE", Out, null, BroadcastText.Layout),
        new(6521, "BC_CLOSE_MESSAGE", Out, null, BroadcastText.Layout),
        new(6531, "BC_PREOPEN_SHUTDOWN_MSG", Out, null, BroadcastText.Layout),
        new(6571, "BC_NORMAL_MKT_PREOPEN_ENDED", Out, null, BroadcastText.Layout),
        new(7000, "DOWNLOAD_REQUEST", In, null, DownloadRequest.Layout),
        new(7011, "DOWNLOAD_HEADER", Out, null, HeaderOnly.Layout),
        new(7031, "DOWNLOAD_TRAILER", Out, null, HeaderOnly.Layout),
        new(7307, "UPDATE_LOCALDB_HEADER", Out, null, LocalDatabaseMark.Layout),
        new(7308, "UPDATE_LOCALDB_TRAILER", Out, null, LocalDatabaseMark.Layout),
        new(15000, "INVITATION", Out, null, ShortInvitation.Layout),
        new(15000, "INVITATION", Out, null, LongInvitation.Layout),
        new(20322, "BOX_SIGN_OFF", Out, null, BoxSignOff.Layout),
        new(23000, "BOX_SIGN_ON_REQUEST_IN", In, null, BoxSignOnRequest.Layout),
        new(23001, "BOX_SIGN_ON_REQUEST_OUT", Out, null, BoxSignOnResponse.Layout),
        new(23008, "SECURE_BOX_REGISTRATION_REQUEST_IN", In, null, BoxRegistrationRequest.Layout),
        new(23009, "SECURE_BOX_REGISTRATION_RESPONSE_OUT", Out, null, BoxRegistrationResponse.Layout),
        new(23506, "HEARTBEAT", MessageDirection.Both, null, Heartbeat.Layout),
    ];

    private static IEnumerable<MessageKind> CapitalMarket()
    {
        const Segment Cm = Segment.CapitalMarket;
        return
        [
            new(1600, "SYSTEM_INFORMATION_IN", In, Cm, HeaderOnly.Layout),
            new(1601, "SYSTEM_INFORMATION_OUT", Out, Cm, CmSystemInformation.Layout),
            new(7321, "PARTIAL_SYSTEM_INFORMATION", Out, Cm, CmSystemInformation.Layout),
            new(2300, "SIGN_ON_REQUEST_IN", In, Cm, CmSignOnRequest.Layout),
            new(2301, "SIGN_ON_REQUEST_OUT", Out, Cm, CmSignOnResponse.Layout),
            new(2301, "SIGN_ON_REQUEST_OUT", Out, Cm, CmErrorResponse.Layout),
            new(2302, "ERROR_RESPONSE_OUT", Out, Cm, CmErrorResponse.Layout),
            new(5723, "SIGN_OFF_TRADER_IN", In, Cm, CmSignOnRequest.Layout),
            new(5724, "SIGN_OFF_TRADER_OUT", Out, Cm, CmSignOnRequest.Layout),
            new(7300, "UPDATE_LOCALDB_IN", In, Cm, CmUpdateLocalDatabase.Layout),
            new(20000, "BOARD_LOT_IN_TR", In, Cm, CmOrderEntry.Layout),
            .. OrderAnswers(Cm, CmFullOrder.Layout),
            new(2061, "QUICK_CANCEL_OUT", Out, Cm, CmFullOrder.Layout),
            new(2062, "KILL_SWITCH_IN", In, Cm, CmFullOrder.Layout),
            new(20040, "ORDER_MOD_IN_TR", In, Cm, CmOrderChange.Layout),
            new(20070, "ORDER_CANCEL_IN_TR", In, Cm, CmOrderChange.Layout),
            new(20012, "PRICE_CONFIRMATION_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20042, "ORDER_MOD_REJECT_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20072, "ORDER_CANCEL_REJECT_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20073, "ORDER_CONFIRMATION_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20074, "ORDER_MOD_CONFIRMATION_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20075, "ORDER_CXL_CONFIRMATION_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20231, "ORDER_ERROR_TR", Out, Cm, CmOrderAnswer.Layout),
            new(20222, "TRADE_CONFIRMATION_TR", Out, Cm, CmTrade.Layout),
            .. Trades(Cm, CmFullTrade.Layout),
            new(2286, "TRADE_CANCEL_REJECT", Out, Cm, CmFullTrade.Layout),
            new(5440, "TRADE_CANCEL_IN", In, Cm, CmTradeInquiry.Layout),
            new(5441, "TRADE_CANCEL_OUT", Out, Cm, CmTradeInquiry.Layout),
            new(5445, "TRADE_MOD_IN", In, Cm, CmTradeInquiry.Layout),
            new(2223, "TRADE_ERROR", Out, Cm, CmTradeInquiry.Layout),
        ];
    }

    private static IEnumerable<MessageKind> FuturesAndOptions()
    {
        const Segment Fo = Segment.FuturesAndOptions;
        return
        [
            new(1600, "SYSTEM_INFORMATION_IN", In, Fo, FoSystemInformationRequest.Layout),
            new(1601, "SYSTEM_INFORMATION_OUT", Out, Fo, FoSystemInformation.Layout),
            new(7321, "PARTIAL_SYSTEM_INFORMATION", Out, Fo, FoSystemInformation.Layout),
            new(2300, "SIGN_ON_REQUEST_IN", In, Fo, FoSignOn.Layout),
            new(2301, "SIGN_ON_REQUEST_OUT", Out, Fo, FoSignOn.Layout),
            new(2301, "SIGN_ON_REQUEST_OUT", Out, Fo, FoErrorResponse.Layout),
            new(2302, "ERROR_RESPONSE_OUT", Out, Fo, FoErrorResponse.Layout),
            new(5723, "SIGN_OFF_TRADER_IN", In, Fo, FoSignOn.Layout),
            new(5724, "SIGN_OFF_TRADER_OUT", Out, Fo, FoSignOn.Layout),
            new(7300, "UPDATE_LOCALDB_IN", In, Fo, FoUpdateLocalDatabase.Layout),
            new(20000, "BOARD_LOT_IN_TR", In, Fo, FoOrderEntry.Layout),
            new(20400, "BOARD_LOT_IN_ACK", In, Fo, FoOrderEntry.Layout),
            .. OrderAnswers(Fo, FoFullOrder.Layout),
            new(20040, "ORDER_MOD_IN_TR", In, Fo, FoOrderChange.Layout),
            new(20060, "ORDER_QUICK_CANCEL_IN_TR", In, Fo, FoOrderChange.Layout),
            new(20070, "ORDER_CANCEL_IN_TR", In, Fo, FoOrderChange.Layout),
            new(20402, "ORDER_MOD_IN_ACK", In, Fo, FoOrderChange.Layout),
            new(20404, "ORDER_CANCEL_IN_ACK", In, Fo, FoOrderChange.Layout),
            new(20073, "ORDER_CONFIRMATION_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20074, "ORDER_MOD_CONFIRMATION_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20075, "ORDER_CXL_CONFIRMATION_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20012, "PRICE_CONFIRMATION_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20042, "ORDER_MOD_REJECT_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20072, "ORDER_CANCEL_REJECT_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20231, "ORDER_ERROR_TR", Out, Fo, FoOrderAnswer.Layout),
            new(20222, "TRADE_CONFIRMATION_TR", Out, Fo, FoTrade.Layout),
            .. Trades(Fo, FoFullTrade.Layout),
            new(2013, "PRICE_MOD_IN", In, Fo, FoPriceChange.Layout),
            new(20406, "PRICE_MOD_IN_ACK", In, Fo, FoPriceChange.Layout),
            new(20401, "BOARD_LOT_ACK_OUT", Out, Fo, FoQuickAck.Layout),
            new(20403, "ORDER_MOD_ACK_OUT", Out, Fo, FoQuickAck.Layout),
            new(20405, "ORDER_CANCEL_ACK_OUT", Out, Fo, FoQuickAck.Layout),
        ];
    }

    private static IEnumerable<MessageKind> OrderAnswers(Segment segment, StructureLayout full) =>
    [
        new(2000, "BOARD_LOT_IN", In, segment, full),
        new(2012, "PRICE_CONFIRMATION", Out, segment, full),
        new(2040, "ORDER_MOD_IN", In, segment, full),
        new(2042, "ORDER_MOD_REJECT", Out, segment, full),
        new(2070, "ORDER_CANCEL_IN", In, segment, full),
        new(2072, "ORDER_CANCEL_REJECT", Out, segment, full),
        new(2073, "ORDER_CONFIRMATION", Out, segment, full),
        new(2074, "ORDER_MOD_CONFIRMATION", Out, segment, full),
        new(2075, "ORDER_CANCEL_CONFIRMATION", Out, segment, full),
        new(2170, "FREEZE_TO_CONTROL", Out, segment, full),
        new(2231, "ORDER_ERROR", Out, segment, full),
        new(9002, "BATCH_ORDER_CANCEL", Out, segment, full),
    ];

    private static IEnumerable<MessageKind> Trades(Segment segment, StructureLayout full) =>
    [
        new(2212, "ON_STOP_NOTIFICATION", Out, segment, full),
        new(2222, "TRADE_CONFIRMATION", Out, segment, full),
        new(2282, "TRADE_CANCEL_CONFIRM", Out, segment, full),
        new(2287, "TRADE_MODIFY_CONFIRM", Out, segment, full),
    ];
}
