namespace Backup.Cluster.Simulation.Time;

/// <summary>SplitMix64: the same numbers for the same seed in every process and on every runtime.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>From 0 to below the bound.</summary>
    internal int Next(int below) => (int)(Next() % (ulong)below);

    internal bool Chance(int percent) => Next(100) < percent;

    internal T Pick<T>(IReadOnlyList<T> from) => from[Next(from.Count)];

    internal TimeSpan Between(double milliseconds, double below) =>
        TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond) + (long)(Next() % (ulong)Math.Max(1, (below - milliseconds) * TimeSpan.TicksPerMillisecond)));

    /// <summary>Dice of their own for a part of the world, so that one more throw there moves nothing elsewhere.</summary>
    internal Dice Fork() => new(Next());
}
