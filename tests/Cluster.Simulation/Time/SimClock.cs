namespace Backup.Cluster.Simulation.Time;

/// <summary>
/// Time as one process sees it: it may run a little fast or slow, and its wall clock may be set. Timestamps go on while the process is paused, as
/// CLOCK_BOOTTIME does; a timer that falls due meanwhile fires when it wakes.
/// </summary>
internal sealed class SimClock(SimScheduler scheduler, SimProcess process) : TimeProvider
{
    /// <summary>A trading day's morning.</summary>
    internal static readonly DateTimeOffset Morning = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private const long Million = 1_000_000;
    private long _own;
    private long _at;

    /// <summary>How much faster than the world's it runs, in millionths.</summary>
    internal int DriftMillionths { get; private set; }

    /// <summary>How far the wall clock was set away from where it would be.</summary>
    internal TimeSpan Step { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _own + Faster(scheduler.Now - _at);

    public override DateTimeOffset GetUtcNow() => Morning + TimeSpan.FromTicks(GetTimestamp()) + Step;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(scheduler, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>From now on it runs at another pace.</summary>
    internal void Drift(int millionths)
    {
        (_own, _at) = (GetTimestamp(), scheduler.Now);
        DriftMillionths = millionths;
    }

    /// <summary>How long the world waits while this clock counts so much.</summary>
    internal long WorldTicks(TimeSpan own) => own.Ticks - (own.Ticks * DriftMillionths / (Million + DriftMillionths));

    private long Faster(long ticks) => ticks + (ticks * DriftMillionths / Million);
}

/// <summary>A timer of a simulated process: its callback is a step like any other.</summary>
internal sealed class SimTimer(SimScheduler scheduler, SimProcess process, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private int _version;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _period = period;
        _version++;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            scheduler.Arm(this, _version, scheduler.Now + process.Clock.WorldTicks(dueTime));
        }

        return true;
    }

    public void Dispose() => _version++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Ring(int version)
    {
        if (version != _version || process.IsDead)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            scheduler.Arm(this, version, scheduler.Now + process.Clock.WorldTicks(_period));
        }

        process.Post(static timer => ((SimTimer)timer!).Call(), this);
    }

    /// <summary>It also fires when it was disposed of while its step waited, as a real one may.</summary>
    private void Call() => callback(state);
}
