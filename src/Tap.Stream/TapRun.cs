using Backup.Exchange.Wire;

namespace Backup.Tap.Stream;

/// <summary>One session: from the router's answer to its one break. It is never used again.</summary>
internal sealed partial class TapRun : ISendGate, IDisposable
{
    private readonly TapMemory _memory;
    private readonly TapSessionOptions _options;
    private readonly long _epoch;
    private readonly Func<bool> _isPaused;
    private readonly Lock _gate = new();
    private readonly TapSessionMachine _machine;
    private readonly CancellationTokenSource _broken = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly ReportLanes _lanes;
    private readonly InboundDecoder _decoder;
    private SendPump? _pump;
    private Task _recovering = Task.CompletedTask;
    private Task _signingOff = Task.CompletedTask;
    private readonly KillSwitch _killSwitch;
    private readonly OwedAnswers _owed;
    private volatile bool _isReading = true;
    private volatile bool _hasReadAll;
    private volatile bool _isStopping;

    public TapRun(TapMemory memory, long epoch, Func<bool> isPaused)
    {
        (_memory, _options, _epoch, _isPaused) = (memory, memory.Options, epoch, isPaused);
        _machine = new TapSessionMachine(_options, memory.Credentials, memory.Marks.Mark);
        _decoder = new InboundDecoder(memory);
        _killSwitch = new KillSwitch(_options, memory.Clock);
        _owed = new OwedAnswers(memory.Clock);
        _lanes = new ReportLanes(
            _options.ApplyLanes,
            _options.ReportsWaitingLimit,
            report => memory.Desk.ApplyAsync(report, _giveUp.Token),
            memory.Marks.Applied,
            failure => Break($"The accounts could not apply a report: {failure.Message}", BreakKind.Ordinary));
    }

    public (string Reason, BreakKind Kind)? Outcome { get; private set; }

    /// <summary>It came so far that orders could go: the next wait starts small again.</summary>
    public bool ReachedTrading { get; private set; }

    public TapSessionState State => _machine.State;

    public int EndTime => _machine.EndTime;

    public bool IsBroken => Outcome is not null;

    public bool MayWrite => _machine.State == TapSessionState.Trading && !IsBroken;

    public bool MayTrade => MayWrite && !_isStopping && !_isPaused();

    public void Wake() => _pump?.Wake();

    /// <summary>Runs the session to its end. Never throws for what the exchange or the network does.</summary>
    public async Task RunAsync(int? knownEndTime, CancellationToken stop)
    {
        _memory.Marks.BeginSession();
        _memory.Credit.BeginSession();
        _memory.Capture.Session = _epoch;
        _memory.Credit.Granted = Wake;
        ITapLine? line = null;
        try
        {
            line = await OpenAsync(stop);
        }
        catch (Exception failure) when (failure is IOException or System.Net.Sockets.SocketException or OperationCanceledException or WireFormatException or ArgumentException)
        {
            var (reason, kind) = stop.IsCancellationRequested
                ? ("Stopped.", BreakKind.Orderly)
                : ($"No connection to the exchange: {(failure is OperationCanceledException ? "it did not answer in time" : failure.Message.TrimEnd('.'))}.", BreakKind.Ordinary);
            Break(reason, kind);
        }

        if (line is not null)
        {
            await ServeAsync(line, knownEndTime, stop);
        }

        _lanes.Complete();
        await _lanes.Workers;
    }

    public void Break(string reason) => Break(reason, BreakKind.Ordinary);

    public void Sent(TapOrder? order)
    {
        if (order is not null)
        {
            _owed.Sent(order);
        }

        var now = _memory.Clock.GetUtcNow();
        lock (_gate)
        {
            _machine.Said(now);
        }

        _memory.Gauges.Sent(now);
    }

    /// <summary>Asks the exchange to take out every open order of this user (NSE-TAP.md 3.5). Its cancellations come as reports.</summary>
    public Task<KillSwitchOutcome> KillAsync(CancellationToken cancellationToken) => MayWrite && _pump is { } pump
        ? _killSwitch.AskAsync(pump.Say, _broken.Token, cancellationToken)
        : Task.FromResult(KillSwitch.NoSession);

    public void Dispose()
    {
        _pump?.Dispose();
        _decoder.Dispose();
        _lanes.Dispose();
        _broken.Dispose();
        _giveUp.Dispose();
    }

    /// <summary>Ends the session; the first reason stays. May be called from anywhere, any number of times.</summary>
    private void Break(string reason, BreakKind kind)
    {
        lock (_gate)
        {
            if (Outcome is not null)
            {
                return;
            }

            Outcome = (reason, kind);
        }

        _broken.Cancel();
    }

