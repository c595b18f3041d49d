using System.Diagnostics;
using Xunit;

namespace Backup.Cluster.Simulation;

/// <summary>The short form of ./chaos sim: the same clusters every time.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 1000;

    public static TheoryData<string> Flaws => [.. Arguments.Flaws];

    [Fact]
    public void A_thousand_clusters_keep_every_promise_and_meet_every_danger()
    {
        var trials = new Trials();
        trials.Run(1, Seeds, Environment.ProcessorCount);

        Assert.True(trials.Broken.Count == 0, string.Join('\n', trials.Broken.Select(broken => $"./chaos sim --seeds 1 --seed {broken.Seed}\n{string.Join('\n', broken.Violations.Take(10))}")));
        Assert.Empty(trials.Seen.Missing);
        Assert.Equal(Seeds, trials.Runs);
    }

    [Theory, MemberData(nameof(Flaws))]
    public void What_the_simulated_database_does_wrong_is_noticed(string flaw)
    {
        var trials = new Trials(Arguments.WithFlaw(flaw));
        trials.Run(1, Seeds, Environment.ProcessorCount);

        Assert.True(trials.Broken.Count > 0, $"{trials.Runs} clusters over a database with {flaw} kept every promise");
    }

    [Fact]
    public void A_seed_gives_the_same_run_in_another_process()
    {
        var here = new List<string>();
        new Trials { Each = result => here.Add($"seed {result.Seed} trace {result.Trace:x16}") }.Run(7, 5, lanes: 1);

        using var other = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["sim", "--seeds", "5", "--seed", "7", "--traces"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var there = other.StandardOutput.ReadToEnd().Split('\n').Where(line => line.StartsWith("seed", StringComparison.Ordinal))
            .Select(line => string.Join(' ', line.Split(' ').Take(4))).ToList();

        Assert.Equal(here, there);
    }

    [Fact]
    public void Another_seed_gives_another_run()
    {
        var traces = new List<ulong>();
        new Trials { Each = result => traces.Add(result.Trace) }.Run(100, 10, lanes: 1);

        Assert.Equal(10, traces.Distinct().Count());
    }
}
