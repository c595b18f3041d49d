using System.Globalization;
using System.Reflection;
using Backup.Cluster.Simulation.Database;

namespace Backup.Cluster.Simulation;

/// <summary>What ./chaos sim was asked for.</summary>
/// <param name="Traces">Say every run's fingerprint.</param>
/// <param name="Story">Tell the first seed from its beginning to its end.</param>
internal sealed record Arguments(int Seeds, ulong First, string? Flaw, bool Traces, bool Story)
{
    internal const string Help = """
        Cluster.Simulation: whole clusters in virtual time, under faults chosen by a seed (./chaos sim).

          Cluster.Simulation sim [--seeds N] [--seed S]   10,000 runs from seed 1, unless given
                                 [--flaw NAME]            with a simulated database that does something wrong
                                 [--traces]               says the fingerprint of every run
                                 [--story]                tells the first run from its beginning to its end
          Cluster.Simulation flaws                        the names of those flaws
          Cluster.Simulation ...                          anything else: xunit's runner
        """;

    /// <summary>What the simulated database can do wrong, by name.</summary>
    internal static IReadOnlyList<string> Flaws { get; } = [.. typeof(DatabaseFlaws).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(flaw => flaw.Name)];

    /// <summary>Null when they cannot be understood.</summary>
    internal static Arguments? Parse(IReadOnlyList<string> words)
    {
        var found = new Arguments(10_000, 1, null, Traces: false, Story: false);
        for (var at = 0; at < words.Count; at++)
        {
            var value = words.ElementAtOrDefault(at + 1);
            switch (words[at])
            {
                case "--seeds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) && seeds > 0:
                    found = found with { Seeds = seeds };
                    at++;
                    break;
                case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var first):
                    found = found with { First = first };
                    at++;
                    break;
                case "--flaw" when Flaws.Contains(value, StringComparer.Ordinal):
                    found = found with { Flaw = value };
                    at++;
                    break;
                case "--traces":
                    found = found with { Traces = true };
                    break;
                case "--story":
                    found = found with { Story = true };
                    break;
                default:
                    return null;
            }
        }

        return found;
    }

    internal static DatabaseFlaws WithFlaw(string? name)
    {
        var flaws = new DatabaseFlaws();
        if (name is not null)
        {
            typeof(DatabaseFlaws).GetProperty(name)!.SetValue(flaws, true);
        }

        return flaws;
    }
}
