using System.Collections.Concurrent;

namespace Backup.Actor.Kernel.Leases;

/// <summary>The times by which leases are kept (RELIABILITY A3).</summary>
/// <param name="TimeToLive">After this, by the store's clock, anybody may take a lease that was not renewed.</param>
/// <param name="RenewEvery">How often all that are held are renewed.</param>
/// <param name="StopAfter">How long after the last renewal was sent the holder gives up by itself; well under the time to live.</param>
public sealed record LeaseTimes(TimeSpan TimeToLive, TimeSpan RenewEvery, TimeSpan StopAfter)
{
    public static LeaseTimes Default { get; } = new(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));

    /// <summary>Whether the holder must have given up.</summary>
    /// <param name="sentAt">Timestamp from before the last renewal that succeeded was sent.</param>
    public bool IsOverdue(long sentAt, TimeProvider clock) => clock.GetElapsedTime(sentAt) >= StopAfter;
}

/// <summary>
/// Holds leases for one owner: renews them on a timer of its own, and gives them up by itself before the store could give them to
/// anybody else. A renewal that hangs, or a machine that slept, costs the lease and never lets two act.
/// </summary>
/// <remarks>
/// Safe for threads. <paramref name="lost"/> is called once for each lease that is gone without having been released, from a timer or
/// from the renewal: it must stop whatever is done under the lease, and return quickly.
/// </remarks>
/// <param name="clock">Its timestamps must count while the machine sleeps; its timers need not.</param>
public sealed class LeaseKeeper(ILeaseStore store, string owner, TimeProvider clock, LeaseTimes times, Action<Lease, string> lost) : IAsyncDisposable
{
    private const int ReleaseAttempts = 2;
    private readonly ConcurrentDictionary<LeaseKey, Kept> _kept = new();
    private RenewalTimers? _timers;

    private sealed record Kept(Lease Lease, long SentAt);

    public string Owner => owner;

    /// <summary>Begins to renew and to watch; before that nothing is held for longer than <see cref="LeaseTimes.StopAfter"/>.</summary>
    public void Start() => _timers = new RenewalTimers(times, clock, times.RenewEvery, RenewAllAsync, GiveUpOverdue);

    /// <summary>
    /// Whether the lease may be acted on at this moment. Ask right before an act that no epoch can fence, such as a byte on a socket.
    /// </summary>
    public bool IsHeld(LeaseKey key) => _kept.TryGetValue(key, out var kept) && !times.IsOverdue(kept.SentAt, clock);

    /// <summary>
    /// Asks the store, now, whether the lease is still this owner's. For an act whose harm outlives the lease; the store's clock may have run ahead
    /// of everybody's.
    /// </summary>
    /// <returns>False also when the store cannot tell.</returns>
    public async Task<bool> ConfirmAsync(LeaseKey key)
    {
        return _kept.TryGetValue(key, out var kept) && (await RenewAsync([kept]))[0] is LeaseAnswer.Held && IsHeld(key);
    }

    /// <summary>Whether the lease was taken and neither given back nor given up; ask <see cref="IsHeld"/> before acting.</summary>
    public bool Keeps(LeaseKey key) => _kept.ContainsKey(key);

    /// <summary>All leases that were taken and neither given back nor given up.</summary>
    public IReadOnlyCollection<LeaseKey> Keys => [.. _kept.Keys];

    /// <summary>Takes what can be had; what is held is renewed from now on.</summary>
    public async Task<IReadOnlyList<LeaseAnswer>> AcquireAsync(IReadOnlyList<LeaseWish> wishes)
    {
        var sentAt = clock.GetTimestamp();
        var answers = await store.AcquireAsync(owner, wishes, times.TimeToLive);
        foreach (var held in answers.OfType<LeaseAnswer.Held>())
        {
            _kept[held.Lease.Key] = new Kept(held.Lease, sentAt);
        }

        return answers;
    }

    /// <summary>Gives leases back: others need not wait. From this call on they are not held here, whatever the store answers.</summary>
    public async Task ReleaseAsync(IReadOnlyCollection<LeaseKey> keys)
    {
        var leases = new List<Lease>();
        foreach (var key in keys)
        {
            if (_kept.TryRemove(key, out var kept))
            {
                leases.Add(kept.Lease);
            }
        }

        // Once more where nobody can tell: a connection that broke just now would else keep the others waiting for the expiry. Harmless if it was done.
        for (var attempt = 1; leases.Count > 0 && attempt <= ReleaseAttempts; attempt++)
        {
            var answers = await store.ReleaseAsync(leases);
            leases = [.. leases.Where((_, i) => answers[i] is LeaseAnswer.CouldNotTell)];
        }
    }

    /// <summary>Everything that is held is given back.</summary>
    public Task ReleaseAllAsync() => ReleaseAsync([.. _kept.Keys]);

    public ValueTask DisposeAsync() => _timers?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> RenewAllAsync()
    {
        var asked = _kept.Values.ToArray();
        return asked.Length == 0 || !(await RenewAsync(asked)).Any(static answer => answer is LeaseAnswer.CouldNotTell);
    }

    private async Task<IReadOnlyList<LeaseAnswer>> RenewAsync(Kept[] asked)
    {
        var sentAt = clock.GetTimestamp();
        var answers = await store.RenewAsync([.. asked.Select(kept => kept.Lease)], times.TimeToLive);
        for (var i = 0; i < asked.Length; i++)
        {
            Take(asked[i], answers[i], sentAt);
        }

        return answers;
    }

    private void Take(Kept asked, LeaseAnswer answer, long sentAt)
    {
        switch (answer)
        {
            case LeaseAnswer.Held:
                // Only what was not given up or released meanwhile.
                _kept.TryUpdate(asked.Lease.Key, asked with { SentAt = sentAt }, asked);
                break;
            case LeaseAnswer.Lost { Owner: var newer, Epoch: var epoch }:
                GiveUp(asked, newer.Length > 0 ? $"{newer} holds it under epoch {epoch}" : $"it was given back under epoch {epoch}");
                break;
            default:
                // Could not tell: it is kept until the last renewal that did succeed is too old.
                break;
        }
    }

    private void GiveUpOverdue()
    {
        foreach (var kept in _kept.Values)
        {
            if (times.IsOverdue(kept.SentAt, clock))
            {
                GiveUp(kept, $"it could not be renewed for {times.StopAfter.TotalSeconds} s");
            }
        }
    }

    private void GiveUp(Kept kept, string reason)
    {
        if (_kept.TryRemove(new KeyValuePair<LeaseKey, Kept>(kept.Lease.Key, kept)))
        {
            lost(kept.Lease, reason);
        }
    }
}
