using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>Why a session ended, as far as it matters for trying again.</summary>
internal enum BreakKind
{
    /// <summary>Try again soon.</summary>
    Ordinary,

    /// <summary>The exchange does not want this box or user: try again late.</summary>
    Refused,

    /// <summary>The user's data were wrong: each further try brings the lock nearer.</summary>
    WrongPassword,

    /// <summary>We signed off ourselves.</summary>
    Orderly,
}

/// <summary>What the machine wants done after one message or tick: at most one of these.</summary>
internal sealed record TapStep
{
    public static readonly TapStep None = new();

    public byte[]? Send { get; init; }

    public (string Host, int Port)? Gateway { get; init; }

    public string? Break { get; init; }

    public BreakKind Kind { get; init; }

    /// <summary>Every stream is downloaded: apply what is under way, then complete the recovery.</summary>
    public bool IsDownloaded { get; init; }
}

/// <summary>The session as a pure state machine: messages and time in, messages and wishes out (NSE-TAP.md 3, 6).</summary>
/// <remarks>
/// <code>
/// AskingRouter → (BoxRegistration →) BoxSignOn → UserSignOn → SystemInformation → LocalDatabase → Settling → Downloading → Trading
///       any of them → SigningOff → (broken)        any of them → (broken)
/// </code>
/// Not safe for threads: its session calls it under one lock.
/// </remarks>
internal sealed class TapSessionMachine(TapSessionOptions options, Credentials credentials, Func<byte, long> markOf)
{
    private byte[] _sessionKey = [];
    private DateTimeOffset? _deadline;
    private string _awaited = "";
    private DateTimeOffset _lastSent;
    private DateTimeOffset _lastReceived;
    private byte _stream;

    public TapSessionState State { get; private set; } = TapSessionState.Disconnected;

    /// <summary>Streams of the exchange's journal, from 1; known after system information.</summary>
    public byte Streams { get; private set; }

    /// <summary>The market close that the sign-on answer names; a new value is a new trading day.</summary>
    public int EndTime { get; private set; }

    /// <summary>The keys of the link; known after the router's answer.</summary>
    public LinkKeys Keys { get; private set; } = LinkKeys.None;

    public byte[] Start(DateTimeOffset now)
    {
        State = TapSessionState.AskingRouter;
        Await("the Gateway Router's answer (2401)", options.AnswerTimeout, now);
        return Build(buffer => SessionMessages.Router(buffer, options.BoxId, options.BrokerId));
    }

    /// <summary>2401.</summary>
    /// <param name="isProtected">The answer came over TLS, from the exchange.</param>
    public TapStep RouterAnswered(ReadOnlySpan<byte> message, bool isProtected)
    {
        if (message.Length < MessageHeader.Layout.Size || MessageHeader.TransactionCode.Read(message) != TransactionCode.RouterResponse)
        {
            return Broken("The Gateway Router answered with something else than 2401.", BreakKind.Ordinary);
        }

        var error = MessageHeader.ErrorCode.Read(message);
        if (error != 0)
        {
            var kind = error is ExchangeError.BoxInvalid or ExchangeError.SignOnDataWrong ? BreakKind.Refused : BreakKind.Ordinary;
            return Broken($"The Gateway Router refused the box: {Words(error)}.", kind);
        }

        if (LinkKeys.Read(message) is not { } keys)
        {
            return Broken($"Expected the Gateway Router's answer (2401) in 76, 124 or 136 bytes, found {message.Length}.", BreakKind.Refused);
        }

        if (keys.Mode != LinkMode.Clear && !isProtected)
        {
            return Broken("The Gateway Router gave the link's key over a line without TLS; set tap.router-ca-file to the exchange's CA file.", BreakKind.Refused);
        }

        // The first 76 bytes are the same in all three.
        Keys = keys;
        _sessionKey = RouterResponseClear.SessionKey.Read(message).ToArray();
        return new TapStep { Gateway = (RouterResponseClear.IpAddress.Read(message), RouterResponseClear.Port.Read(message)) };
    }

    public TapStep GatewayConnected(DateTimeOffset now)
    {
        (_lastSent, _lastReceived) = (now, now);
        return Keys.Mode == LinkMode.Clear
            ? AskBoxOn(now)
            : Ask(TapSessionState.BoxRegistration, "the box registration answer (23009)", now, buffer => SessionMessages.BoxRegistration(buffer, options.BoxId));
    }

