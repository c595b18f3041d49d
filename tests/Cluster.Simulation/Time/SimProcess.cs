namespace Backup.Cluster.Simulation.Time;

/// <summary>
/// One simulated process: what awaits in it goes on through it. It can be paused, as by SIGSTOP or a frozen machine, and then nothing of it
/// runs until it wakes; and killed, and then nothing of it ever runs again, no finally block either.
/// </summary>
internal sealed class SimProcess : SynchronizationContext
{
    private readonly SimScheduler _scheduler;

    internal SimProcess(SimScheduler scheduler, string name, int number)
    {
        (_scheduler, Name, Number, Identity) = (scheduler, name, number, name);
        Clock = new SimClock(scheduler, this);
    }

    internal string Name { get; }

    internal int Number { get; }

    /// <summary>By which others know it; its name until it says another.</summary>
    internal string Identity { get; set; }

    internal SimClock Clock { get; }

    internal bool IsDead { get; private set; }

    internal bool IsPaused { get; private set; }

    /// <summary>What came to be runnable while the process was paused.</summary>
    internal List<SimStep> Held { get; } = [];

    public override void Post(SendOrPostCallback d, object? state) => _scheduler.Add(this, d, state);

    /// <summary>Nobody here may block: there is one thread.</summary>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("one thread: nothing may wait for it");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Begins something in the process, as its next step.</summary>
    internal void Start(Func<Task> work) => Post(_ => _ = WatchAsync(work), null);

    internal void Kill()
    {
        IsDead = true;
        Held.Clear();
    }

    internal void Pause() => IsPaused = true;

    /// <summary>Everything that was held back is runnable at once: the wake-up of a machine looks like that.</summary>
    internal void Wake()
    {
        IsPaused = false;
        Held.ForEach(_scheduler.Add);
        Held.Clear();
    }

    public override string ToString() => Name;

    /// <summary>What was begun here has nobody above it who could catch its exception.</summary>
    private async Task WatchAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception defect)
        {
            _scheduler.Fail(this, defect);
        }
    }
}
