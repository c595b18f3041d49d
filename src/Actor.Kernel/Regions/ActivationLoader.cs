using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Regions;

/// <summary>Joins the loads of entities that wake at the same time into one query; one query is in flight at a time.</summary>
internal sealed class ActivationLoader(IJournalReader journal, int batchMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<(string Entity, TaskCompletionSource<IReadOnlyList<JournalRecord>> Loaded)> _waiting = new();
    private bool _running;

    public Task<IReadOnlyList<JournalRecord>> LoadAsync(string entity)
    {
        var loaded = new TaskCompletionSource<IReadOnlyList<JournalRecord>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue((entity, loaded));
            if (!_running)
            {
                _running = true;
                _ = PumpAsync();
            }
        }

        return loaded.Task;
    }

    private async Task PumpAsync()
    {
        await Task.Yield();
        while (true)
        {
            var batch = TakeBatch();
            if (batch.Count == 0)
            {
                return;
            }

            try
            {
                var histories = await journal.ReadAsync([.. batch.Select(wanted => wanted.Entity).Distinct(StringComparer.Ordinal)], CancellationToken.None);
                batch.ForEach(wanted => wanted.Loaded.SetResult(histories[wanted.Entity]));
            }
            catch (Exception failure)
            {
                batch.ForEach(wanted => wanted.Loaded.TrySetException(failure));
            }
        }
    }

    private List<(string Entity, TaskCompletionSource<IReadOnlyList<JournalRecord>> Loaded)> TakeBatch()
    {
        var batch = new List<(string, TaskCompletionSource<IReadOnlyList<JournalRecord>>)>();
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