    /// <summary>Asks the router and connects to the gateway it names; null when the router refuses.</summary>
    private async Task<ITapLine?> OpenAsync(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_options.ConnectTimeout + _options.AnswerTimeout, _memory.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        byte[] request;
        lock (_gate)
        {
            request = _machine.Start(_memory.Clock.GetUtcNow());
        }

        var router = await _memory.Dial.DialRouterAsync(_options.RouterHost, _options.RouterPort, either.Token);
        var answer = await RouterLeg.AskAsync(router, request, either.Token);
        TapStep step;
        lock (_gate)
        {
            step = _machine.RouterAnswered(answer, router.IsProtected);
        }

        Carry(step);
        if (step.Gateway is not { } gateway)
        {
            return null;
        }

        _memory.Gauges.Gateway = $"{gateway.Host}:{gateway.Port}";
        _memory.Gauges.Link = _machine.Keys.Mode;
        return await _memory.Dial.DialAsync(gateway.Host, gateway.Port, either.Token);
    }

    private async Task ServeAsync(ITapLine line, int? knownEndTime, CancellationToken stop)
    {
        _decoder.Begin(_machine.Keys);
        _pump = new SendPump(_options, new LinkWriter(line.Output, _machine.Keys, _memory.Capture), _memory.Queue, _memory.Permits, _memory.Credit, _memory.Desk, _epoch, this, _memory.Clock);
        TapStep first;
        lock (_gate)
        {
            first = _machine.GatewayConnected(_memory.Clock.GetUtcNow());
        }

        Carry(first);
        var reading = ReadAsync(line, knownEndTime);
        var pumping = _pump.RunAsync(_broken.Token);
        var ticking = TickAsync();
        await using (stop.Register(BeginSignOff))
        {
            await ticking;
        }

        // The line is closed only now: a sign-off answer or a last report may still have been on its way.
        line.Close();
        await reading;
        await pumping;
        await EndLanesAsync();
        await _recovering;
        await _signingOff;
        await _memory.Desk.SessionLostAsync(_options.Segment, _epoch, Outcome!.Value.Reason);
    }

    private void BeginSignOff()
    {
        _isStopping = true;
        _signingOff = SignOffAsync();
    }

    /// <summary>Signs off once everything authorised has been written, but does not wait for that for ever.</summary>
    private async Task SignOffAsync()
    {
        try
        {
            await _pump!.WhenQuietAsync().WaitAsync(_options.SignOffTimeout, _memory.Clock);
        }
        catch (TimeoutException)
        {
            _memory.Tell(TapEventLevel.Warning, "An authorisation under way did not end in time; its order is unknown until the next session.");
        }

        TapStep step;
        lock (_gate)
        {
            step = _machine.SignOff(_memory.Clock.GetUtcNow());
        }

        Carry(step);
    }

    /// <summary>What was received is a fact and is still applied, but not for ever.</summary>
    private async Task EndLanesAsync()
    {
        _lanes.Complete();
        try
        {
            await _lanes.Workers.WaitAsync(_options.DrainTimeout, _memory.Clock);
        }
        catch (TimeoutException)
        {
            _memory.Tell(TapEventLevel.Warning, "Reports of the ended session were not applied in time; they come again by download.");
            _giveUp.Cancel();
            await _lanes.Workers;
        }
    }

    private async Task TickAsync()
    {
        while (!IsBroken)
        {
            TapStep step;
            lock (_gate)
            {
                step = _machine.Tick(_memory.Clock.GetUtcNow(), _isReading);
            }

            Carry(step);
            if (_hasReadAll && _owed.Overdue(_options.OrderAnswerTimeout) is { } overdue)
            {
                Break(overdue);
            }

            try
            {
                await Task.Delay(_options.TickInterval, _memory.Clock, _broken.Token);
            }
            catch (OperationCanceledException)
            {
                // Broken; the loop ends.
            }
        }
    }

    private void Carry(TapStep step)
    {
        if (step.Send is { } message)
        {
            _memory.Gauges.NoteHeartbeat(message, _memory.Clock.GetUtcNow());
            _pump!.Say(message);
        }

        if (step.Break is { } reason)
        {
            Break(reason, step.Kind);
        }

        if (step.IsDownloaded)
        {
            _recovering = RecoverAsync();
        }
    }

    private async Task RecoverAsync()
    {
        try
        {
            await _lanes.WhenIdleAsync();
            if (IsBroken)
            {
                return;
            }

            var hasHole = _memory.Gauges.TakeHole();
            await _memory.Desk.RecoveryCompletedAsync(_options.Segment, _epoch, hasHole, _broken.Token);
            lock (_gate)
            {
                _machine.RecoveryCompleted();
            }

            ReachedTrading = true;
            _memory.Gauges.SignedOnAt = _memory.Clock.GetUtcNow();
            _memory.Tell(TapEventLevel.Info, hasHole ? "Trading; a part of the download could not be read." : "Trading.");
            _pump!.Wake();
        }
        catch (Exception failure)
        {
            // Outermost frame of the account's side: without its word no order may go. When the session ended first, its reason stays.
            Break($"The accounts could not complete the recovery: {failure.Message}");
        }
    }
}
