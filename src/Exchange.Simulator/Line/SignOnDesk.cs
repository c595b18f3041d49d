using System.Net;
using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Line;

/// <summary>Router, box and user sign-on, and what follows them, as the exchange does it (NSE-TAP.md 3). Used under the floor's gate.</summary>
public sealed class SignOnDesk(SimulatorSettings settings, LinkRegister links, DayJournal journal, Outbox outbox)
{
    /// <summary>Where the host's version stands in the text of a refused login, counted from zero (NSE-TAP.md N32).</summary>
    private const int VersionPlace = 95;

    private readonly Passwords _passwords = new(settings);

    /// <summary>The market close before this trading day; when it changes, members drop what they know (NSE-TAP.md 3.2).</summary>
    public int EndTime { get; set; }

    public Dictionary<Segment, IPEndPoint> Gateways { get; } = [];

    /// <summary>2400. The router answers one question a connection.</summary>
    public void Route(MemberLink link, ReadOnlySpan<byte> message, FrameReadStatus status, DateTimeOffset now)
    {
        var isRequest = message.Length == RouterRequest.Layout.Size && MessageHeader.TransactionCode.Read(message) == TransactionCode.RouterRequest;
        var error = !isRequest ? ExchangeError.PacketInvalid
            : status == FrameReadStatus.BadChecksum ? ExchangeError.RouterChecksum
            : RouterError(link.Segment, message);
        var keys = error == 0 ? links.IssueKey(link.Segment, settings.Link) : (Session: [], Link: LinkKeys.None);
        var answer = new byte[keys.Link.ResponseLayout.Size];
        keys.Link.ResponseLayout.Begin(answer, TransactionCode.RouterResponse, 0);
        MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        MessageHeader.ErrorCode.Write(answer, error);
        if (isRequest)
        {
            RouterResponseClear.BoxId.Write(answer, RouterRequest.BoxId.Read(message));
            RouterResponseClear.BrokerId.Write(answer, RouterRequest.BrokerId.Read(message));
        }

        if (error == 0)
        {
            var gateway = GatewayFor(link);
            RouterResponseClear.IpAddress.Write(answer, gateway.Address.ToString());
            RouterResponseClear.Port.Write(answer, gateway.Port);
            RouterResponseClear.SessionKey.Write(answer, keys.Session);
            keys.Link.Write(answer);
        }

        outbox.Direct(link, now, answer);
    }

    /// <summary>23008: the ciphers start with the message after the answer. Returns false when the connection is to be closed.</summary>
    public bool RegisterBox(MemberLink link, ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var keys = links.IssuedLinkKeys(link.Segment);
        var error = BoxRegistrationRequest.BoxId.Read(message) != settings.Box(link.Segment).BoxId ? ExchangeError.BoxInvalid
            : settings.Link == LinkMode.Clear ? ExchangeError.EncryptionMismatch
            : keys is null ? ExchangeError.SignOnDataWrong
            : (short)0;
        var answer = new byte[BoxRegistrationResponse.Layout.Size];
        BoxRegistrationResponse.Layout.Begin(answer, TransactionCode.BoxRegistrationResponse, 0);
        MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        MessageHeader.ErrorCode.Write(answer, error);
        if (error == 0)
        {
            link.StartCiphers(keys!);
        }

        outbox.Direct(link, now, answer);
        return error == 0;
    }

    /// <summary>23000. Returns false when the connection is to be closed.</summary>
    public bool BoxOn(MemberLink link, ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        if (link.IsBoxOn)
        {
            BoxOff(link, ExchangeError.PacketInvalid, now);
            return false;
        }

        var box = settings.Box(link.Segment);
        var boxId = BoxSignOnRequest.BoxId.Read(message);
        var isKnown = BoxSignOnRequest.BrokerId.Read(message) == settings.Member && links.IsKey(link.Segment, BoxSignOnRequest.SessionKey.Read(message));
        var error = boxId != box.BoxId ? ExchangeError.BoxInvalid : isKnown ? (short)0 : ExchangeError.SignOnDataWrong;
        var answer = new byte[BoxSignOnResponse.Layout.Size];
        BoxSignOnResponse.Layout.Begin(answer, TransactionCode.BoxSignOnResponse, 0);
        MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        MessageHeader.ErrorCode.Write(answer, error);
        BoxSignOnResponse.BoxId.Write(answer, boxId);
        if (error == 0)
        {
            if (links.BoxSession(link.Segment) is { } older)
            {
                BoxOff(older, ExchangeError.AlreadySignedOn, now);
                links.End(older);
            }

            links.BoxOn(link);
        }

        outbox.Direct(link, now, answer);
        return error == 0;
    }

