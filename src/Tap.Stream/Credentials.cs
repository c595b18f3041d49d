namespace Backup.Tap.Stream;

/// <summary>
/// The user's password over the sessions of a box. A new one in the settings is used in two cases: the exchange says that the old one has
/// expired, then the next sign-on changes it; or it says that the old one is wrong, then it may have been changed before.
/// </summary>
public sealed class Credentials(string password, string newPassword)
{
    public string Password { get; private set; } = password;

    /// <summary>What the next sign-on asks the exchange to change the password to; empty for no change.</summary>
    public string NewPassword { get; private set; } = "";

    public bool HasNew => newPassword.Length > 0 && Password != newPassword;

    /// <summary>16053. False when there is nothing to change it to.</summary>
    public bool ChangeNext()
    {
        NewPassword = HasNew ? newPassword : "";
        return HasNew;
    }

    /// <summary>16006. False when there is no other to try.</summary>
    public bool TryNew()
    {
        if (!HasNew || NewPassword.Length > 0)
        {
            return false;
        }

        Password = newPassword;
        return true;
    }

    /// <summary>The exchange took the sign-on. True when that changed the password.</summary>
    public bool SignedOn()
    {
        var changed = NewPassword.Length > 0;
        (Password, NewPassword) = (changed ? NewPassword : Password, "");
        return changed;
    }

    /// <summary>What the exchange's rules ask of a password, as far as one can be looked at by itself (NSE-TAP.md 3.2).</summary>
    public static bool IsGood(string password) =>
        password.Length == 8 && password.Any(char.IsAsciiLetterUpper) && password.Any(char.IsAsciiLetterLower) && password.Any(char.IsAsciiDigit)
        && password.Any("@#$%&*/\\".Contains);
}
