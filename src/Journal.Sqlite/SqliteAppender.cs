using Backup.Actor.Kernel.Journal;
using Microsoft.Data.Sqlite;

namespace Backup.Journal.Sqlite;

/// <summary>The statements of the writing connection. Used by one thread only.</summary>
internal sealed class SqliteAppender : IDisposable
{
    private const int Full = 13;
    private const int Constraint = 19;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _insertEntity;
    private readonly SqliteCommand _findEntity;
    private readonly SqliteCommand _setPending;

    /// <summary>What this writer knows of an entity: its row, its newest sequence, whether it is on the pending list.</summary>
    private sealed record Known(long Number, long Sequence, bool Pending);

    internal SqliteAppender(SqliteConnection connection)
    {
        _connection = connection;
        _insert = Prepare(
            "insert into event (entity, sequence, epoch, at, type, version, payload, hash) values ($entity, $sequence, $epoch, $at, $type, $version, $payload, $hash)",
            "$entity", "$sequence", "$epoch", "$at", "$type", "$version", "$payload", "$hash");
        _insertEntity = Prepare("insert into entity (id, shard) values ($id, $shard) returning number", "$id", "$shard");
        _findEntity = Prepare(
            "select number, pending, coalesce((select max(sequence) from event where entity = number), 0) from entity where id = $id", "$id");
        _setPending = Prepare("update entity set pending = $pending where number = $number", "$pending", "$number");
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
        var changed = new Dictionary<string, Known>(StringComparer.Ordinal);
        try
        {
            JournalSchema.Execute(_connection, "begin immediate");
            for (var i = 0; i < batch.Count; i++)
            {
                outcomes[i] = AppendOne(batch[i], changed);
            }
        }
        catch (SqliteException failure)
        {
            return RollBack(batch, failure);
        }

        try
        {
            JournalSchema.Execute(_connection, "commit");
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

        foreach (var (entity, known) in changed)
        {
            _known[entity] = known;
        }

        return outcomes;
    }

    public void Dispose()
    {
        _insert.Dispose();
        _insertEntity.Dispose();
        _findEntity.Dispose();
        _setPending.Dispose();
        _connection.Dispose();
    }

    private AppendOutcome AppendOne(EntityAppend append, Dictionary<string, Known> changed)
    {
        var known = changed.GetValueOrDefault(append.Entity) ?? _known.GetValueOrDefault(append.Entity) ?? Find(append);
        if (append.Records[0].Sequence != known.Sequence + 1)
        {
            // Seen before a row is touched, so the neighbours in this batch are not hurt.
            return AppendOutcome.Conflict;
        }

        foreach (var record in append.Records)
        {
            Bind(_insert, known.Number, record.Sequence, append.Epoch, HashChain.MicrosecondsOf(record.At), record.Type, record.Version,
                record.Payload.ToArray(), record.Hash.ToArray());
            _insert.ExecuteNonQuery();
        }

        if (known.Pending != append.PendingWork)
        {
            Bind(_setPending, append.PendingWork ? 1 : 0, known.Number);
            _setPending.ExecuteNonQuery();
        }

        changed[append.Entity] = new Known(known.Number, append.Records[^1].Sequence, append.PendingWork);
        return AppendOutcome.Stored;
    }

    private Known Find(EntityAppend append)
    {
        Bind(_findEntity, append.Entity);
        using (var reader = _findEntity.ExecuteReader())
        {
            if (reader.Read())
            {
                return new Known(reader.GetInt64(0), reader.GetInt64(2), reader.GetInt64(1) == 1);
            }
        }

        Bind(_insertEntity, append.Entity, append.Shard);
        return new Known((long)_insertEntity.ExecuteScalar()!, 0, false);
    }

    private AppendOutcome[] RollBack(IReadOnlyList<EntityAppend> batch, SqliteException failure)
    {
        try
        {
            JournalSchema.Execute(_connection, "rollback");
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

    private SqliteCommand Prepare(string sql, params ReadOnlySpan<string> parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constant statements of this class only.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        command.Prepare();
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }
}
