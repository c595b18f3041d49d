namespace Backup.Actor.Kernel.Journal;

/// <summary>Joins the questions about entities that come at the same time into one query; one query is in flight at a time.</summary>
/// <remarks>Safe for threads. A query that fails fails all the questions in it, with its own exception.</remarks>
/// <param name="read">The query: it answers for every entity that it is given, each once.</param>
/// <param name="batchMax">Questions that one query answers at most.</param>
public sealed class JoinedReads<T>(Func<IReadOnlyCollection<string>, ValueTask<IReadOnlyDictionary<string, T>>> read, int batchMax = int.MaxValue)
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Entity, TaskCompletionSource<T> Answer)> _waiting = new();
    private bool _running;

    public Task<T> ReadAsync(string entity)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((entity, answer));
            if (!_running)
            {
                _running = true;
                _ = PumpAsync();
            }
        }

        return answer.Task;
    }

    private async Task PumpAsync()
    {
        await Task.Yield();
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                var answers = await read([.. batch.Select(wanted => wanted.Entity).Distinct(StringComparer.Ordinal)]);
                batch.ForEach(wanted => wanted.Answer.SetResult(answers[wanted.Entity]));
            }
            catch (Exception failure)
            {
                batch.ForEach(wanted => wanted.Answer.TrySetException(failure));
            }
        }
    }

    private List<(string Entity, TaskCompletionSource<T> Answer)> TakeBatch()
    {
        var batch = new List<(string, TaskCompletionSource<T>)>();
        lock (_gate)
        {
            while (batch.Count < batchMax && _waiting.TryDequeue(out var wanted))
            {
                batch.Add(wanted);
            }

            _running = batch.Count > 0;
        }

        return batch;
    }
}
