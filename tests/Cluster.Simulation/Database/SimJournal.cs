using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Simulation.Database;

/// <summary>
/// The journal as one node has it, with the promises of PostgresJournal: a connection that broke leaves its batch in doubt, the next one begins
/// with a barrier, and nothing is read before that.
/// </summary>
/// <param name="writer">Names the writer; no two processes share it.</param>
internal sealed class SimJournal(DatabaseLink link, string writer) : IJournal, IAsyncDisposable
{
    private readonly JournalStatements _statements = new(link.Database.Flaws);
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long? _session;
    private int _sessions;

    /// <summary>Appends whose outcome was not known when they ended.</summary>
    internal int Unknown { get; private set; }

    internal int Fenced { get; private set; }

    public async ValueTask<IReadOnlyList<AppendOutcome>> AppendAsync(IReadOnlyList<EntityAppend> batch, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            long session;
            try
            {
                session = await ReadyAsync();
            }
            catch (JournalException)
            {
                // Nothing was sent.
                return Outcomes(batch, AppendOutcome.NotStored);
            }

            var outcomes = await link.AskAsync<AppendOutcome[]>(_statements.Append(writer, session, batch));
            Fenced += outcomes.Count(static outcome => outcome == AppendOutcome.Fenced);
            return outcomes;
        }
        catch (DatabaseGoneException)
        {
            _session = null;
            Unknown += batch.Count;
            return Outcomes(batch, AppendOutcome.Unknown);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken) =>
        OnSolidGroundAsync<Dictionary<string, IReadOnlyList<JournalRecord>>, IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>(JournalStatements.Read(entities));

    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken)
    {
        var whole = await ReadAsync([.. sequences.Keys], cancellationToken);
        return whole.ToDictionary(
            history => history.Key, IReadOnlyList<JournalRecord> (history) => [.. history.Value.Where(record => record.Sequence >= sequences[history.Key])], StringComparer.Ordinal);
    }

    public async ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await ReadyAsync();
            return (await link.AskAsync<Dictionary<string, JournalHead>>(JournalStatements.Heads([entity])))[entity];
        }
        catch (DatabaseGoneException gone)
        {
            _session = null;
            throw new JournalException(gone.Message, gone);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) =>
        OnSolidGroundAsync<List<string>, IReadOnlyList<string>>(JournalStatements.Pending(null));

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        OnSolidGroundAsync<List<string>, IReadOnlyList<string>>(JournalStatements.Pending(shards));

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) =>
        OnSolidGroundAsync<List<string>, IReadOnlyList<string>>(JournalStatements.Entities);

    public async IAsyncEnumerable<StoredRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in await OnSolidGroundAsync<List<StoredRecord>, List<StoredRecord>>(JournalStatements.All))
        {
            yield return record;
        }
    }

    public ValueTask DisposeAsync()
    {
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns when a session is ready whose barrier came after every commit in doubt.</summary>
    internal async Task SettleAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await ReadyAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<long> ReadyAsync()
    {
        if (_session is { } session)
        {
            return session;
        }

        _session = await link.ReadAsync<long>(_statements.Barrier(writer));
        _sessions++;
        return _session.Value;
    }

    private async ValueTask<TResult> OnSolidGroundAsync<TAnswer, TResult>(Statement read)
        where TAnswer : TResult
    {
        while (true)
        {
            await SettleAsync();
            var before = _sessions;
            var answer = await link.ReadAsync<TAnswer>(read);
            if (_sessions == before && _session is not null)
            {
                return answer;
            }
        }
    }

    private static AppendOutcome[] Outcomes(IReadOnlyList<EntityAppend> batch, AppendOutcome outcome) => [.. Enumerable.Repeat(outcome, batch.Count)];
}
