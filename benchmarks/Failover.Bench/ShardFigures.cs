using System.Diagnostics;
using System.Text.Json.Nodes;
using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>G11 and G12: how long the clients of a node's shards go without an answer when it dies, stands still, or leaves.</summary>
internal sealed class ShardFigures(Clients clients, TimeSpan timeToLive)
{
    /// <summary>More clients would measure each other: two cores carry them, three nodes, two servers and the exchange.</summary>
    private const int ProbesMax = 6;

    /// <summary>Nodes that were just started run slow code first.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Stack _stack = clients.Stack;
    private readonly Samples _quiet = new();
    private int _rounds;

    /// <summary>The same clients' longest waits in the seconds before each strike: what the machine itself does to them.</summary>
    internal JsonObject Quiet => _quiet.ToJson();

    /// <summary>kill -9: the database session ends with the process, and the shards are taken at once.</summary>
    internal async Task<JsonObject> KilledAsync(int rounds)
    {
        var gaps = new Samples();
        for (var round = 0; round < rounds; round++)
        {
            var struck = await StrikeAsync("kill -9", static node => node.KillAsync());
            gaps.Add(struck.Gaps);
            await HealAsync();
        }

        return Figure.Judge("G11", "kill -9, hint by the lost session", gaps, 2000, "2 s");
    }

    /// <summary>SIGSTOP: the process holds its session, so nothing but the time to live says that it is gone.</summary>
    internal async Task<JsonObject> StoppedAsync(int rounds)
    {
        var gaps = new Samples();
        for (var round = 0; round < rounds; round++)
        {
            ManagedProcess? stopped = null;
            var struck = await StrikeAsync("SIGSTOP", async node =>
            {
                stopped = node;
                await node.SignalAsync("STOP");
                await Task.Delay(timeToLive);
            });
            gaps.Add(struck.Gaps);
            await stopped!.SignalAsync("CONT");
            await Eventually.HoldsAsync("the node that stood still ends by itself", Patience, () => Task.FromResult(stopped.HasExited));
            await HealAsync();
        }

        return Figure.Judge("G11t", "SIGSTOP, no hint", gaps, (timeToLive + TimeSpan.FromSeconds(2)).TotalMilliseconds, "time to live + 2 s");
    }

    /// <summary>SIGTERM: the node hands its shards over; nobody may notice.</summary>
    internal async Task<JsonObject> LeftAsync(int rounds)
    {
        var gaps = new Samples();
        var (failed, unknown) = (0, 0);
        for (var round = 0; round < rounds; round++)
        {
            var took = TimeSpan.Zero;
            var struck = await StrikeAsync("SIGTERM", async node =>
            {
                var since = Stopwatch.GetTimestamp();
                var status = await node.StopAsync(Patience);
                took = Stopwatch.GetElapsedTime(since);
                Expect.That(status == 0, $"a node that is told to stop ends with status 0; found {status}");
            });
            gaps.Add(struck.Gaps);
            failed += struck.Failed;
            unknown += struck.Unknown;
            Console.WriteLine($"      the node was gone after {took.TotalSeconds:F1} s");
            await HealAsync();
        }

        Console.WriteLine($"        requests that failed {failed}, unknown {unknown} (goal 0 and 0)");
        var json = Figure.Judge("G12", "SIGTERM, handed over", gaps, 200, "200 ms, nothing failed", isWhole: failed + unknown == 0);
        json["failed"] = failed;
        json["unknown"] = unknown;
        return json;
    }

    private async Task<(Samples Gaps, int Failed, int Unknown)> StrikeAsync(string how, Func<ManagedProcess, Task> strike)
    {
        var member = _stack.Members[_rounds++ % _stack.Members.Count];
        var probes = (await clients.OfAsync(member.Name)).Take(ProbesMax).ToList();
        probes.ForEach(static probe => probe.Start());
        await Task.Delay(WarmUp);
        var quietSince = Stopwatch.GetTimestamp();
        await Task.Delay(Before);
        var load = Figure.Load;
        var struckAt = Stopwatch.GetTimestamp();
        await strike(member.Process!);
        await Task.Delay(After);
        await Task.WhenAll(probes.ConvertAll(static probe => probe.StopAsync()));
        var gaps = new Samples();
        probes.ForEach(probe => gaps.Add(probe.GapBetween(struckAt, long.MaxValue)));
        var quiet = new Samples();
        probes.ForEach(probe => quiet.Add(probe.GapBetween(quietSince, struckAt)));
        _quiet.Add(quiet);
        var (failed, unknown) = (probes.Sum(static probe => probe.Failed.Count), probes.Sum(static probe => probe.Unknown));
        Console.WriteLine($"    {how} of {member.Name}: {gaps}   (before it p50 {quiet.Percentile(0.5):F0}, max {quiet.Percentile(1):F0} ms)   {failed} failed, {unknown} unknown; {load}");
        foreach (var words in probes.SelectMany(static probe => probe.Failed).GroupBy(static words => words).Take(5))
        {
            Console.WriteLine($"      {words.Count()} x {words.Key}");
        }

        return (gaps, failed, unknown);
    }

    private async Task HealAsync()
    {
        await _stack.StartAfterTakeoverAsync();
        await clients.WaitUntilWholeAsync();
        await _stack.WaitUntilTradingAsync();
        await clients.TidyAsync();
    }
}
