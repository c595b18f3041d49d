using System.Globalization;
using System.Text.RegularExpressions;

namespace Backup.Config.Hocon;

/// <summary>What a key holds; taken from its value in the reference file.</summary>
public enum HoconKind
{
    Text,
    Boolean,
    WholeNumber,
    Number,
    Port,
    Duration,
    Size,
}

/// <summary>Recognises kinds and turns values into the texts that the configuration system binds.</summary>
internal static partial class HoconKinds
{
    private static readonly Dictionary<string, long> DurationTicks = new(StringComparer.Ordinal)
    {
        ["ms"] = TimeSpan.TicksPerMillisecond,
        ["milliseconds"] = TimeSpan.TicksPerMillisecond,
        ["s"] = TimeSpan.TicksPerSecond,
        ["seconds"] = TimeSpan.TicksPerSecond,
        ["m"] = TimeSpan.TicksPerMinute,
        ["minutes"] = TimeSpan.TicksPerMinute,
        ["h"] = TimeSpan.TicksPerHour,
        ["hours"] = TimeSpan.TicksPerHour,
        ["d"] = TimeSpan.TicksPerDay,
        ["days"] = TimeSpan.TicksPerDay,
    };

    private static readonly Dictionary<string, long> SizeBytes = new(StringComparer.Ordinal)
    {
        ["B"] = 1,
        ["kB"] = 1000,
        ["MB"] = 1000 * 1000,
        ["GB"] = 1000L * 1000 * 1000,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
    };

    /// <summary>The kind that a value shows by its form. A quoted value is a text, whatever is in it.</summary>
    public static HoconKind Of(string key, HoconText value)
    {
        if (value.Quoted)
        {
            return HoconKind.Text;
        }

        if (value.Value is "true" or "false")
        {
            return HoconKind.Boolean;
        }

        if (IntegerForm().IsMatch(value.Value))
        {
            return key == "port" || key.EndsWith("-port", StringComparison.Ordinal) ? HoconKind.Port : HoconKind.WholeNumber;
        }

        if (NumberForm().IsMatch(value.Value))
        {
            return HoconKind.Number;
        }

        var unit = UnitForm().Match(value.Value).Groups["unit"].Value;
        return DurationTicks.ContainsKey(unit) ? HoconKind.Duration : SizeBytes.ContainsKey(unit) ? HoconKind.Size : HoconKind.Text;
    }

    /// <summary>Whether the text is a number with letters behind it, a known unit or not.</summary>
    public static bool LooksLikeUnit(string value) => UnitForm().IsMatch(value);

    public static string Expectation(HoconKind kind) => kind switch
    {
        HoconKind.Boolean => "true or false",
        HoconKind.WholeNumber => "a whole number",
        HoconKind.Number => "a number",
        HoconKind.Port => "a port, 0 to 65535",
        HoconKind.Duration => "a duration with its unit (ms, s, m, h, d), such as 500ms",
        HoconKind.Size => "a size with its unit (B, kB, MB, GB, KiB, MiB, GiB), such as 64KiB",
        HoconKind.Text => "a text",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };

    /// <summary>
    /// The value as the configuration system reads it: durations as TimeSpan text, sizes as a count of bytes; null when the
    /// value is not of the kind.
    /// </summary>
    public static string? Bound(HoconKind kind, string value) => kind switch
    {
        HoconKind.Text => value,
        HoconKind.Boolean => value switch
        {
            "true" or "on" or "yes" => "true",
            "false" or "off" or "no" => "false",
            _ => null,
        },
        HoconKind.WholeNumber => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : null,
        HoconKind.Number => NumberForm().IsMatch(value) ? value : null,
        HoconKind.Port => ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? port.ToString(CultureInfo.InvariantCulture)
            : null,
        HoconKind.Duration => Scaled(value, DurationTicks) is { } ticks ? new TimeSpan(ticks).ToString("c") : null,
        HoconKind.Size => Scaled(value, SizeBytes)?.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Number times unit, exact; null when the unit is unknown, the result is not whole, or does not fit.</summary>
    private static long? Scaled(string value, Dictionary<string, long> units)
    {
        var match = UnitForm().Match(value);
        if (!match.Success || !units.TryGetValue(match.Groups["unit"].Value, out var factor)
            || !decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / factor)
        {
            return null;
        }

        var scaled = number * factor;
        return decimal.Truncate(scaled) == scaled ? (long)scaled : null;
    }

    [GeneratedRegex("^-?[0-9]{1,18}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IntegerForm();

    [GeneratedRegex("^-?[0-9]{1,18}(?:[.][0-9]{1,18})?(?:[eE][+-]?[0-9]{1,3})?$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberForm();

    [GeneratedRegex(
        "^(?<number>[0-9]{1,18}([.][0-9]{1,9})?)[ ]*(?<unit>[A-Za-z]+)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex UnitForm();
}
