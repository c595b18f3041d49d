using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Login.Sessions;

namespace Backup.Gateway.Api.Login.Staff;

/// <summary>The broker's own people as an operator makes and ends them.</summary>
public sealed class StaffDirectory
{
    private const int NameLengthMax = 31;

    /// <summary>What makes a subject of sessions and authenticators theirs. No client's id has a colon.</summary>
    private const string Prefix = "staff:";

    private readonly IStaffStore _store;
    private readonly LoginSessions _sessions;
    private readonly StaffPasswords _passwords;
    private readonly TimeProvider _clock;

    internal StaffDirectory(IStaffStore store, LoginSessions sessions, StaffPasswords passwords, TimeProvider clock) =>
        (_store, _sessions, _passwords, _clock) = (store, sessions, passwords, clock);

    /// <summary>Whom sessions and authenticators are of.</summary>
    public static string SubjectOf(string name) => Prefix + name;

    /// <summary>The name in a subject; null for a client's.</summary>
    internal static string? NameIn(string subject) => subject.StartsWith(Prefix, StringComparison.Ordinal) ? subject[Prefix.Length..] : null;

    /// <summary>A name as it is stored: people write theirs as they like.</summary>
    internal static string Plain(string name) => name.Trim().ToLowerInvariant();

    /// <exception cref="JournalException">They could not be read.</exception>
    public ValueTask<IReadOnlyList<StaffMember>> ReadAsync(CancellationToken stop) => _store.ReadAsync(stop);

    /// <returns>Null when done; else why not, in a sentence.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done.</exception>
    public async ValueTask<string?> AddAsync(string name, string? role, string? password, CancellationToken stop)
    {
        if (!IsName(name))
        {
            return $"name: expected 2 to {NameLengthMax} letters a to z, digits, . _ or -, beginning with a letter.";
        }

        if (role is null || !Roles.OfStaff.Contains(role))
        {
            return $"role: expected {string.Join(", ", Roles.OfStaff)}; found {(role is null ? "none" : "something else")}.";
        }

        return StaffPasswords.WhyNot(name, password)
            ?? (await _store.AddAsync(new StaffMember(name, role, _passwords.Hash(password!), _clock.GetUtcNow(), IsDisabled: false), stop)
                ? null
                : $"There is or was somebody of the name {name}; a name is never given to another person.");
    }

    /// <summary>Whoever knew the old one may have used it, so every session ends.</summary>
    /// <returns>Null when done; else why not, in a sentence.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done.</exception>
    public async ValueTask<string?> SetPasswordAsync(string name, string? password, CancellationToken stop)
    {
        if (StaffPasswords.WhyNot(name, password) is { } wrong)
        {
            return wrong;
        }

        return await _store.SetPasswordAsync(name, _passwords.Hash(password!), stop) ? await EndAsync(name, stop) : Nobody(name);
    }

    /// <summary>Disabled he logs in no more, and his sessions end: here at once, elsewhere within the time of <see cref="GatewayOptions.EndedSessionsPoll"/>.</summary>
    /// <returns>Null when done; else why not, in a sentence.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done.</exception>
    public async ValueTask<string?> SetDisabledAsync(string name, bool isDisabled, CancellationToken stop) =>
        await _store.SetDisabledAsync(name, isDisabled, stop) ? isDisabled ? await EndAsync(name, stop) : null : Nobody(name);

    private async ValueTask<string?> EndAsync(string name, CancellationToken stop)
    {
        await _sessions.EndAsync(SubjectOf(name), null, null, stop);
        return null;
    }

    private static string Nobody(string name) => $"There is nobody of the name {name}.";

    private static bool IsName(string name) =>
        name.Length is >= 2 and <= NameLengthMax && char.IsAsciiLetterLower(name[0]) && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-');
}
