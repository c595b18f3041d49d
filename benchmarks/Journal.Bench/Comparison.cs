using System.Globalization;
using System.Text.Json.Nodes;

namespace Backup.Journal.Bench;

/// <summary>How many rounds of what length, after how long a warm-up, and what is looked at before each.</summary>
/// <param name="Probe">Null where no disk takes part.</param>
internal sealed record Plan(int Rounds, TimeSpan Time, FsyncProbe? Probe)
{
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Min(2, Time.TotalSeconds));
}

/// <summary>Runs control and candidate in turn, A B A B A B, prints every round, and keeps the median of the rounds' ratios.</summary>
internal static class Comparison
{
    private static readonly TimeSpan ProbeTime = TimeSpan.FromMilliseconds(500);

    /// <param name="ratio">What the figure is, from the control's and the candidate's reading of one round.</param>
    /// <param name="goal">Null: the figure is only told.</param>
    /// <param name="atLeast">True: the goal is a lower bound; false: an upper one.</param>
    internal static async Task<JsonObject> RunAsync(
        string figure, ISide control, ISide candidate, Plan plan, Func<Reading, Reading, double> ratio, double? goal, bool atLeast)
    {
        var wanted = goal is { } value ? $"goal {(atLeast ? ">=" : "<=")} {Text(value)}" : "no goal";
        Console.WriteLine($"{figure}: A = {control.Name}; B = {candidate.Name}; {wanted}");
        await control.RunAsync(plan.WarmUp);
        await candidate.RunAsync(plan.WarmUp);
        var rounds = new List<(Reading Control, Reading Candidate, double Ratio)>();
        for (var round = 1; round <= plan.Rounds; round++)
        {
            var disk = plan.Probe is { } probe ? $"; disk {Text((await probe.RunAsync(ProbeTime)).PerSecond)} fdatasync/s" : "";
            Console.WriteLine($"  round {round}: load {LoadAverage()}{disk}");
            GC.Collect();
            var a = await control.RunAsync(plan.Time);
            Print("A", a);
            GC.Collect();
            var b = await candidate.RunAsync(plan.Time);
            Print("B", b);
            rounds.Add((a, b, ratio(a, b)));
            Console.WriteLine($"    ratio {Text(rounds[^1].Ratio)}");
        }

        var median = Median(rounds.Select(round => round.Ratio));
        var met = goal is null || (atLeast ? median >= goal : median <= goal);
        Console.WriteLine($"  {figure}: median ratio {Text(median)}, {wanted}{(goal is null ? "" : met ? ": met" : ": MISSED")}");
        Console.WriteLine();
        return new JsonObject
        {
            ["ratio"] = Round(median),
            ["goal"] = goal,
            ["goal_is"] = atLeast ? "at least" : "at most",
            ["met"] = goal is null ? null : met,
            ["rounds"] = new JsonArray([.. rounds.Select(round => (JsonNode)Round(round.Ratio))]),
            ["control_per_second"] = Round(Median(rounds.Select(round => round.Control.PerSecond))),
            ["candidate_per_second"] = Round(Median(rounds.Select(round => round.Candidate.PerSecond))),
            ["control_p50_us"] = Round(Median(rounds.Select(round => round.Control.P50Micros))),
            ["control_p99_us"] = Round(Median(rounds.Select(round => round.Control.P99Micros))),
            ["candidate_p50_us"] = Round(Median(rounds.Select(round => round.Candidate.P50Micros))),
            ["candidate_p99_us"] = Round(Median(rounds.Select(round => round.Candidate.P99Micros))),
            ["control_bytes_each"] = Round(Median(rounds.Select(round => round.Control.BytesEach))),
            ["candidate_bytes_each"] = Round(Median(rounds.Select(round => round.Candidate.BytesEach))),
            ["candidate_batch"] = Round(Median(rounds.Select(round => round.Candidate.BatchSize))),
        };
    }

    internal static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    internal static double Round(double value) => Math.Round(value, value < 10 ? 3 : 1);

    private static void Print(string side, Reading reading) => Console.WriteLine(
        $"    {side}: {Text(reading.PerSecond),10}/s   p50 {Text(reading.P50Micros),8} us   p99 {Text(reading.P99Micros),9} us   {Text(reading.BytesEach),7} B allocated each"
        + (reading.Commits > 0 ? $"   {Text(reading.BatchSize)} a commit" : ""));

    private static string Text(double value) => value.ToString(value < 10 ? "0.###" : value < 1000 ? "0.#" : "#,0", CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
