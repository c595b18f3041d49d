namespace Backup.Actor.Kernel.Leases;

/// <summary>
/// The two timers by which something is kept that the store lets expire: one renews, one call at a time; the other looks whether the last renewal
/// that succeeded is overdue. They are two because a renewal may hang. They run from the beginning until disposed.
/// </summary>
internal sealed class RenewalTimers : IAsyncDisposable
{
    private const int LooksPerStop = 20;
    private readonly LeaseTimes _times;
    private readonly Func<Task<bool>> _renew;
    private readonly ITimer _renewals;
    private readonly ITimer _looks;
    private int _isRenewing;

    /// <param name="first">When the first renewal is due.</param>
    /// <param name="renew">False when its answer did not come: it is tried again soon.</param>
    /// <param name="giveUpOverdue">Gives up what is overdue.</param>
    public RenewalTimers(LeaseTimes times, TimeProvider clock, TimeSpan first, Func<Task<bool>> renew, Action giveUpOverdue)
    {
        (_times, _renew) = (times, renew);
        var look = times.StopAfter / LooksPerStop;

        // Made still and started last: a timer may fire at once.
        _renewals = clock.CreateTimer(static timers => _ = ((RenewalTimers)timers!).RenewAsync(), this, Timeout.InfiniteTimeSpan, times.RenewEvery);
        _looks = clock.CreateTimer(static give => ((Action)give!)(), giveUpOverdue, look, look);
        _renewals.Change(first, times.RenewEvery);
    }

    public async ValueTask DisposeAsync()
    {
        await _renewals.DisposeAsync();
        await _looks.DisposeAsync();
    }

    private async Task RenewAsync()
    {
        // One at a time: an answer that does not come is what the other timer is for.
        if (Interlocked.Exchange(ref _isRenewing, 1) != 0)
        {
            return;
        }

        try
        {
            if (!await _renew())
            {
                // A database that restarts is away for a moment; by the usual pace only one more try would be left.
                _renewals.Change(_times.StopAfter / LooksPerStop, _times.RenewEvery);
            }
        }
        finally
        {
            Volatile.Write(ref _isRenewing, 0);
        }
    }
}
