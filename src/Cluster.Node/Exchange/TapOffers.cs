using System.Collections.Concurrent;
using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>
/// Puts what accounts want sent into the sessions' queues. A ticket that finds no room, or no session on this node, waits here: it is offered
/// again when there is room, and carried to the node that has the box (<see cref="TicketCarrier"/>). Waiting tickets are bounded by the accepted
/// orders, which are in the journal.
/// </summary>
public sealed class TapOffers(PriceFollowers followers, ILogger<TapOffers> log) : IRegionObserver<AccountEffect>
{
    private readonly ConcurrentDictionary<Segment, TapSession> _sessions = new();
    private readonly ConcurrentQueue<TapTicket> _waiting = new();

    /// <summary>Set by the composition root: what to do when this node may not write its shards any more.</summary>
    public Action<int> OnFenced { get; set; } = static _ => { };

    /// <summary>Told when a ticket waits whose session is on another node.</summary>
    internal Action OnElsewhere { get; set; } = static () => { };

    /// <summary>Tickets that came before their session, in a recovery, are offered now.</summary>
    internal void Attach(TapSession session)
    {
        _sessions[session.Segment] = session;
        RoomAvailable();
    }

    /// <summary>The box is not this node's any more; its tickets are driven again by their accounts.</summary>
    internal void Detach(Segment segment) => _sessions.TryRemove(segment, out _);

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
        if (OfferHere(ticket) is TicketFate.NotNow)
        {
            Wait(ticket);
        }
    }

    /// <summary>Offers a ticket to the session of this node, if it has one with room.</summary>
    internal TicketFate OfferHere(TapTicket ticket) =>
        _sessions.TryGetValue(ticket.Segment, out var session) && session.Offer(ticket) != TicketResult.Full ? TicketFate.Queued : TicketFate.NotNow;

    public void RoomAvailable()
    {
        for (var waiting = _waiting.Count; waiting > 0 && _waiting.TryDequeue(out var ticket); waiting--)
        {
            Offer(ticket);
        }
    }

    /// <summary>Takes waiting tickets whose session is not on this node.</summary>
    internal List<TapTicket> TakeElsewhere(int max)
    {
        var taken = new List<TapTicket>();
        for (var waiting = _waiting.Count; waiting > 0 && taken.Count < max && _waiting.TryDequeue(out var ticket); waiting--)
        {
            if (_sessions.ContainsKey(ticket.Segment))
            {
                Offer(ticket);
            }
            else
            {
                taken.Add(ticket);
            }
        }

        return taken;
    }

    /// <summary>Puts tickets back that could not be carried.</summary>
    internal void PutBack(IEnumerable<TapTicket> tickets)
    {
        foreach (var ticket in tickets)
        {
            _waiting.Enqueue(ticket);
        }
    }

    public void Quarantined(string entityId, string reason) =>
        log.LogError("Account {Account} is out of service: {Reason}", entityId, reason);

    public void Defect(string entityId, Exception defect) =>
        log.LogError(defect, "A command of account {Account} met a defect", entityId);

    public void Fenced(int shard) => OnFenced(shard);

    internal static string KeyOf(string account, ClientOrderId order) => order.In(account);

    private void Wait(TapTicket ticket)
    {
        _waiting.Enqueue(ticket);
        if (!_sessions.ContainsKey(ticket.Segment))
        {
            OnElsewhere();
        }
    }

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
