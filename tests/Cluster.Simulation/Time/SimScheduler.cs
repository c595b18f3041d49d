namespace Backup.Cluster.Simulation.Time;

/// <summary>Something that can run now, in its process.</summary>
/// <param name="Number">Counts everything that was ever made runnable.</param>
internal readonly record struct SimStep(SimProcess Process, SendOrPostCallback Callback, object? State, long Number);

/// <summary>
/// Runs everything of a simulated cluster on one thread: of what can run, the dice say what runs next; when nothing can, time jumps to the next
/// timer. The same seed gives the same run, and <see cref="Trace"/> is its fingerprint.
/// </summary>
/// <remarks>
/// A continuation that arrives from another thread is the end of that: it is named in <see cref="Failures"/> and the run stands still. So does one
/// in which an exception came up that nobody caught, which would have ended a real process.
/// </remarks>
internal sealed class SimScheduler
{
    /// <summary>Twenty times what a run needs: something goes round and round.</summary>
    private const long StepsMax = 1_000_000;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly Dice _dice;
    private readonly List<SimStep> _runnable = [];
    private readonly PriorityQueue<(SimTimer Timer, int Version), (long Due, long Number)> _timers = new();
    private readonly List<string> _failures = [];
    private readonly Lock _failuresGate = new();
    private volatile bool _isBroken;
    private long _made;
    private int _processes;

    internal SimScheduler(ulong seed)
    {
        _dice = new Dice(seed);
        World = NewProcess("world");
    }

    /// <summary>What belongs to no node: the database, the exchange, the clients, the faults.</summary>
    internal SimProcess World { get; }

    /// <summary>Virtual time since the run began, in ticks of 100 ns. It never goes back.</summary>
    internal long Now { get; private set; }

    internal TimeSpan Elapsed => TimeSpan.FromTicks(Now);

    internal long Steps { get; private set; }

    internal ulong Trace { get; private set; } = 14695981039346656037UL;

    /// <summary>Why the run cannot be believed or must not go on.</summary>
    internal IReadOnlyList<string> Failures
    {
        get
        {
            lock (_failuresGate)
            {
                return [.. _failures];
            }
        }
    }

    internal SimProcess NewProcess(string name) => new(this, name, _processes++);

    /// <summary>Calls the action after a while, as a step of the world.</summary>
    internal void After(TimeSpan wait, Action act) => World.Clock.CreateTimer(static state => ((Action)state!)(), act, wait, Timeout.InfiniteTimeSpan);

    /// <summary>Runs until the condition holds, or until the moment; true when the condition holds.</summary>
    internal bool RunUntil(Func<bool> condition, TimeSpan until)
    {
        var before = SynchronizationContext.Current;
        try
        {
            while (!condition())
            {
                if (_isBroken || !TakeStep(until.Ticks))
                {
                    return condition();
                }
            }

            return true;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    internal void Run(TimeSpan until) => RunUntil(static () => false, until);

    /// <summary>Mixes a fact of the run into its fingerprint.</summary>
    internal void Mix(ulong fact)
    {
        unchecked
        {
            Trace = (Trace ^ fact) * 1099511628211UL;
            Trace ^= Trace >> 29;
        }
    }

    internal void Add(SimProcess process, SendOrPostCallback callback, object? state)
    {
        if (IsHere($"a continuation of {process}: {callback.Method.DeclaringType?.Name}.{callback.Method.Name} of {state?.GetType().Name}"))
        {
            Add(new SimStep(process, callback, state, ++_made));
        }
    }

    internal void Add(SimStep step)
    {
        if (!step.Process.IsDead)
        {
            _runnable.Add(step);
        }
    }

    internal void Arm(SimTimer timer, int version, long due)
    {
        if (IsHere("a timer"))
        {
            _timers.Enqueue((timer, version), (Math.Max(due, Now), ++_made));
        }
    }

    internal void Fail(SimProcess process, Exception defect) => Fail($"an exception that nobody caught ended {process}: {defect}");

    /// <summary>False, and the run has failed, when another thread calls.</summary>
    private bool IsHere(string what)
    {
        if (Environment.CurrentManagedThreadId == _thread)
        {
            return true;
        }

        Fail($"{what} came from another thread:\n{Environment.StackTrace}");
        return false;
    }

    private void Fail(string failure)
    {
        lock (_failuresGate)
        {
            _failures.Add(failure);
        }

        _isBroken = true;
    }

    private bool TakeStep(long until)
    {
        RingDue();
        if (_runnable.Count == 0)
        {
            if (!_timers.TryPeek(out _, out var next) || next.Due > until)
            {
                Now = Math.Max(Now, until);
                return false;
            }

            Now = Math.Max(Now, next.Due);
            return true;
        }

        if (Now > until)
        {
            return false;
        }

        var place = _runnable.Count == 1 ? 0 : _dice.Next(_runnable.Count);
        var step = _runnable[place];
        _runnable[place] = _runnable[^1];
        _runnable.RemoveAt(_runnable.Count - 1);
        if (step.Process.IsPaused)
        {
            step.Process.Held.Add(step);
        }
        else if (!step.Process.IsDead)
        {
            Execute(step);
        }

        return true;
    }

    /// <summary>The method that goes on, where the step is one of an await.</summary>
    private static string NameOf(SimStep step) =>
        step.State is Action { Target: { } machine } ? machine.GetType().GetProperty("StateMachine")?.GetValue(machine)?.GetType().ToString() ?? machine.ToString()! : $"{step.Callback.Method.DeclaringType}.{step.Callback.Method.Name}";

    private void RingDue()
    {
        while (_timers.TryPeek(out var first, out var place) && place.Due <= Now)
        {
            _timers.Dequeue();
            first.Timer.Ring(first.Version);
        }
    }

    private void Execute(SimStep step)
    {
        if (++Steps > StepsMax)
        {
            Fail($"it goes round and round; next in {step.Process} is {NameOf(step)}");
            return;
        }

        Mix((ulong)step.Number);
        Mix((ulong)Now);
        SynchronizationContext.SetSynchronizationContext(step.Process);
        try
        {
            step.Callback(step.State);
        }
        catch (Exception defect)
        {
            Fail(step.Process, defect);
        }

        // Work takes time, so that nothing can go round for ever within one moment.
        Now += _dice.Next(200);
    }
}
