using System.Diagnostics;
using System.Text.Json.Nodes;
using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>
/// G13: the primary is lost (kill -9) and a script promotes the standby. The control is a bare client of the same moment: from the kill to the first
/// commit that it gets. What our clients wait longer than that is ours.
/// </summary>
internal sealed class PrimaryFigure(Clients clients)
{
    private const int ProbesMax = 6;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(8);
    private readonly Stack _stack = clients.Stack;

    internal async Task<JsonObject> RunAsync(int rounds)
    {
        var (promotions, gaps, beyond) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < rounds; round++)
        {
            var (promotion, waited) = await StrikeAsync();
            promotions.Add(promotion);
            waited.ForEach(gap =>
            {
                gaps.Add(gap);
                beyond.Add(gap > promotion ? gap - promotion : TimeSpan.Zero);
            });
            await HealAsync();
        }

        Console.WriteLine($"        promotion and first bare commit {promotions}");
        Console.WriteLine($"        clients' commits                {gaps}");
        var json = Figure.Judge("G13", "primary lost, beyond the promotion", beyond, 1000, "promotion + 1 s");
        json["promotion"] = promotions.ToJson();
        json["gap"] = gaps.ToJson();
        json["must_met"] = beyond.Percentile(0.99) <= 3000;
        return json;
    }

    private async Task<(TimeSpan Promotion, List<TimeSpan> Gaps)> StrikeAsync()
    {
        var probes = clients.All.Take(ProbesMax).ToList();
        probes.ForEach(static probe => probe.Start());
        await Task.Delay(WarmUp);
        var load = Figure.Load;
        var struckAt = Stopwatch.GetTimestamp();
        await _stack.Journal!.KillAsync();
        await _stack.Journal.PromoteAsync();
        await _stack.Journal.Primary.ExecuteAsync("select pg_logical_emit_message(true, 'bare', '')");
        var promotion = Stopwatch.GetElapsedTime(struckAt);
        await Task.Delay(After);
        await Task.WhenAll(probes.ConvertAll(static probe => probe.StopAsync()));
        var gaps = probes.ConvertAll(probe => probe.GapBetween(struckAt, long.MaxValue));
        Console.WriteLine(
            $"    kill -9 of the primary: promoted after {promotion.TotalMilliseconds:F0} ms, clients' commits after {string.Join(", ", gaps.Select(static gap => $"{gap.TotalMilliseconds:F0}"))} ms; "
            + $"{probes.Sum(static probe => probe.Failed.Count)} failed, {probes.Sum(static probe => probe.Unknown)} unknown; {load}");
        Expect.That(gaps.TrueForAll(static gap => gap > TimeSpan.Zero), $"every client gets a commit within {After.TotalSeconds} s");
        return (promotion, gaps);
    }

    private async Task HealAsync()
    {
        await _stack.Journal!.MakeWholeAsync();
        await _stack.StartNodeAsync();
        await clients.WaitUntilWholeAsync();
        await _stack.WaitUntilTradingAsync();
        await clients.TidyAsync();
    }
}
