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
    private const int LotsMin = 5000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Stack _stack = clients.Stack;

    /// <summary>The sample day, in which nobody's shares run out however long he exits one after the other.</summary>
    internal static Day MakeDay() => Day.With(static (_, _, held) => held * 1000);

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
        var probes = await ChooseAsync();
        probes.ForEach(static probe => probe.Start());
        await Task.Delay(WarmUp);
        var load = Figure.Load;
        var struckAt = Stopwatch.GetTimestamp();
        await _stack.Journal!.KillAsync();
        await _stack.Journal.PromoteAsync();
        await _stack.Journal.Primary.ExecuteAsync("select pg_logical_emit_message(true, 'bare', '')");
        var promotion = Stopwatch.GetElapsedTime(struckAt);
        var ended = await SuperviseUntilAsync(() => probes.TrueForAll(probe => Stopwatch.GetElapsedTime(struckAt, probe.LastAnsweredAt) > promotion));
        await Task.WhenAll(probes.ConvertAll(static probe => probe.StopAsync()));
        var gaps = probes.ConvertAll(probe => probe.GapBetween(struckAt, long.MaxValue));
        Console.WriteLine(
            $"    kill -9 of the primary: promoted after {promotion.TotalMilliseconds:F0} ms, clients' commits after {string.Join(", ", gaps.Select(static gap => $"{gap.TotalMilliseconds:F0}"))} ms; "
            + $"{probes.Sum(static probe => probe.Failed.Count)} failed, {probes.Sum(static probe => probe.Unknown)} unknown; {ended} nodes gave up their leases and were started again; {load}");
        return (promotion, gaps);
    }

    /// <summary>Clients who can go on exiting; who holds only derivatives has a few lots.</summary>
    private async Task<List<Probe>> ChooseAsync()
    {
        var chosen = new List<Probe>();
        foreach (var probe in clients.All)
        {
            if (chosen.Count < ProbesMax && await probe.LotsAsync() >= LotsMin)
            {
                chosen.Add(probe);
            }
        }

        Expect.That(chosen.Count == ProbesMax, $"{ProbesMax} clients hold at least {LotsMin} lots; found {chosen.Count}");
        return chosen;
    }

    /// <summary>
    /// What watches processes: a node that could not renew its leases for four seconds ends by itself, and is started again. Returns how many did.
    /// </summary>
    private async Task<int> SuperviseUntilAsync(Func<bool> isDone)
    {
        var ended = 0;
        var since = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            Expect.That(
                Stopwatch.GetElapsedTime(since) < Patience,
                $"every client gets a commit within {Patience.TotalSeconds} s of the promotion; found {await clients.FoundAsync()}; {Words(clients.All)}");
            if (_stack.Members.Count(static member => !member.IsRunning) is > 0 and var some)
            {
                ended += some;
                await _stack.StartNodeAsync();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }

        return ended;
    }

    /// <summary>What went wrong for the clients lately.</summary>
    private static string Words(List<Probe> probes) => string.Join("; ", probes.ConvertAll(static probe =>
        $"{probe.Trader.ClientId} of shard {probe.Shard} got his last commit {Stopwatch.GetElapsedTime(probe.LastAnsweredAt).TotalSeconds:F1} s ago, "
        + $"then {string.Join(" | ", probe.Failed.TakeLast(2).Concat(probe.Refused.TakeLast(1)))}"));

    private async Task HealAsync()
    {
        await _stack.Journal!.MakeWholeAsync();
        await _stack.StartNodeAsync();
        await clients.WaitUntilWholeAsync();
        await _stack.WaitUntilTradingAsync();
        await clients.TidyAsync();
    }
}
