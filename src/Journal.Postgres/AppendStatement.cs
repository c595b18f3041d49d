using Backup.Actor.Kernel.Journal;
using Npgsql;
using NpgsqlTypes;

namespace Backup.Journal.Postgres;

/// <summary>
/// A whole batch of appends as one statement in a transaction of its own: one round trip, and no lock that a frozen client could keep.
/// </summary>
/// <remarks>
/// Within the statement: the writer's row must have our incarnation (locked "for share", so a successor waits for us and then shuts us
/// out), the shard's row our epoch (the same, for a new owner), and the entity's head must be where the append begins (compared again
/// under its row lock) or, at the beginning of a history, not be there. Only heads that moved bring their records with them, so an offender
/// hurts nobody and nothing fails. The answer names the offenders, who are few, and counts the records of the others. Locks are taken in the order writer, shards by number, heads. One call at a time.
/// The planner cannot know how many rows the arrays have, and plans once for all batches, perhaps when the tables are empty. So nothing is left to
/// its guess: "in ... is true" is a hashed look that cannot become a join, and tables are reached by their keys only (<see cref="OnePlan"/>).
/// </remarks>
internal sealed class AppendStatement : IAsyncDisposable
{
    internal const string Text = """
        with writer as materialized (
          select 1 as held from journal_writer where name = $1 and incarnation = $2 for share),
        held as materialized (
          select s.shard, s.epoch
          from shard_lease s join unnest($3, $4) as wanted (shard, epoch) on s.shard = wanted.shard and s.epoch = wanted.epoch
          where (select held from writer) = 1
          order by s.shard for share of s),
        ours as materialized (
          select a.entity, a.shard, a.epoch, a.previous, a.sequence, a.day, a.pending
          from unnest($5, $6, $7, $8, $9, $10, $11) as a (entity, shard, epoch, previous, sequence, day, pending)
          where ((a.shard, a.epoch) in (select shard, epoch from held)) is true),
        begun as (
          insert into entity_head (entity, shard, epoch, previous, sequence, day, pending)
          select entity, shard, epoch, previous, sequence, day, pending from ours where previous = 0
          on conflict (entity) do nothing
          returning entity),
        advanced as (
          update entity_head h
          set epoch = a.epoch, previous = a.previous, sequence = a.sequence, day = a.day, pending = a.pending
          from ours a
          where h.entity = a.entity and h.sequence = a.previous and h.shard = a.shard
          returning h.entity),
        moved as (
          select entity from begun union all select entity from advanced),
        stored as (
          insert into event (position, day, entity, sequence, shard, epoch, at, type, version, payload, hash)
          select nextval('event_position'), day, entity, sequence, shard, epoch, at, type, version, payload, hash
          from (
            select * from unnest($12, $13, $14, $15, $16, $17, $18, $19, $20, $21) with ordinality
              as r (entity, shard, epoch, sequence, day, at, type, version, payload, hash, place)
            where (entity in (select entity from moved)) is true
            order by place) placed
          returning 1)
        select 0 as kind, 0 as shard, (select count(*) from stored) as number, '' as entity from writer
        union all
        select 1, shard, epoch, '' from unnest($3, $4) as wanted (shard, epoch) where ((shard, epoch) in (select shard, epoch from held)) is not true
        union all
        select 2, 0, 0, entity from unnest($5) as asked (entity) where (entity in (select entity from moved)) is not true
        """;

    /// <summary>A lone append would be planned anew each time, and a batch by a scan of all heads that stays when there are many of them.</summary>
    private const string OnePlan = """
        set plan_cache_mode = force_generic_plan;
        set enable_seqscan = off;
        set enable_hashjoin = off;
        set enable_mergejoin = off;
        """;

    private readonly NpgsqlCommand _command;
    private readonly NpgsqlParameter<List<int>> _wantedShards = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _wantedEpochs = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<string>> _entities = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<int>> _shards = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _epochs = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _previous = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _lasts = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<DateOnly>> _days = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<bool>> _pending = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<string>> _owners = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<int>> _ownersShards = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _ownersEpochs = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<long>> _sequences = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<DateOnly>> _recordDays = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<DateTime>> _times = new() { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };
    private readonly NpgsqlParameter<List<short>> _types = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<short>> _versions = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<ReadOnlyMemory<byte>>> _payloads = new() { TypedValue = [] };
    private readonly NpgsqlParameter<List<ReadOnlyMemory<byte>>> _hashes = new() { TypedValue = [] };
    private readonly HashSet<(int Shard, long Epoch)> _wanted = [];
    private readonly HashSet<(int Shard, long Epoch)> _lost = [];
    private readonly HashSet<string> _unmoved = new(StringComparer.Ordinal);

