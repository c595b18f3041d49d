using System.Collections.Immutable;
using Backup.Account.Domain.Market;

namespace Backup.Account.Domain;

/// <summary>Events decided one after the other within one turn, and the state that each of them leaves for the next.</summary>
internal sealed class Turn(AccountState state, DateTimeOffset now, TradingRules rules)
{
    private readonly ImmutableArray<AccountEvent>.Builder _events = ImmutableArray.CreateBuilder<AccountEvent>();

    public AccountState State { get; private set; } = state;

    public DateTimeOffset Now { get; } = now;

    public TradingRules Rules { get; } = rules;

    public ImmutableArray<AccountEvent> Events => _events.ToImmutable();

    public void Add(params ReadOnlySpan<AccountEvent> decided)
    {
        foreach (var one in decided)
        {
            State = AccountFold.Evolve(State, one, Now);
            _events.Add(one);
        }
    }
}
