using System.Buffers;
using Backup.Account.Domain;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Simulation.Database;

namespace Backup.Cluster.Simulation.Checks;

/// <summary>I9 and P8: every snapshot is, byte for byte, what a replay of the journal up to its head gives.</summary>
internal static class SnapshotCheck
{
    internal static IEnumerable<string> Check(Rows rows)
    {
        foreach (var snapshot in rows.All<EntitySnapshot>(Table.Snapshot))
        {
            var history = rows.History(snapshot.Entity);
            if (!snapshot.TryOpen(out var kept))
            {
                yield return $"I9 the snapshot of {snapshot.Entity} at {snapshot.Head.Sequence} does not have its seal";
            }
            else if (history.Count < snapshot.Head.Sequence || !history[(int)snapshot.Head.Sequence - 1].Hash.Span.SequenceEqual(snapshot.Head.Hash.Span))
            {
                // Of a history that a failover took away: whoever loads it sees that its hash is another.
            }
            else if (!kept.SequenceEqual(Replayed(snapshot.Entity, history.Take((int)snapshot.Head.Sequence))))
            {
                yield return $"I9 the snapshot of {snapshot.Entity} at {snapshot.Head.Sequence} is not what its events give";
            }
        }
    }

    private static ReadOnlySpan<byte> Replayed(string account, IEnumerable<JournalRecord> history)
    {
        var state = history.Aggregate(AccountDecider.Initial(account), (folded, record) =>
            AccountDecider.Evolve(folded, AccountEventCodec.Decode(record.Type, record.Version, record.Payload.Span)!, record.At));
        var bytes = new ArrayBufferWriter<byte>();
        AccountStateCodec.Encode(state, bytes);
        return bytes.WrittenSpan;
    }
}
