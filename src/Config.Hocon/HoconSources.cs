using System.Collections;

namespace Backup.Config.Hocon;

/// <summary>Everything the settings are made from, weakest first: reference, overlays, environment, command line.</summary>
public sealed record HoconSources(string ReferencePath)
{
    /// <summary>Files laid over the reference, each stronger than the one before.</summary>
    public IReadOnlyList<string> OverlayPaths { get; init; } = [];

    /// <summary>The texts after <c>--set</c>, each <c>key=value</c>.</summary>
    public IReadOnlyList<string> Sets { get; init; } = [];

    /// <summary>Read for <c>BACKUP_…</c> overrides and for substitutions.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Takes <c>--set key=value</c> and <c>--set=key=value</c> out of a command line; <paramref name="rest"/> is what remains.
    /// </summary>
    /// <exception cref="HoconException">A <c>--set</c> with nothing after it.</exception>
    public HoconSources WithArguments(IReadOnlyList<string> arguments, out IReadOnlyList<string> rest)
    {
        var sets = new List<string>();
        var remaining = new List<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i].StartsWith("--set=", StringComparison.Ordinal))
            {
                sets.Add(arguments[i]["--set=".Length..]);
            }
            else if (arguments[i] != "--set")
            {
                remaining.Add(arguments[i]);
            }
            else if (++i < arguments.Count)
            {
                sets.Add(arguments[i]);
            }
            else
            {
                throw new HoconException([new HoconProblem(new HoconOrigin("--set", 0), "found nothing after --set, expected key=value")]);
            }
        }

        rest = remaining;
        return this with { Sets = [.. Sets, .. sets] };
    }

    /// <summary>The environment of this process, as it is now.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(
            static entry => (string)entry.Key, static entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
}
