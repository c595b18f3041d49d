using Backup.Cluster.Simulation.Database;

namespace Backup.Cluster.Simulation;

/// <summary>Many seeds, side by side on threads of their own; each is the same run whoever runs it.</summary>
internal sealed class Trials(DatabaseFlaws? flaws = null)
{
    /// <summary>From so many seeds on each danger must have been met.</summary>
    internal const int SeedsThatMeetEverything = 400;

    private readonly Lock _gate = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("cluster-simulation-").FullName;
    private long _steps;

    internal int Runs { get; private set; }

    internal long Steps => _steps;

    internal Tally Seen { get; } = new();

    /// <summary>The longest that a cluster took until everything was settled after it had healed.</summary>
    internal TimeSpan SlowestSettled { get; private set; }

    internal List<SimResult> Broken { get; } = [];

    internal Action<SimResult> Each { get; init; } = static _ => { };

    /// <summary>Runs seeds until all are done or so many are broken.</summary>
    internal void Run(ulong first, int seeds, int lanes, int brokenMax = 1)
    {
        var next = -1;
        var work = Enumerable.Range(0, lanes).Select(lane => new Thread(() =>
        {
            for (var place = Interlocked.Increment(ref next); place < seeds && Broken.Count < brokenMax; place = Interlocked.Increment(ref next))
            {
                Take(Live(first + (ulong)place, lane, tells: false));
            }
        })).ToArray();
        Array.ForEach(work, lane => lane.Start());
        Array.ForEach(work, lane => lane.Join());
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The same run again, with everything told.</summary>
    internal IReadOnlyList<string> Tell(ulong seed)
    {
        var story = Live(seed, 0, tells: true).Story;
        Directory.Delete(_folder, recursive: true);
        return story;
    }

    private SimResult Live(ulong seed, int lane, bool tells) => SimRun.Run(seed, Path.Combine(_folder, $"{lane}"), flaws, tells);

    private void Take(SimResult result)
    {
        lock (_gate)
        {
            Runs++;
            _steps += result.Steps;
            Seen.Add(result.Seen);
            SlowestSettled = result.Settled > SlowestSettled ? result.Settled : SlowestSettled;
            if (result.Violations.Count > 0)
            {
                Broken.Add(result);
            }

            Each(result);
        }
    }
}
