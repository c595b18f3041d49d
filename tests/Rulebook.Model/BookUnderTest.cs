using System.Buffers;
using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Market;

namespace Backup.Rulebook.Model;

/// <summary>
/// The rulebook as its node drives it: decide, fold, store; and the permits that its effects ask for, in their order. A crash forgets all
/// but what is stored.
/// </summary>
internal sealed class BookUnderTest(TradingRules rules)
{
    private readonly List<(AccountEvent Event, DateTimeOffset At)> _stored = [];
    private readonly List<AccountEffect.Send> _tickets = [];

    internal AccountState State { get; private set; } = AccountDecider.Initial(Morning.Account);

    internal DateTimeOffset Now { get; set; } = Morning.Clock;

    internal AccountReply Reply { get; private set; } = AccountReply.Done.Instance;

    /// <summary>What may go to the exchange, as the account asked and nothing else.</summary>
    internal IReadOnlyList<AccountEffect.Send> Tickets => _tickets;

    internal ImmutableArray<AccountEvent> Do(AccountCommand command)
    {
        Now += TimeSpan.FromMilliseconds(7);
        var before = State;
        var decision = AccountDecider.Decide(before, command, Now, rules);
        Reply = decision.Reply;
        if (decision.Events.IsEmpty)
        {
            return [];
        }

        foreach (var recorded in decision.Events)
        {
            State = AccountDecider.Evolve(State, recorded, Now);
            _stored.Add((recorded, Now));
        }

        _tickets.AddRange(AccountDecider.EffectsOf(before, State).OfType<AccountEffect.Send>());
        return decision.Events;
    }

    internal AccountEffect.Send TakeTicket(int place)
    {
        var ticket = _tickets[place];
        _tickets.RemoveAt(place);
        return ticket;
    }

    /// <summary>The state that the stored events alone give, through the storage format.</summary>
    internal AccountState Replay()
    {
        var replayed = AccountDecider.Initial(Morning.Account);
        var payload = new ArrayBufferWriter<byte>(512);
        foreach (var (recorded, at) in _stored)
        {
            payload.ResetWrittenCount();
            var (type, version) = AccountEventCodec.Encode(recorded, payload);
            replayed = AccountDecider.Evolve(replayed, AccountEventCodec.Decode(type, version, payload.WrittenSpan)!, at);
        }

        return replayed;
    }

    /// <summary>The process dies and another takes over: the state is what was stored, and all that is asked for is asked for again.</summary>
    internal void Crash()
    {
        State = Replay();
        _tickets.Clear();
        _tickets.AddRange(AccountDecider.EffectsOf(AccountDecider.Initial(Morning.Account), State).OfType<AccountEffect.Send>());
    }
}
