using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Sessions;

/// <summary>One of the house's own people, who logs in with a name and a password.</summary>
/// <param name="Name">Never given to somebody else: journals name it for years.</param>
/// <param name="Role">A word; what it may do is not known here.</param>
/// <param name="PasswordHash">As the login's hasher writes it: with its salt and its cost.</param>
/// <param name="IsDisabled">He does not log in any more. He stays listed, so that his name stays his.</param>
public sealed record StaffMember(string Name, string Role, string PasswordHash, DateTimeOffset Since, bool IsDisabled);

/// <summary>The house's own people, where every node sees them. Nobody is ever removed.</summary>
/// <remarks>Safe for threads. Implementations pass the suite in <c>tests/Journal.Conformance</c>.</remarks>
public interface IStaffStore
{
    /// <exception cref="JournalException">It could not be read.</exception>
    ValueTask<StaffMember?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Everybody, by name.</summary>
    /// <exception cref="JournalException">They could not be read.</exception>
    ValueTask<IReadOnlyList<StaffMember>> ReadAsync(CancellationToken cancellationToken);

    /// <returns>False when there is or was somebody of that name, who stays as he is.</returns>
    /// <exception cref="JournalException">Nobody knows whether he was added.</exception>
    ValueTask<bool> AddAsync(StaffMember member, CancellationToken cancellationToken);

    /// <returns>False when there is nobody of that name.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done; doing it again is harmless.</exception>
    ValueTask<bool> SetPasswordAsync(string name, string passwordHash, CancellationToken cancellationToken);

    /// <returns>False when there is nobody of that name.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done; doing it again is harmless.</exception>
    ValueTask<bool> SetDisabledAsync(string name, bool isDisabled, CancellationToken cancellationToken);
}
