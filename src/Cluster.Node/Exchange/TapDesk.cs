using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Ownership;
using Backup.Continuity.ReferenceData;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>
/// The accounts' side of the TAP stage: an intent is journaled before its bytes, a report is applied before the next one of
/// its account, and a lost session leaves unknown orders, never forgotten ones.
/// </summary>
internal sealed class TapDesk(
    IEntityRegion<AccountCommand, AccountReply, AccountState> accounts,
    IJournalReader journal,
    TapOffers offers,
    ReferenceDataset dataset,
    IOwnership ownership,
    TimeProvider clock,
    ILogger<TapDesk> log) : ITapDesk
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<Segment, long> _lostEpoch = new();
    private readonly ConcurrentDictionary<Segment, AccountCommand.ConcludeRecovery> _concluded = new();

    public async ValueTask<TapRequest?> AuthorizeAsync(TapTicket ticket, long sessionEpoch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (!ClientOrderId.TryParse(ticket.Account, ticket.Key, out var order))
        {
            throw new ArgumentException($"ticket {ticket.Key} does not name an order of {ticket.Account}", nameof(ticket));
        }

        AccountCommand command = ticket.Priority switch
        {
            TapPriority.Cancel => new AccountCommand.AuthorizeCancel(order, sessionEpoch),
            TapPriority.Modify => new AccountCommand.AuthorizeModify(order, sessionEpoch),
            _ => new AccountCommand.AuthorizeSend(order, sessionEpoch),
        };

        // Not cancelled with the session: the account may have journaled the intent already, and a ticket whose answer nobody
        // heard would leave its order accepted and forgotten. The deadline bounds the wait.
        var result = await accounts.AskAsync(ticket.Account, command, Deadline, CancellationToken.None);
        switch (result)
        {
            case { Status: AskStatus.Answered, Reply: AccountReply.GoAhead go }:
                await MarkIfLostAsync(ticket, sessionEpoch);
                if (!ownership.MaySend(ExchangeCalls.BoxOf(ticket.Segment)))
                {
                    // The intent is in the journal and nothing will be written: the next owner's download settles it.
                    throw new InvalidOperationException($"this node may not send {ticket.Key} any more: its lease on the exchange is over");
                }

                return Translation.ToWire(ticket.Priority, Translation.ToWire(ticket.Account, PanOf(ticket.Account), go.Order, go.Contract), go.Order);
            case { Status: AskStatus.Answered }:
                return null;
            case { Status: AskStatus.OutcomeUnknown }:
                // The intent may be in the journal although nothing will be written: only a new session can settle that. It may as well not be
                // there, and then nobody else remembers the ticket; the account knows which.
                _ = OfferAgainAsync(ticket);
                throw new InvalidOperationException($"it is not known whether the intent of {ticket.Key} was journaled: {result.Detail}");
            case { Status: AskStatus.Quarantined or AskStatus.Failed }:
                return null;
            default:
                _ = OfferAgainAsync(ticket);
                return null;
        }
    }

    public async ValueTask ApplyAsync(ExchangeReport report, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        var command = new AccountCommand.RecordReport(Translation.ToDomain(report));
        while (true)
        {
            var result = await accounts.AskAsync(report.Account, command, Deadline, cancellationToken);
            switch (result.Status)
            {
                case AskStatus.Answered:
                    return;
                case AskStatus.Quarantined or AskStatus.Failed:
                    log.LogError(
                        "A report of the exchange ({Kind}, order {OrderNumber}) could not be applied to account {Account}: {Detail}. It is in the exchange's journal and comes again at the next start",
                        report.Kind, report.Order.OrderNumber, report.Account, result.Detail);
                    return;
                default:
                    // Recording a fact twice changes nothing, so asking again is safe whatever became of the first time.
                    await Task.Delay(RetryAfter, clock, cancellationToken);
                    break;
            }
        }
    }

    public async ValueTask SessionLostAsync(Segment segment, long sessionEpoch, string reason)
    {
        log.LogWarning("The {Segment} session {SessionEpoch} is gone: {Reason}", segment, sessionEpoch, reason);
        _lostEpoch[segment] = sessionEpoch;
        await TellPendingAsync(new AccountCommand.LoseSession(Translation.ToDomain(segment), sessionEpoch), CancellationToken.None);
    }

    public async ValueTask StreamLostAsync(Segment segment, TapStreamLoss loss, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(loss);
        await TellPendingAsync(
            new AccountCommand.LoseStream(Translation.ToDomain(segment), loss.Stream, loss.TimeStamp1, loss.At), cancellationToken);
    }

    public async ValueTask RecoveryCompletedAsync(Segment segment, long sessionEpoch, bool hasHole, CancellationToken cancellationToken)
    {
        log.LogInformation("The {Segment} session {SessionEpoch} has read the exchange's journal{Hole}", segment, sessionEpoch, hasHole ? ", which has a hole" : "");
        var concluded = new AccountCommand.ConcludeRecovery(Translation.ToDomain(segment), sessionEpoch, hasHole);
        _concluded[segment] = concluded;
        await TellPendingAsync(concluded, cancellationToken);
    }

    /// <summary>Tells again what the newest complete download has proven; nothing when there was none yet.</summary>
    public Task ConcludeAgainAsync(Segment segment, CancellationToken cancellationToken) =>
        _concluded.TryGetValue(segment, out var concluded) ? TellPendingAsync(concluded, cancellationToken) : Task.CompletedTask;

    public void RoomAvailable(Segment segment) => offers.RoomAvailable();

    /// <summary>Tells every account with unfinished orders; each is asked until it has answered, because an unknown order must be shown as one.</summary>
    public async Task TellPendingAsync(AccountCommand command, CancellationToken cancellationToken)
    {
        var pending = await PatientRead.ReadAsync(
            () => journal.ReadPendingWorkAsync(cancellationToken).AsTask(),
            reason => log.LogWarning("The accounts with unfinished orders cannot be read yet: {Reason}", reason),
            clock, cancellationToken);
        foreach (var account in pending)
        {
            await TellAsync(account, command, cancellationToken);
        }
    }

    private async Task TellAsync(string account, AccountCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await accounts.AskAsync(account, command, Deadline, cancellationToken);
            if (result.Status is AskStatus.Answered or AskStatus.Quarantined or AskStatus.Failed)
            {
                return;
            }

            if (result.Status == AskStatus.NotOwner && (ownership.Cluster is null || ownership.IsLeaving))
            {
                // This node is stopping, and whoever has the exchange next tells the same.
                return;
            }

            await Task.Delay(RetryAfter, clock, cancellationToken);
        }
    }

    /// <summary>An intent that became durable after its session was declared lost was not on the list of that moment.</summary>
    private async Task MarkIfLostAsync(TapTicket ticket, long sessionEpoch)
    {
        if (_lostEpoch.TryGetValue(ticket.Segment, out var lost) && lost >= sessionEpoch)
        {
            await TellAsync(
                ticket.Account, new AccountCommand.LoseSession(Translation.ToDomain(ticket.Segment), sessionEpoch), CancellationToken.None);
        }
    }

    /// <summary>The exchange wants the client's permanent account number on every order; it is personal, so no journal holds it.</summary>
    private string PanOf(string account) =>
        dataset.FindClient(account)?.Pan ?? throw new InvalidOperationException($"account {account} is not in the dataset of {dataset.BusinessDate:yyyy-MM-dd}");

    private async Task OfferAgainAsync(TapTicket ticket)
    {
        await Task.Delay(RetryAfter, clock);
        offers.Offer(ticket);
    }
}
