namespace Backup.Actor.Kernel.Entities;

/// <summary>What became of something posted to an entity.</summary>
internal enum PostResult
{
    Posted,
    Full,
    Closed,
}

/// <summary>
/// A bounded mailbox that costs nothing while nobody writes: the poster that finds the entity idle starts its loop, and the
/// loop goes idle under the same lock under which posters look, so no wake-up is lost.
/// </summary>
/// <remarks>Any thread may post; only the entity's loop takes.</remarks>
internal sealed class Inbox<TItem>(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Queue<TItem> _items = new();
    private bool _running;
    private bool _closed;

    /// <summary>True once nothing more can be posted.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>True in <paramref name="start"/> means: the caller must start the loop.</summary>
    public PostResult Post(TItem item, out bool start)
    {
        lock (_gate)
        {
            start = false;
            if (_closed)
            {
                return PostResult.Closed;
            }

            if (_items.Count >= capacity)
            {
                return PostResult.Full;
            }

            _items.Enqueue(item);
            start = !_running;
            _running = true;
            return PostResult.Posted;
        }
    }

    /// <summary>Moves up to <paramref name="max"/> items; false means nothing waits and the loop must end.</summary>
    public bool TryTake(List<TItem> into, int max)
    {
        lock (_gate)
        {
            while (into.Count < max && _items.TryDequeue(out var item))
            {
                into.Add(item);
            }

            _running = into.Count > 0;
            return _running;
        }
    }

    /// <summary>Closes an idle, empty inbox; false when there is work, or a reason to stay (asked only while the loop stands still).</summary>
    public bool TryCloseIdle(Func<bool> unless)
    {
        lock (_gate)
        {
            if (_running || _items.Count > 0 || unless())
            {
                return false;
            }

            _closed = true;
            return true;
        }
    }

    /// <summary>Closes for good and hands back what nobody will read.</summary>
    public IReadOnlyList<TItem> CloseAndTakeUnread()
    {
        lock (_gate)
        {
            _closed = true;
            var unread = _items.ToArray();
            _items.Clear();
            return unread;
        }
    }
}
