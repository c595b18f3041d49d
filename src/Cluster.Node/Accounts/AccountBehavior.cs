using System.Buffers;
using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Account.Domain.Market;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Node.Accounts;

/// <summary>Plugs the account's decider into the kernel; it adds nothing of its own.</summary>
/// <param name="rules">What the exchange fixes and the broker chose.</param>
public sealed class AccountBehavior(TradingRules rules)
    : IEntityBehavior<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect>, IEventCodec<AccountEvent>, IStateCodec<AccountState>
{
    public short Version => AccountStateCodec.Version;

    public AccountState Initial(string entityId) => AccountDecider.Initial(entityId);

    public Decision<AccountEvent, AccountReply> Decide(AccountState state, AccountCommand command, DateTimeOffset now)
    {
        var decision = AccountDecider.Decide(state, command, now, rules);
        return new Decision<AccountEvent, AccountReply>(decision.Events, decision.Reply);
    }

    public AccountState Evolve(AccountState state, AccountEvent recorded, DateTimeOffset at) => AccountDecider.Evolve(state, recorded, at);

    public ImmutableArray<AccountEffect> EffectsOf(AccountState before, AccountState after) => AccountDecider.EffectsOf(before, after);

    public bool HasPendingWork(AccountState state) => !state.Working.IsEmpty;

    public (short Type, short Version) Encode(AccountEvent recorded, IBufferWriter<byte> payload) => AccountEventCodec.Encode(recorded, payload);

    public AccountEvent Decode(short type, short version, ReadOnlySpan<byte> payload) =>
        AccountEventCodec.Decode(type, version, payload) ?? throw new UnknownEventException(type, version);

    public void Encode(AccountState state, IBufferWriter<byte> payload) => AccountStateCodec.Encode(state, payload);

    public AccountState Decode(ReadOnlySpan<byte> payload) => AccountStateCodec.Decode(payload);
}
