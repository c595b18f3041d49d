using Backup.Actor.Kernel.Sessions;
using Npgsql;
using static Backup.Journal.Postgres.Sql;

namespace Backup.Journal.Postgres;

/// <summary>Authenticators as rows.</summary>
public sealed class PostgresAuthenticatorStore(JournalDatabase database) : IAuthenticatorStore
{
    public async ValueTask<Authenticator?> FindAsync(string subject, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Command(
                connection, "select subject, secret, since, confirmed, second_factor, last_step from login_authenticator where subject = $1", Text(subject));
            var found = await command.ReadAsync(
                static row => new Authenticator(
                    row.GetString(0), (byte[])row.GetValue(1), new DateTimeOffset(row.GetDateTime(2)), row.GetBoolean(3), row.GetBoolean(4), row.GetInt64(5)),
                cancellationToken);
            return found.SingleOrDefault();
        },
        cancellationToken);

    public ValueTask<bool> BeginAsync(string subject, ReadOnlyMemory<byte> secret, DateTimeOffset since, CancellationToken cancellationToken) => DoAsync(
        """
        insert into login_authenticator as a (subject, secret, since) values ($1, $2, $3)
        on conflict (subject) do update set secret = excluded.secret, since = excluded.since where not a.confirmed
        """,
        cancellationToken,
        Text(subject), Bytes(secret), Moment(since));

    public ValueTask<bool> ConfirmAsync(string subject, ReadOnlyMemory<byte> secret, bool isSecondFactor, long step, CancellationToken cancellationToken) => DoAsync(
        "update login_authenticator set confirmed = true, second_factor = $3, last_step = $4 where subject = $1 and secret = $2 and not confirmed",
        cancellationToken,
        Text(subject), Bytes(secret), new NpgsqlParameter<bool> { TypedValue = isSecondFactor }, Number(step));

    public ValueTask<bool> UseAsync(string subject, long step, CancellationToken cancellationToken) => DoAsync(
        "update login_authenticator set last_step = $2 where subject = $1 and confirmed and last_step < $2",
        cancellationToken,
        Text(subject), Number(step));

    public ValueTask<bool> RemoveAsync(string subject, CancellationToken cancellationToken) =>
        DoAsync("delete from login_authenticator where subject = $1", cancellationToken, Text(subject));

    /// <returns>Whether it met its row.</returns>
    private async ValueTask<bool> DoAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Command(connection, sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        },
        cancellationToken);
}
