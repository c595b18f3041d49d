using System.Text.Json.Nodes;

namespace Backup.Failover.Bench;

/// <summary>Gaps of one figure, and how they are told.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    internal int Count => _milliseconds.Count;

    internal void Add(TimeSpan gap) => _milliseconds.Add(gap.TotalMilliseconds);

    internal void Add(Samples others) => _milliseconds.AddRange(others._milliseconds);

    internal double Percentile(double part)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Ceiling((sorted.Length - 1) * part)];
    }

    public override string ToString() => $"{Count,4} samples   p50 {Percentile(0.5),7:F0} ms   p99 {Percentile(0.99),7:F0} ms   max {Percentile(1),7:F0} ms";

    internal JsonObject ToJson() => new()
    {
        ["samples"] = Count,
        ["p50_ms"] = Math.Round(Percentile(0.5)),
        ["p99_ms"] = Math.Round(Percentile(0.99)),
        ["max_ms"] = Math.Round(Percentile(1)),
    };
}

/// <summary>A figure as it is reported: what was found, what was wanted, and what it is held against.</summary>
internal static class Figure
{
    internal static JsonObject Judge(string name, string what, Samples samples, double goalMilliseconds, string goalIs, bool isWhole = true)
    {
        var found = samples.Percentile(0.99);
        var met = isWhole && found <= goalMilliseconds;
        Console.WriteLine($"  {name,-5} {what,-34} {samples}   goal {goalIs} = {goalMilliseconds:F0} ms: {(met ? "met" : "MISSED")}");
        var json = samples.ToJson();
        json["goal_ms"] = Math.Round(goalMilliseconds);
        json["goal_is"] = goalIs;
        json["met"] = met;
        return json;
    }

    internal static string Load => $"load {string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3))}";
}