    /// <summary>One message of the session; order messages and downloads only move the clocks.</summary>
    public TapStep Received(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var code = MessageHeader.TransactionCode.Read(message);
        switch (code)
        {
            case TransactionCode.BoxSignOff when message.Length >= MessageHeader.Layout.Size:
                return Broken($"The exchange ended the session: {Words(MessageHeader.ErrorCode.Read(message))}.", BreakKind.Ordinary);
            case TransactionCode.BoxRegistrationResponse when State == TapSessionState.BoxRegistration:
                var registered = MessageHeader.ErrorCode.Read(message);
                return registered == 0 ? AskBoxOn(now) : Broken($"The exchange refused the box registration: {Words(registered)}.", BreakKind.Ordinary);
            case TransactionCode.BoxSignOnResponse when State == TapSessionState.BoxSignOn:
                return BoxAnswered(message, now);
            case TransactionCode.SignOnResponse when State == TapSessionState.UserSignOn:
                return UserAnswered(message, now);
            case TransactionCode.SystemInformation when State == TapSessionState.SystemInformation:
                if (message.Length < InformationLength)
                {
                    return TooShort("system information (1601)", message);
                }

                var information = message.ToArray();
                Streams = Math.Max(MessageHeader.AlphaChar.Read(message)[0], (byte)1);
                return Ask(TapSessionState.LocalDatabase, "the end of the local database (7308)", now, buffer => SessionMessages.LocalDatabase(buffer, options.Segment, options.UserId, information));
            case TransactionCode.LocalDatabaseTrailer or TransactionCode.PartialSystemInformation when State == TapSessionState.LocalDatabase:
                State = TapSessionState.Settling;
                _deadline = now + options.SettleDelay;
                return TapStep.None;
            case TransactionCode.DownloadHeader or TransactionCode.DownloadMessage when State == TapSessionState.Downloading && _stream > 0:
                _deadline = now + options.DownloadTimeout;
                return TapStep.None;
            case TransactionCode.DownloadTrailer when State == TapSessionState.Downloading && MessageHeader.AlphaChar.Read(message)[0] == _stream:
                return NextStream(now);
            case TransactionCode.SignOffResponse when State == TapSessionState.SigningOff:
                return Broken("Signed off.", BreakKind.Orderly);
            case TransactionCode.ErrorResponse or TransactionCode.InvalidMessageLength when State is not (TapSessionState.Trading or TapSessionState.SigningOff):
                return Broken($"The exchange refused a login message: {Words(MessageHeader.ErrorCode.Read(message))}.", BreakKind.Refused);
            default:
                return TapStep.None;
        }
    }

    /// <summary>Something has arrived, whatever it is.</summary>
    public void Heard(DateTimeOffset now) => _lastReceived = now;

    /// <summary>Something has left, whatever it is.</summary>
    public void Said(DateTimeOffset now) => _lastSent = now;

    /// <summary>The accounts have taken in the recovery: orders may go.</summary>
    public void RecoveryCompleted()
    {
        if (State == TapSessionState.Downloading)
        {
            State = TapSessionState.Trading;
        }
    }

    public TapStep SignOff(DateTimeOffset now)
    {
        if (State < TapSessionState.SystemInformation)
        {
            return Broken("Stopped before the sign-on was complete.", BreakKind.Orderly);
        }

        State = TapSessionState.SigningOff;
        Await("the sign-off answer (2321)", options.SignOffTimeout, now);
        return new TapStep { Send = Build(buffer => SessionMessages.SignOff(buffer, options.UserId)) };
    }

    /// <param name="now">The time.</param>
    /// <param name="isReading">False while we ourselves do not take in what waits: then silence is not the exchange's.</param>
    public TapStep Tick(DateTimeOffset now, bool isReading)
    {
        if (State == TapSessionState.Settling && now >= _deadline)
        {
            State = TapSessionState.Downloading;
            return NextStream(now);
        }

        if (State != TapSessionState.Settling && now >= _deadline)
        {
            return Broken($"In vain waited for {_awaited}.", State == TapSessionState.SigningOff ? BreakKind.Orderly : BreakKind.Ordinary);
        }

        if (State < TapSessionState.BoxSignOn)
        {
            return TapStep.None;
        }

        if (isReading && now - _lastReceived >= options.DeadAfter)
        {
            return Broken($"Nothing heard from the exchange for {options.DeadAfter.TotalSeconds} s.", BreakKind.Ordinary);
        }

        if (now - _lastSent < options.HeartbeatAfter)
        {
            return TapStep.None;
        }

        _lastSent = now;
        return new TapStep { Send = Build(SessionMessages.HeartbeatMessage) };
    }

    private TapStep AskBoxOn(DateTimeOffset now) => Ask(
        TapSessionState.BoxSignOn, "the box sign-on answer (23001)", now, buffer => SessionMessages.BoxSignOn(buffer, options.BoxId, options.BrokerId, _sessionKey));

