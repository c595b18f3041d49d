namespace Backup.Tap.Stream;

/// <summary>Tickets waiting for a permit: cancels before exits before changes, and within each the accounts in turn, each account's own in order.</summary>
/// <remarks>Safe for threads. It outlives sessions: what has not been authorised keeps its place through a reconnect.</remarks>
public sealed class TicketQueue(int limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, TapPriority Priority), TapTicket> _waiting = [];
    private readonly Ring[] _rings = [.. Enum.GetValues<TapPriority>().Select(_ => new Ring())];
    private bool _wasFull;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public TicketResult Offer(TapTicket ticket)
    {
        lock (_gate)
        {
            if (_waiting.ContainsKey((ticket.Key, ticket.Priority)))
            {
                return TicketResult.AlreadyQueued;
            }

            if (_waiting.Count >= limit)
            {
                _wasFull = true;
                return TicketResult.Full;
            }

            _waiting.Add((ticket.Key, ticket.Priority), ticket);
            _rings[(int)ticket.Priority].Add(ticket);
            return TicketResult.Queued;
        }
    }

    /// <summary>Takes the ticket whose turn it is.</summary>
    /// <param name="hasRoomAgain">True once after the queue was full, when half of it is free: the moment to announce room.</param>
    public bool TryTake(out TapTicket ticket, out bool hasRoomAgain)
    {
        lock (_gate)
        {
            hasRoomAgain = false;
            if (Array.Find(_rings, ring => ring.Count > 0) is not { } next || !next.TryTake(out ticket!))
            {
                ticket = null!;
                return false;
            }

            _waiting.Remove((ticket.Key, ticket.Priority));
            if (_wasFull && _waiting.Count <= limit / 2)
            {
                _wasFull = false;
                hasRoomAgain = true;
            }

            return true;
        }
    }

    /// <summary>How many tickets go before the first one with this key, plus one; 0 when none waits.</summary>
    public int PlaceOf(string key)
    {
        lock (_gate)
        {
            var before = 0;
            foreach (var priority in Enum.GetValues<TapPriority>())
            {
                var ring = _rings[(int)priority];
                if (_waiting.TryGetValue((key, priority), out var ticket))
                {
                    return before + ring.Before(ticket) + 1;
                }

                before += ring.Count;
            }

            return 0;
        }
    }

    /// <summary>The accounts of one priority, each with its own line, served in turn.</summary>
    private sealed class Ring
    {
        private readonly LinkedList<(string Account, Queue<TapTicket> Line)> _accounts = [];
        private readonly Dictionary<string, Queue<TapTicket>> _lines = new(StringComparer.Ordinal);

        public int Count { get; private set; }

        public void Add(TapTicket ticket)
        {
            Count++;
            if (!_lines.TryGetValue(ticket.Account, out var line))
            {
                line = new Queue<TapTicket>();
                _lines.Add(ticket.Account, line);
                _accounts.AddLast((ticket.Account, line));
            }

            line.Enqueue(ticket);
        }

        public bool TryTake(out TapTicket? ticket)
        {
            if (_accounts.First is not { } first)
            {
                ticket = null;
                return false;
            }

            Count--;
            _accounts.RemoveFirst();
            var (account, line) = first.Value;
            ticket = line.Dequeue();
            if (line.Count > 0)
            {
                _accounts.AddLast(first);
            }
            else
            {
                _lines.Remove(account);
            }

            return true;
        }

        public int Before(TapTicket ticket)
        {
            var own = _lines[ticket.Account];
            var depth = own.TakeWhile(other => other != ticket).Count();
            var before = depth;
            var isPast = false;
            foreach (var (account, line) in _accounts)
            {
                if (account == ticket.Account)
                {
                    isPast = true;
                    continue;
                }

                before += Math.Min(line.Count, isPast ? depth : depth + 1);
            }

            return before;
        }
    }
}
