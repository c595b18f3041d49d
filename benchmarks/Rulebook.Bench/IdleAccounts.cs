using System.Buffers;
using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;

namespace Backup.Rulebook.Bench;

/// <summary>The account in the kernel, as the node plugs it in.</summary>
internal sealed class AccountEntity
    : IEntityBehavior<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect>, IEventCodec<AccountEvent>, IRegionObserver<AccountEffect>
{
    public AccountState Initial(string entityId) => AccountDecider.Initial(entityId);

    public Decision<AccountEvent, AccountReply> Decide(AccountState state, AccountCommand command, DateTimeOffset now)
    {
        var decision = AccountDecider.Decide(state, command, now);
        return new Decision<AccountEvent, AccountReply>(decision.Events, decision.Reply);
    }

    public AccountState Evolve(AccountState state, AccountEvent recorded, DateTimeOffset at) => AccountDecider.Evolve(state, recorded, at);

    public ImmutableArray<AccountEffect> EffectsOf(AccountState before, AccountState after) => AccountDecider.EffectsOf(before, after);

    public bool HasPendingWork(AccountState state) => !state.Working.IsEmpty;

    public (short Type, short Version) Encode(AccountEvent recorded, IBufferWriter<byte> payload) => AccountEventCodec.Encode(recorded, payload);

    public AccountEvent Decode(short type, short version, ReadOnlySpan<byte> payload) =>
        AccountEventCodec.Decode(type, version, payload) ?? throw new InvalidOperationException($"event type {type} is not known");

    public void Handle(string entityId, ImmutableArray<AccountEffect> effects)
    {
    }

    public void Quarantined(string entityId, string reason) => throw new InvalidOperationException($"{entityId} was quarantined: {reason}");

    public void Defect(string entityId, Exception defect) => throw new InvalidOperationException($"{entityId} met a defect", defect);

    public void Fenced(int shard) => throw new InvalidOperationException($"shard {shard} was fenced");
}

/// <summary>
/// Bytes that resident idle accounts take: all of what the kernel's region holds for them (actor, mailbox, id, head of the journal) and their
/// states, each read through the storage format as after a start. What the journal itself keeps is not counted.
/// </summary>
internal static class IdleAccounts
{
    internal const int Accounts = 100_000;
    private const int AtOnce = 500;

    internal static async Task<(double Each, double StateEach)> MeasureAsync()
    {
        var entity = new AccountEntity();
        var ids = Enumerable.Range(0, Accounts).Select(number => $"C{number:D6}").ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var region = new EntityRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect>(
            entity, entity, new DayJournal(10), 1, TimeProvider.System, new RegionOptions(), entity);
        foreach (var some in ids.Chunk(AtOnce))
        {
            var shown = await Task.WhenAll(some.Select(id => region.AskAsync(id, new AccountCommand.Show(), TimeSpan.FromMinutes(1))));
            if (Array.Exists(shown, one => one.Reply is not AccountReply.Shown { State.Positions.Count: 5 }))
            {
                throw new InvalidOperationException("an account did not come up with its five positions");
            }
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)region.ActiveCount;
        GC.KeepAlive(ids);
        return (each, StateAlone(entity));
    }

    private static double StateAlone(AccountEntity entity)
    {
        const int some = 20_000;
        var payload = new ArrayBufferWriter<byte>();
        var (type, version) = AccountEventCodec.Encode(Samples.Morning(10), payload);
        var states = new AccountState[some];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var at = 0; at < some; at++)
        {
            states[at] = entity.Evolve(entity.Initial("DEMO01"), entity.Decode(type, version, payload.WrittenSpan), Samples.At);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(states);
        return bytes / (double)some;
    }
}
