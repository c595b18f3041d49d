using System.Runtime.CompilerServices;
using Backup.Actor.Kernel.Journal;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>Snapshots as rows. An old owner may still store here: what it stores is true of the history that its hash names.</summary>
public sealed class PostgresSnapshotStore(JournalDatabase database) : ISnapshotStore
{
    private const int PageSnapshots = 100;

    public async ValueTask StoreAsync(IReadOnlyCollection<EntitySnapshot> snapshots, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshots);
        await database.UseReaderAsync(
            async connection =>
            {
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
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    public async ValueTask<IReadOnlyDictionary<string, EntitySnapshot>> LoadAsync(IReadOnlyCollection<string> entities, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            var found = new Dictionary<string, EntitySnapshot>(StringComparer.Ordinal);
            await using var command = Sql.Command(
                connection,
                """
                select s.entity, s.sequence, s.hash, s.version, s.state
                from snapshot s join entity_head h on h.entity = s.entity and h.sequence >= s.sequence
                where s.entity = any($1)
                """,
                Sql.Texts(entities));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                found[reader.GetString(0)] = Read(reader);
            }

            return found;
        },
        cancellationToken);

    /// <summary>Every snapshot by the name of its entity, for audits.</summary>
    public async IAsyncEnumerable<EntitySnapshot> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var page = await ReadPageAsync("", cancellationToken);
        while (page.Count > 0)
        {
            foreach (var snapshot in page)
            {
                yield return snapshot;
            }

            page = page.Count < PageSnapshots ? [] : await ReadPageAsync(page[^1].Entity, cancellationToken);
        }
    }

    private Task<List<EntitySnapshot>> ReadPageAsync(string after, CancellationToken cancellationToken) => database.UseReaderAsync(
        async connection =>
        {
            await using var command = Sql.Command(
                connection,
                "select entity, sequence, hash, version, state from snapshot where entity > $1 order by entity limit $2",
                Sql.Text(after),
                new NpgsqlParameter<int> { TypedValue = PageSnapshots });
            return await command.ReadAsync(Read, cancellationToken);
        },
        cancellationToken);

    private static EntitySnapshot Read(NpgsqlDataReader reader) =>
        new(reader.GetString(0), new JournalHead(reader.GetInt64(1), (byte[])reader.GetValue(2)), reader.GetInt16(3), (byte[])reader.GetValue(4));
}
