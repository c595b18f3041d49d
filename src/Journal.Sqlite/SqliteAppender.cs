using Backup.Actor.Kernel.Journal;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Backup.Journal.Sqlite;

/// <summary>The statements of the writing connection. Used by one thread only.</summary>
internal sealed class SqliteAppender : IDisposable
{
    private const int Full = 13;
    private const int Constraint = 19;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Known> _changed = new(StringComparer.Ordinal);
    private readonly Statement _begin;
    private readonly Statement _commit;
    private readonly Statement _rollback;
    private readonly Statement _insert;
    private readonly Statement _insertEntity;
    private readonly Statement _findEntity;
    private readonly Statement _setLast;

    /// <summary>What this writer knows of an entity: its row, and its newest record's sequence and position.</summary>
    private readonly record struct Known(long Number, long Sequence, long Last);

    internal SqliteAppender(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new Statement(connection, "begin immediate");
        _commit = new Statement(connection, "commit");
        _rollback = new Statement(connection, "rollback");
        _insert = new Statement(connection, "insert into event (entity, sequence, previous, epoch, at, type, version, payload, hash) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
        _insertEntity = new Statement(connection, "insert into entity (id, shard) values (?1, ?2) returning number");
        _findEntity = new Statement(
            connection, "select n.number, v.sequence, n.last from entity n left join event v on v.position = n.last where n.id = ?1");
        _setLast = new Statement(connection, "update entity set last = ?1, pending = ?2 where number = ?3");
    }

    /// <summary>Why nothing is stored any more; null while the connection is trusted.</summary>
    public string? Trouble { get; private set; }

    public AppendOutcome[] Append(IReadOnlyList<EntityAppend> batch)
    {
        if (Trouble is not null)
        {
            return All(batch, AppendOutcome.NotStored);
        }

        var outcomes = new AppendOutcome[batch.Count];
        _changed.Clear();
        try
        {
            _begin.Run();
            for (var i = 0; i < batch.Count; i++)
            {
                outcomes[i] = AppendOne(batch[i]);
            }
        }
        catch (SqliteException failure)
        {
            return RollBack(batch, failure);
        }

        try
        {
            _commit.Run();
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == Full)
        {
            return RollBack(batch, failure);
        }
        catch (SqliteException failure)
        {
            // The log may or may not be on the disk. Nobody retries an fsync: this connection is finished.
            Trouble = $"commit failed: {failure.Message}";
            return All(batch, AppendOutcome.Unknown);
        }

        foreach (var (entity, known) in _changed)
        {
            _known[entity] = known;
        }

        return outcomes;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _rollback.Dispose();
        _insert.Dispose();
        _insertEntity.Dispose();
        _findEntity.Dispose();
        _setLast.Dispose();
        _connection.Dispose();
    }

    private AppendOutcome AppendOne(EntityAppend append)
    {
        if (!_changed.TryGetValue(append.Entity, out var known) && !_known.TryGetValue(append.Entity, out known))
        {
            known = Find(append.Entity);
        }

        if (append.Records[0].Sequence != known.Sequence + 1)
        {
            // Seen before a row is touched, so the neighbours in this batch are not hurt.
            return AppendOutcome.Conflict;
        }

        if (known.Number == 0)
        {
            known = Insert(append);
        }

        for (var i = 0; i < append.Records.Count; i++)
        {
            var record = append.Records[i];
            _insert.Bind(1, known.Number).Bind(2, record.Sequence).Bind(3, known.Last).Bind(4, append.Epoch).Bind(5, HashChain.MicrosecondsOf(record.At))
                .Bind(6, record.Type).Bind(7, record.Version).Bind(8, record.Payload.Span).Bind(9, record.Hash.Span).Run();
            known = new Known(known.Number, record.Sequence, raw.sqlite3_last_insert_rowid(_connection.Handle!));
        }

        _setLast.Bind(1, known.Last).Bind(2, append.PendingWork ? 1 : 0).Bind(3, known.Number).Run();
        _changed[append.Entity] = known;
        return AppendOutcome.Stored;
    }

    /// <summary>An entity that is not there yet has the number 0, which SQLite never gives.</summary>
    private Known Find(string entity)
    {
        Span<long> row = stackalloc long[3];
        return _findEntity.Bind(1, entity).TryReadRow(row) ? new Known(row[0], row[1], row[2]) : default;
    }

    private Known Insert(EntityAppend append)
    {
        Span<long> number = stackalloc long[1];
        _insertEntity.Bind(1, append.Entity).Bind(2, append.Shard).TryReadRow(number);
        return new Known(number[0], 0, 0);
    }

    private AppendOutcome[] RollBack(IReadOnlyList<EntityAppend> batch, SqliteException failure)
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite rolls back by itself on a full disk or an I/O error; then there is no transaction left to end.
        }

        _known.Clear();
        if (failure.SqliteErrorCode is not (Full or Constraint))
        {
            Trouble = failure.Message;
        }

        return All(batch, AppendOutcome.NotStored);
    }

    private static AppendOutcome[] All(IReadOnlyList<EntityAppend> batch, AppendOutcome outcome)
    {
        var outcomes = new AppendOutcome[batch.Count];
        Array.Fill(outcomes, outcome);
        return outcomes;
    }
}
