using Backup.Cluster.Simulation.Database;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Simulation.Time;
using Backup.Drills.Records;

namespace Backup.Cluster.Simulation.Checks;

/// <summary>
/// I6: one sends at a time. No order comes over a session that is older than the newest sign-on, and the intent of every order that comes was
/// journaled under the epoch of the newest owner of the exchange at that time, or of one whose session the exchange had not ended yet.
/// </summary>
internal static class SessionCheck
{
    internal static IEnumerable<string> Check(IReadOnlyList<LedgerLine> ledger)
    {
        var newest = 0L;
        foreach (var line in ledger.Where(line => line.IsInbound))
        {
            if (line.Code == ExchangeCodes.SignOn)
            {
                newest = Math.Max(newest, line.Session);
            }
            else if (line.Code is ExchangeCodes.Enter or ExchangeCodes.Cancel or ExchangeCodes.Modify && line.Session < newest && line.Note.Length == 0)
            {
                yield return $"I6 an order came over session {line.Session} after the sign-on of session {newest}: {line}";
            }
        }
    }

    /// <summary>Once a newer owner of the exchange has signed on, no older one does: each would end the other's session.</summary>
    /// <param name="callers">Which process opened a session.</param>
    internal static IEnumerable<string> CheckOwners(IReadOnlyList<LedgerLine> ledger, IReadOnlyList<Commit> log, IReadOnlyDictionary<long, SimProcess> callers)
    {
        var epochs = log.SelectMany(commit => commit.Rows).Select(row => row.Row).OfType<LeaseRow>()
            .Where(row => IsExchange(row.Key) && row.Owner.Length > 0)
            .GroupBy(row => row.Owner, StringComparer.Ordinal).ToDictionary(rows => rows.Key, rows => rows.Max(row => row.Epoch), StringComparer.Ordinal);
        var newest = (Epoch: 0L, Owner: "");
        foreach (var line in ledger.Where(line => line.IsInbound && line.Code == ExchangeCodes.SignOn))
        {
            var caller = callers[line.Session].Identity;
            if (epochs.TryGetValue(caller, out var epoch) && epoch < newest.Epoch)
            {
                yield return $"I6 {caller}, who had the exchange under epoch {epoch}, signs on after {newest.Owner} under epoch {newest.Epoch}: {line}";
            }
            else
            {
                newest = (epoch, caller);
            }
        }
    }

    private static bool IsExchange(LeaseKey lease) => lease.Singleton?.StartsWith("exchange", StringComparison.Ordinal) ?? false;

    /// <summary>Intents are journaled only by who had the exchange, and by each owner only until the next one took it.</summary>
    internal static IEnumerable<string> CheckIntents(IReadOnlyList<Commit> log, Func<Commit, IEnumerable<JournalEvent>> eventsOf)
    {
        var owner = 0L;
        foreach (var commit in log)
        {
            foreach (var intent in eventsOf(commit).Where(record => record.Name is "SendIntended" or "CancelIntended" or "ModifyIntended"))
            {
                var epoch = (long)intent.Payload["sessionEpoch"]! >> 20;
                if (epoch > owner)
                {
                    yield return $"I6 an intent of exchange epoch {epoch} was journaled before anybody had the exchange under it: {intent}";
                }
            }

            owner = commit.Rows.Select(row => row.Row).OfType<LeaseRow>().Where(row => IsExchange(row.Key)).Select(row => row.Epoch).Append(owner).Max();
        }
    }
}
