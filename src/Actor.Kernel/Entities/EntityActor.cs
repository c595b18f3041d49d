using System.Runtime.CompilerServices;

namespace Backup.Actor.Kernel.Entities;

/// <summary>
/// One entity in memory: a mailbox, a turn loop, and the state that its journal says it has.
/// <code>
///   not loaded --first request--> loading --> idle &lt;--> in turn
///        ^                                      |
///        +---------- failed (back-off) &lt;--------+        closed: passivated, quarantined or region stopped
/// </code>
/// </summary>
/// <param name="epoch">The epoch under which this node held the entity's shard when it woke here; it appends under no other.</param>
internal sealed class EntityActor<TState, TCommand, TEvent, TReply, TEffect>(
    string id, long epoch, EntityHost<TState, TCommand, TEvent, TReply, TEffect> host)
    where TState : class
{
    private readonly Inbox<Request<TCommand, TReply, TState>> _inbox = new(host.Options.InboxCapacity);
    private readonly List<WatchRequest<TCommand, TReply, TState>> _watchers = [];
    private readonly List<Request<TCommand, TReply, TState>> _batch = [];
    private Turn<TState, TCommand, TEvent, TReply, TEffect>? _turn;
    private Task _loop = Task.CompletedTask;

    public string Id => id;

    /// <summary>Timestamp of the last post, for passivation.</summary>
    public long LastUsed { get; private set; } = host.Clock.GetTimestamp();

    public PostResult Post(Request<TCommand, TReply, TState> request)
    {
        LastUsed = host.Clock.GetTimestamp();
        var result = _inbox.Post(request, out var start);
        if (start)
        {
            _loop = RunAsync();
        }

        return result;
    }

    /// <summary>Leaves memory if nobody needs it: nothing waits, nobody watches.</summary>
    public bool TryPassivate()
    {
        if (!_inbox.TryCloseIdle(unless: () => _watchers.Exists(watcher => !watcher.IsGone)))
        {
            return false;
        }

        // Closed while the loop stood still: nobody else looks at the turn any more.
        _turn?.OfferSnapshot(isLeaving: true);
        return true;
    }

    /// <summary>Stops after the turn in flight; everybody who still waits is told that this node does not own the entity.</summary>
    public async Task StopAsync(AskStatus status, string reason)
    {
        foreach (var request in _inbox.CloseAndTakeUnread())
        {
            Refuse(request, status, reason);
        }

        await _loop;
        _watchers.ForEach(watcher => watcher.Fail(id, status, reason));
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        while (_inbox.TryTake(_batch, host.Options.TurnCommandsMax))
        {
            // Waking drives the unfinished work again by itself.
            if (_turn is { } awake && _batch.Exists(static request => request is RedriveRequest<TCommand, TReply, TState>))
            {
                host.Handle(id, awake.RedriveEffects());
            }

            if (_turn is not null || await TryActivateAsync(_batch))
            {
                await HandleAsync(_turn!, _batch);
            }

            _batch.Clear();
        }
    }

    /// <summary>Loads the history on first use and after a failure; false when the entity cannot be served, and all in the batch know.</summary>
    private async Task<bool> TryActivateAsync(List<Request<TCommand, TReply, TState>> batch)
    {
        while (_turn is null)
        {
            var (turn, failure) = await host.ActivateAsync(id, epoch);
            _turn = turn;
            if (turn is not null)
            {
                host.Handle(id, turn.RedriveEffects());
                return true;
            }

            if (failure is null)
            {
                if (_inbox.IsClosed)
                {
                    batch.ForEach(request => Refuse(request, AskStatus.NotOwner, "the journal cannot be read, and this node is stopping"));
                    return false;
                }

                await host.WaitForJournalAsync();
                continue;
            }

            if (host.RecordFailure(id, failure))
            {
                batch.ForEach(request => Refuse(request, AskStatus.Quarantined, failure));
                _ = StopAsync(AskStatus.Quarantined, failure);
                return false;
            }

            await host.BackOffAsync(id);
        }

        return true;
    }

    // Awaited once, by the loop above, so its state may live in a pool instead of on the heap for every turn.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask HandleAsync(Turn<TState, TCommand, TEvent, TReply, TEffect> turn, List<Request<TCommand, TReply, TState>> batch)
    {
        var result = await turn.RunAsync(batch);
        foreach (var request in batch)
        {
            if (request is WatchRequest<TCommand, TReply, TState> watch)
            {
                _watchers.Add(watch);
                watch.Offer(turn.Sequence, turn.State);
            }
        }

        if (result.Stored)
        {
            _watchers.RemoveAll(static watcher => watcher.IsGone);
            foreach (var watcher in _watchers)
            {
                watcher.Offer(turn.Sequence, turn.State);
            }

            host.Handle(id, result.Effects);
            turn.OfferSnapshot(isLeaving: false);
        }

        if (result.Failure is not { } failure)
        {
            return;
        }

        // Reload from the journal: what memory believes is not to be trusted after a failure.
        _turn = null;
        if (!result.IsJournals && host.RecordFailure(id, failure))
        {
            _ = StopAsync(AskStatus.Quarantined, failure);
            return;
        }

        await host.BackOffAsync(id);
    }

    private void Refuse(Request<TCommand, TReply, TState> request, AskStatus status, string reason)
    {
        switch (request)
        {
            case CommandRequest<TCommand, TReply, TState> command:
                command.Complete(status, default, reason);
                break;
            case WatchRequest<TCommand, TReply, TState> watch:
                watch.Fail(id, status, reason);
                break;
        }
    }
}
