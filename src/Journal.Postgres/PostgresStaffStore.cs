using Backup.Actor.Kernel.Sessions;
using Npgsql;
using static Backup.Journal.Postgres.Sql;

namespace Backup.Journal.Postgres;

/// <summary>The house's own people as rows.</summary>
public sealed class PostgresStaffStore(JournalDatabase database) : IStaffStore
{
    private const string Select = "select name, role, password_hash, since, disabled from login_staff";

    public async ValueTask<StaffMember?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync($"{Select} where name = $1", cancellationToken, Text(name))).SingleOrDefault();

    public ValueTask<IReadOnlyList<StaffMember>> ReadAsync(CancellationToken cancellationToken) => ReadAsync($"{Select} order by name", cancellationToken);

    public ValueTask<bool> AddAsync(StaffMember member, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        return DoAsync(
            "insert into login_staff (name, role, password_hash, since, disabled) values ($1, $2, $3, $4, $5) on conflict (name) do nothing",
            cancellationToken,
            Text(member.Name), Text(member.Role), Text(member.PasswordHash), Moment(member.Since), Flag(member.IsDisabled));
    }

    public ValueTask<bool> SetPasswordAsync(string name, string passwordHash, CancellationToken cancellationToken) =>
        DoAsync("update login_staff set password_hash = $2 where name = $1", cancellationToken, Text(name), Text(passwordHash));

    public ValueTask<bool> SetDisabledAsync(string name, bool isDisabled, CancellationToken cancellationToken) =>
        DoAsync("update login_staff set disabled = $2 where name = $1", cancellationToken, Text(name), Flag(isDisabled));

    private static NpgsqlParameter<bool> Flag(bool value) => new() { TypedValue = value };

    private async ValueTask<IReadOnlyList<StaffMember>> ReadAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Command(connection, sql, parameters);
            return await command.ReadAsync(
                static row => new StaffMember(row.GetString(0), row.GetString(1), row.GetString(2), new DateTimeOffset(row.GetDateTime(3)), row.GetBoolean(4)), cancellationToken);
        },
        cancellationToken);

    /// <returns>Whether it met its row.</returns>
    private async ValueTask<bool> DoAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) => await database.UseReaderAsync(
        async connection =>
        {
            await using var command = Command(connection, sql, parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        },
        cancellationToken);
}
