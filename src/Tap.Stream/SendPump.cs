using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>
/// The one writer of a session. It gives permits, has orders authorised, and writes what was authorised at most once; what the
/// session's end overtakes is dropped here and is unknown from then on.
/// </summary>
internal sealed class SendPump : IDisposable
{
    private readonly TapSessionOptions _options;
    private readonly LinkWriter _output;
    private readonly TicketQueue _queue;
    private readonly SendPermits _permits;
    private readonly InvitationCredit _credit;
    private readonly ITapDesk _desk;
    private readonly OrderWriter _orders;
    private readonly long _epoch;
    private readonly ISendGate _gate;
    private readonly AsyncSignal _signal = new();
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _control = new();
    private readonly LinkedList<Authorization> _underWay = [];
    private readonly ITimer _permitTimer;
    private TaskCompletionSource? _quiet;

    public SendPump(
        TapSessionOptions options,
        LinkWriter output,
        TicketQueue queue,
        SendPermits permits,
        InvitationCredit credit,
        ITapDesk desk,
        long epoch,
        ISendGate gate,
        TimeProvider clock)
    {
        (_options, _output, _queue, _permits, _credit, _desk, _epoch, _gate) = (options, output, queue, permits, credit, desk, epoch, gate);
        _orders = new OrderWriter(options);
        _permitTimer = clock.CreateTimer(_ => _signal.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something has changed that may let a message go.</summary>
    public void Wake() => _signal.Set();

    /// <summary>A message of the session itself: it goes before every order.</summary>
    public void Say(byte[] message)
    {
        lock (_lock)
        {
            _control.Enqueue(message);
        }

        _signal.Set();
    }

    /// <summary>Completes when nothing authorised waits to be written.</summary>
    public async Task WhenQuietAsync()
    {
        Task quiet;
        lock (_lock)
        {
            _quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            quiet = _quiet.Task;
        }

        _signal.Set();

        // Awaited here: Task.WaitAsync over a task that runs its continuations asynchronously goes on from a thread of the pool.
        await quiet;
    }

    /// <summary>Runs until the session is broken; then waits for the authorisations under way, so that none comes after it.</summary>
    public async Task RunAsync(CancellationToken broken)
    {
        await using var onBreak = broken.Register(Wake);
        try
        {
            while (!broken.IsCancellationRequested)
            {
                if (WriteWhatMay())
                {
                    // Many messages, one flush; it returns when the socket has room again.
                    var flushed = await _output.FlushAsync(broken);
                    _permits.Flushed();
                    if (flushed.IsCompleted)
                    {
                        _gate.Break("The exchange closed the connection.");
                    }
                }
                else if (!BeginAuthorizations(broken))
                {
                    NoteQuiet();
                    if (ArmTimer())
                    {
                        await _signal.WaitAsync();
                    }
                }
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            _gate.Break($"Writing to the exchange failed: {failure.Message}");
        }

        await DropAsync();
    }

    public void Dispose()
    {
        _permitTimer.Dispose();
        _output.Dispose();
    }

    /// <summary>Writes session messages and authorised orders for which there is a permit. True when something was written.</summary>
    private bool WriteWhatMay()
    {
        var wrote = false;
        lock (_lock)
        {
            while (_control.TryPeek(out var message) && _permits.TryReserve())
            {
                _control.Dequeue();
                Write(message, null);
                wrote = true;
            }
        }

        return WriteAuthorized() || wrote;
    }

    private bool WriteAuthorized()
    {
        var wrote = false;
        HashSet<string>? waiting = null;
        for (var node = _underWay.First; node is not null;)
        {
            var (current, next) = (node.Value, node.Next);
            if (!current.IsDone || (waiting?.Contains(current.Ticket.Account) ?? false))
            {
                // What comes later for this account waits with it: its messages leave in order.
                (waiting ??= new HashSet<string>(StringComparer.Ordinal)).Add(current.Ticket.Account);
            }
            else
            {
                _underWay.Remove(node);
                wrote |= Finish(current);
            }

            node = next;
        }

        return wrote;
    }

    private bool Finish(Authorization authorized)
    {
        if (authorized.Request is null || !_gate.MayWrite)
        {
            GiveBack();
            return false;
        }

        Span<byte> buffer = stackalloc byte[OrderWriter.MaxLength];
        try
        {
            var message = _orders.Write(buffer, authorized.Request);
            Write(message, OrderOf(authorized.Request));
            return true;
        }
        catch (WireFormatException failure)
        {
            GiveBack();
            _gate.Break($"Order {authorized.Ticket.Key} cannot be written: {failure.Message}");
            return false;
        }
    }

    private void GiveBack()
    {
        _permits.Return();
        _credit.Return();
    }

    private static TapOrder OrderOf(TapRequest request) => request switch
    {
        TapRequest.Enter enter => enter.Order,
        TapRequest.Cancel cancel => cancel.Order,
        TapRequest.Modify modify => modify.Order,
        _ => throw new System.Diagnostics.UnreachableException($"No order in {request.GetType().Name}."),
    };

    private void Write(ReadOnlySpan<byte> message, TapOrder? order)
    {
        _output.Write(message);
        _permits.Use();
        _gate.Sent(order);
    }

    /// <summary>Starts authorisations while there are tickets, permits and room in the window. True when one started.</summary>
    private bool BeginAuthorizations(CancellationToken broken)
    {
        var started = false;
        while (_gate.MayTrade && _underWay.Count < _options.AuthorizationsInFlight && _queue.Count > 0 && _permits.TryReserve())
        {
            if (!_credit.TryTake())
            {
                _permits.Return();
                break;
            }

            if (!_queue.TryTake(out var ticket, out var hasRoomAgain))
            {
                GiveBack();
                break;
            }

            started = true;
            var authorization = new Authorization(ticket);
            _underWay.AddLast(authorization);
            authorization.Work = AuthorizeAsync(authorization, broken);
            if (hasRoomAgain)
            {
                _desk.RoomAvailable(_options.Segment);
            }
        }

        return started;
    }

    private async Task AuthorizeAsync(Authorization authorization, CancellationToken broken)
    {
        try
        {
            authorization.Request = await _desk.AuthorizeAsync(authorization.Ticket, _epoch, broken);
        }
        catch (OperationCanceledException) when (broken.IsCancellationRequested)
        {
            // The session ended first; whatever was journaled is unknown and is not sent.
        }
        catch (Exception failure)
        {
            // Outermost frame of the account's side: without its word nothing may be sent.
            _gate.Break($"The accounts could not authorise order {authorization.Ticket.Key}: {failure.Message}");
        }

        authorization.IsDone = true;
        _signal.Set();
    }

    /// <summary>Sets the timer for the next permit when one is wanted. False when it can be had already, so that nobody must wait.</summary>
    private bool ArmTimer()
    {
        bool isWanted;
        lock (_lock)
        {
            isWanted = _control.Count > 0;
        }

        isWanted |= _gate.MayTrade && _queue.Count > 0 && _credit.Left is not 0 && _underWay.Count < _options.AuthorizationsInFlight;
        var wait = isWanted ? _permits.UntilNext() : null;
        if (wait == TimeSpan.Zero)
        {
            return false;
        }

        if (wait is { } some)
        {
            // Timers count in milliseconds and may fire a little early.
            _permitTimer.Change(some + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    private async Task DropAsync()
    {
        _permits.Flushed();
        foreach (var authorization in _underWay)
        {
            await authorization.Work;
            GiveBack();
        }

        _underWay.Clear();
        NoteQuiet();
    }

    private void NoteQuiet()
    {
        if (_underWay.Count == 0)
        {
            lock (_lock)
            {
                _quiet?.TrySetResult();
            }
        }
    }

    private sealed class Authorization(TapTicket ticket)
    {
        private volatile bool _isDone;

        public TapTicket Ticket { get; } = ticket;

        public TapRequest? Request { get; set; }

        /// <summary>Set last: whoever sees it sees the request too.</summary>
        public bool IsDone
        {
            get => _isDone;
            set => _isDone = value;
        }

        public Task Work { get; set; } = Task.CompletedTask;
    }
}

/// <summary>What the pump asks its session.</summary>
internal interface ISendGate
{
    /// <summary>New orders may be authorised.</summary>
    bool MayTrade { get; }

    /// <summary>What was authorised may still be written.</summary>
    bool MayWrite { get; }

    /// <summary>A message is on its way.</summary>
    /// <param name="order">Null for the session's own.</param>
    void Sent(TapOrder? order);

    void Break(string reason);
}
