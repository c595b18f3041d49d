namespace Backup.Actor.Kernel.Journal;

/// <summary>All events of one turn of one entity, to be stored together or not at all.</summary>
/// <param name="Epoch">The epoch under which the writer holds the shard; an append under an older one stores nothing.</param>
/// <param name="PendingWork">Whether the entity has unfinished work after these events; kept in the same transaction.</param>
/// <param name="Records">Consecutive in sequence; buffers belong to the journal until the outcome is known.</param>
public sealed record EntityAppend(
    string Entity,
    int Shard,
    long Epoch,
    bool PendingWork,
    IReadOnlyList<JournalRecord> Records)
{
    public JournalHead HeadAfter => new(Records[^1].Sequence, Records[^1].Hash);
}

/// <summary>How an append ended. Only <see cref="Stored"/> lets anybody outside see the events.</summary>
public enum AppendOutcome
{
    /// <summary>Durable.</summary>
    Stored,

    /// <summary>Certainly not stored, and nothing is wrong with the request: disk full, journal stopped.</summary>
    NotStored,

    /// <summary>Certainly not stored: the sequence is taken, so somebody else wrote this entity's history.</summary>
    Conflict,

    /// <summary>Certainly not stored: the shard has a newer owner.</summary>
    Fenced,

    /// <summary>Nobody knows. Settled by reading the head, never by guessing.</summary>
    Unknown,
}

/// <summary>The durable history of all entities. Implementations pass the suite in <c>tests/Journal.Conformance</c>.</summary>
public interface IJournal : IJournalReader
{
    /// <summary>
    /// Stores the appends of many entities in one transaction and answers for each. An offender (conflict, fence) does not
    /// hurt the others in the batch. One call at a time.
    /// </summary>
    ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken);
}

/// <summary>Reading side; safe beside a running writer.</summary>
public interface IJournalReader
{
    /// <summary>The whole histories of some entities, in one go. An entity without history is present with an empty list.</summary>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken);

    /// <summary>
    /// The histories of some entities in one go, each from its own sequence on and the record of that sequence included. An entity without such
    /// records is present with an empty list.
    /// </summary>
    ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken);

    ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken);

    /// <summary>Entities with unfinished work, for a new owner to re-drive.</summary>
    ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken);

    /// <summary>Those of some shards, for the node that has just taken them.</summary>
    ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken);

    /// <summary>Every entity that has a history, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken);

    /// <summary>The whole journal in the order in which it was written.</summary>
    IAsyncEnumerable<StoredRecord> ReadAllAsync(CancellationToken cancellationToken);
}

/// <summary>The journal cannot be trusted or reached. The message names the file, what was found and what was expected.</summary>
public sealed class JournalException(string message, Exception? inner = null) : Exception(message, inner);
