using System.Diagnostics;

namespace Backup.Journal.Bench;

/// <summary>One side of a comparison: it does its work as fast as it can until the time is over.</summary>
internal interface ISide : IAsyncDisposable
{
    string Name { get; }

    Task<Reading> RunAsync(TimeSpan time);
}

/// <summary>What one side did in one round.</summary>
/// <param name="Commits">0 where commits are not counted apart from the work done.</param>
internal readonly record struct Reading(long Done, double Seconds, double P50Micros, double P99Micros, long AllocatedBytes, long Commits)
{
    public double PerSecond => Done / Seconds;

    public double BytesEach => Done == 0 ? 0 : (double)AllocatedBytes / Done;

    public double BatchSize => Commits == 0 ? 0 : (double)Done / Commits;
}

/// <summary>Latencies of one round, taken by many workers. The room is made beforehand, so that taking one allocates nothing.</summary>
internal sealed class Stopwatches
{
    private const int SamplesMax = 1 << 23;
    private static readonly int[] Micros = new int[SamplesMax];
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly long _allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
    private int _taken;

    public void Add(long beganAt)
    {
        var place = Interlocked.Increment(ref _taken) - 1;
        if (place < SamplesMax)
        {
            Micros[place] = (int)Math.Min(int.MaxValue, Stopwatch.GetElapsedTime(beganAt).TotalMicroseconds * 10);
        }
    }

    public Reading Read(long commits = 0)
    {
        var seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - _allocatedBefore;
        var taken = Math.Min(_taken, SamplesMax);
        Array.Sort(Micros, 0, taken);
        return taken == 0
            ? new Reading(0, seconds, 0, 0, allocated, commits)
            : new Reading(_taken, seconds, Micros[taken / 2] / 10.0, Micros[(int)(taken * 0.99)] / 10.0, allocated, commits);
    }
}
