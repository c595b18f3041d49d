using Backup.Actor.Kernel.Notices;
using Npgsql;
using NpgsqlTypes;
using static Backup.Journal.Postgres.Sql;

namespace Backup.Journal.Postgres;

/// <summary>Notices as rows.</summary>
public sealed class PostgresNoticeStore(JournalDatabase database) : INoticeStore
{
    private const string Columns = "state, down_since, address, words, set_by, reason, set_at";

    public async ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await database.UseReaderAsync(
            async connection =>
            {
                await using var command = Command(
                    connection, $"insert into main_site_notice ({Columns}) values ($1, $2, $3, $4, $5, $6, $7)",
                    Text(notice.State.ToString()), Maybe(NpgsqlDbType.TimestampTz, notice.DownSince?.UtcDateTime), Maybe(NpgsqlDbType.Text, notice.Address),
                    Maybe(NpgsqlDbType.Text, notice.Text), Text(notice.By), Text(notice.Reason), Moment(notice.SetAt));
                return await command.ExecuteNonQueryAsync(cancellationToken);
            },
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Command(connection, $"select {Columns} from main_site_notice order by number desc limit $1", Number(max));
            return await command.ReadAsync(
                static row => new MainSiteNotice(
                    Enum.Parse<MainSiteState>(row.GetString(0)), row.IsDBNull(1) ? null : new DateTimeOffset(row.GetDateTime(1)), row.IsDBNull(2) ? null : row.GetString(2),
                    row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetString(5), new DateTimeOffset(row.GetDateTime(6))),
                cancellationToken);
        },
        cancellationToken);

    private static NpgsqlParameter Maybe(NpgsqlDbType type, object? value) => new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };
}
