using Backup.Exchange.Simulator.Book;
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
    OrderDoor orders,
    MassCancel mass,
    Invitations invitations,
    Outbox outbox)
{
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
        else if (OrderDoor.Takes(link.Segment, code))
        {
            orders.Handle(link, code, message, sequence, now);
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
                if (signOn.UserOn(link, message, now))
                {
                    invitations.Invite(link, userId, now);
                }

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
            case TransactionCode.CancelOnLogoutRequest when isOn && link.Segment == Segment.CapitalMarket:
                outbox.Direct(link, now, mass.SetCancelOnLogout(userId, message, now));
                break;
            case TransactionCode.SignOffRequest when isOn:
                // What goes because of it goes before the answer (N34).
                mass.LoggedOff(link.Segment, userId, now);
                signOn.UserOff(link, userId, now);
                break;
            default:
                var known = code is TransactionCode.SystemInformationRequest or TransactionCode.UpdateLocalDatabase
                    or TransactionCode.DownloadRequest or TransactionCode.SignOffRequest
                    || (code == TransactionCode.CancelOnLogoutRequest && link.Segment == Segment.CapitalMarket);
                signOn.Fail(link, TransactionCode.ErrorResponse, userId, known ? ExchangeError.SignOnDataWrong : ExchangeError.UnknownTransactionCode, now);
                break;
        }
    }

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