    private AppendStatement(NpgsqlConnection connection, string writer, long incarnation, string text)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // The constant above; a measurement of what its locks cost passes a variant.
        _command.CommandText = text;
#pragma warning restore CA2100
        _command.CommandTimeout = 0;
        NpgsqlParameter[] parameters =
        [
            new NpgsqlParameter<string> { TypedValue = writer }, new NpgsqlParameter<long> { TypedValue = incarnation },
            _wantedShards, _wantedEpochs,
            _entities, _shards, _epochs, _previous, _lasts, _days, _pending,
            _owners, _ownersShards, _ownersEpochs, _sequences, _recordDays, _times, _types, _versions, _payloads, _hashes,
        ];
        _command.Parameters.AddRange(parameters);
    }

    internal static async Task<AppendStatement> PrepareAsync(NpgsqlConnection connection, string writer, long incarnation, string text = Text)
    {
        await using (var plan = connection.CreateCommand())
        {
            plan.CommandText = OnePlan;
            await plan.ExecuteNonQueryAsync();
        }

        var statement = new AppendStatement(connection, writer, incarnation, text);
        await statement._command.PrepareAsync();
        return statement;
    }

    /// <param name="batch">No entity twice.</param>
    /// <returns>One outcome an append; a commit that is only said to be good is for the caller to find out.</returns>
    internal async Task<AppendOutcome[]> RunAsync(IReadOnlyList<EntityAppend> batch)
    {
        Fill(batch);
        _lost.Clear();
        _unmoved.Clear();
        var writing = false;
        var stored = 0L;
        await using (var reader = await _command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                switch (reader.GetInt32(0))
                {
                    case 0:
                        (writing, stored) = (true, reader.GetInt64(2));
                        break;
                    case 1:
                        _lost.Add((reader.GetInt32(1), reader.GetInt64(2)));
                        break;
                    default:
                        _unmoved.Add(reader.GetString(3));
                        break;
                }
            }

            // The commit comes after the last row: only when the server is ready again has it happened, or failed, or been warned about.
            while (await reader.NextResultAsync())
            {
            }
        }

        return Judge(batch, writing, stored);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    private AppendOutcome[] Judge(IReadOnlyList<EntityAppend> batch, bool writing, long stored)
    {
        var outcomes = new AppendOutcome[batch.Count];
        var expected = 0L;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var append = batch[i];
            outcomes[i] = !writing || _lost.Contains((append.Shard, append.Epoch)) ? AppendOutcome.Fenced
                : _unmoved.Contains(append.Entity) ? AppendOutcome.Conflict
                : AppendOutcome.Stored;
            expected += outcomes[i] == AppendOutcome.Stored ? append.Records.Count : 0;
        }

        return stored == expected
            ? outcomes
            : throw new InvalidOperationException($"an append of {expected} records stored {stored}");
    }

    private void Fill(IReadOnlyList<EntityAppend> batch)
    {
        Clear();
        for (var i = 0; i < batch.Count; i++)
        {
            var append = batch[i];
            if (_wanted.Add((append.Shard, append.Epoch)))
            {
                _wantedShards.TypedValue!.Add(append.Shard);
                _wantedEpochs.TypedValue!.Add(append.Epoch);
            }

            _entities.TypedValue!.Add(append.Entity);
            _shards.TypedValue!.Add(append.Shard);
            _epochs.TypedValue!.Add(append.Epoch);
            _previous.TypedValue!.Add(append.Records[0].Sequence - 1);
            _lasts.TypedValue!.Add(append.Records[^1].Sequence);
            _days.TypedValue!.Add(TradingDay.Of(append.Records[^1].At));
            _pending.TypedValue!.Add(append.PendingWork);
            for (var j = 0; j < append.Records.Count; j++)
            {
                var record = append.Records[j];
                _owners.TypedValue!.Add(append.Entity);
                _ownersShards.TypedValue!.Add(append.Shard);
                _ownersEpochs.TypedValue!.Add(append.Epoch);
                _sequences.TypedValue!.Add(record.Sequence);
                _recordDays.TypedValue!.Add(TradingDay.Of(record.At));
                _times.TypedValue!.Add(record.At.UtcDateTime);
                _types.TypedValue!.Add(record.Type);
                _versions.TypedValue!.Add(record.Version);
                _payloads.TypedValue!.Add(record.Payload);
                _hashes.TypedValue!.Add(record.Hash);
            }
        }
    }

    private void Clear()
    {
        _wanted.Clear();
        _wantedShards.TypedValue!.Clear();
        _wantedEpochs.TypedValue!.Clear();
        _entities.TypedValue!.Clear();
        _shards.TypedValue!.Clear();
        _epochs.TypedValue!.Clear();
        _previous.TypedValue!.Clear();
        _lasts.TypedValue!.Clear();
        _days.TypedValue!.Clear();
        _pending.TypedValue!.Clear();
        _owners.TypedValue!.Clear();
        _ownersShards.TypedValue!.Clear();
        _ownersEpochs.TypedValue!.Clear();
        _sequences.TypedValue!.Clear();
        _recordDays.TypedValue!.Clear();
        _times.TypedValue!.Clear();
        _types.TypedValue!.Clear();
        _versions.TypedValue!.Clear();
        _payloads.TypedValue!.Clear();
        _hashes.TypedValue!.Clear();
    }
}
