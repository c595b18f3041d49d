namespace Backup.Actor.Kernel.Journal;

/// <summary>What stores in memory have in common: one caller at a time, and away when a test says so.</summary>
/// <param name="what">What is kept, as the error names it: "sessions".</param>
/// <remarks>Safe for threads.</remarks>
public abstract class MemoryStore(string what)
{
    private readonly Lock _gate = new();

    /// <summary>Nothing can be read or written, as when a database is away.</summary>
    public bool IsAway { get; set; }

    /// <exception cref="JournalException">The store is away.</exception>
    protected ValueTask<T> Do<T>(Func<T> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        lock (_gate)
        {
            return IsAway ? throw new JournalException($"The store of the {what} is away.") : ValueTask.FromResult(act());
        }
    }
}
