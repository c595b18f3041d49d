using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Line;

/// <summary>The passwords of the users and what may become of them (NSE-TAP.md 3.2). Used under the floor's gate.</summary>
/// <remarks>Changes live in memory only and are never written down: a restart returns to the configured passwords.</remarks>
public sealed class Passwords(SimulatorSettings settings)
{
    private const int Length = 8;
    private const int Tries = 3;

    /// <summary>A new password differs from so many before it, the present one included.</summary>
    private const int Remembered = 5;

    private readonly Dictionary<(Segment, int), List<string>> _changed = [];
    private readonly Dictionary<(Segment, int), int> _failures = [];

    /// <summary>0 when the user may come in with these; a wrong password is counted.</summary>
    /// <param name="next">Empty unless the password is to be changed.</param>
    public short Check(Segment segment, int user, string password, string next)
    {
        var failures = _failures.GetValueOrDefault((segment, user));
        if (failures >= Tries)
        {
            return ExchangeError.UserDisabled;
        }

        var known = Known(segment, user);
        if (password != known[^1])
        {
            _failures[(segment, user)] = failures + 1;
            return ExchangeError.SignOnDataWrong;
        }

        _failures.Remove((segment, user));
        if (next.Length == 0)
        {
            return settings.PasswordExpired && !_changed.ContainsKey((segment, user)) ? ExchangeError.PasswordExpired : (short)0;
        }

        return IsGood(next) && !known.Contains(next) ? (short)0 : ExchangeError.NewPasswordInvalid;
    }

    /// <summary>From now on only the new one counts.</summary>
    public void Change(Segment segment, int user, string next)
    {
        var known = Known(segment, user);
        known.Add(next);
        if (known.Count > Remembered)
        {
            known.RemoveAt(0);
        }

        _changed[(segment, user)] = known;
    }

    private List<string> Known(Segment segment, int user) =>
        _changed.GetValueOrDefault((segment, user)) ?? [settings.Box(segment).Passwords[user]];

    private static bool IsGood(string password) =>
        password.Length == Length
        && password.Any(char.IsAsciiLetterUpper)
        && password.Any(char.IsAsciiLetterLower)
        && password.Any(char.IsAsciiDigit)
        && password.Any("@#$%&*/\\".Contains);
}
