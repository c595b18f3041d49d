using System.Diagnostics;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Postgres;
using Backup.Tests;

namespace Backup.Journal.Bench.Postgres;

/// <summary>The control of replay: the same rows through COPY, thrown away as they come.</summary>
internal sealed class CopyRead(JournalDatabase database) : ISide
{
    public string Name => "bare binary COPY of the same rows, in order";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var began = Stopwatch.GetTimestamp();
        var rows = 0L;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            await using var connection = await database.OpenReaderAsync(CancellationToken.None);
            await using (var copy = await connection.BeginRawBinaryCopyAsync(
                "copy (select position, shard, entity, epoch, sequence, at, type, version, payload, hash from event order by entity, sequence) to stdout (format binary)"))
            {
                var buffer = new byte[64 * 1024];
                while (await copy.ReadAsync(buffer.AsMemory(), CancellationToken.None) > 0)
                {
                }
            }

            await using var count = connection.CreateCommand();
            count.CommandText = "select reltuples::bigint from pg_class where relname like 'event_2%' order by reltuples desc limit 1";
            rows += (long)(await count.ExecuteScalarAsync())!;
        }

        return watch.Read() with { Done = rows };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>
/// The candidate of replay: histories of 100 accounts a query, every hash checked, every event decoded and folded while the next query
/// is answered.
/// </summary>
internal sealed class Replay(JournalDatabase database) : ISide
{
    private readonly PostgresJournalReader _reader = new(database);
    private readonly LedgerBehavior _behavior = new();

    public string Name => "replay: read, check the chain, decode, fold";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var began = Stopwatch.GetTimestamp();
        var entities = await _reader.ReadEntitiesAsync(CancellationToken.None);
        var records = 0L;
        while (Stopwatch.GetElapsedTime(began) < time)
        {
            var reading = Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<JournalRecord>>>(new Dictionary<string, IReadOnlyList<JournalRecord>>());
            foreach (var some in entities.Chunk(100).Append([]))
            {
                var read = await reading;
                reading = Task.Run(() => _reader.ReadAsync(some, CancellationToken.None).AsTask());
                foreach (var (entity, history) in read)
                {
                    Fold(entity, history);
                    records += history.Count;
                }
            }

            await reading;
        }

        return watch.Read() with { Done = records };
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Fold(string entity, IReadOnlyList<JournalRecord> history)
    {
        var state = _behavior.Initial(entity);
        var head = JournalHead.Empty;
        foreach (var record in history)
        {
            if (!HashChain.Follows(head, entity, record))
            {
                throw new InvalidOperationException($"{entity}: record {record.Sequence} does not follow");
            }

            state = _behavior.Evolve(state, _behavior.Decode(record.Type, record.Version, record.Payload.Span), record.At);
            head = new JournalHead(record.Sequence, record.Hash);
        }
    }
}

/// <summary>The same work with commits that wait for a standby on this machine, or with none.</summary>
internal sealed class WithStandby(PostgresServer server, string standby, ISide inner) : ISide
{
    public string Name => $"{inner.Name}, {(standby.Length > 0 ? "synchronous standby on the same disk" : "no standby")}";

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        if (standby.Length > 0)
        {
            await server.RequireStandbyAsync(standby);
        }
        else
        {
            await server.SetAsync("synchronous_standby_names", "");
        }

        return await inner.RunAsync(time);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
