using System.Diagnostics;
using System.Text.Json.Nodes;
using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>
/// G14: the node that has the exchange's box dies (kill -9) on a day of 10,000 messages. No epoch fences a socket, so the next owner waits for the
/// lease; then it signs on, lets the old session's bytes drain, downloads the day, reconciles, and trades.
/// </summary>
internal sealed class BoxFigure(Clients clients, TimeSpan timeToLive, TimeSpan settle)
{
    internal const string Whale = "DEMO01";
    private const string Box = "cm";
    private const string Segment = "CapitalMarket";
    private const string Share = "RELIANCE";
    private const int Messages = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Stack _stack = clients.Stack;

    /// <summary>The sample day, in which one client holds so much of one share that his exit makes a day of messages.</summary>
    internal static Day MakeDay() => Day.With(static (client, share, held) => client == Whale && share == Share ? Messages : held);

    internal async Task<JsonObject> RunAsync(int rounds)
    {
        await TradeAsync();
        var gaps = new Samples();
        for (var round = 0; round < rounds; round++)
        {
            gaps.Add(await StrikeAsync());
            await _stack.StartAfterTakeoverAsync();
            await clients.WaitUntilWholeAsync();
            await _stack.WaitUntilTradingAsync();
        }

        var goal = timeToLive + settle + TimeSpan.FromSeconds(1);
        return Figure.Judge("G14", "kill -9 of the box's owner", gaps, goal.TotalMilliseconds, "time to live + settle + 1 s");
    }

    private async Task TradeAsync()
    {
        var whale = clients.All.First(static probe => probe.Trader.ClientId == Whale);
        await _stack.ControlAsync("liquidity", new { mode = "full", segment = Box, parts = Messages });
        var position = (await whale.Trader.PositionsAsync()).First(static held => (string)held!["tradingsymbol"]! == Share)!;
        var exit = await whale.Trader.ExitAsync("all-of-it", position, "full");
        Expect.That(exit.Ok, $"the exit of {Messages} is taken; found {exit.Message}");
        whale.Acknowledged.Add("all-of-it");
        await Eventually.HoldsAsync($"all {Messages} fills are in the books", Patience, async () =>
            (long)(await whale.Trader.PositionsAsync()).First(static held => (string)held!["tradingsymbol"]! == Share)!["quantity"]! == 0);
    }

    private async Task<TimeSpan> StrikeAsync()
    {
        var owner = await clients.OwnerOfBoxAsync(Box);
        var load = Figure.Load;
        var since = Stopwatch.GetTimestamp();
        await _stack.Members.Single(member => member.Name == owner).Process!.KillAsync();
        var (successor, received) = ("", 0L);
        await Eventually.HoldsAsync("another node trades with the exchange", Patience, async () =>
        {
            foreach (var member in _stack.Members.Where(static member => member.IsRunning))
            {
                var session = (await member.ManageAsync("tap")).AsArray().FirstOrDefault(static link => (string)link!["segment"]! == Segment);
                if (session is not null && (string)session["state"]! == "Trading")
                {
                    (successor, received) = (member.Name, (long)session["status"]!["received"]!);
                    return true;
                }
            }

            return false;
        });
        var gap = Stopwatch.GetElapsedTime(since);
        Console.WriteLine($"    kill -9 of {owner}, which had the box: {successor} trades after {gap.TotalMilliseconds:F0} ms and {received} messages; {load}");
        Expect.That(received >= Messages, $"the new session has downloaded the day's {Messages} messages; found {received}");
        return gap;
    }
}
