using System.Threading.Channels;

namespace Backup.Tap.Stream;

/// <summary>
/// Hands reports to the accounts: those of one account in order, those of different accounts at the same time. A slow account
/// holds up one worker and nobody else; when too many reports wait, the reader waits.
/// </summary>
internal sealed class ReportLanes : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly Channel<Lane> _ready;
    private readonly SemaphoreSlim _room;
    private readonly Func<ExchangeReport, ValueTask> _apply;
    private readonly Action<MarkTicket> _applied;
    private readonly Action<Exception> _failed;
    private TaskCompletionSource? _idle;
    private int _waiting;
    private bool _isComplete;

    /// <param name="workers">Accounts served at the same time.</param>
    /// <param name="limit">Reports that may wait.</param>
    /// <param name="apply">Applies one report durably.</param>
    /// <param name="applied">Told after a report is durable.</param>
    /// <param name="failed">Told when a report could not be applied; what follows it on its account is not applied either.</param>
    public ReportLanes(int workers, int limit, Func<ExchangeReport, ValueTask> apply, Action<MarkTicket> applied, Action<Exception> failed)
    {
        (_apply, _applied, _failed) = (apply, applied, failed);
        _room = new SemaphoreSlim(limit, limit);
        _ready = Channel.CreateBounded<Lane>(new BoundedChannelOptions(limit));
        Workers = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync()));
    }

    /// <summary>Ends when <see cref="Complete"/> was called and everything taken on is done.</summary>
    public Task Workers { get; }

    public async ValueTask AddAsync(ExchangeReport report, MarkTicket mark, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _waiting++;
            if (!_lanes.TryGetValue(report.Account, out var lane))
            {
                _lanes.Add(report.Account, lane = new Lane(report.Account));
            }

            lane.Reports.Enqueue((report, mark));
            Schedule(lane);
        }
    }

    /// <summary>Completes when nothing waits to be applied.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            if (_waiting == 0)
            {
                return Task.CompletedTask;
            }

            _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }

    /// <summary>No more reports come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            EndWhenDone();
        }
    }

    public void Dispose() => _room.Dispose();

    private void Schedule(Lane lane)
    {
        if (!lane.IsScheduled)
        {
            lane.IsScheduled = true;
            _ready.Writer.TryWrite(lane);
        }
    }

    private async Task WorkAsync()
    {
        while (await _ready.Reader.WaitToReadAsync())
        {
            while (_ready.Reader.TryRead(out var lane))
            {
                await ServeAsync(lane);
            }
        }
    }

    private async Task ServeAsync(Lane lane)
    {
        (ExchangeReport Report, MarkTicket Mark) next;
        lock (_gate)
        {
            next = lane.Reports.Dequeue();
        }

        try
        {
            if (!lane.HasFailed)
            {
                await _apply(next.Report);
                _applied(next.Mark);
            }
        }
        catch (Exception failure)
        {
            // Outermost frame of the account's side: the session is broken, and the report comes again by download.
            lane.HasFailed = true;
            _failed(failure);
        }

        Done(lane);
    }

    private void Done(Lane lane)
    {
        lock (_gate)
        {
            _waiting--;
            _room.Release();
            lane.IsScheduled = false;
            if (lane.Reports.Count > 0)
            {
                // To the back: every account with news gets its turn.
                Schedule(lane);
            }
            else if (!lane.HasFailed)
            {
                _lanes.Remove(lane.Account);
            }

            if (_waiting == 0)
            {
                _idle?.TrySetResult();
                _idle = null;
            }

            EndWhenDone();
        }
    }

    private void EndWhenDone()
    {
        if (_isComplete && _waiting == 0)
        {
            _ready.Writer.TryComplete();
        }
    }

    private sealed class Lane(string account)
    {
        public string Account { get; } = account;

        public Queue<(ExchangeReport Report, MarkTicket Mark)> Reports { get; } = new();

        public bool HasFailed { get; set; }

        /// <summary>It waits for a worker or has one.</summary>
        public bool IsScheduled { get; set; }
    }
}
