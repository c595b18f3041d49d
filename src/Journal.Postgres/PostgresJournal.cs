using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Postgres;

/// <summary>Limits of a PostgreSQL journal.</summary>
public sealed record PostgresJournalOptions
{
    /// <summary>How long an append may be without an answer before another connection is tried beside it.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Days for which partitions are made ahead, counted from today in India. A day that is missing is made when it is met.</summary>
    public int DaysAhead { get; init; } = 7;
}

/// <summary>
/// The journal on PostgreSQL, as one writer of several: the shards' epochs decide whose appends are stored.
/// </summary>
/// <remarks>
/// One append at a time (see <see cref="IJournal"/>); reads may run beside it. A commit in doubt makes every later read wait for a
/// barrier, so that nobody acts on what a failover could still take back, and no append under way can land after it was read for
/// missing.
/// </remarks>
public sealed class PostgresJournal : IJournal, IAsyncDisposable
{
    private readonly PostgresWriter _writer;
    private readonly PostgresJournalReader _reader;
    private readonly JoinedReads<JournalHead> _heads;

    private PostgresJournal(JournalDatabase database, PostgresWriter writer)
    {
        _writer = writer;
        _reader = new PostgresJournalReader(database);
        _heads = new JoinedReads<JournalHead>(ReadHeadsAsync);
    }

    /// <summary>Connects and commits the first barrier.</summary>
    /// <param name="writer">Names the writer over reconnects and restarts; no two that run at once share it.</param>
    /// <exception cref="JournalException">The database cannot be used; one sentence says why.</exception>
    public static async Task<PostgresJournal> OpenAsync(JournalDatabase database, string writer, TimeProvider clock, PostgresJournalOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var writing = new PostgresWriter(database, writer, clock, options ?? new PostgresJournalOptions());
        try
        {
            await writing.SettleAsync();
        }
        catch (JournalException)
        {
            await writing.DisposeAsync();
            throw;
        }

        return new PostgresJournal(database, writing);
    }

    /// <summary>Why the last append was not simply stored; null when it was.</summary>
    public string? Trouble => _writer.Trouble;

    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return await _writer.AppendAsync(batch);
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken) =>
        OnSolidGroundAsync(() => _reader.ReadAsync(entities, cancellationToken));

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken) =>
        OnSolidGroundAsync(() => _reader.ReadFromAsync(sequences, cancellationToken));

    /// <summary>Settles commits in doubt, so it reads where the writer writes, behind a barrier. Many come at once after a batch in doubt.</summary>
    public ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken) => new(_heads.ReadAsync(entity));

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) =>
        OnSolidGroundAsync(() => _reader.ReadPendingWorkAsync(cancellationToken));

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        OnSolidGroundAsync(() => _reader.ReadPendingWorkAsync(shards, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) => _reader.ReadEntitiesAsync(cancellationToken);

    public IAsyncEnumerable<StoredRecord> ReadAllAsync(CancellationToken cancellationToken) => _reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private async ValueTask<IReadOnlyDictionary<string, JournalHead>> ReadHeadsAsync(IReadOnlyCollection<string> entities)
    {
        var heads = await _writer.ReadHeadsAsync(entities);
        foreach (var entity in entities)
        {
            heads.TryAdd(entity, JournalHead.Empty);
        }

        return heads;
    }

    private async ValueTask<T> OnSolidGroundAsync<T>(Func<ValueTask<T>> read)
    {
        while (true)
        {
            await _writer.SettleAsync();
            var before = _writer.Sessions;
            var result = await read();
            if (_writer.Sessions == before)
            {
                return result;
            }
        }
    }
}
