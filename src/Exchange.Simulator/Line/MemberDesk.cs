using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Line;

/// <summary>Decides what a member's message is allowed to do in the state of his session (NSE-TAP.md 3.8). Used under the floor's gate.</summary>
public sealed class MemberDesk(
    SimulatorSettings settings,
    LinkRegister links,
    SignOnDesk signOn,
    OrderDesk desk,
    Matcher matcher,
    Outbox outbox,
    FaultPlan faults)
{
    /// <summary>So many of the next order messages are processed without the answer ever leaving.</summary>
    public int Swallow { get; set; }

    /// <summary>What becomes of a message that a drill wants lost before anybody looks at it; null when it is to be handled.</summary>
    public string? Lost(MemberLink link, ReadOnlySpan<byte> message)
    {
        if (!link.IsBoxOn || message.Length < 2 || !IsOrder(MessageHeader.TransactionCode.Read(message)))
        {
            return null;
        }

        if (faults.TryTake(FaultKind.CloseUnread, link.Segment))
        {
            links.End(link);
            return "dropped: the link was closed before it was read";
        }

        return faults.TryTake(FaultKind.Ignore, link.Segment) ? "dropped: ignored" : null;
    }

    public void Handle(MemberLink link, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        var code = message.Length >= 2 ? MessageHeader.TransactionCode.Read(message) : (short)0;
        var sizes = Sizes(link.Segment, code);
        if (!link.IsBoxOn)
        {
            SignOnBox(link, code, message, now);
        }
        else if (sizes.Length > 0 && !sizes.Contains(message.Length))
        {
            outbox.Direct(link, now, WrongLength(code, message), sequence);
        }
        else if (IsOrder(code))
        {
            HandleOrder(link, code, message, sequence, now);
        }
        else
        {
            link.Rate.Take(settings.MessagesPerSecond, now);
            HandleSession(link, code, message, now);
        }
    }

    private void SignOnBox(MemberLink link, short code, ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        if (settings.Link != LinkMode.Clear && !link.IsSealed && code == TransactionCode.BoxSignOnRequest)
        {
            // The box is contracted for a cipher and must register first (NSE-TAP.md 3.1).
            signOn.BoxOff(link, ExchangeError.EncryptionMismatch, now);
            links.End(link);
        }
        else if (code == TransactionCode.BoxRegistrationRequest && !link.IsSealed && message.Length == BoxRegistrationRequest.Layout.Size)
        {
            if (!signOn.RegisterBox(link, message, now))
            {
                links.End(link);
            }
        }
        else if (code != TransactionCode.BoxSignOnRequest || message.Length != BoxSignOnRequest.Layout.Size)
        {
            signOn.BoxOff(link, ExchangeError.PacketInvalid, now);
            links.End(link);
        }
        else if (!signOn.BoxOn(link, message, now))
        {
            links.End(link);
        }
    }

    private void HandleSession(MemberLink link, short code, ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        var userId = message.Length >= MessageHeader.Layout.Size ? MessageHeader.TraderId.Read(message) : 0;
        var isOn = link.Users.Contains(userId);
        switch (code)
        {
            case TransactionCode.Heartbeat:
                break;
            case TransactionCode.BoxSignOnRequest:
                // A second one ends the session it came on (N24).
                signOn.BoxOff(link, ExchangeError.PacketInvalid, now);
                links.End(link);
                break;
            case TransactionCode.SignOnRequest:
                signOn.UserOn(link, message, now);
                break;
            case TransactionCode.SystemInformationRequest when isOn:
                signOn.SystemInformation(link, userId, now);
                break;
            case TransactionCode.UpdateLocalDatabase when isOn:
                signOn.LocalDatabase(link, userId, now);
                break;
            case TransactionCode.DownloadRequest when isOn:
                signOn.Download(link, userId, message, now);
                break;
            case TransactionCode.SignOffRequest when isOn:
                signOn.UserOff(link, userId, now);
                break;
            default:
                var known = code is TransactionCode.SystemInformationRequest or TransactionCode.UpdateLocalDatabase
                    or TransactionCode.DownloadRequest or TransactionCode.SignOffRequest;
                signOn.Fail(link, TransactionCode.ErrorResponse, userId, known ? ExchangeError.SignOnDataWrong : ExchangeError.UnknownTransactionCode, now);
                break;
        }
    }

    private void HandleOrder(MemberLink link, short code, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        var (breaks, ends) = (false, false);
        if (Swallow > 0)
        {
            link.IsMuted = true;
            breaks = --Swallow == 0;
        }
        else if (faults.TryTake(FaultKind.CloseUnanswered, link.Segment))
        {
            link.IsMuted = ends = true;
        }

        if (!link.Users.Contains(OrderDesk.RequestUser(link.Segment, code, message)))
        {
            var refusal = OrderDesk.Refusal(link.Segment, code, message, ExchangeError.SignOnDataWrong, new Stamp(now, 0, 0));
            var live = link.Segment == Segment.FuturesAndOptions ? FullForm.FromTrimmed(link.Segment, refusal) : refusal;
            outbox.Direct(link, now, live, sequence);
        }
        else if (!link.Rate.Take(settings.MessagesPerSecond, now))
        {
            desk.Refuse(link.Segment, code, message, ExchangeError.RateExceeded, sequence, now);
            if (link.Rate.IsHopeless(now))
            {
                signOn.BoxOff(link, ExchangeError.RateExceeded, now);
                links.End(link);
            }
        }
        else
        {
            CarryOut(link, code, message, sequence, now);
        }

        if (breaks)
        {
            link.Break();
            links.Remove(link);
        }
        else if (ends)
        {
            links.End(link);
        }
    }

    private void CarryOut(MemberLink link, short code, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        if (code == TransactionCode.OrderEntry && faults.TryTake(FaultKind.Reject, link.Segment, out var error))
        {
            desk.Refuse(link.Segment, code, message, error, sequence, now);
        }
        else if (code == TransactionCode.OrderEntry)
        {
            if (desk.Enter(link.Segment, message, sequence, now) is { } order)
            {
                matcher.Arrive(order, now);
            }
        }
        else if (code == TransactionCode.OrderCancel)
        {
            desk.Cancel(link.Segment, message, sequence, now);
        }
        else if (desk.Modify(link.Segment, message, sequence, now) is { } changed)
        {
            matcher.Change(changed.Order, changed.KeepsPlace, now);
        }
    }

    /// <summary>What counts as an order message for drills and for the rate.</summary>
    private static bool IsOrder(short code) => code is TransactionCode.OrderEntry or TransactionCode.OrderCancel or TransactionCode.OrderModify;

    /// <summary>How long a message of this code may be when a member sends it.</summary>
    private static int[] Sizes(Segment segment, short code) =>
    [
        .. MessageCatalogue.Find(code)
            .Where(kind => kind.Direction.HasFlag(MessageDirection.ToExchange) && (kind.Segment is null || kind.Segment == segment))
            .Select(kind => kind.Layout.Size),
    ];

    private static byte[] WrongLength(short code, ReadOnlySpan<byte> message)
    {
        // Trimmed requests have no common error field, so they are answered with a bare header (N18).
        var isTrimmed = code >= OrderForm.TrimmedOffset && code < 20300;
        var answer = isTrimmed || message.Length < MessageHeader.Layout.Size ? new byte[MessageHeader.Layout.Size] : message.ToArray();
        if (answer.Length == MessageHeader.Layout.Size)
        {
            MessageHeader.Layout.Begin(answer, TransactionCode.InvalidMessageLength, 0);
        }

        MessageHeader.TransactionCode.Write(answer, TransactionCode.InvalidMessageLength);
        MessageHeader.ErrorCode.Write(answer, ExchangeError.InvalidLength);
        return answer;
    }

    public void Pulse(MemberLink link, DateTimeOffset now)
    {
        if (now - link.LastReceived >= settings.DeadAfter)
        {
            signOn.BoxOff(link, ExchangeError.HeartbeatMissing, now);
            links.End(link);
        }
        else if (link.IsBoxOn && now - link.LastSent >= settings.HeartbeatAfter)
        {
            var message = new byte[Heartbeat.Layout.Size];
            SessionMessages.HeartbeatMessage(message);
            link.LastSent = now;
            outbox.Direct(link, now, message);
        }
    }
}
