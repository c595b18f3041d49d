using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Regions;

/// <summary>
/// The entities that live on this node: found or woken by id, put to sleep when idle, out of reach when quarantined.
/// </summary>
public sealed class EntityRegion<TState, TCommand, TEvent, TReply, TEffect> : IEntityRegion<TCommand, TReply, TState>, IAsyncDisposable
    where TState : class
{
    private readonly ConcurrentDictionary<string, EntityActor<TState, TCommand, TEvent, TReply, TEffect>> _active = new(StringComparer.Ordinal);
    private readonly EntityHost<TState, TCommand, TEvent, TReply, TEffect> _host;
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly RegionOptions _options;
    private readonly ITimer _sweep;
    private readonly ConcurrentDictionary<int, long> _shards = new();
    private volatile bool _stopped;

    /// <param name="epoch">The epoch under which this node holds every shard; null: none is open until <see cref="Open"/>.</param>
    /// <param name="snapshots">Null: every history is folded from its beginning.</param>
    public EntityRegion(
        IEntityBehavior<TState, TCommand, TEvent, TReply, TEffect> behavior,
        IEventCodec<TEvent> codec,
        IJournal journal,
        long? epoch,
        TimeProvider clock,
        RegionOptions options,
        IRegionObserver<TEffect> observer,
        StateSnapshots<TState>? snapshots = null)
    {
        _journal = journal;
        _clock = clock;
        _options = options;
        _host = new EntityHost<TState, TCommand, TEvent, TReply, TEffect>(behavior, codec, journal, clock, options, observer, snapshots);
        for (var shard = 0; epoch is { } held && shard < options.Shards; shard++)
        {
            Open(shard, held);
        }

        var period = options.IdleTimeout / 4;
        _sweep = clock.CreateTimer(_ => PassivateIdle(), null, period, period);
    }

    /// <summary>Entities in memory.</summary>
    public int ActiveCount => _active.Count;

    /// <summary>Their ids, in no order.</summary>
    public ICollection<string> Active => _active.Keys;

    /// <summary>Shards whose entities live here, each with the epoch under which this node appends.</summary>
    public IReadOnlyDictionary<int, long> Shards => _shards;

    public long Commits => _host.Commit.Commits;

    public long Records => _host.Commit.Records;

    public SnapshotFigures Snapshots => _host.Snapshots is { } writer
        ? new SnapshotFigures(writer.Waiting, writer.Stored, writer.Dropped, _host.SnapshotsPassedOver, writer.Trouble)
        : default;

    /// <summary>Entities out of service, with the reason.</summary>
    public IReadOnlyDictionary<string, string> Quarantined => _host.Quarantine;

    public Task<AskResult<TReply>> AskAsync(
        string entityId, TCommand command, TimeSpan deadline, CancellationToken cancellationToken = default)
    {
        var request = new CommandRequest<TCommand, TReply, TState>(command, ExpiresAfter(deadline));
        switch (Post(entityId, request, out var quarantine))
        {
            case PostResult.Full:
                return Task.FromResult(new AskResult<TReply>(AskStatus.Busy, default, "the account has too many commands waiting"));
            case PostResult.Closed when quarantine is not null:
                return Task.FromResult(new AskResult<TReply>(AskStatus.Quarantined, default, quarantine));
            case PostResult.Closed:
                return Task.FromResult(new AskResult<TReply>(AskStatus.NotOwner, default, _stopped ? "this node is stopping" : "this node does not own the account's shard"));
            default:
                request.WaitAtMost(deadline, _clock, cancellationToken);
                return request.Answer;
        }
    }

    public async IAsyncEnumerable<WatchedView<TState>> WatchAsync(
        string entityId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = PostWatch(entityId, afterSequence);
        try
        {
            while (await watch.Reader.WaitToReadAsync(cancellationToken))
            {
                while (watch.Reader.TryRead(out var view))
                {
                    yield return view;
                }
            }
        }
        finally
        {
            watch.Leave();
        }
    }

    /// <summary>The first state newer than a sequence; null when there was none within <paramref name="atMost"/>.</summary>
    /// <exception cref="EntityUnavailableException">The entity is not here, or left meanwhile.</exception>
    internal async Task<WatchedView<TState>?> NextAsync(string entityId, long afterSequence, TimeSpan atMost)
    {
        var watch = PostWatch(entityId, afterSequence);
        using var timer = _clock.CreateTimer(static watch => ((WatchRequest<TCommand, TReply, TState>)watch!).End(), watch, atMost, Timeout.InfiniteTimeSpan);
        var view = await watch.Reader.WaitToReadAsync() && watch.Reader.TryRead(out var newer) ? newer : (WatchedView<TState>?)null;
        watch.Leave();
        return view;
    }

    /// <summary>This node has taken the shard: its entities may live here, and append under this epoch.</summary>
    public void Open(int shard, long epoch)
    {
        if (!_shards.TryAdd(shard, epoch))
        {
            throw new InvalidOperationException($"shard {shard} is open already; close it before it is opened under epoch {epoch}");
        }
    }

    /// <summary>
    /// Nothing more is done for the shard here: who asks is told so at once. Returns when every turn in flight has ended, so that the shard can be
    /// given away.
    /// </summary>
    public async Task CloseAsync(int shard)
    {
        _shards.TryRemove(shard, out _);
        await Task.WhenAll(_active
            .Where(active => _host.ShardOf(active.Key) == shard)
            .Select(async active =>
            {
                await active.Value.StopAsync(AskStatus.NotOwner, "the shard has left this node");
                _active.TryRemove(active);
            }));
    }

    /// <summary>Whether the entity's shard is open here.</summary>
    public bool IsHere(string entityId) => _shards.ContainsKey(_host.ShardOf(entityId));

    /// <summary>Has every entity of the open shards that has unfinished work drive its effects again. Returns how many there are.</summary>
    public Task<int> WakePendingAsync(CancellationToken cancellationToken) => WakePendingAsync([.. _shards.Keys], cancellationToken);

    /// <inheritdoc cref="WakePendingAsync(CancellationToken)"/>
    public async Task<int> WakePendingAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        var pending = await _journal.ReadPendingWorkAsync(shards, cancellationToken);
        foreach (var entity in pending)
        {
            Post(entity, new RedriveRequest<TCommand, TReply, TState>(), out _);
        }

        return pending.Count;
    }

    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        await _sweep.DisposeAsync();
        _host.Stop();
        foreach (var actor in _active.Values)
        {
            await actor.StopAsync(AskStatus.NotOwner, "this node is stopping");
        }

        await _host.Commit.DrainAsync();
        await (_host.Snapshots?.StopAsync() ?? Task.CompletedTask);
        _host.Dispose();
    }

    private WatchRequest<TCommand, TReply, TState> PostWatch(string entityId, long afterSequence)
    {
        var watch = new WatchRequest<TCommand, TReply, TState>(afterSequence);
        return Post(entityId, watch, out var quarantine) == PostResult.Posted
            ? watch
            : throw new EntityUnavailableException(entityId, quarantine is null ? AskStatus.NotOwner : AskStatus.Quarantined, quarantine ?? "busy or not here");
    }

    private PostResult Post(string entityId, Request<TCommand, TReply, TState> request, out string? quarantine)
    {
        while (!_stopped)
        {
            if (_host.Quarantine.TryGetValue(entityId, out quarantine))
            {
                return PostResult.Closed;
            }

            var shard = _host.ShardOf(entityId);
            if (!_shards.TryGetValue(shard, out var epoch))
            {
                return PostResult.Closed;
            }

            var actor = _active.GetOrAdd(
                entityId, static (id, held) => new EntityActor<TState, TCommand, TEvent, TReply, TEffect>(id, held.Epoch, held.Host), (Epoch: epoch, Host: _host));
            if (!_shards.TryGetValue(shard, out var still) || still != epoch)
            {
                // The shard was closed between the two looks: whoever closed it has not seen this actor.
                _ = actor.StopAsync(AskStatus.NotOwner, "the shard has left this node");
                _active.TryRemove(new KeyValuePair<string, EntityActor<TState, TCommand, TEvent, TReply, TEffect>>(entityId, actor));
                continue;
            }

            var posted = actor.Post(request);
            if (posted != PostResult.Closed)
            {
                return posted;
            }

            // A closed incarnation makes room for the next one.
            _active.TryRemove(new KeyValuePair<string, EntityActor<TState, TCommand, TEvent, TReply, TEffect>>(entityId, actor));
        }

        quarantine = null;
        return PostResult.Closed;
    }

    private long ExpiresAfter(TimeSpan deadline) =>
        _clock.GetTimestamp() + checked((long)(deadline.TotalSeconds * _clock.TimestampFrequency));

    private void PassivateIdle()
    {
        foreach (var (id, actor) in _active)
        {
            if (_clock.GetElapsedTime(actor.LastUsed) >= _options.IdleTimeout && actor.TryPassivate())
            {
                _active.TryRemove(new KeyValuePair<string, EntityActor<TState, TCommand, TEvent, TReply, TEffect>>(id, actor));
            }
        }
    }
}

/// <summary>What became of a region's snapshots.</summary>
/// <param name="Dropped">They found no place in the queue.</param>
/// <param name="PassedOver">They were there when their entity woke and could not be used: damaged, of another version, or of another history.</param>
/// <param name="Trouble">Why the last ones were not stored; null when they were.</param>
public readonly record struct SnapshotFigures(int Waiting, long Stored, long Dropped, long PassedOver, string? Trouble);
