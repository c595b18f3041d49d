using System.Collections.Concurrent;
using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Sqlite;

/// <summary>
/// The journal in one SQLite file: one writing connection on a thread of its own (SQLite is synchronous), commits on the disk
/// before they are answered.
/// </summary>
/// <remarks>
/// Only the holder of the folder's lease writes; its epoch is compared at every append. Anything that leaves the writing
/// connection in doubt closes it for good (a failed fsync is never retried): every later append answers NotStored.
/// </remarks>
public sealed class SqliteJournal : IJournal, IAsyncDisposable
{
    private readonly FolderLease _lease;
    private readonly SqliteJournalReader _reader;
    private readonly BlockingCollection<Job> _jobs = new(boundedCapacity: 16);
    private readonly Thread _thread;
    private readonly SqliteAppender _appender;

    private sealed record Job(IReadOnlyList<EntityAppend> Batch, TaskCompletionSource<IReadOnlyList<AppendOutcome>> Done);

    static SqliteJournal() => SQLitePCL.Batteries_V2.Init();

    /// <exception cref="JournalException">The file is damaged or of another release.</exception>
    public SqliteJournal(FolderLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        _lease = lease;
        _appender = new SqliteAppender(JournalSchema.OpenWriter(lease.Folder));
        _reader = new SqliteJournalReader(lease.Folder);
        _thread = new Thread(Write) { IsBackground = true, Name = "journal" };
        _thread.Start();
    }

    /// <summary>Why nothing is stored any more; null while the journal is healthy.</summary>
    public string? Trouble => _appender.Trouble;

    public ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var job = new Job(batch, new TaskCompletionSource<IReadOnlyList<AppendOutcome>>(TaskCreationOptions.RunContinuationsAsynchronously));
        _jobs.Add(job, cancellationToken);
        return new ValueTask<IReadOnlyList<AppendOutcome>>(job.Done.Task);
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken) => _reader.ReadAsync(entities, cancellationToken);

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken) => _reader.ReadFromAsync(sequences, cancellationToken);

    public ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken) =>
        _reader.ReadHeadAsync(entity, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) =>
        _reader.ReadPendingWorkAsync(cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        _reader.ReadPendingWorkAsync(shards, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) =>
        _reader.ReadEntitiesAsync(cancellationToken);

    public IAsyncEnumerable<StoredRecord> ReadAllAsync(CancellationToken cancellationToken) => _reader.ReadAllAsync(cancellationToken);

    public ValueTask DisposeAsync()
    {
        if (_thread.ThreadState.HasFlag(ThreadState.Stopped))
        {
            return ValueTask.CompletedTask;
        }

        _jobs.CompleteAdding();
        _thread.Join();

        // The writer leaves last: it folds the log into the file.
        _reader.Dispose();
        _appender.Dispose();
        _jobs.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            var fenced = job.Batch.Any(append => append.Epoch != _lease.Epoch);
            job.Done.SetResult(fenced ? FenceOut(job.Batch) : _appender.Append(job.Batch));
        }
    }

    /// <summary>Stores the appends of this epoch and fences the others.</summary>
    private AppendOutcome[] FenceOut(IReadOnlyList<EntityAppend> batch)
    {
        var current = batch.Where(append => append.Epoch == _lease.Epoch).ToList();
        var stored = new Queue<AppendOutcome>(current.Count > 0 ? _appender.Append(current) : []);
        return [.. batch.Select(append => append.Epoch == _lease.Epoch ? stored.Dequeue() : AppendOutcome.Fenced)];
    }
}
