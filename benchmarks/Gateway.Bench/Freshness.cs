using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Journal.Bench;

namespace Backup.Gateway.Bench;

/// <summary>G18: how old prices are when healthy browsers show them, while a tenth of all take nothing, against the same with nobody stalled.</summary>
internal static class Freshness
{
    private const int Clients = 1000;
    private const int Stalled = 100;
    private const int PricesIntervalMs = 100;
    private const int PushEveryMs = 50;
    private const double Goal = 1.2;

    internal static async Task<JsonObject> MeasureAsync(int rounds, int seconds)
    {
        Console.WriteLine($"G18: age of prices shown, {Clients} connections, joined every {PricesIntervalMs} ms: A = all take; B = {Stalled} take nothing; goal <= {Text(Goal)}");
        await using var pair = await Pair.StartAsync("ours", Clients, PricesIntervalMs, Stalled);
        await PushAsync(pair, seconds);
        var ratios = new List<double>();
        var figure = new JsonObject();
        for (var round = 1; round <= rounds; round++)
        {
            Console.WriteLine($"  round {round}: load {Comparison.LoadAverage()}");
            await pair.AgesAsync();
            await PushAsync(pair, seconds);
            var all = await pair.AgesAsync();
            await pair.Clients.AskAsync("stall");

            // Until the lines of the stalled ones are full.
            await PushAsync(pair, 20);
            await pair.AgesAsync();
            await PushAsync(pair, seconds);
            var healthy = await pair.AgesAsync();
            await pair.Clients.AskAsync("resume");
            await PushAsync(pair, 2);
            Console.WriteLine($"    A: p50 {Text(all.P50)} ms, p99 {Text(all.P99)} ms of {all.Number}; B: p50 {Text(healthy.P50)} ms, p99 {Text(healthy.P99)} ms of {healthy.Number}");
            ratios.Add(healthy.P99 / all.P99);
            (figure["control_p99_ms"], figure["candidate_p99_ms"]) = (Comparison.Round(all.P99), Comparison.Round(healthy.P99));
        }

        return Figures.Told("G18", figure, ratios, Goal);
    }

    private static Task<string> PushAsync(Pair pair, int seconds) => pair.Server.AskAsync($"every {PushEveryMs} {seconds * 1000 / PushEveryMs}");

    private static string Text(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
