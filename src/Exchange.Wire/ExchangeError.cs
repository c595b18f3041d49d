namespace Backup.Exchange.Wire;

/// <summary>Error codes that either side acts on, with the words for people (NSE-TAP.md 7). The two segments' tables are not the same.</summary>
public static class ExchangeError
{
    public const short MarketClosed = 16000;
    public const short UnknownTransactionCode = 16003;
    public const short AlreadySignedOn = 16004;
    public const short SignOnDataWrong = 16006;
    public const short SymbolInvalid = 16012;
    public const short OrderNumberInvalid = 16013;
    public const short FoOrderNotYours = 16014;
    public const short MemberUnknown = 16041;
    public const short UserUnknown = 16042;
    public const short FoOrderChanged = 16044;
    public const short PasswordExpired = 16053;
    public const short OrderNotFound = 16060;
    public const short ModifyRefused = 16115;
    public const short VersionDiffers = 16100;
    public const short TryAgain = 16123;
    public const short UserDisabled = 16134;
    public const short TraderInvalid = 16154;
    public const short PriceInvalid = 16247;
    public const short PriceNotTickMultiple = 16283;
    public const short PriceOutsideRange = 16284;
    public const short QuantityFreeze = 16307;
    public const short QuantityNotLotMultiple = 16328;
    public const short OrderToCancelChanged = 16343;
    public const short CannotCancel = 16344;
    public const short CannotModify = 16346;
    public const short SystemCancelled = 16388;
    public const short InvalidLength = 16424;
    public const short AccountInvalid = 16431;
    public const short AccountMandatory = 16450;
    public const short KillSwitchFailed = 16536;
    public const short NewPasswordInvalid = 16778;
    public const short LimitWorseThanTrigger = 16315;
    public const short TriggerNotTickMultiple = 16316;
    public const short BookAndFlagsDiffer = 16414;
    public const short FoInstructionsInvalid = 16415;
    public const short TriggerInvalid = 16423;
    public const short PacketInvalid = 17101;
    public const short HeartbeatMissing = 17102;
    public const short BoxInvalid = 17104;
    public const short RateExceeded = 17106;
    public const short PanInvalid = 17177;
    public const short RouterChecksum = 19028;
    public const short RouterBusy = 19029;
    public const short EncryptionMismatch = 19030;
    public const short ChecksumWrong = 19031;

    private const short CmBookInvalid = 16422;
    private const short FoBookInvalid = 16406;

    /// <summary>The book does not exist, or not for this form of message (NSE-TAP.md N28).</summary>
    public static short BookInvalid(Segment segment) => segment == Segment.CapitalMarket ? CmBookInvalid : FoBookInvalid;

    /// <summary>The meaning in a few words, or "no description" for a code outside the table.</summary>
    public static string Describe(Segment segment, short code) => (segment, code) switch
    {
        (_, 0) => "no error",
        (_, MarketClosed) => "market closed for trading",
        (_, UnknownTransactionCode) => "unknown transaction code",
        (_, AlreadySignedOn) => "user already signed on",
        (_, SignOnDataWrong) => "sign-on data of box or user wrong",
        (_, 16007) => "sign-on restricted at this time",
        (_, SymbolInvalid) => "symbol or series invalid",
        (_, OrderNumberInvalid) => "order number invalid",
        (Segment.FuturesAndOptions, FoOrderNotYours) => "order is not yours",
        (_, MemberUnknown) => "member does not exist",
        (_, UserUnknown) => "user does not exist",
        (Segment.FuturesAndOptions, FoOrderChanged) => "order changed meanwhile",
        (_, PasswordExpired) => "password expired",
        (_, OrderNotFound) => "order not found",
        (_, VersionDiffers) => "client version differs from the host",
        (_, 16104) => "host could not complete, outcome unknown",
        (_, ModifyRefused) => "change refused by the system",
        (_, TryAgain) => "cannot complete, try again",
        (_, UserDisabled) => "user disabled",
        (_, TraderInvalid) => "trader id invalid",
        (_, PriceInvalid) => "price invalid",
        (_, PriceNotTickMultiple) => "price is not a multiple of the tick",
        (_, PriceOutsideRange) => "price outside the day's range",
        (_, QuantityFreeze) => "refused because of the quantity freeze",
        (_, QuantityNotLotMultiple) => "quantity is not a multiple of the lot",
        (_, OrderToCancelChanged) => "order to be cancelled has changed",
        (_, CannotCancel) => "order cannot be cancelled",
        (_, CannotModify) => "order cannot be modified",
        (_, SystemCancelled) => "cancelled by the system",
        (_, InvalidLength) => "message length invalid",
        (_, AccountInvalid) => "account invalid",
        (_, AccountMandatory) => "account is mandatory",
        (_, KillSwitchFailed) => "kill switch failed, try again",
        (_, NewPasswordInvalid) => "new password against the rules",
        (_, LimitWorseThanTrigger) => "limit worse than trigger",
        (_, TriggerNotTickMultiple) => "trigger is not a multiple of the tick",
        (Segment.CapitalMarket, BookAndFlagsDiffer) => "book type and flags do not fit",
        (Segment.FuturesAndOptions, FoInstructionsInvalid) => "instructions invalid",
        (_, TriggerInvalid) => "trigger price invalid",
        (Segment.CapitalMarket, CmBookInvalid) or (Segment.FuturesAndOptions, FoBookInvalid) => "book type out of range",
        (_, PacketInvalid) => "packet has an invalid code or data",
        (_, HeartbeatMissing) => "heartbeat not received",
        (_, BoxInvalid) => "box id invalid",
        (_, 17105) => "sequence number mismatch",
        (_, RateExceeded) => "message rate of the box exceeded",
        (_, 17142) => "too many users on the box",
        (_, PanInvalid) => "PAN invalid",
        (_, RouterChecksum) => "checksum wrong at the Gateway Router",
        (_, RouterBusy) => "several Gateway Router queries",
        (_, EncryptionMismatch) => "encryption setting mismatch",
        (_, ChecksumWrong) => "checksum wrong",
        _ => "no description",
    };
}
