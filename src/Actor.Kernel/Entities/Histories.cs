using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Entities;

/// <summary>What an entity wakes from.</summary>
/// <param name="State">Folded up to <paramref name="Head"/>; null: there is nothing before the records.</param>
/// <param name="Records">What follows the head.</param>
internal readonly record struct Beginning<TState>(TState? State, JournalHead Head, IEnumerable<JournalRecord> Records);

/// <summary>
/// Reads what entities wake from, many in one query: the newest snapshot and the records after it, or the whole history where there is no
/// snapshot that can be trusted.
/// </summary>
internal sealed class Histories<TState>
    where TState : class
{
    private readonly IJournalReader _journal;
    private readonly StateSnapshots<TState>? _snapshots;
    private readonly JoinedReads<IReadOnlyList<JournalRecord>> _whole;
    private readonly JoinedReads<Tail> _tails;
    private long _passedOver;

    private sealed record Tail(EntitySnapshot? Snapshot, IReadOnlyList<JournalRecord> Records);

    public Histories(IJournalReader journal, StateSnapshots<TState>? snapshots, int batchMax)
    {
        _journal = journal;
        _snapshots = snapshots;
        _whole = new(entities => journal.ReadAsync(entities, CancellationToken.None), batchMax);
        _tails = new(ReadTailsAsync, batchMax);
    }

    /// <summary>Snapshots that were there and not used: damaged, of another version, or of another history.</summary>
    public long PassedOver => Interlocked.Read(ref _passedOver);

    public async Task<Beginning<TState>> ReadAsync(string entity)
    {
        if (_snapshots is null)
        {
            return new(null, JournalHead.Empty, await _whole.ReadAsync(entity));
        }

        var tail = await _tails.ReadAsync(entity);
        if (tail.Snapshot is not { } snapshot)
        {
            return new(null, JournalHead.Empty, tail.Records);
        }

        if (Open(snapshot, tail.Records) is { } state)
        {
            return new(state, snapshot.Head, tail.Records.Skip(1));
        }

        Interlocked.Increment(ref _passedOver);
        return new(null, JournalHead.Empty, await _whole.ReadAsync(entity));
    }

    private async ValueTask<IReadOnlyDictionary<string, Tail>> ReadTailsAsync(IReadOnlyCollection<string> entities)
    {
        var snapshots = await LoadAsync(entities);
        var histories = snapshots.Count == 0
            ? await _journal.ReadAsync(entities, CancellationToken.None)
            : await _journal.ReadFromAsync(
                entities.ToDictionary(entity => entity, entity => snapshots.GetValueOrDefault(entity)?.Head.Sequence ?? 1, StringComparer.Ordinal), CancellationToken.None);
        return entities.ToDictionary(entity => entity, entity => new Tail(snapshots.GetValueOrDefault(entity), histories[entity]), StringComparer.Ordinal);
    }

    private async ValueTask<Dictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities)
    {
        try
        {
            var loaded = await _snapshots!.Store.LoadAsync(entities, CancellationToken.None);
            var readable = loaded.Where(one => one.Value.Version == _snapshots.Codec.Version).ToDictionary(StringComparer.Ordinal);
            Interlocked.Add(ref _passedOver, loaded.Count - readable.Count);
            return readable;
        }
        catch (Exception)
        {
            // A cache that cannot be read is an empty one: whether anything can be read, the journal says.
            return [];
        }
    }

    /// <summary>Null when the snapshot is not of this history, or is damaged.</summary>
    private TState? Open(EntitySnapshot snapshot, IReadOnlyList<JournalRecord> records)
    {
        if (records.Count == 0 || !new JournalHead(records[0].Sequence, records[0].Hash).IsSameAs(snapshot.Head) || !snapshot.TryOpen(out var state))
        {
            return null;
        }

        try
        {
            return _snapshots!.Codec.Decode(state);
        }
        catch (Exception)
        {
            // Sealed as it is by this version, and still no state: some build wrote what this one does not read.
            return null;
        }
    }
}
