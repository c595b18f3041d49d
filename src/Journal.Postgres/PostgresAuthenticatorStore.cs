using Backup.Actor.Kernel.Sessions;
using Npgsql;

namespace Backup.Journal.Postgres;

/// <summary>Authenticators as rows.</summary>
public sealed class PostgresAuthenticatorStore(JournalDatabase database) : IAuthenticatorStore
{
    public async ValueTask<Authenticator?> FindAsync(string subject, CancellationToken cancellationToken) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Sql.Command(
                connection, "select subject, secret, since, confirmed, second_factor, last_step from login_authenticator where subject = $1", Text(subject));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken)
                ? new Authenticator(
                    reader.GetString(0), (byte[])reader.GetValue(1), new DateTimeOffset(reader.GetDateTime(2)), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetInt64(5))
                : null;
        },
        cancellationToken);

    public ValueTask<bool> BeginAsync(string subject, ReadOnlyMemory<byte> secret, DateTimeOffset since, CancellationToken cancellationToken) => DoAsync(
        """
        insert into login_authenticator as a (subject, secret, since) values ($1, $2, $3)
        on conflict (subject) do update set secret = excluded.secret, since = excluded.since where not a.confirmed
        """,
        cancellationToken,
        Text(subject), Bytes(secret), new NpgsqlParameter<DateTime> { TypedValue = since.UtcDateTime });

    public ValueTask<bool> ConfirmAsync(string subject, ReadOnlyMemory<byte> secret, bool isSecondFactor, long step, CancellationToken cancellationToken) => DoAsync(
        "update login_authenticator set confirmed = true, second_factor = $3, last_step = $4 where subject = $1 and secret = $2 and not confirmed",
        cancellationToken,
        Text(subject), Bytes(secret), new NpgsqlParameter<bool> { TypedValue = isSecondFactor }, new NpgsqlParameter<long> { TypedValue = step });

    public ValueTask<bool> UseAsync(string subject, long step, CancellationToken cancellationToken) => DoAsync(
        "update login_authenticator set last_step = $2 where subject = $1 and confirmed and last_step < $2",
        cancellationToken,
        Text(subject), new NpgsqlParameter<long> { TypedValue = step });

    public ValueTask<bool> RemoveAsync(string subject, CancellationToken cancellationToken) =>
        DoAsync("delete from login_authenticator where subject = $1", cancellationToken, Text(subject));

    /// <returns>Whether it met its row.</returns>
    private async ValueTask<bool> DoAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Sql.Command(connection, sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        },
        cancellationToken);

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> value) => new() { TypedValue = value };
}
