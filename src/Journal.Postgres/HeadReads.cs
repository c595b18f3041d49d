using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Postgres;

/// <summary>Joins the questions for heads that come at the same time, as they do after a batch in doubt, into one query.</summary>
internal sealed class HeadReads(PostgresWriter writer)
{
    private readonly Lock _gate = new();
    private List<(string Entity, TaskCompletionSource<JournalHead> Read)> _waiting = [];
    private bool _running;

    internal Task<JournalHead> ReadAsync(string entity)
    {
        var read = new TaskCompletionSource<JournalHead>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Add((entity, read));
            if (!_running)
            {
                _running = true;
                _ = PumpAsync();
            }
        }

        return read.Task;
    }

    private async Task PumpAsync()
    {
        await Task.Yield();
        while (TakeAll() is { Count: > 0 } batch)
        {
            try
            {
                var heads = await writer.ReadHeadsAsync([.. batch.Select(wanted => wanted.Entity).Distinct(StringComparer.Ordinal)]);
                batch.ForEach(wanted => wanted.Read.SetResult(heads.GetValueOrDefault(wanted.Entity, JournalHead.Empty)));
            }
            catch (Exception failure)
            {
                batch.ForEach(wanted => wanted.Read.TrySetException(failure));
            }
        }
    }

    private List<(string Entity, TaskCompletionSource<JournalHead> Read)> TakeAll()
    {
        lock (_gate)
        {
            var batch = _waiting;
            _waiting = [];
            _running = batch.Count > 0;
            return batch;
        }
    }
}
