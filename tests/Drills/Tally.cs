using Backup.Drills.Faults;
using Backup.Drills.Records;

namespace Backup.Drills;

/// <summary>What was seen over all runs.</summary>
internal sealed class Tally
{
    /// <summary>Dangers that a long series must have met; else it proved nothing.</summary>
    private static readonly string[] Dangers = ["breaks", "trades", "exits_acknowledged", "exits_refused", "orders_unknown", "orders_found_again", "orders_proven_absent", "cancels_sent"];

    private readonly Lock _gate = new();

    internal SortedDictionary<string, int> Seen { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, int> Felt { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds one run and tells in words what it saw.</summary>
    internal string Add(Evidence evidence, IEnumerable<string> felt, IEnumerable<(string Client, string What, string Key, Told Told)> answers)
    {
        var told = answers.Where(answer => answer.What == "exit").ToList();
        var unknown = evidence.Journal.Where(record => record.Name == "OrderBecameUnknown").Select(record => (record.Account, record.Order)).ToHashSet();
        var found = evidence.Journal.Count(record => record.Name is "OrderConfirmed" && unknown.Contains((record.Account, record.Order)));
        var counts = new (string What, int Count)[]
        {
            ("breaks", evidence.Breaks.Count),
            ("sign_ons", evidence.In(ExchangeCodes.SignOn)),
            ("orders_sent", evidence.In(ExchangeCodes.Enter)),
            ("cancels_sent", evidence.In(ExchangeCodes.Cancel)),
            ("modifies_sent", evidence.In(ExchangeCodes.Modify)),
            ("trades", evidence.Journaled("OrderTraded")),
            ("orders_unknown", unknown.Count),
            ("orders_found_again", found),
            ("orders_proven_absent", evidence.Journaled("OrderProvenAbsent")),
            ("cancels_proven_absent", evidence.Journaled("CancelProvenAbsent")),
            ("cancels_rejected", evidence.Journaled("CancelRejected")),
            ("orders_lost_in_outage", evidence.Journaled("OrderLostInOutage")),
            ("orders_unprovable", evidence.Journaled("OrderUnprovable")),
            ("orders_modified", evidence.Journaled("OrderModified")),
            ("exits_acknowledged", evidence.Journaled("PlanAccepted")),
            ("exits_refused", told.Count(answer => answer.Told == Told.Refused)),
        };
        lock (_gate)
        {
            foreach (var (what, count) in counts)
            {
                Seen[what] = Seen.GetValueOrDefault(what) + count;
            }

            foreach (var name in felt)
            {
                Felt[name] = Felt.GetValueOrDefault(name) + 1;
            }
        }

        return string.Join(", ", counts.Where(one => one.Count > 0).Select(one => $"{one.What.Replace('_', ' ')} {one.Count}"));
    }

    internal IEnumerable<string> NeverMet() => Dangers.Where(danger => Seen.GetValueOrDefault(danger) == 0);
}
