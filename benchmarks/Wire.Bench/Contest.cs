using System.Diagnostics;

namespace Backup.Wire.Bench;

/// <summary>Runs contenders in turn, round after round, so that what the machine does to one it does to all.</summary>
internal sealed class Contest
{
    private const int Rounds = 21;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(12);

    private readonly List<(string Name, Action<int> Work, double[] Nanoseconds)> _contenders = [];
    private readonly Dictionary<string, long> _allocated = new(StringComparer.Ordinal);

    /// <param name="work">Does the same thing so many times.</param>
    public void Add(string name, Action<int> work) => _contenders.Add((name, work, new double[Rounds]));

    public void Run()
    {
        var times = _contenders.ConvertAll(contender => Calibrate(contender.Work));
        for (var round = 0; round < Rounds; round++)
        {
            for (var at = 0; at < _contenders.Count; at++)
            {
                // Every other round backwards: nobody always comes after the same one.
                var turn = round % 2 == 0 ? at : _contenders.Count - 1 - at;
                _contenders[turn].Nanoseconds[round] = Time(_contenders[turn].Work, times[turn]);
            }
        }

        foreach (var (name, work, _) in _contenders)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work(1000);
            _allocated[name] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Nanoseconds an operation, the middle one of all rounds.</summary>
    public double Median(string name) => Math.Round(Middle(Of(name)), 1);

    /// <summary>How many times as long as another, or as the sum of others, compared within each round.</summary>
    public double Ratio(string name, params string[] others)
    {
        var mine = Of(name);
        return Math.Round(Middle([.. mine.Select((value, round) => value / others.Sum(other => Of(other)[round]))]), 3);
    }

    /// <summary>Bytes that a thousand operations allocated.</summary>
    public long Allocated(string name) => _allocated[name];

    private double[] Of(string name) => _contenders.Single(contender => contender.Name == name).Nanoseconds;

    private static double Middle(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static int Calibrate(Action<int> work)
    {
        // Long enough for the compiler's last tier.
        var count = 1000;
        var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 3);
        while (Stopwatch.GetTimestamp() < until)
        {
            work(count);
        }

        return Math.Max(count, (int)(Turn.TotalNanoseconds / Time(work, count)));
    }

    private static double Time(Action<int> work, int count)
    {
        var start = Stopwatch.GetTimestamp();
        work(count);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
