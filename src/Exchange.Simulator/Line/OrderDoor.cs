using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Line;

/// <summary>Where order messages come in: whose they are, whether the box may send so many, and what drills want done to them. Used under the floor's gate.</summary>
public sealed class OrderDoor(
    SimulatorSettings settings,
    LinkRegister links,
    SignOnDesk signOn,
    OrderDesk desk,
    MassCancel mass,
    Matcher matcher,
    Invitations invitations,
    Outbox outbox,
    FaultPlan faults)
{
    /// <summary>So many of the next order messages are processed without the answer ever leaving.</summary>
    public int Swallow { get; set; }

    /// <summary>What counts as an order message for drills and for the rate.</summary>
    public static bool Takes(Segment segment, short code) => code switch
    {
        TransactionCode.OrderEntry or TransactionCode.OrderCancel or TransactionCode.OrderModify => true,
        TransactionCode.FullOrderEntry or TransactionCode.FullOrderCancel or TransactionCode.FullOrderModify => true,
        TransactionCode.KillSwitch => segment == Segment.CapitalMarket,
        TransactionCode.QuickCancel or TransactionCode.QuickOrderEntry or TransactionCode.QuickOrderModify or TransactionCode.QuickOrderCancel =>
            segment == Segment.FuturesAndOptions,
        _ => false,
    };

    /// <summary>What becomes of a message that a drill wants lost before anybody looks at it; null when it is to be handled.</summary>
    public string? Lost(MemberLink link, ReadOnlySpan<byte> message)
    {
        if (!link.IsBoxOn || message.Length < 2 || !Takes(link.Segment, MessageHeader.TransactionCode.Read(message)))
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

    public void Handle(MemberLink link, short code, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
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

        (code, message) = Acknowledge(link, code, message, sequence, now);
        var sender = Answers.RequestUser(link.Segment, code, message);
        if (!link.Users.Contains(sender))
        {
            RefuseStranger(link, code, message, sequence, now);
        }
        else if (!link.Rate.Take(settings.MessagesPerSecond, now))
        {
            Refuse(link, code, message, ExchangeError.RateExceeded, sequence, now);
            if (link.Rate.IsHopeless(now))
            {
                signOn.BoxOff(link, ExchangeError.RateExceeded, now);
                links.End(link);
            }
        }
        else if (!invitations.TryUse(link, sender, now))
        {
            Refuse(link, code, message, ExchangeError.RateExceeded, sequence, now);
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

    /// <summary>20400, 20402 and 20404: the gateway says at once that it has the message, which then goes on as the plain one (N25).</summary>
    private (short Code, byte[] Message) Acknowledge(MemberLink link, short code, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        var (plain, taken, reference) = code switch
        {
            TransactionCode.QuickOrderEntry => (TransactionCode.OrderEntry, TransactionCode.QuickOrderEntryTaken, FoOrderEntry.Filler),
            TransactionCode.QuickOrderModify => (TransactionCode.OrderModify, TransactionCode.QuickOrderModifyTaken, FoOrderChange.Filler),
            TransactionCode.QuickOrderCancel => (TransactionCode.OrderCancel, TransactionCode.QuickOrderCancelTaken, FoOrderChange.Filler),
            _ => (code, (short)0, default),
        };
        var request = message.ToArray();
        if (taken != 0)
        {
            var answer = new byte[FoQuickAck.Layout.Size];
            FoQuickAck.TransactionCode.Write(answer, taken);
            FoQuickAck.TraderId.Write(answer, Answers.RequestUser(link.Segment, plain, message));
            FoQuickAck.Timestamp.Write(answer, NnfTime.ToNanoseconds(now));
            FoQuickAck.Reference.Write(answer, reference.Read(message));
            FoQuickAck.MessageLength.Write(answer, (short)answer.Length);
            outbox.Direct(link, now, answer, sequence);
            MessageHeader.TransactionCode.Write(request, plain);
        }

        return (plain, request);
    }

    private void CarryOut(MemberLink link, short code, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        var isMass = code is TransactionCode.KillSwitch or TransactionCode.QuickCancel;
        var isEntry = code is TransactionCode.OrderEntry or TransactionCode.FullOrderEntry;
        if ((isEntry && faults.TryTake(FaultKind.Reject, link.Segment, out var error))
            || (isMass && faults.TryTake(FaultKind.RejectKill, link.Segment, out error)))
        {
            Refuse(link, code, message, error, sequence, now);
            return;
        }

        switch (code)
        {
            case TransactionCode.OrderEntry or TransactionCode.FullOrderEntry:
                if (desk.Enter(link.Segment, code, message, sequence, now) is { } order)
                {
                    matcher.Arrive(order, now);
                }

                break;
            case TransactionCode.OrderCancel or TransactionCode.FullOrderCancel:
                desk.Cancel(link.Segment, code, message, sequence, now);
                break;
            case TransactionCode.KillSwitch:
                Kill(link, message, sequence, now);
                break;
            case TransactionCode.QuickCancel:
                mass.Quick(message, sequence, now);
                break;
            default:
                if (desk.Modify(link.Segment, code, message, sequence, now) is { } changed)
                {
                    matcher.Change(changed.Order, changed.KeepsPlace, now);
                }

                break;
        }
    }

    private void Kill(MemberLink link, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        var refusal = mass.KillError(message);
        outbox.Direct(link, now, refusal ?? MassCancel.KillAnswer(message, now), sequence);
        if (refusal is null)
        {
            mass.Kill(message, now);
        }
    }

    private void Refuse(MemberLink link, short code, ReadOnlySpan<byte> message, short error, uint sequence, DateTimeOffset now)
    {
        if (code == TransactionCode.KillSwitch)
        {
            outbox.Direct(link, now, MassCancel.KillRefusal(message, error), sequence);
        }
        else
        {
            desk.Refuse(link.Segment, code, message, error, sequence, now);
        }
    }

    /// <summary>The user is not signed on here: the refusal has no place in any stream.</summary>
    private void RefuseStranger(MemberLink link, short code, ReadOnlySpan<byte> message, uint sequence, DateTimeOffset now)
    {
        if (code == TransactionCode.KillSwitch)
        {
            outbox.Direct(link, now, MassCancel.KillRefusal(message, ExchangeError.SignOnDataWrong), sequence);
            return;
        }

        var refusal = OrderDesk.Refusal(link.Segment, code, message, ExchangeError.SignOnDataWrong, new Stamp(now, 0, 0));
        var isTrimmed = code >= OrderForm.TrimmedOffset;
        var live = link.Segment == Segment.FuturesAndOptions && isTrimmed ? FullForm.FromTrimmed(link.Segment, refusal) : refusal;
        outbox.Direct(link, now, live, sequence);
    }
}