    /// <summary>2300. Returns false when the user may not come in.</summary>
    public bool UserOn(MemberLink link, ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var isCash = link.Segment == Segment.CapitalMarket;
        var userId = CmSignOnRequest.UserId.Read(message);
        var member = CmSignOnRequest.BrokerId.Read(message);
        var error = SignOnError(link, userId, member, message);
        if (error != 0)
        {
            Fail(link, TransactionCode.SignOnResponse, userId, error, now);
            return false;
        }

        var newPassword = CmSignOnRequest.NewPassword.Read(message);
        if (newPassword.Length > 0)
        {
            _passwords.Change(link.Segment, userId, newPassword);
        }

        link.Users.Add(userId);
        var answer = new byte[isCash ? CmSignOnResponse.Layout.Size : FoSignOn.Layout.Size];
        (isCash ? CmSignOnResponse.Layout : FoSignOn.Layout).Begin(answer, TransactionCode.SignOnResponse, userId);
        StampHeader(link.Segment, answer, now);
        CmSignOnResponse.UserId.Write(answer, userId);
        answer.AsSpan(CmSignOnResponse.Password.Offset, 8).Clear();
        answer.AsSpan(CmSignOnResponse.NewPassword.Offset, 8).Clear();
        CmSignOnResponse.TraderName.Write(answer, $"USER {userId}");
        CmSignOnResponse.LastPasswordChange.Write(answer, newPassword.Length > 0 ? NnfTime.ToSeconds(now) : 0);
        CmSignOnResponse.BrokerId.Write(answer, member);
        CmSignOnResponse.BranchId.Write(answer, settings.Branch);
        CmSignOnResponse.VersionNumber.Write(answer, CmSignOnRequest.VersionNumber.Read(message));
        CmSignOnResponse.EndTime.Write(answer, EndTime);
        CmSignOnResponse.SequenceNumber.Write(answer, EndTime);
        CmSignOnResponse.BrokerStatus.Write(answer, "A");
        CmSignOnResponse.BrokerEligibility.WriteNumber(answer, 0x8000);
        Remember(link.Segment, userId, answer);
        outbox.Direct(link, now, answer);
        return true;
    }

    /// <summary>1600.</summary>
    public void SystemInformation(MemberLink link, int userId, DateTimeOffset now)
    {
        var isCash = link.Segment == Segment.CapitalMarket;
        var layout = isCash ? CmSystemInformation.Layout : FoSystemInformation.Layout;
        var answer = new byte[layout.Size];
        layout.Begin(answer, TransactionCode.SystemInformation, userId);
        MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        MessageHeader.AlphaChar.Write(answer, [settings.Streams, (byte)' ']);
        for (var market = 0; market < (isCash ? 6 : 12); market++)
        {
            // Normal market open, all others closed.
            new Int16Field(CmSystemInformation.Normal.Offset + (2 * market)).Write(answer, market == 0 ? (short)1 : (short)2);
        }

        outbox.Direct(link, now, answer);
    }

    /// <summary>7300: there is nothing to update, so only the header and the trailer.</summary>
    public void LocalDatabase(MemberLink link, int userId, DateTimeOffset now)
    {
        foreach (var code in (ReadOnlySpan<short>)[TransactionCode.LocalDatabaseHeader, TransactionCode.LocalDatabaseTrailer])
        {
            var answer = new byte[LocalDatabaseMark.Layout.Size];
            LocalDatabaseMark.Layout.Begin(answer, code, userId);
            MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
            outbox.Direct(link, now, answer);
        }
    }

    /// <summary>7000. A stream that does not exist is not answered (NSE-TAP.md 6.1).</summary>
    public void Download(MemberLink link, int userId, ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var stream = MessageHeader.AlphaChar.Read(message)[0];
        if (stream == 0 || stream > settings.Streams)
        {
            return;
        }

        DownloadMark(link, TransactionCode.DownloadHeader, userId, stream, now);
        foreach (var inner in journal.After(link.Segment, stream, userId, Mark(message)))
        {
            var outer = new byte[MessageHeader.Layout.Size + inner.Length];
            MessageHeader.Layout.Begin(outer, TransactionCode.DownloadMessage, userId);
            MessageHeader.LogTime.Write(outer, NnfTime.ToSeconds(now));
            MessageHeader.AlphaChar.Write(outer, [stream, (byte)' ']);
            MessageHeader.MessageLength.Write(outer, (short)outer.Length);
            inner.CopyTo(outer, MessageHeader.Layout.Size);
            outbox.Direct(link, now, outer);
        }

        DownloadMark(link, TransactionCode.DownloadTrailer, userId, stream, now);
    }

    /// <summary>2320.</summary>
    public void UserOff(MemberLink link, int userId, DateTimeOffset now)
    {
        link.Users.Remove(userId);
        var answer = new byte[HeaderOnly.Layout.Size];
        HeaderOnly.Layout.Begin(answer, TransactionCode.SignOffResponse, userId);
        StampHeader(link.Segment, answer, now);
        Remember(link.Segment, userId, answer);
        outbox.Direct(link, now, answer);
    }

