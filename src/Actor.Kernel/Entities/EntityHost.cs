using System.Collections.Concurrent;
using System.Collections.Immutable;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;

namespace Backup.Actor.Kernel.Entities;

/// <summary>What every entity of one region shares: the behaviour, the journal, the clock, the limits, and the failure records.</summary>
internal sealed class EntityHost<TState, TCommand, TEvent, TReply, TEffect>(
    IEntityBehavior<TState, TCommand, TEvent, TReply, TEffect> behavior,
    IEventCodec<TEvent> codec,
    IJournal journal,
    TimeProvider clock,
    RegionOptions options,
    IRegionObserver<TEffect> observer,
    StateSnapshots<TState>? snapshots) : IDisposable
    where TState : class
{
    private readonly ConcurrentDictionary<string, Failures> _failures = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Histories<TState> _histories = new(journal, snapshots, options.ActivationBatchMax);

    private sealed record Failures(long WindowStart, int Count, string Reason);

    public IEntityBehavior<TState, TCommand, TEvent, TReply, TEffect> Behavior => behavior;

    public IEventCodec<TEvent> Codec => codec;

    public GroupCommit Commit { get; } = new(journal);

    /// <summary>Null: no snapshots are kept.</summary>
    public SnapshotWriter<TState>? Snapshots { get; } = snapshots is null ? null : new(snapshots, clock, options);

    public long SnapshotsPassedOver => _histories.PassedOver;

    public TimeProvider Clock => clock;

    public RegionOptions Options => options;

    public ConcurrentDictionary<string, string> Quarantine { get; } = new(StringComparer.Ordinal);

    public int ShardOf(string entityId) => StableHash.Shard(entityId, options.Shards);

    public void Handle(string entityId, ImmutableArray<TEffect> effects)
    {
        if (!effects.IsDefaultOrEmpty)
        {
            observer.Handle(entityId, effects);
        }
    }

    public void Defect(string entityId, Exception defect) => observer.Defect(entityId, defect);

    public void Fenced(string entityId) => observer.Fenced(ShardOf(entityId));

    /// <summary>Folds the history of one entity, or what of it is not in its snapshot; a gap, a broken chain or an unknown event is a failure, never skipped.</summary>
    /// <returns>The entity; or why it cannot be served; or neither, when the journal cannot be read at the moment, which is no fault of the entity's.</returns>
    public async Task<(Turn<TState, TCommand, TEvent, TReply, TEffect>? Turn, string? Failure)> ActivateAsync(string entityId, long epoch)
    {
        Beginning<TState> beginning;
        try
        {
            beginning = await _histories.ReadAsync(entityId);
        }
        catch (JournalException)
        {
            return (null, null);
        }
        catch (Exception broken)
        {
            return (null, broken.Message);
        }

        try
        {
            var state = beginning.State ?? behavior.Initial(entityId);
            var head = beginning.Head;
            foreach (var record in beginning.Records)
            {
                if (!HashChain.Follows(head, entityId, record))
                {
                    return (null, $"journal record {record.Sequence} of {entityId} does not follow record {head.Sequence}: changed, missing or out of order");
                }

                state = behavior.Evolve(state, codec.Decode(record.Type, record.Version, record.Payload.Span), record.At);
                head = new JournalHead(record.Sequence, record.Hash);
            }

            return (new Turn<TState, TCommand, TEvent, TReply, TEffect>(entityId, epoch, this, state, head, beginning.Head.Sequence), null);
        }
        catch (Exception broken)
        {
            return (null, broken.Message);
        }
    }

    /// <summary>Settles a commit in doubt by reading the head: the hash of the last record identifies our attempt exactly.</summary>
    public async Task<AppendOutcome> SettleAsync(EntityAppend append, JournalHead before)
    {
        try
        {
            var head = await journal.ReadHeadAsync(append.Entity, CancellationToken.None);
            return head.IsSameAs(append.HeadAfter) ? AppendOutcome.Stored
                : head.IsSameAs(before) ? AppendOutcome.NotStored
                : AppendOutcome.Conflict;
        }
        catch (Exception)
        {
            return AppendOutcome.Unknown;
        }
    }

    /// <summary>Counts a failure; true when the entity has had too many in the window and is quarantined from now on.</summary>
    public bool RecordFailure(string entityId, string reason)
    {
        var now = clock.GetTimestamp();
        var failures = _failures.AddOrUpdate(
            entityId,
            _ => new Failures(now, 1, reason),
            (_, old) => clock.GetElapsedTime(old.WindowStart, now) > options.FailureWindow
                ? new Failures(now, 1, reason)
                : old with { Count = old.Count + 1, Reason = reason });
        if (failures.Count < options.FailuresMax)
        {
            return false;
        }

        Quarantine[entityId] = reason;
        _failures.TryRemove(entityId, out _);
        observer.Quarantined(entityId, reason);
        return true;
    }

    /// <summary>Waits before the next activation: doubled at each failure in the window. Ends at once when the region stops.</summary>
    public async Task BackOffAsync(string entityId)
    {
        var count = _failures.TryGetValue(entityId, out var failures) ? failures.Count : 1;
        try
        {
            await Task.Delay(options.RestartBackoff * Math.Pow(2, count - 1), clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: the inbox is closed, the loop finds it empty.
        }
    }

    /// <summary>Waits before a journal that could not be read is tried again. Ends at once when the region stops.</summary>
    public async Task WaitForJournalAsync()
    {
        try
        {
            await Task.Delay(options.RestartBackoff, clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping: whoever waits is told.
        }
    }

    /// <summary>Ends every back-off: nobody will be activated again.</summary>
    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        Snapshots?.Dispose();
    }
}
