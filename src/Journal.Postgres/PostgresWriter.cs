using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Postgres;

/// <summary>
/// The writing side: one session at a time, one statement in flight, and what to do when it does not come back.
/// <code>
///   no session --connect, barrier--> ready --append--> in flight --answer--> ready
///        ^                                                 |  |
///        |                          answer in doubt -------+  +-- no answer for the stall limit: a new session's barrier
///        +---------------------------------+                      shuts the old one out, and its batch is in doubt
/// </code>
/// </summary>
/// <remarks>
/// Nothing is ever cancelled at the server: a cancelled wait for the standby reports success. A link that swallows everything and a
/// standby that is missing look the same from here; the barrier of the new session tells them apart, because it waits too in the
/// second case.
/// </remarks>
internal sealed class PostgresWriter(JournalDatabase database, string name, TimeProvider clock, PostgresJournalOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private WriterSession? _session;
    private Task<WriterSession?>? _successor;
    private Silence? _silence;

    /// <summary>Why an append is without an answer, or the last one was not simply stored; null after one that was.</summary>
    public string? Trouble
    {
        get => Volatile.Read(ref _silence) is { Append.IsCompleted: false } silence ? silence.Why : field;
        private set;
    }

    /// <summary>What is told about an append for as long as it is without an answer.</summary>
    private sealed record Silence(Task Append, string Why);

    /// <summary>Grows with every session. What was read while it stood still was read from the server that the writer writes to.</summary>
    public long Sessions { get; private set; }

    internal async Task<AppendOutcome[]> AppendAsync(IReadOnlyList<EntityAppend> batch)
    {
        await _gate.WaitAsync();
        try
        {
            var outcomes = new AppendOutcome[batch.Count];
            Trouble = null;
            foreach (var wave in WavesOf(batch))
            {
                var answers = await AppendWaveAsync(wave.ConvertAll(place => batch[place]));
                for (var i = 0; i < wave.Count; i++)
                {
                    outcomes[wave[i]] = answers[i];
                }
            }

            return outcomes;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns when a session is ready whose barrier came after every commit in doubt.</summary>
    /// <exception cref="JournalException">There is no such session to be had.</exception>
    internal async Task SettleAsync()
    {
        if (_session is { IsOver: false } && _successor is null)
        {
            return;
        }

        await _gate.WaitAsync();
        try
        {
            await ReadyAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    internal async Task<Dictionary<string, JournalHead>> ReadHeadsAsync(IReadOnlyCollection<string> entities)
    {
        await _gate.WaitAsync();
        try
        {
            return await (await ReadyAsync()).ReadHeadsAsync(entities);
        }
        catch (Exception failure)
        {
            throw database.Explain(failure);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gate.WaitAsync();
        if (_session is not null)
        {
            await _session.DisposeAsync();
        }

        _gate.Dispose();
    }

    /// <summary>The places of a batch in groups in which no entity occurs twice: nearly always one group.</summary>
    private static List<List<int>> WavesOf(IReadOnlyList<EntityAppend> batch)
    {
        var waves = new List<List<int>> { new(batch.Count) };
        var seen = new HashSet<string>(batch.Count, StringComparer.Ordinal);
        for (var i = 0; i < batch.Count; i++)
        {
            if (!seen.Add(batch[i].Entity))
            {
                waves.Add([]);
                seen.Clear();
                seen.Add(batch[i].Entity);
            }

            waves[^1].Add(i);
        }

        return waves;
    }

    private async Task<AppendOutcome[]> AppendWaveAsync(List<EntityAppend> wave)
    {
        WriterSession session;
        try
        {
            session = await ReadyAsync();
        }
        catch (JournalException unreachable)
        {
            // Nothing was sent.
            Trouble = unreachable.Message;
            return WriterSession.All(wave, AppendOutcome.NotStored);
        }

        var running = session.AppendAsync(wave);
        while (true)
        {
            try
            {
                (var outcomes, Trouble) = await running.WaitAsync(options.StallLimit, clock);
                return outcomes;
            }
            catch (TimeoutException)
            {
                // Beside what is done about it: the asking may be met with the same silence.
                _ = TellWhyAsync(running);
                if (await ReplaceAsync(session, running))
                {
                    Trouble = $"no answer for {options.StallLimit.TotalSeconds} s; the connection was replaced";
                    return WriterSession.All(wave, AppendOutcome.Unknown);
                }
            }
        }
    }

    private async Task TellWhyAsync(Task running)
    {
        var since = $"no answer for {options.StallLimit.TotalSeconds} s";
        Volatile.Write(ref _silence, new Silence(running, since));
        Volatile.Write(ref _silence, new Silence(running, $"{since}: {await database.WhySilentAsync()}"));
    }

    /// <summary>True when a successor's barrier has committed before the silent session answered.</summary>
    private async Task<bool> ReplaceAsync(WriterSession silent, Task running)
    {
        _successor ??= TryOpenAsync();
        if (await Task.WhenAny(running, _successor) == running)
        {
            // It lives after all. The successor is adopted before the next statement, because its barrier may shut this session out.
            return false;
        }

        if (await _successor is not { } successor)
        {
            _successor = null;
            return false;
        }

        _successor = null;
        _ = DisposeAfterAsync(silent, running);
        Adopt(successor);
        return true;
    }

    private static async Task DisposeAfterAsync(WriterSession session, Task running)
    {
        await running;
        await session.DisposeAsync();
    }

    private async Task<WriterSession?> TryOpenAsync()
    {
        try
        {
            return await OpenAsync();
        }
        catch (JournalException)
        {
            return null;
        }
    }

    private Task<WriterSession> OpenAsync() =>
        WriterSession.OpenAsync(database, name, TradingDay.Of(clock.GetUtcNow()), options.DaysAhead);

    private async Task<WriterSession> ReadyAsync()
    {
        if (_successor is not null)
        {
            // Whether it came to be or not, its barrier may have been committed: the session before it is finished.
            var successor = await _successor;
            _successor = null;
            await EndAsync();
            if (successor is not null)
            {
                Adopt(successor);
            }
        }

        if (_session is { IsOver: false })
        {
            return _session;
        }

        await EndAsync();
        Adopt(await OpenAsync());
        return _session!;
    }

    private void Adopt(WriterSession session)
    {
        // Readers' connections may lead to a server that was replaced since.
        database.Readers.Clear();
        _session = session;
        Sessions++;
    }

    private async Task EndAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
            _session = null;
        }
    }
}
