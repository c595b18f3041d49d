namespace Backup.Actor.Kernel.Journal;

/// <summary>
/// Joins the turns of many actors into one append. The next batch forms while one is in flight; no delay is added, so a
/// lone turn costs one commit and a crowd shares it.
/// </summary>
/// <remarks>Limits: a batch takes at most <c>batchRecordsMax</c> records; beyond <c>waitingRecordsMax</c> waiting ones the caller is told so.</remarks>
public sealed class GroupCommit(IJournal journal, int batchRecordsMax = 1024, int waitingRecordsMax = 8192)
{
    private readonly Lock _gate = new();
    private Queue<Joiner> _waiting = new();
    private int _waitingRecords;
    private bool _running;
    private Task _pump = Task.CompletedTask;

    private sealed class Joiner(EntityAppend append) : TaskCompletionSource<AppendOutcome>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public EntityAppend Append => append;
    }

    /// <summary>Batches written so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Records written so far.</summary>
    public long Records { get; private set; }

    /// <summary>Stores one turn's events. Returns <see cref="AppendOutcome.NotStored"/> at once when the queue is full.</summary>
    public Task<AppendOutcome> AppendAsync(EntityAppend append)
    {
        ArgumentNullException.ThrowIfNull(append);
        var joiner = new Joiner(append);
        lock (_gate)
        {
            if (_waitingRecords + append.Records.Count > waitingRecordsMax)
            {
                return Task.FromResult(AppendOutcome.NotStored);
            }

            _waiting.Enqueue(joiner);
            _waitingRecords += append.Records.Count;
            if (!_running)
            {
                _running = true;
                _pump = PumpAsync();
            }
        }

        return joiner.Task;
    }

    /// <summary>Waits until everything accepted so far has its outcome.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            return _pump;
        }
    }

    private async Task PumpAsync()
    {
        // Leaves the poster's stack; under the simulated scheduler this is an ordinary post.
        await Task.Yield();
        var batch = new List<Joiner>();
        while (TakeBatch(batch))
        {
            await CommitAsync(batch);
            batch.Clear();
        }
    }

    private bool TakeBatch(List<Joiner> batch)
    {
        lock (_gate)
        {
            var records = 0;
            while (_waiting.TryPeek(out var next) && (batch.Count == 0 || records + next.Append.Records.Count <= batchRecordsMax))
            {
                batch.Add(_waiting.Dequeue());
                records += next.Append.Records.Count;
            }

            _waitingRecords -= records;
            Records += records;
            if (batch.Count > 0)
            {
                Commits++;
            }
            else
            {
                _running = false;
            }

            return _running;
        }
    }

    private async Task CommitAsync(List<Joiner> batch)
    {
        var appends = batch.ConvertAll(joiner => joiner.Append);
        try
        {
            var outcomes = await journal.AppendAsync(appends, CancellationToken.None);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].SetResult(outcomes[i]);
            }
        }
        catch (Exception)
        {
            // A journal that throws has told us nothing about what it stored.
            foreach (var joiner in batch)
            {
                joiner.TrySetResult(AppendOutcome.Unknown);
            }
        }
    }
}
