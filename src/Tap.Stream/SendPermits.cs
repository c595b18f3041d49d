namespace Backup.Tap.Stream;

/// <summary>
/// Keeps the box under its contracted rate: in no span of the window's length do more messages leave than the contract allows.
/// A permit is reserved before the work for a message begins, used when its bytes are written, and counts for the window from the
/// flush: what a full socket held back leaves all at once, and what follows must not add to it.
/// <para>
/// The first half of the contract may leave at once, so that a quiet box answers at once. From there on messages leave at even
/// distances: in bursts a little unevenness on the way would add the end of one to the beginning of the next.
/// </para>
/// </summary>
/// <remarks>Safe for threads. It outlives sessions: the contract is the box's, not the connection's.</remarks>
public sealed class SendPermits(int limit, TimeSpan window, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _sent = new(limit);
    private readonly long _window = (long)(window.TotalMicroseconds * clock.TimestampFrequency / 1_000_000);
    private readonly long _second = clock.TimestampFrequency;
    private readonly long _distance = (long)(window.TotalMicroseconds * clock.TimestampFrequency / 1_000_000) / limit;
    private readonly long _catchUp = (long)(CatchUp.TotalMicroseconds * clock.TimestampFrequency / 1_000_000);
    private long _due = long.MinValue / 2;
    private int _reserved;
    private int _written;

    /// <summary>How much lateness (a timer's, a scheduler's) may be made good by messages closer together.</summary>
    private static TimeSpan CatchUp => TimeSpan.FromMilliseconds(10);

    private int InUse => _sent.Count + _reserved + _written;

    /// <summary>True when one more message may leave now.</summary>
    public bool TryReserve()
    {
        lock (_gate)
        {
            Forget();
            var now = clock.GetTimestamp();
            if (InUse >= limit || (IsPaced && now < _due))
            {
                return false;
            }

            _due = (IsPaced ? Math.Max(_due, now - _catchUp) : now) + _distance;
            _reserved++;
            return true;
        }
    }

    /// <summary>A reserved message is being written at this moment.</summary>
    public void Use()
    {
        lock (_gate)
        {
            _reserved--;
            _written++;
        }
    }

    /// <summary>Everything written has left.</summary>
    public void Flushed()
    {
        lock (_gate)
        {
            for (var now = clock.GetTimestamp(); _written > 0; _written--)
            {
                _sent.Enqueue(now);
            }
        }
    }

    /// <summary>A reserved message will not be written after all.</summary>
    public void Return()
    {
        lock (_gate)
        {
            _reserved--;
        }
    }

    /// <summary>How long until a permit can be had; zero when one is there, null when only a returned one could help.</summary>
    public TimeSpan? UntilNext()
    {
        lock (_gate)
        {
            Forget();
            var now = clock.GetTimestamp();
            long left;
            if (InUse < limit)
            {
                left = IsPaced ? _due - now : 0;
            }
            else if (_sent.TryPeek(out var oldest))
            {
                left = _window - (now - oldest);
            }
            else
            {
                return null;
            }

            return left <= 0 ? TimeSpan.Zero : TimeSpan.FromMicroseconds((left * 1_000_000 / clock.TimestampFrequency) + 1);
        }
    }

    public int SentInLastSecond()
    {
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            return _written + _sent.Count(sent => now - sent < _second);
        }
    }

    private bool IsPaced => InUse >= limit / 2;

    private void Forget()
    {
        var now = clock.GetTimestamp();
        while (_sent.TryPeek(out var oldest) && now - oldest >= _window)
        {
            _sent.Dequeue();
        }
    }
}
