using System.Buffers;
using System.Collections.Immutable;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;

namespace Backup.Journal.Bench;

/// <summary>How many orders an entity has taken.</summary>
internal sealed record Ledger(long Orders);

/// <summary>The smallest entity whose every command stores one event of 200 bytes; what is measured is the engine, not rules.</summary>
internal sealed class LedgerBehavior : IEntityBehavior<Ledger, LedgerBehavior.Command, byte[], long, int>, IEventCodec<byte[]>
{
    public const int PayloadBytes = 200;
    private static readonly byte[] Order = [.. Enumerable.Range(0, PayloadBytes).Select(i => (byte)('a' + (i % 26)))];
    private static readonly ImmutableArray<byte[]> OneOrder = [Order];

    internal enum Command
    {
        /// <summary>Stores an order.</summary>
        Place,

        /// <summary>Stores nothing: the bare way through the mailbox.</summary>
        Show,
    }

    public Ledger Initial(string entityId) => new(0);

    public Decision<byte[], long> Decide(Ledger state, Command command, DateTimeOffset now) =>
        command == Command.Place ? new(OneOrder, state.Orders + 1) : new([], state.Orders);

    public Ledger Evolve(Ledger state, byte[] recorded, DateTimeOffset at) => new(state.Orders + 1);

    public ImmutableArray<int> EffectsOf(Ledger before, Ledger after) => [];

    public bool HasPendingWork(Ledger state) => false;

    public (short Type, short Version) Encode(byte[] recorded, IBufferWriter<byte> payload)
    {
        payload.Write(recorded);
        return (1, 1);
    }

    public byte[] Decode(short type, short version, ReadOnlySpan<byte> payload) => payload.ToArray();
}

/// <summary>A region's owner that wants to hear of trouble only.</summary>
internal sealed class TroubleOnly : IRegionObserver<int>
{
    public void Handle(string entityId, ImmutableArray<int> effects)
    {
    }

    public void Quarantined(string entityId, string reason) => throw new InvalidOperationException($"{entityId} was quarantined: {reason}");

    public void Defect(string entityId, Exception defect) => throw new InvalidOperationException($"{entityId} met a defect", defect);

    public void Fenced(int shard) => throw new InvalidOperationException($"shard {shard} was fenced");
}
