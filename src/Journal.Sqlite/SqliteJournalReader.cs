using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Journal;
using Microsoft.Data.Sqlite;

namespace Backup.Journal.Sqlite;

/// <summary>Reads a journal, also one that a node is writing or has left behind. Never writes.</summary>
/// <remarks>Calls are serialised on one connection; a reader that needs its own pace opens its own instance.</remarks>
public sealed class SqliteJournalReader : IJournalReader, IDisposable
{
    private const string Columns = "v.position, n.shard, n.id, v.epoch, v.sequence, v.at, v.type, v.version, v.payload, v.hash";
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SqliteConnection _connection;
    private readonly string _folder;

    static SqliteJournalReader() => SQLitePCL.Batteries_V2.Init();

    /// <exception cref="JournalException">There is no journal in the folder, or it cannot be read.</exception>
    public SqliteJournalReader(string folder)
    {
        _folder = folder;
        _connection = JournalSchema.OpenReader(folder);
    }

    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadAsync(
        IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var histories = entities.ToDictionary(id => id, _ => new List<JournalRecord>(), StringComparer.Ordinal);
        await QueryAsync(
            $"""
            with recursive link (position) as (
              select last from entity where id in (select value from json_each($ids)) and last > 0
              union all
              select e.previous from event e join link on e.position = link.position where e.previous > 0)
            select {Columns} from link join event v on v.position = link.position join entity n on n.number = v.entity order by v.entity, v.sequence
            """,
            command => command.Parameters.AddWithValue("$ids", System.Text.Json.JsonSerializer.Serialize(entities)),
            stored => histories[stored.Entity].Add(stored.Record),
            cancellationToken);
        return histories.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<JournalRecord>)pair.Value, StringComparer.Ordinal);
    }

    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>> ReadFromAsync(
        IReadOnlyDictionary<string, long> sequences, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        var histories = sequences.Keys.ToDictionary(id => id, _ => new List<JournalRecord>(), StringComparer.Ordinal);

        // From each entity's newest record back to the one that is asked for; what lies before it is not touched.
        await QueryAsync(
            $"""
            with recursive link (position, first) as (
              select n.last, w.value from json_each($sequences) w join entity n on n.id = w.key where n.last > 0
              union all
              select e.previous, link.first from event e join link on e.position = link.position where e.previous > 0 and e.sequence > link.first)
            select {Columns} from link join event v on v.position = link.position and v.sequence >= link.first join entity n on n.number = v.entity
            order by v.entity, v.sequence
            """,
            command => command.Parameters.AddWithValue("$sequences", System.Text.Json.JsonSerializer.Serialize(sequences)),
            stored => histories[stored.Entity].Add(stored.Record),
            cancellationToken);
        return histories.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<JournalRecord>)pair.Value, StringComparer.Ordinal);
    }

    public async ValueTask<JournalHead> ReadHeadAsync(string entity, CancellationToken cancellationToken)
    {
        var head = JournalHead.Empty;
        await QueryAsync(
            $"select {Columns} from entity n join event v on v.position = n.last where n.id = $id",
            command => command.Parameters.AddWithValue("$id", entity),
            stored => head = new JournalHead(stored.Record.Sequence, stored.Record.Hash),
            cancellationToken);
        return head;
    }

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(CancellationToken cancellationToken) =>
        ReadIdsAsync("select id from entity where pending = 1 order by id", _ => { }, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadPendingWorkAsync(IReadOnlyCollection<int> shards, CancellationToken cancellationToken) =>
        ReadIdsAsync(
            "select id from entity where pending = 1 and shard in (select value from json_each($shards)) order by id",
            command => command.Parameters.AddWithValue("$shards", System.Text.Json.JsonSerializer.Serialize(shards)),
            cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadEntitiesAsync(CancellationToken cancellationToken) =>
        ReadIdsAsync("select id from entity order by id", _ => { }, cancellationToken);

    public async IAsyncEnumerable<StoredRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int page = 2000;
        var after = 0L;
        while (true)
        {
            var records = new List<StoredRecord>(page);
            await QueryAsync(
                $"select {Columns} from event v join entity n on n.number = v.entity where v.position > $after order by v.position limit {page}",
                command => command.Parameters.AddWithValue("$after", after),
                records.Add,
                cancellationToken);
            foreach (var record in records)
            {
                yield return record;
            }

            if (records.Count < page)
            {
                yield break;
            }

            after = records[^1].Position;
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _gate.Dispose();
    }

    private async ValueTask<IReadOnlyList<string>> ReadIdsAsync(string sql, Action<SqliteCommand> bind, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        await RunAsync(sql, bind, reader => ids.Add(reader.GetString(0)), cancellationToken);
        return ids;
    }

    private Task QueryAsync(string sql, Action<SqliteCommand> bind, Action<StoredRecord> take, CancellationToken cancellationToken) =>
        RunAsync(sql, bind, reader => take(ReadStored(reader)), cancellationToken);

    private async Task RunAsync(string sql, Action<SqliteCommand> bind, Action<SqliteDataReader> take, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constant statements of this class only.
            command.CommandText = sql;
#pragma warning restore CA2100
            bind(command);
#pragma warning disable VSTHRD103 // SQLite has no asynchronous IO; the async methods of its provider are these.
            using var reader = command.ExecuteReader();
            while (reader.Read())
#pragma warning restore VSTHRD103
            {
                take(reader);
            }
        }
        catch (SqliteException damaged)
        {
            throw JournalSchema.Damaged(_folder, damaged);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static StoredRecord ReadStored(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        reader.GetInt32(1),
        reader.GetString(2),
        reader.GetInt64(3),
        new JournalRecord(
            reader.GetInt64(4),
            HashChain.FromMicroseconds(reader.GetInt64(5)),
            reader.GetInt16(6),
            reader.GetInt16(7),
            (byte[])reader.GetValue(8),
            (byte[])reader.GetValue(9)));
}
