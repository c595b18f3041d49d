using Backup.Actor.Kernel.Sessions;
using Microsoft.Data.Sqlite;

namespace Backup.Journal.Sqlite;

/// <summary>Sessions as rows of the node's own file; times are Unix milliseconds.</summary>
public sealed class SqliteSessionStore(LoginFile file, TimeProvider clock) : ISessionStore
{
    private const string Columns = "id, subject, device, address, since, seen_at, ends_at";

    public ValueTask<IReadOnlyList<string>?> OpenAsync(LoginSession session, int keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return file.UseAsync<IReadOnlyList<string>?>(
            connection =>
            {
                using var insert = LoginFile.Command(
                    connection, $"insert into login_session ({Columns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (id) do nothing",
                    session.Id, session.Subject, session.Device, session.Address, Milliseconds(session.Since), Milliseconds(session.SeenAt), Milliseconds(session.EndsAt));
                if (insert.ExecuteNonQuery() == 0)
                {
                    return null;
                }

                using var end = LoginFile.Command(
                    connection,
                    """
                    update login_session set ended_at = ?1 where id in (
                      select id from login_session where subject = ?2 and id <> ?3 and ended_at is null and ends_at > ?4 order by since desc, id limit -1 offset ?5)
                    returning id
                    """,
                    Milliseconds(clock.GetUtcNow()), session.Subject, session.Id, Milliseconds(session.Since), keep - 1);
                return Ids(end);
            },
            cancellationToken);
    }

    public ValueTask<LoginSession?> SeeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) => file.UseAsync(
        connection =>
        {
            using var command = LoginFile.Command(
                connection, $"update login_session set seen_at = ?2 where id = ?1 and ended_at is null and ends_at > ?2 returning {Columns}", id, Milliseconds(now));
            return ReadAll(command, Read).SingleOrDefault();
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<LoginSession>> ReadAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken) => file.UseAsync<IReadOnlyList<LoginSession>>(
        connection =>
        {
            using var command = LoginFile.Command(
                connection, $"select {Columns} from login_session where subject = ?1 and ended_at is null and ends_at > ?2 order by since desc, id", subject, Milliseconds(now));
            return ReadAll(command, Read);
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<string>> EndAsync(string subject, string? only, string? except, CancellationToken cancellationToken) => file.UseAsync<IReadOnlyList<string>>(
        connection =>
        {
            using var command = LoginFile.Command(
                connection,
                "update login_session set ended_at = ?1 where subject = ?2 and ended_at is null and (?3 = '' or id = ?3) and id <> ?4 returning id",
                Milliseconds(clock.GetUtcNow()), subject, only ?? "", except ?? "");
            return Ids(command);
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<string>> ReadEndedAsync(TimeSpan within, CancellationToken cancellationToken) => file.UseAsync<IReadOnlyList<string>>(
        connection =>
        {
            using var command = LoginFile.Command(connection, "select id from login_session where ended_at > ?1", Milliseconds(clock.GetUtcNow() - within));
            return Ids(command);
        },
        cancellationToken);

    public ValueTask<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => file.UseAsync(
        connection =>
        {
            using var command = LoginFile.Command(connection, "delete from login_session where ends_at < ?1", Milliseconds(before));
            return command.ExecuteNonQuery();
        },
        cancellationToken);

    private static List<string> Ids(SqliteCommand command) => ReadAll(command, static row => row.GetString(0));

    private static List<T> ReadAll<T>(SqliteCommand command, Func<SqliteDataReader, T> read)
    {
        var rows = new List<T>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static LoginSession Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), Time(row.GetInt64(4)), Time(row.GetInt64(5)), Time(row.GetInt64(6)));

    private static long Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
