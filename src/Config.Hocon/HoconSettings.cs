using System.Security.Cryptography;
using System.Text;

namespace Backup.Config.Hocon;

/// <summary>One effective setting. <paramref name="Bound"/> is the text that the configuration system reads.</summary>
public sealed record HoconSetting(string Key, string Written, string Bound, HoconKind Kind, HoconOrigin Origin, bool Secret);

/// <summary>The effective settings of a program: layered, checked against the reference file, with the origin of each.</summary>
/// <remarks>
/// <para>1. Every key is in the reference file; an empty object there (<c>limits {}</c>) takes any keys of text below it.</para>
/// <para>2. Every value has the kind of its reference value. A quoted reference value makes the key a text.</para>
/// <para>3. A key marked <c># secret</c> in the reference is never written out, and does not enter the hash.</para>
/// </remarks>
public sealed class HoconSettings
{
    private const string Redacted = "(redacted)";
    private readonly SortedDictionary<string, HoconSetting> _settings;

    private HoconSettings(SortedDictionary<string, HoconSetting> settings)
    {
        _settings = settings;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Concat(settings.Values.Select(static setting => $"{setting.Key}={(setting.Secret ? Redacted : setting.Bound)}\n")))));
    }

    /// <summary>In the order of their keys. Keys are dotted; the items of an array are numbered from 0.</summary>
    public IReadOnlyCollection<HoconSetting> All => _settings.Values;

    /// <summary>SHA-256, in hexadecimal, over the effective settings; secrets stand redacted in it.</summary>
    public string Hash { get; }

    /// <summary>The value as bound (durations as TimeSpan text, sizes in bytes), or null when the key has none.</summary>
    public string? Find(string key) => _settings.TryGetValue(key, out var setting) ? setting.Bound : null;

    /// <summary>Layers the files, then <c>BACKUP_…</c> variables of this process.</summary>
    /// <exception cref="HoconException">Anything is wrong; it lists everything.</exception>
    public static HoconSettings Load(string referencePath, params string[] overlayPaths) =>
        Load(new HoconSources(referencePath) { OverlayPaths = overlayPaths, Environment = HoconSources.ProcessEnvironment() });

    /// <exception cref="HoconException">Anything is wrong; it lists everything.</exception>
    public static HoconSettings Load(HoconSources sources)
    {
        var problems = new List<HoconProblem>();
        var reference = Open(sources.ReferencePath, problems);
        if (problems.Count > 0)
        {
            throw new HoconException(problems);
        }

        var shape = HoconShape.Of(reference, problems);
        var merged = reference.Root;
        foreach (var path in sources.OverlayPaths)
        {
            merged = merged.MergedWith(Open(path, problems).Root);
        }

        merged = HoconOverrides.Apply(sources, shape, merged, problems);
        var resolved = new HoconSubstitution(merged, sources.Environment, problems).Resolve();
        var settings = new SortedDictionary<string, HoconSetting>(StringComparer.Ordinal);
        foreach (var setting in shape.Check(resolved, problems))
        {
            settings[setting.Key] = setting;
        }

        return problems.Count == 0 ? new HoconSettings(settings) : throw new HoconException(problems);
    }

    /// <summary>One line a setting: <c>key = value  (file:line)</c>.</summary>
    public string Describe() => string.Concat(_settings.Values.Select(static setting =>
        $"{setting.Key} = {(setting.Secret ? Redacted : setting.Written)}  ({setting.Origin})\n"));

    private static HoconDocument Open(string path, List<HoconProblem> problems)
    {
        var document = HoconDocument.Open(path, new HoconOrigin(path, 0));
        problems.AddRange(document.Problems);
        return document;
    }
}
