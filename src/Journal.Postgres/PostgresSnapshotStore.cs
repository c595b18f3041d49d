using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>Snapshots as rows. An old owner may still store here: what it stores is true of the history that its hash names.</summary>
public sealed class PostgresSnapshotStore(JournalDatabase database) : ISnapshotStore
{
    public async ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        try
        {
            await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                insert into snapshot as s (entity, sequence, hash, version, state)
                select distinct on (entity) * from unnest($1, $2, $3, $4, $5) as n (entity, sequence, hash, version, state) order by entity, sequence desc
                on conflict (entity) do update set sequence = excluded.sequence, hash = excluded.hash, version = excluded.version, state = excluded.state
                where s.sequence < excluded.sequence or s.version <> excluded.version
                """;
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. snapshots.Select(snapshot => snapshot.Entity)] });
            command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. snapshots.Select(snapshot => snapshot.Head.Sequence)] });
            command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = [.. snapshots.Select(snapshot => snapshot.Head.Hash)] });
            command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = [.. snapshots.Select(snapshot => snapshot.Version)] });
            command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>[]> { TypedValue = [.. snapshots.Select(snapshot => snapshot.State)] });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw database.Explain(failure);
        }
    }

    public async ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = """
                select s.entity, s.sequence, s.hash, s.version, s.state
                from snapshot s join entity_head h on h.entity = s.entity and h.sequence >= s.sequence
                where s.entity = any($1)
                """;
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. entities] });
            var found = new Dictionary<string, EntitySnapshot>(StringComparer.Ordinal);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var head = new JournalHead(reader.GetInt64(1), (byte[])reader.GetValue(2));
                found[reader.GetString(0)] = new EntitySnapshot(reader.GetString(0), head, reader.GetInt16(3), (byte[])reader.GetValue(4));
            }

            return found;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw database.Explain(failure);
        }
    }
}
