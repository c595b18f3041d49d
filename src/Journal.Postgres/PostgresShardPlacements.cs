using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>Placements as rows. Who wrote one last is right.</summary>
public sealed class PostgresShardPlacements(JournalDatabase database) : IShardPlacements
{
    public async ValueTask PlaceAsync(ShardPlacement placement, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(placement);
        await RunAsync(
            """
            insert into shard_placement (shard, node, placed_by) values ($1, $2, $3)
            on conflict (shard) do update set node = excluded.node, placed_by = excluded.placed_by, placed_at = clock_timestamp()
            """,
            command => command.ExecuteNonQueryAsync(cancellationToken),
            cancellationToken,
            new NpgsqlParameter<int> { TypedValue = placement.Shard },
            Sql.Text(placement.Node),
            Sql.Text(placement.By));
    }

    public async ValueTask<int> ClearAsync(CancellationToken cancellationToken) =>
        await RunAsync("delete from shard_placement", command => command.ExecuteNonQueryAsync(cancellationToken), cancellationToken);

    public async ValueTask<ImmutableArray<ShardPlacement>> ReadAsync(CancellationToken cancellationToken) => await RunAsync(
        "select shard, node, placed_by from shard_placement order by shard",
        async command => (await command.ReadAsync(static row => new ShardPlacement(row.GetInt32(0), row.GetString(1), row.GetString(2)), cancellationToken)).ToImmutableArray(),
        cancellationToken);

    private Task<T> RunAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> run, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) => database.UseReaderAsync(
        async connection =>
        {
            await using var command = Sql.Command(connection, sql, parameters);
            return await run(command);
        },
        cancellationToken);
}
