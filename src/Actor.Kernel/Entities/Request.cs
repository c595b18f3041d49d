using System.Threading.Channels;

namespace Backup.Actor.Kernel.Entities;

/// <summary>Something waiting in an entity's inbox.</summary>
internal abstract class Request<TCommand, TReply, TState>;

/// <summary>A command and whoever waits for its answer.</summary>
/// <param name="expiresAt">Timestamp of the region's clock after which it is not looked at any more.</param>
internal sealed class CommandRequest<TCommand, TReply, TState>(TCommand command, long expiresAt) : Request<TCommand, TReply, TState>
{
    private readonly TaskCompletionSource<AskResult<TReply>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;
    private TimeSpan _deadline;

    public TCommand Command => command;

    public long ExpiresAt => expiresAt;

    public Task<AskResult<TReply>> Answer => _answer.Task;

    /// <summary>From now on the asker waits at most this long. One timer, gone with the answer.</summary>
    public void WaitAtMost(TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (_answer.Task.IsCompleted)
        {
            return;
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (request, token) => ((CommandRequest<TCommand, TReply, TState>)request!).Cancel(token), this);
        }

        _deadline = deadline;
        _timer = clock.CreateTimer(static request => ((CommandRequest<TCommand, TReply, TState>)request!).GiveUp(), this, deadline, Timeout.InfiniteTimeSpan);
        if (_answer.Task.IsCompleted)
        {
            // The answer came while the timer was made, and may not have seen it.
            StopWaiting();
        }
    }

    public void Complete(AskStatus status, TReply? reply, string? detail = null)
    {
        _answer.TrySetResult(new AskResult<TReply>(status, reply, detail));
        StopWaiting();
    }

    private void Cancel(CancellationToken token)
    {
        _answer.TrySetCanceled(token);
        _timer?.Dispose();
    }

    private void GiveUp() =>
        Complete(AskStatus.OutcomeUnknown, default, $"no answer within {_deadline.TotalMilliseconds:F0} ms");

    private void StopWaiting()
    {
        _timer?.Dispose();
        _cancellation.Dispose();
    }
}

/// <summary>Somebody wants to see every newer state of the entity.</summary>
internal sealed class WatchRequest<TCommand, TReply, TState>(long afterSequence) : Request<TCommand, TReply, TState>
{
    /// <summary>One place, the newest state: a slow reader skips, and costs no more than this.</summary>
    private readonly Channel<WatchedView<TState>> _latest = Channel.CreateBounded<WatchedView<TState>>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true, SingleWriter = true });

    public ChannelReader<WatchedView<TState>> Reader => _latest.Reader;

    public bool IsGone { get; private set; }

    public void Offer(long sequence, TState state)
    {
        if (sequence > afterSequence)
        {
            _latest.Writer.TryWrite(new WatchedView<TState>(sequence, state));
        }
    }

    public void Fail(string entityId, AskStatus status, string reason) =>
        _latest.Writer.TryComplete(new Regions.EntityUnavailableException(entityId, status, reason));

    public void Leave() => IsGone = true;

    /// <summary>Nobody waits any more: the reader is told that nothing newer comes.</summary>
    public void End()
    {
        Leave();
        _latest.Writer.TryComplete();
    }
}

/// <summary>Nobody waits: the entity is only to drive its unfinished work again.</summary>
internal sealed class RedriveRequest<TCommand, TReply, TState> : Request<TCommand, TReply, TState>;
