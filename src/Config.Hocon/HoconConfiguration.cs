using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Backup.Config.Hocon;

/// <summary>Hands settings to the configuration system, with keys as <c>a:b:c</c>.</summary>
public static class HoconConfiguration
{
    /// <summary>Adds settings that were layered and checked against the reference.</summary>
    public static IConfigurationBuilder AddHocon(this IConfigurationBuilder builder, HoconSettings settings) =>
        builder.AddInMemoryCollection(settings.All.Select(static setting => Pair(setting.Key, setting.Bound)));

    /// <summary>
    /// Adds one stand-alone file. With no reference beside it, each value's kind is the one that its form shows; substitutions
    /// may name variables of this process.
    /// </summary>
    /// <exception cref="HoconException">Anything is wrong; it lists everything.</exception>
    public static IConfigurationBuilder AddHoconFile(this IConfigurationBuilder builder, string path)
    {
        var problems = new List<HoconProblem>();
        var root = new HoconSubstitution(HoconDocument.Load(path).Root, HoconSources.ProcessEnvironment(), problems).Resolve();
        var pairs = Flatten(root, "", "").ToList();
        return problems.Count == 0 ? builder.AddInMemoryCollection(pairs) : throw new HoconException(problems);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(HoconNode node, string key, string path) => node switch
    {
        HoconObject inner => inner.Keys.SelectMany(name => Flatten(inner.Find(name)!, name, Dotted(path, name))),
        HoconArray array => array.Items.SelectMany((item, index) =>
            Flatten(item, key, Dotted(path, index.ToString(CultureInfo.InvariantCulture)))),
        HoconText text => [Pair(path, HoconKinds.Bound(HoconKinds.Of(key, text), text.Value) ?? text.Value)],
        _ => [],
    };

    private static KeyValuePair<string, string?> Pair(string key, string value) =>
        KeyValuePair.Create<string, string?>(key.Replace('.', ':'), value);

    private static string Dotted(string prefix, string key) => prefix.Length == 0 ? key : $"{prefix}.{key}";
}
