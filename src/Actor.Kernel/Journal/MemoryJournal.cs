using System.Runtime.CompilerServices;

namespace Backup.Actor.Kernel.Journal;

/// <summary>The whole contract in memory, for tests and simulations.</summary>
public sealed class MemoryJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<JournalRecord>> _histories = new(StringComparer.Ordinal);
    private readonly List<StoredRecord> _all = [];
    private readonly SortedDictionary<string, int> _pending = new(StringComparer.Ordinal);
    private readonly Dictionary<int, long> _epochs = [];

    /// <summary>Moves a shard to a newer owner: from now on older epochs are fenced.</summary>
    public void TakeShard(int shard, long epoch)
    {
        lock (_gate)
        {
            _epochs[shard] = Math.Max(epoch, _epochs.GetValueOrDefault(shard));
        }
    }

    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var outcomes = new AppendOutcome[batch.Count];
        lock (_gate)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                outcomes[i] = Append(batch[i]);
            }
        }

        return ValueTask.FromResult<IReadOnlyList<AppendOutcome>>(outcomes);
    }

    private AppendOutcome Append(EntityAppend append)
    {
        if (append.Epoch < _epochs.GetValueOrDefault(append.Shard))
        {
            return AppendOutcome.Fenced;
        }

        var history = _histories.GetValueOrDefault(append.Entity) ?? [];
        if (append.Records[0].Sequence != history.Count + 1)
        {
            return AppendOutcome.Conflict;
        }

        _histories[append.Entity] = history;

        history.AddRange(append.Records);
        foreach (var record in append.Records)
        {
            _all.Add(new StoredRecord(_all.Count + 1, append.Shard, append.Entity, append.Epoch, record));
        }

        if (append.PendingWork)
        {
            _pending[append.Entity] = append.Shard;
        }
        else
        {
            _pending.Remove(append.Entity);
        }

        return AppendOutcome.Stored;
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var result = new Dictionary<string, IReadOnlyList<JournalRecord>>(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var entity in entities)
            {
                result[entity] = _histories.TryGetValue(entity, out var history) ? [.. history] : [];
            }
        }

        return ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>(result);
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>(sequences.ToDictionary(
                wanted => wanted.Key,
                IReadOnlyList<JournalRecord> (wanted) => [.. (_histories.GetValueOrDefault(wanted.Key) ?? []).Where(record => record.Sequence >= wanted.Value)],
                StringComparer.Ordinal));
        }
    }

    public ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(
                _histories.TryGetValue(entity, out var history) && history.Count > 0
                    ? new JournalHead(history[^1].Sequence, history[^1].Hash)
                    : JournalHead.Empty);
        }
    }

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>([.. _pending.Keys]);
        }
    }

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>([.. _pending.Where(pending => shards.Contains(pending.Value)).Select(pending => pending.Key)]);
        }
    }

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<string>>([.. _histories.Keys.Order(StringComparer.Ordinal)]);
        }
    }

    public async IAsyncEnumerable<StoredRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoredRecord[] all;
        lock (_gate)
        {
            all = [.. _all];
        }

        foreach (var record in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await Task.CompletedTask;
    }
}
