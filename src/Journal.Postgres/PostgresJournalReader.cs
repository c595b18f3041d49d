using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>Reads a journal, beside its writers or without any. Writes no record.</summary>
public sealed class PostgresJournalReader(JournalDatabase database) : IJournalReader
{
    private const int PageRecords = 2000;
    private static readonly TimeSpan SettleWait = TimeSpan.FromMilliseconds(5);

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return ReadHistoriesAsync(Queries.Histories, entities, [new NpgsqlParameter<string[]> { TypedValue = [.. entities] }], cancellationToken);
    }

    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        string[] entities = [.. sequences.Keys];
        return ReadHistoriesAsync(
            Queries.Tails,
            entities,
            [new NpgsqlParameter<string[]> { TypedValue = entities }, new NpgsqlParameter<long[]> { TypedValue = [.. entities.Select(entity => sequences[entity])] }],
            cancellationToken);
    }

    public async ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Queries.Heads(connection, [entity]);
            return (await Queries.ReadHeadsAsync(command, cancellationToken)).GetValueOrDefault(entity, JournalHead.Empty);
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) =>
        ReadIdsAsync("select entity from entity_head where pending order by entity", [], cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        ReadIdsAsync(
            "select entity from entity_head where pending and shard = any($1) order by entity",
            [new NpgsqlParameter<int[]> { TypedValue = [.. shards] }],
            cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) =>
        ReadIdsAsync("select entity from entity_head order by entity", [], cancellationToken);

    public async IAsyncEnumerable<StoredRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = await ReadSettledPositionAsync(cancellationToken);
        var page = await ReadPageAsync(0, end, PageRecords, cancellationToken);
        while (page.Count > 0)
        {
            foreach (var record in page)
            {
                yield return record;
            }

            page = page.Count < PageRecords ? [] : await ReadPageAsync(page[^1].Position, end, PageRecords, cancellationToken);
        }
    }

    /// <summary>
    /// A position up to which the order of the journal is final: whatever is there now is all that will ever be. Positions are handed
    /// out before commit, so without this a reader could pass one whose commit is still under way and never see it.
    /// </summary>
    /// <remarks>
    /// First the last position handed out, then a transaction number of our own; when every lower one has ended, no position up to it is
    /// open. In this order, because an append has its number (from its row locks) before its positions. A number of our own, because a
    /// snapshot's upper end is the last one that ended: higher ones may be under way. Waits as long as any of them runs, which includes
    /// a commit that waits for its standby. Not to be had from a replica, which hands out no numbers.
    /// </remarks>
    public async ValueTask<long> ReadSettledPositionAsync(CancellationToken cancellationToken)
    {
        var last = 0L;
        var horizon = "";
        await RunAsync("select case when is_called then last_value else 0 end from event_position", [], reader => last = reader.GetInt64(0), cancellationToken);
        await RunAsync("select pg_current_xact_id()::text", [], reader => horizon = reader.GetString(0), cancellationToken);
        while (true)
        {
            var settled = false;
            await RunAsync(
                "select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8",
                [new NpgsqlParameter { Value = horizon, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown }],
                reader => settled = reader.GetBoolean(0),
                cancellationToken);
            if (settled)
            {
                return last;
            }

            await Task.Delay(SettleWait, cancellationToken);
        }
    }

    /// <summary>Records after one position, up to another that is settled, at most <paramref name="recordsMax"/>, in order.</summary>
    public async ValueTask<IReadOnlyList<StoredRecord>> ReadPageAsync(long after, long upTo, int recordsMax, CancellationToken cancellationToken)
    {
        var records = new List<StoredRecord>();
        await RunAsync(
            Queries.Page,
            [new NpgsqlParameter<long> { TypedValue = after }, new NpgsqlParameter<long> { TypedValue = upTo }, new NpgsqlParameter<int> { TypedValue = recordsMax }],
            reader => records.Add(Queries.ReadStored(reader)),
            cancellationToken);
        return records;
    }

    /// <param name="sql">Gives the entity and its record, entity by entity and in the order of the records.</param>
    private async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadHistoriesAsync(
        string sql, IReadOnlyCollection<string> entities, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        var histories = new Dictionary<string, IReadOnlyList<JournalRecord>>(entities.Count, StringComparer.Ordinal);
        foreach (var entity in entities)
        {
            histories[entity] = [];
        }

        string? current = null;
        List<JournalRecord> history = [];
        await RunAsync(
            sql,
            parameters,
            reader =>
            {
                // Ordered by entity: one list after the other.
                var entity = reader.GetString(0);
                if (entity != current)
                {
                    histories[entity] = history = [];
                    current = entity;
                }

                history.Add(Queries.ReadRecord(reader, 1));
            },
            cancellationToken);
        return histories;
    }

    private async ValueTask<IReadOnlyList<string>> ReadIdsAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await RunAsync(sql, parameters, reader => ids.Add(reader.GetString(0)), cancellationToken);
        return ids;
    }

    private async Task RunAsync(string sql, NpgsqlParameter[] parameters, Action<NpgsqlDataReader> take, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Sql.Command(connection, sql, parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                take(reader);
            }

            return true;
        },
        cancellationToken);
}
