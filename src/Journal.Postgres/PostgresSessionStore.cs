using Backup.Actor.Kernel.Sessions;
using Npgsql;
using static Backup.Journal.Postgres.Sql;

namespace Backup.Journal.Postgres;

/// <summary>Sessions as rows.</summary>
public sealed class PostgresSessionStore(JournalDatabase database) : ISessionStore
{
    private const string Columns = "id, subject, device, address, since, seen_at, ends_at";

    public async ValueTask<IReadOnlyList<string>?> OpenAsync(LoginSession session, int keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (opened, ended) = (await RunAsync(
            """
            with opened as (
              insert into login_session (id, subject, device, address, since, seen_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7)
              on conflict (id) do nothing returning id),
            ended as (
              update login_session set ended_at = clock_timestamp()
              where exists (select from opened) and id in (
                select id from login_session where subject = $2 and ended_at is null and ends_at > $5 order by since desc, id offset $8)
              returning id)
            select exists (select from opened), array(select id from ended)
            """,
            static row => (row.GetBoolean(0), row.GetFieldValue<string[]>(1)),
            cancellationToken,
            Text(session.Id), Text(session.Subject), Text(session.Device), Text(session.Address), Moment(session.Since), Moment(session.SeenAt), Moment(session.EndsAt),
            Number(keep - 1))).Single();
        return opened ? ended : null;
    }

    public async ValueTask<LoginSession?> SeeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => (await RunAsync(
        $"update login_session set seen_at = $2 where id = $1 and ended_at is null and ends_at > $2 returning {Columns}",
        Read,
        cancellationToken,
        Text(id), Moment(now))).SingleOrDefault();

    public async ValueTask<IReadOnlyList<LoginSession>> ReadAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken) => await RunAsync(
        $"select {Columns} from login_session where subject = $1 and ended_at is null and ends_at > $2 order by since desc, id",
        Read,
        cancellationToken,
        Text(subject), Moment(now));

    public async ValueTask<IReadOnlyList<string>> EndAsync(string subject, string? only, string? except, CancellationToken cancellationToken) => await RunAsync(
        """
        update login_session set ended_at = clock_timestamp()
        where subject = $1 and ended_at is null and ($2 = '' or id = $2) and id <> $3
        returning id
        """,
        Id,
        cancellationToken,
        Text(subject), Text(only ?? ""), Text(except ?? ""));

    public async ValueTask<IReadOnlyList<string>> ReadEndedAsync(TimeSpan within, CancellationToken cancellationToken) => await RunAsync(
        "select id from login_session where ended_at > clock_timestamp() - $1",
        Id,
        cancellationToken,
        Period(within));

    public async ValueTask<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Command(connection, "delete from login_session where ends_at < $1", Moment(before));
            return await command.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    private Task<List<T>> RunAsync<T>(string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        database.UseReaderAsync(
            async connection =>
            {
                await using var command = Command(connection, sql, parameters);
                return await command.ReadAsync(row, cancellationToken);
            },
            cancellationToken);

    private static string Id(NpgsqlDataReader row) => row.GetString(0);

    private static LoginSession Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
        new DateTimeOffset(reader.GetDateTime(4)), new DateTimeOffset(reader.GetDateTime(5)), new DateTimeOffset(reader.GetDateTime(6)));
}
