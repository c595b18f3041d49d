using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Journal.Bench;

namespace Backup.Gateway.Bench;

/// <summary>A figure that should be small: the median of its rounds, told and kept.</summary>
internal static class Figures
{
    internal static JsonObject Told(string name, JsonObject figure, IReadOnlyCollection<double> rounds, double goal)
    {
        var sorted = rounds.Order().ToArray();
        var median = sorted[sorted.Length / 2];
        var met = median <= goal;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}: {median:0.###}, goal <= {goal}: {(met ? "met" : "MISSED")}"));
        Console.WriteLine();
        (figure["ratio"], figure["goal"], figure["goal_is"], figure["met"]) = (Comparison.Round(median), goal, "at most", met);
        figure["rounds"] = new JsonArray([.. rounds.Select(round => (JsonNode)Comparison.Round(round))]);
        return figure;
    }
}
