using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>
/// Keeps one box of one segment in session with the exchange: connects, signs on, recovers, sends what the accounts authorise at
/// the contracted rate, hands what the exchange says to the accounts, and begins again when the session breaks.
/// </summary>
/// <remarks>
/// Run it once. Tickets may be offered from any thread at any time, also while there is no session: they keep their place.
/// </remarks>
public sealed class TapSession
{
    private readonly TapMemory _memory;
    private readonly TapSessionOptions _options;
    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private readonly Action<TapEvent>? _listener;
    private readonly AsyncSignal _resumed = new();
    private TapRun? _run;
    private long _epoch;
    private int _attempt;
    private int _wrongPasswords;
    private int? _endTime;
    private volatile bool _isPaused;
    private volatile bool _isStopped;

    /// <param name="options">Checked here.</param>
    /// <param name="desk">The accounts' side.</param>
    /// <param name="clock">The only source of time.</param>
    /// <param name="chance">Spreads the waits between attempts.</param>
    /// <param name="listener">Told what an operator may want in a log; must return quickly.</param>
    /// <param name="dial">How to connect; TCP when null.</param>
    /// <exception cref="ArgumentException">An option cannot be used; the message names it.</exception>
    public TapSession(
        TapSessionOptions options,
        ITapDesk desk,
        TimeProvider clock,
        Random chance,
        Action<TapEvent>? listener = null,
        ITapDial? dial = null)
    {
        _options = options.Checked();
        (_clock, _chance, _listener) = (clock, chance, listener);
        _epoch = options.FirstSessionEpoch - 1;
        _memory = new TapMemory(
            _options,
            desk,
            dial ?? SocketDial.By(options),
            clock,
            new TicketQueue(options.WaitingLimit),
            new SendPermits(options.MessagesPerSecond, options.RateWindow, clock),
            new StreamMarks(clock),
            new TapGauges(),
            new FrameCapture(options.Segment, options.CaptureFrames, clock),
            new InvitationCredit(options.Invitations),
            new Credentials(options.Password, options.NewPassword),
            Tell);
    }

    public Segment Segment => _options.Segment;

    public TapStatus Status
    {
        get
        {
            var gauges = _memory.Gauges;
            var (sent, received, _, receivedAt, sentAt, heartbeatAt) = gauges.Read();
            var run = _run;
            return new TapStatus(
                _options.Segment,
                _isStopped ? TapSessionState.Stopped : run is { IsBroken: false } ? run.State : TapSessionState.Disconnected,
                Math.Max(_epoch, 0),
                _options.BoxId,
                _options.UserId,
                $"{_options.RouterHost}:{_options.RouterPort}",
                gauges.Gateway,
                gauges.Link,
                _options.MessagesPerSecond,
                _memory.Permits.SentInLastSecond(),
                _memory.Queue.Count,
                _options.WaitingLimit,
                sent,
                received,
                receivedAt,
                sentAt,
                heartbeatAt,
                gauges.SignedOnAt,
                gauges.LastBreak,
                gauges.Breaks,
                _memory.Credit.Left,
                gauges.Unread,
                gauges.LastUnread,
                _memory.Marks.Positions);
        }
    }

    /// <summary>Messages of the exchange that mean nothing to us, counted.</summary>
    public long Ignored => _memory.Gauges.Read().Ignored;

    /// <summary>The last frames said and heard, oldest first, secrets starred.</summary>
    public IReadOnlyList<CapturedFrame> Captured => _memory.Capture.Read();

    /// <summary>Takes every open order of the user out of the exchange's book. Orders in the queue are not touched: pause first.</summary>
    public async Task<KillSwitchOutcome> KillAsync(CancellationToken cancellationToken) =>
        _run is { } run ? await run.KillAsync(cancellationToken) : KillSwitch.NoSession;

    /// <summary>Queues a ticket for its permit. Never blocks.</summary>
    public TicketResult Offer(TapTicket ticket)
    {
        var result = _memory.Queue.Offer(ticket);
        _run?.Wake();
        return result;
    }

