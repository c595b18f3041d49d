using Backup.Actor.Kernel.Sessions;

namespace Backup.Journal.Sqlite;

/// <summary>The house's own people as rows of the node's own file.</summary>
public sealed class SqliteStaffStore(LoginFile file) : IStaffStore
{
    private const string Select = "select name, role, password_hash, since, disabled from login_staff";

    public async ValueTask<StaffMember?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync($"{Select} where name = ?1", cancellationToken, name)).SingleOrDefault();

    public ValueTask<IReadOnlyList<StaffMember>> ReadAsync(CancellationToken cancellationToken) => ReadAsync($"{Select} order by name", cancellationToken);

    public ValueTask<bool> AddAsync(StaffMember member, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        return DoAsync(
            "insert into login_staff (name, role, password_hash, since, disabled) values (?1, ?2, ?3, ?4, ?5) on conflict (name) do nothing",
            cancellationToken,
            member.Name, member.Role, member.PasswordHash, member.Since.ToUnixTimeMilliseconds(), member.IsDisabled);
    }

    public ValueTask<bool> SetPasswordAsync(string name, string passwordHash, CancellationToken cancellationToken) =>
        DoAsync("update login_staff set password_hash = ?2 where name = ?1", cancellationToken, name, passwordHash);

    public ValueTask<bool> SetDisabledAsync(string name, bool isDisabled, CancellationToken cancellationToken) =>
        DoAsync("update login_staff set disabled = ?2 where name = ?1", cancellationToken, name, isDisabled);

    private ValueTask<IReadOnlyList<StaffMember>> ReadAsync(string sql, CancellationToken cancellationToken, params object[] parameters) => file.UseAsync<IReadOnlyList<StaffMember>>(
        connection =>
        {
            using var command = LoginFile.Command(connection, sql, parameters);
            using var row = command.ExecuteReader();
            var found = new List<StaffMember>();
            while (row.Read())
            {
                found.Add(new StaffMember(row.GetString(0), row.GetString(1), row.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)), row.GetBoolean(4)));
            }

            return found;
        },
        cancellationToken);

    /// <returns>Whether it met its row.</returns>
    private ValueTask<bool> DoAsync(string sql, CancellationToken cancellationToken, params object[] parameters) => file.UseAsync(
        connection =>
        {
            using var command = LoginFile.Command(connection, sql, parameters);
            return command.ExecuteNonQuery() == 1;
        },
        cancellationToken);
}
