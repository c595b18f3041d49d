namespace Backup.Rulebook.Bench;

/// <summary>
/// The processor's time of this program: what the work costs, whoever else has the machine. One thread works, and the collector works on it.
/// </summary>
internal static class Processor
{
    internal static double Nanoseconds => Environment.CpuUsage.TotalTime.TotalNanoseconds;
}

/// <summary>Times a piece of work round by round, prints every round and keeps the middle one; nothing is discarded.</summary>
internal sealed class Rounds(int count, TimeSpan time)
{
    /// <returns>Nanoseconds of the processor and bytes of one time, the middle of all rounds.</returns>
    internal (double Nanoseconds, double Bytes) Time(string name, Action work)
    {
        Repeat(work, TimeSpan.FromSeconds(1));
        var rounds = new (double Nanoseconds, double Bytes)[count];
        for (var round = 0; round < count; round++)
        {
            GC.Collect();
            rounds[round] = Repeat(work, time);
        }

        var (nanoseconds, bytes) = (Middle(rounds.Select(round => round.Nanoseconds)), Middle(rounds.Select(round => round.Bytes)));
        Console.WriteLine($"{name,-40} {nanoseconds,7:F0} ns {bytes,7:F0} B   rounds {string.Join(' ', rounds.Select(round => $"{round.Nanoseconds:F0}"))}");
        return (Math.Round(nanoseconds), Math.Round(bytes));
    }

    internal static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static (double Nanoseconds, double Bytes) Repeat(Action work, TimeSpan time)
    {
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var start = Processor.Nanoseconds;
        long times = 0;
        do
        {
            for (var each = 0; each < 500; each++)
            {
                work();
            }

            times += 500;
        }
        while (Processor.Nanoseconds - start < time.TotalNanoseconds);

        return ((Processor.Nanoseconds - start) / times, (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)times);
    }
}
