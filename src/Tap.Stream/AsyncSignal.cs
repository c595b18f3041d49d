namespace Backup.Tap.Stream;

/// <summary>Wakes one waiting loop. Signals that come while nobody waits are kept as one.</summary>
internal sealed class AsyncSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Set()
    {
        lock (_gate)
        {
            _next.TrySetResult();
        }
    }

    /// <summary>Forgets a signal that came while nobody waited.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            if (_next.Task.IsCompleted)
            {
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Completes at the next signal, at once when one came since the last wait.</summary>
    public async Task WaitAsync()
    {
        Task waiting;
        lock (_gate)
        {
            waiting = _next.Task;
        }

        await waiting;
        lock (_gate)
        {
            if (_next.Task.IsCompleted)
            {
                _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