    private TapStep BoxAnswered(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var error = MessageHeader.ErrorCode.Read(message);
        if (error != 0)
        {
            // A wrong key may only be an old one; the next one comes from the router. No user is locked by it.
            var kind = error == ExchangeError.SignOnDataWrong ? BreakKind.Ordinary : BreakKind.Refused;
            var words = error == ExchangeError.SignOnDataWrong ? $"{Words(error)}; the session key was an old one, or the broker id is wrong" : Words(error);
            return Broken($"The exchange refused the box sign-on: {words}.", kind);
        }

        var identity = new SignOnIdentity(
            options.UserId, credentials.Password, credentials.NewPassword, options.BrokerId, options.BranchId, options.VersionNumber, options.Workstation);
        return Ask(TapSessionState.UserSignOn, "the sign-on answer (2301)", now, buffer => SessionMessages.SignOn(buffer, options.Segment, identity));
    }

    private TapStep UserAnswered(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var error = MessageHeader.ErrorCode.Read(message);
        if (error != 0)
        {
            var kind = error switch
            {
                ExchangeError.SignOnDataWrong => BreakKind.WrongPassword,

                // The next sign-on goes at once, with the change in it.
                ExchangeError.PasswordExpired when credentials.ChangeNext() => BreakKind.Ordinary,
                ExchangeError.AlreadySignedOn => BreakKind.Ordinary,
                _ => BreakKind.Refused,
            };
            if (error == ExchangeError.SignOnDataWrong && credentials.TryNew())
            {
                return Broken($"The exchange refused user {options.UserId}: {Words(error)}; the next try uses the new password of the settings.", kind);
            }

            var version = error == ExchangeError.VersionDiffers ? HostVersion(message) : "";
            return Broken($"The exchange refused user {options.UserId}: {Words(error)}{version}.", kind);
        }

        if (message.Length < CmSignOnResponse.EndTime.Offset + sizeof(int))
        {
            return TooShort("the sign-on answer (2301)", message);
        }

        // The same place in both segments; F&O calls it Batch2StartTime in the request.
        EndTime = CmSignOnResponse.EndTime.Read(message);
        return Ask(TapSessionState.SystemInformation, "system information (1601)", now, buffer => SessionMessages.SystemInformation(buffer, options.Segment, options.UserId));
    }

    /// <summary>The host's version stands in the words of the refusal, eight characters from the place 95 (NSE-TAP.md 3.7, N32).</summary>
    private string HostVersion(ReadOnlySpan<byte> message)
    {
        var text = options.Segment == Segment.CapitalMarket ? CmErrorResponse.ErrorMessage : FoErrorResponse.ErrorMessage;
        var version = new TextField(text.Offset + 95, 8);
        return message.Length >= version.Offset + version.Size ? $", the exchange expects {version.Read(message).Trim()}" : "";
    }

    private TapStep NextStream(DateTimeOffset now)
    {
        _stream++;
        if (_stream > Streams)
        {
            _stream = 0;
            _deadline = null;
            return new TapStep { IsDownloaded = true };
        }

        Await($"the download of stream {_stream} (7031)", options.DownloadTimeout, now);
        return new TapStep { Send = Build(buffer => SessionMessages.Download(buffer, options.UserId, _stream, markOf(_stream))) };
    }

    private TapStep Ask(TapSessionState state, string awaited, DateTimeOffset now, Fill fill)
    {
        State = state;
        Await(awaited, options.AnswerTimeout, now);
        return new TapStep { Send = Build(fill) };
    }

    private void Await(string awaited, TimeSpan limit, DateTimeOffset now)
    {
        _awaited = awaited;
        _deadline = now + limit;
    }

    /// <summary>Up to the end of the market statuses, which are sent back.</summary>
    private int InformationLength =>
        options.Segment == Segment.CapitalMarket ? CmSystemInformation.Normal.Offset + 12 : FoSystemInformation.NormalStatus.Offset + 24;

    private static TapStep TooShort(string awaited, ReadOnlySpan<byte> message) =>
        Broken($"The exchange cut {awaited} short: {message.Length} bytes.", BreakKind.Ordinary);

    private string Words(short error) => ExchangeAdvice.Words(options, error);

    private static TapStep Broken(string reason, BreakKind kind) => new() { Break = reason, Kind = kind };

    private delegate ReadOnlySpan<byte> Fill(Span<byte> buffer);

    private static byte[] Build(Fill fill)
    {
        Span<byte> buffer = stackalloc byte[FoSignOn.Layout.Size + 40];
        return fill(buffer).ToArray();
    }
}
