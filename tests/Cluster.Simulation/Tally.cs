using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Simulation.Checks;
using Backup.Cluster.Simulation.Clients;
using Backup.Cluster.Simulation.Database;
using Backup.Cluster.Simulation.Faults;
using Backup.Cluster.Simulation.Nodes;

namespace Backup.Cluster.Simulation;

/// <summary>What runs met. A danger that no run met was not tested.</summary>
internal sealed class Tally
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Names of what never happened.</summary>
    internal IEnumerable<string> Missing => _counts.Where(count => count.Value == 0).Select(count => count.Key);

    internal static Tally Of(IReadOnlyList<SimNode> nodes, SimDatabase database, Evidence evidence, Nemesis nemesis, History history)
    {
        var tally = new Tally();
        tally._counts["fenced"] = nodes.Sum(node => node.Fenced);
        tally._counts["unknown"] = nodes.Sum(node => node.Unknown);
        tally._counts["takeovers"] = WriterCheck.Takeovers(database.Log);
        tally._counts["splits"] = nodes.Sum(node => node.Splits);
        tally._counts["goneByHint"] = nodes.Sum(node => node.Gone);
        tally._counts["lostInFailover"] = database.Lost;
        tally._counts["lives"] = nodes.Sum(node => node.Lives);
        tally._counts["orders"] = evidence.Entries;
        tally._counts["trades"] = evidence.Count("OrderTraded");
        tally._counts["unknownOrders"] = evidence.Count("OrderBecameUnknown");
        tally._counts["provenAbsent"] = evidence.Count("OrderProvenAbsent");
        tally._counts["modified"] = evidence.Count("OrderModified");
        tally._counts["done"] = history.Acts.Count(act => act.Told == Told.Done);
        tally._counts["refused"] = history.Acts.Count(act => act.Told == Told.Refused);
        tally._counts["untold"] = history.Acts.Count(act => act.Told == Told.Nothing);
        tally._counts["snapshots"] = database.Rows.All<EntitySnapshot>(Table.Snapshot).Count();
        tally._counts["reads"] = history.Reads;
        foreach (var fault in Fault.All)
        {
            tally._counts[$"fault: {fault.Name}"] = nemesis.Struck.Count(name => name == fault.Name);
        }

        return tally;
    }

    internal void Add(Tally other)
    {
        foreach (var (name, count) in other._counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + count;
        }
    }
}
