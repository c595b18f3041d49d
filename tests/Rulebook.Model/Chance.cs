namespace Backup.Rulebook.Model;

/// <summary>SplitMix64: the same numbers for the same seed on every runtime.</summary>
internal struct Chance(ulong seed)
{
    private ulong _state = seed;

    internal ulong Next()
    {
        unchecked
        {
            var mixed = _state += 0x9E3779B97F4A7C15;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }

    /// <summary>From 0 up to, not including, the limit.</summary>
    internal int Below(int limit) => (int)(Next() % (ulong)limit);

    internal bool OneIn(int count) => Below(count) == 0;

    internal T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
