using System.Globalization;

namespace Backup.Actor.Kernel.Notices;

/// <summary>What may stand in a notice: everybody reads it on the page, so the terminal and the node both hold it against this.</summary>
public static class NoticeRules
{
    public const int TextMax = 200;
    public const int NameMax = 80;
    public const int ReasonMax = 200;
    public const int AddressMax = 200;

    /// <summary>Before this it is a mistyped date rather than the beginning of an outage.</summary>
    public static readonly TimeSpan DownMax = TimeSpan.FromDays(30);

    /// <summary>The first thing that is wrong, as a sentence that names what was found and what was expected; null for a good notice.</summary>
    public static string? FindFault(MainSiteNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        return FaultOf("by", notice.By, NameMax, isNeeded: true)
            ?? FaultOf("reason", notice.Reason, ReasonMax, isNeeded: true)
            ?? FaultOf("text", notice.Text, TextMax, isNeeded: false)
            ?? FaultOfSince(notice)
            ?? FaultOfAddress(notice);
    }

    /// <summary>An address of https as browsers write it; null when it is none. A name and password in it would show another site than it opens.</summary>
    public static string? Normalize(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var read) && read is { UserInfo: "", Host.Length: > 0 } && read.Scheme == Uri.UriSchemeHttps
        && read.AbsoluteUri.Length <= AddressMax && !address.Any(letter => char.IsWhiteSpace(letter) || IsRefused(letter))
            ? read.AbsoluteUri
            : null;

    private static string? FaultOf(string name, string? words, int max, bool isNeeded)
    {
        if (words is null && !isNeeded)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(words) || words.Length > max)
        {
            var found = string.IsNullOrWhiteSpace(words) ? "nothing" : $"{words.Length} characters";
            return $"{name}: found {found}, expected 1 to {max} characters.";
        }

        return words.Where(IsRefused).Select(letter => (char?)letter).FirstOrDefault() is { } wrong
            ? $"{name}: found the character U+{(int)wrong:X4}, expected one line without characters that control how it is shown."
            : null;
    }

    private static string? FaultOfSince(MainSiteNotice notice) => notice switch
    {
        { DownSince: null } => null,
        { State: MainSiteState.MainSiteBack } => "since: found a time, expected none: the main site is back.",
        { DownSince: { } since } when since > notice.SetAt => $"since: found {Told(since)}, expected a time that is not after now, {Told(notice.SetAt)}.",
        { DownSince: { } since } when since < notice.SetAt - DownMax => $"since: found {Told(since)}, expected a time of the last {DownMax.TotalDays:0} days.",
        _ => null,
    };

    private static string? FaultOfAddress(MainSiteNotice notice) => notice switch
    {
        { Address: null } => null,
        { State: MainSiteState.Backup } => $"address: found \"{Shown(notice.Address)}\", expected none: nobody is sent to a main site that is down.",
        _ when Normalize(notice.Address) is null =>
            $"address: found \"{Shown(notice.Address)}\", expected one like https://trade.example.com/, with at most {AddressMax} characters and no user or password in it.",
        _ => null,
    };

    /// <summary>Control characters, ends of lines, and marks that turn the order of what follows, by which a sentence could be made to read as another.</summary>
    private static bool IsRefused(char letter) =>
        char.IsControl(letter) || letter is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C';

    /// <summary>For a message: at most some of it, and nothing that a terminal would obey.</summary>
    private static string Shown(string found) => new([.. found.Take(AddressMax).Select(letter => IsRefused(letter) ? '?' : letter)]);

    private static string Told(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
