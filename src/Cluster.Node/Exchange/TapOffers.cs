using System.Collections.Concurrent;
using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>
/// Puts what accounts want sent into the sessions' queues. A ticket that finds no room, or no session yet, waits here and is offered again;
/// waiting tickets are bounded by the accepted orders, which are in the journal.
/// </summary>
public sealed class TapOffers(PriceFollowers followers, ILogger<TapOffers> log) : IRegionObserver<AccountEffect>
{
    private readonly ConcurrentDictionary<MarketSegment, TapSession> _sessions = new();
    private readonly ConcurrentQueue<TapTicket> _overflow = new();

    /// <summary>Set by the composition root: what to do when this node may not write its shards any more.</summary>
    public Action<int> OnFenced { get; set; } = static _ => { };

    /// <summary>Tickets that came before their session, in a recovery, are offered now.</summary>
    internal void Attach(MarketSegment segment, TapSession session)
    {
        _sessions[segment] = session;
        RoomAvailable();
    }

    public void Handle(string entityId, ImmutableArray<AccountEffect> effects)
    {
        foreach (var effect in effects)
        {
            if (effect is AccountEffect.Send send)
            {
                Offer(TicketOf(entityId, send));
            }
            else
            {
                followers.Add(entityId);
            }
        }
    }

    /// <summary>Offers one ticket; a queue that is full announces its room through <see cref="RoomAvailable"/>.</summary>
    public void Offer(TapTicket ticket)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        if (!_sessions.TryGetValue(Translation.ToDomain(ticket.Segment), out var session) || session.Offer(ticket) == TicketResult.Full)
        {
            _overflow.Enqueue(ticket);
        }
    }

    public void RoomAvailable()
    {
        for (var waiting = _overflow.Count; waiting > 0 && _overflow.TryDequeue(out var ticket); waiting--)
        {
            Offer(ticket);
        }
    }

    public void Quarantined(string entityId, string reason) =>
        log.LogError("Account {Account} is out of service: {Reason}", entityId, reason);

    public void Defect(string entityId, Exception defect) =>
        log.LogError(defect, "A command of account {Account} met a defect", entityId);

    public void Fenced(int shard) => OnFenced(shard);

    internal static string KeyOf(string account, ClientOrderId order) => order.In(account);

    private static TapTicket TicketOf(string account, AccountEffect.Send effect) => new(
        Translation.ToWire(effect.Segment),
        account,
        KeyOf(account, effect.OrderId),
        effect switch
        {
            AccountEffect.SendCancel => TapPriority.Cancel,
            AccountEffect.SendModify => TapPriority.Modify,
            _ => TapPriority.Exit,
        });
}
