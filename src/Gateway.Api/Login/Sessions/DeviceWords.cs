namespace Backup.Gateway.Api.Login.Sessions;

/// <summary>A User-Agent in words by which a person knows his device. It proves nothing: whoever asks may write what he likes.</summary>
internal static class DeviceWords
{
    private const int ProgramLengthMax = 40;

    /// <summary>First hit wins: later browsers name the earlier ones too.</summary>
    private static readonly (string Sign, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("UCBrowser/", "UC Browser"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Sign, string Name)[] Systems =
    [
        ("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Windows", "Windows"), ("Mac OS X", "a Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ];

    internal static string Of(string userAgent)
    {
        var browser = Find(Browsers, userAgent);
        var system = Find(Systems, userAgent);
        return (browser, system) switch
        {
            ({ } with, { } on) => $"{with} on {on}",
            ({ } with, null) => with,
            _ => ProgramOf(userAgent),
        };
    }

    /// <summary>The first word of a program's name and version, if it is one that may be shown as it is.</summary>
    private static string ProgramOf(string userAgent)
    {
        var name = userAgent.Split(' ')[0];
        return name.Length is > 0 and <= ProgramLengthMax && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '-' or '_') ? name : "an unknown device";
    }

    private static string? Find((string Sign, string Name)[] known, string userAgent) =>
        Array.Find(known, one => userAgent.Contains(one.Sign, StringComparison.Ordinal)).Name;
}
