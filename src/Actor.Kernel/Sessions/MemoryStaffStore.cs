using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Sessions;

/// <summary>The whole contract in memory, for tests.</summary>
public sealed class MemoryStaffStore() : MemoryStore("staff"), IStaffStore
{
    private readonly SortedDictionary<string, StaffMember> _all = new(StringComparer.Ordinal);

    public ValueTask<StaffMember?> FindAsync(string name, CancellationToken cancellationToken) => Do(() => _all.GetValueOrDefault(name));

    public ValueTask<IReadOnlyList<StaffMember>> ReadAsync(CancellationToken cancellationToken) => Do<IReadOnlyList<StaffMember>>(() => [.. _all.Values]);

    public ValueTask<bool> AddAsync(StaffMember member, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        return Do(() => _all.TryAdd(member.Name, member));
    }

    public ValueTask<bool> SetPasswordAsync(string name, string passwordHash, CancellationToken cancellationToken) =>
        ChangeAsync(name, member => member with { PasswordHash = passwordHash });

    public ValueTask<bool> SetDisabledAsync(string name, bool isDisabled, CancellationToken cancellationToken) =>
        ChangeAsync(name, member => member with { IsDisabled = isDisabled });

    private ValueTask<bool> ChangeAsync(string name, Func<StaffMember, StaffMember> change) => Do(() =>
    {
        if (!_all.TryGetValue(name, out var member))
        {
            return false;
        }

        _all[name] = change(member);
        return true;
    });
}