    /// <summary>20322: the exchange ends the session. The caller closes.</summary>
    public void BoxOff(MemberLink link, short error, DateTimeOffset now)
    {
        var message = new byte[BoxSignOff.Layout.Size];
        BoxSignOff.Layout.Begin(message, TransactionCode.BoxSignOff, 0);
        MessageHeader.LogTime.Write(message, NnfTime.ToSeconds(now));
        MessageHeader.ErrorCode.Write(message, error);
        BoxSignOff.BoxId.Write(message, settings.Box(link.Segment).BoxId);
        outbox.Direct(link, now, message);
    }

    /// <summary>ERROR_RESPONSE under the code of a login (2301) or of a request (2302).</summary>
    public void Fail(MemberLink link, short code, int userId, short error, DateTimeOffset now)
    {
        var isCash = link.Segment == Segment.CapitalMarket;
        var layout = isCash ? CmErrorResponse.Layout : FoErrorResponse.Layout;
        var answer = new byte[layout.Size];
        layout.Begin(answer, code, userId);
        MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        MessageHeader.ErrorCode.Write(answer, error);
        (isCash ? CmErrorResponse.ErrorMessage : FoErrorResponse.ErrorMessage).Write(answer, ErrorText(link.Segment, error));
        outbox.Direct(link, now, answer);
    }

    /// <summary>Takes back a sign-on or sign-off answer of an earlier run, from the ledger.</summary>
    public void Restore(Segment segment, byte[] message) =>
        Remember(segment, MessageHeader.TraderId.Read(message), message);

    /// <summary>Jiffies as a double, or the raw eight bytes, which read as a tiny double (N5).</summary>
    private static long Mark(ReadOnlySpan<byte> message)
    {
        if (DownloadRequest.SequenceNumber.TryRead(message, out var mark))
        {
            return mark;
        }

        return new Int64Field(DownloadRequest.SequenceNumber.Offset).Read(message);
    }

    private IPEndPoint GatewayFor(MemberLink link)
    {
        var gateway = settings.AdvertisedGateway(link.Segment) ?? Gateways[link.Segment];

        // Listening on every address, the one on which the member found the router is the one that he can reach.
        return gateway.Address.Equals(IPAddress.Any) && link.LocalAddress is { } reached ? new IPEndPoint(reached, gateway.Port) : gateway;
    }

    private short RouterError(Segment segment, ReadOnlySpan<byte> message)
    {
        if (RouterRequest.BoxId.Read(message) != settings.Box(segment).BoxId)
        {
            return ExchangeError.BoxInvalid;
        }

        if (RouterRequest.BrokerId.Read(message) != settings.Member)
        {
            return ExchangeError.SignOnDataWrong;
        }

        return settings.RefuseSecondRouterQuery && links.BoxSession(segment) is not null ? ExchangeError.RouterBusy : (short)0;
    }

    private short SignOnError(MemberLink link, int userId, string member, ReadOnlySpan<byte> message)
    {
        if (settings.Version != 0 && CmSignOnRequest.VersionNumber.Read(message) != settings.Version)
        {
            return ExchangeError.VersionDiffers;
        }

        if (!settings.Box(link.Segment).Passwords.ContainsKey(userId))
        {
            return ExchangeError.UserUnknown;
        }

        if (member != settings.Member)
        {
            return ExchangeError.MemberUnknown;
        }

        var (password, next) = (CmSignOnRequest.Password.Read(message), CmSignOnRequest.NewPassword.Read(message));
        var error = _passwords.Check(link.Segment, userId, password, next);
        return error != 0 ? error : links.ForUser(link.Segment, userId) is null ? (short)0 : ExchangeError.AlreadySignedOn;
    }

    private string ErrorText(Segment segment, short error)
    {
        var text = ExchangeError.Describe(segment, error).ToUpperInvariant();
        var version = settings.Version;
        return error == ExchangeError.VersionDiffers
            ? $"{text.PadRight(VersionPlace)}{version / 10_000 % 100:00}.{version / 100 % 100:00}.{version % 100:00}"
            : text;
    }

    private void DownloadMark(MemberLink link, short code, int userId, byte stream, DateTimeOffset now)
    {
        var message = new byte[HeaderOnly.Layout.Size];
        HeaderOnly.Layout.Begin(message, code, userId);
        MessageHeader.LogTime.Write(message, NnfTime.ToSeconds(now));
        MessageHeader.AlphaChar.Write(message, [stream, (byte)' ']);
        outbox.Direct(link, now, message);
    }

    private void StampHeader(Segment segment, Span<byte> message, DateTimeOffset now)
    {
        // Sign-on and sign-off answers live on stream 1 (N27).
        MessageHeader.LogTime.Write(message, NnfTime.ToSeconds(now));
        FullHeader.TimeStamp1.Write(message, journal.NextTimeStamp(segment, 1, now));
        FullHeader.Stream.WriteNumber(message, 1);
    }

    private void Remember(Segment segment, int userId, byte[] message) =>
        journal.Add(segment, 1, userId, FullHeader.TimeStamp1.Read(message), message);
}
