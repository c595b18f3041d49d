namespace Backup.Account.Domain.Journal;

/// <summary>Bytes that no codec of this build has written: damaged, cut, or of a version that is not known here.</summary>
/// <param name="place">Where in the bytes, as a path.</param>
public sealed class AccountFormatException(string place, string found, string expected, Exception? inner = null)
    : FormatException($"{place}: found {found}, expected {expected}.", inner)
{
    public string Place { get; } = place;

    public string Found { get; } = found;

    public string Expected { get; } = expected;
}
