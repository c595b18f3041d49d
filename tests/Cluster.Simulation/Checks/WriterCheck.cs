using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Simulation.Database;

namespace Backup.Cluster.Simulation.Checks;

/// <summary>
/// I5 and P2 from the database's log alone: nothing is stored under an epoch that a takeover before it has ended, epochs only grow, and every
/// account's history is 1, 2, 3, ... in one unbroken chain.
/// </summary>
internal static class WriterCheck
{
    internal static IEnumerable<string> Check(IReadOnlyList<Commit> log)
    {
        var epochs = new Dictionary<LeaseKey, (long Epoch, string Owner)>();
        var heads = new Dictionary<string, JournalHead>(StringComparer.Ordinal);
        foreach (var commit in log)
        {
            foreach (var append in commit.Appends)
            {
                var held = epochs.GetValueOrDefault(LeaseKey.ForShard(append.Shard));
                if (append.Epoch != held.Epoch)
                {
                    yield return $"I5 commit {commit.Number} at {commit.At.TotalSeconds:F3} s stores {append.Entity} {append.Records[0].Sequence} under epoch {append.Epoch}, and {held.Owner} has shard {append.Shard} under epoch {held.Epoch}";
                }

                foreach (var record in append.Records)
                {
                    if (!HashChain.Follows(heads.GetValueOrDefault(append.Entity, JournalHead.Empty), append.Entity, record))
                    {
                        yield return $"I5 commit {commit.Number} at {commit.At.TotalSeconds:F3} s: record {record.Sequence} of {append.Entity} does not follow the one before it";
                    }

                    heads[append.Entity] = new JournalHead(record.Sequence, record.Hash);
                }
            }

            foreach (var lease in commit.Rows.Select(row => row.Row).OfType<LeaseRow>())
            {
                var before = epochs.GetValueOrDefault(lease.Key, (0, ""));
                if (lease.Epoch < before.Epoch || (lease.Epoch == before.Epoch && lease.Owner.Length > 0 && lease.Owner != before.Owner))
                {
                    yield return $"I5 commit {commit.Number} at {commit.At.TotalSeconds:F3} s: {lease.Key} goes from {before.Owner} under epoch {before.Epoch} to {lease.Owner} under epoch {lease.Epoch}";
                }

                epochs[lease.Key] = (lease.Epoch, lease.Owner.Length > 0 ? lease.Owner : before.Owner);
            }
        }
    }

    /// <summary>How often a lease went from one owner to another.</summary>
    internal static int Takeovers(IReadOnlyList<Commit> log)
    {
        var owners = new Dictionary<LeaseKey, string>();
        var takeovers = 0;
        foreach (var lease in log.SelectMany(commit => commit.Rows).Select(row => row.Row).OfType<LeaseRow>().Where(lease => lease.Owner.Length > 0))
        {
            takeovers += owners.TryGetValue(lease.Key, out var before) && before != lease.Owner ? 1 : 0;
            owners[lease.Key] = lease.Owner;
        }

        return takeovers;
    }
}
