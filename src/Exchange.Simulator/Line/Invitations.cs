using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Line;

/// <summary>15000, the send credit of the first TAP generation, in either of its two forms (NSE-TAP.md 3.4). Used under the floor's gate.</summary>
/// <remarks>
/// Whether a new count adds to the old credit or replaces it is not known. Here it replaces it, and since a new one comes when half is
/// used, a member who adds is never refused for it.
/// </remarks>
public sealed class Invitations(SimulatorSettings settings, Outbox outbox, FaultPlan faults)
{
    public void Invite(MemberLink link, int user, DateTimeOffset now)
    {
        if (settings.Invitations == InvitationForm.None || faults.TryTake(FaultKind.NoInvitation, link.Segment))
        {
            return;
        }

        link.Credit = settings.InvitationCount;
        var isShort = settings.Invitations == InvitationForm.Short;
        var message = new byte[isShort ? ShortInvitation.Layout.Size : LongInvitation.Layout.Size];
        if (isShort)
        {
            ShortInvitation.TransactionCode.Write(message, TransactionCode.Invitation);
            ShortInvitation.InvitationCount.Write(message, settings.InvitationCount);
        }
        else
        {
            LongInvitation.Layout.Begin(message, TransactionCode.Invitation, user);
            MessageHeader.LogTime.Write(message, NnfTime.ToSeconds(now));
            LongInvitation.InvitationCount.Write(message, settings.InvitationCount);
        }

        outbox.Direct(link, now, message);
    }

    /// <summary>Counts an order message; false when the member was not invited to send it.</summary>
    public bool TryUse(MemberLink link, int user, DateTimeOffset now)
    {
        if (settings.Invitations == InvitationForm.None)
        {
            return true;
        }

        var isInvited = link.Credit > 0;
        link.Credit = Math.Max(link.Credit - 1, 0);
        if (link.Credit <= settings.InvitationCount / 2)
        {
            Invite(link, user, now);
        }

        return isInvited;
    }
}
