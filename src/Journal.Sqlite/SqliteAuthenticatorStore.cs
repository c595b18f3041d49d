using Backup.Actor.Kernel.Sessions;

namespace Backup.Journal.Sqlite;

/// <summary>Authenticators as rows of the node's own file.</summary>
public sealed class SqliteAuthenticatorStore(LoginFile file) : IAuthenticatorStore
{
    public ValueTask<Authenticator?> FindAsync(string subject, CancellationToken cancellationToken) => file.UseAsync(
        connection =>
        {
            using var command = LoginFile.Command(
                connection, "select secret, since, confirmed, second_factor, last_step from login_authenticator where subject = ?1", subject);
            using var row = command.ExecuteReader();
            return row.Read()
                ? new Authenticator(
                    subject, (byte[])row.GetValue(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetBoolean(2), row.GetBoolean(3), row.GetInt64(4))
                : null;
        },
        cancellationToken);

    public ValueTask<bool> BeginAsync(string subject, ReadOnlyMemory<byte> secret, DateTimeOffset since, CancellationToken cancellationToken) => DoAsync(
        """
        insert into login_authenticator (subject, secret, since) values (?1, ?2, ?3)
        on conflict (subject) do update set secret = excluded.secret, since = excluded.since where confirmed = 0
        """,
        cancellationToken,
        subject, secret.ToArray(), since.ToUnixTimeMilliseconds());

    public ValueTask<bool> ConfirmAsync(string subject, ReadOnlyMemory<byte> secret, bool isSecondFactor, long step, CancellationToken cancellationToken) => DoAsync(
        "update login_authenticator set confirmed = 1, second_factor = ?3, last_step = ?4 where subject = ?1 and secret = ?2 and confirmed = 0",
        cancellationToken,
        subject, secret.ToArray(), isSecondFactor, step);

    public ValueTask<bool> UseAsync(string subject, long step, CancellationToken cancellationToken) => DoAsync(
        "update login_authenticator set last_step = ?2 where subject = ?1 and confirmed = 1 and last_step < ?2", cancellationToken, subject, step);

    public ValueTask<bool> RemoveAsync(string subject, CancellationToken cancellationToken) =>
        DoAsync("delete from login_authenticator where subject = ?1", cancellationToken, subject);

    /// <returns>Whether it met its row.</returns>
    private ValueTask<bool> DoAsync(string sql, CancellationToken cancellationToken, params object[] parameters) => file.UseAsync(
        connection =>
        {
            using var command = LoginFile.Command(connection, sql, parameters);
            return command.ExecuteNonQuery() == 1;
        },
        cancellationToken);
}