    /// <summary>How many tickets go before the one with this key, plus one; 0 when none waits.</summary>
    public int PlaceInQueue(string key) => _memory.Queue.PlaceOf(key);

    /// <summary>No further order leaves; the session stays, reports come in, tickets keep their place.</summary>
    public void Pause() => _isPaused = true;

    /// <summary>Orders go again. A waiting or given-up reconnect is tried at once.</summary>
    public void Resume()
    {
        _isPaused = false;
        _resumed.Set();
        _run?.Wake();
    }

    /// <summary>Keeps the box in session until cancelled; then signs off in order and returns.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var epoch = ++_epoch;
            using var run = new TapRun(_memory, epoch, () => _isPaused);
            _run = run;
            await run.RunAsync(_endTime, cancellationToken);
            NoteEnd(run);
            if (!cancellationToken.IsCancellationRequested)
            {
                await WaitAsync(run, cancellationToken);
            }

            _run = null;
        }

        _isStopped = true;
        Tell(TapEventLevel.Info, "Stopped.");
    }

    private void NoteEnd(TapRun run)
    {
        var (reason, kind) = run.Outcome!.Value;
        _memory.Gauges.LastBreak = reason;
        _memory.Gauges.SignedOnAt = null;
        if (kind != BreakKind.Orderly)
        {
            _memory.Gauges.Breaks++;
        }

        if (run.EndTime != 0)
        {
            _endTime = run.EndTime;
            _wrongPasswords = 0;
        }

        if (kind == BreakKind.WrongPassword)
        {
            _wrongPasswords++;
        }

        _attempt = run.ReachedTrading ? 0 : _attempt + 1;
        Tell(kind == BreakKind.Ordinary ? TapEventLevel.Warning : kind == BreakKind.Orderly ? TapEventLevel.Info : TapEventLevel.Error, reason);
    }

    private async Task WaitAsync(TapRun run, CancellationToken cancellationToken)
    {
        var kind = run.Outcome!.Value.Kind;
        if (kind == BreakKind.WrongPassword && _wrongPasswords >= _options.SignOnTriesMax)
        {
            _memory.Gauges.LastBreak += $" Given up after {_wrongPasswords} tries, because one more locks the user; correct the password and resume.";
            Tell(TapEventLevel.Error, _memory.Gauges.LastBreak!);
            await WakeOrAsync(Timeout.InfiniteTimeSpan, cancellationToken);
            _wrongPasswords = 0;
            return;
        }

        await WakeOrAsync(kind is BreakKind.Refused or BreakKind.WrongPassword ? _options.RefusedBackoff : Backoff(), cancellationToken);
    }

    private TimeSpan Backoff()
    {
        // Doubling, and a third of it by chance, so that many boxes do not come back in step.
        var doublings = Math.Min(_attempt, 20);
        var ticks = Math.Min(_options.BackoffFirst.Ticks * (1L << doublings), _options.BackoffMax.Ticks);
        return TimeSpan.FromTicks((ticks * 2 / 3) + _chance.NextInt64((ticks / 3) + 1));
    }

    private async Task WakeOrAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        // A resume from before this wait must not shorten it.
        _resumed.Clear();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = WakeAsync(either);
        try
        {
            await Task.Delay(wait, _clock, either.Token);
        }
        catch (OperationCanceledException)
        {
            // Resumed or stopped: either way the wait is over.
        }

        if (!woken.IsCompleted)
        {
            // Nobody resumed: let the signal's one waiter go before the next wait takes its place.
            _resumed.Set();
        }

        await woken;
    }

    private async Task WakeAsync(CancellationTokenSource wait)
    {
        await _resumed.WaitAsync();
        wait.Cancel();
    }

    private void Tell(TapEventLevel level, string text) =>
        _listener?.Invoke(new TapEvent(_clock.GetUtcNow(), _options.Segment, _epoch, level, text));
}
