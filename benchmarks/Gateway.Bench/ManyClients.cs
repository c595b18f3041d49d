using System.Text.Json.Nodes;
using Backup.Journal.Bench;

namespace Backup.Gateway.Bench;

/// <summary>Ten thousand browsers on one node, each told new prices once a second.</summary>
internal static class ManyClients
{
    private const int PricesIntervalMs = 1000;

    internal static async Task<JsonObject> MeasureAsync(int clients, int seconds)
    {
        Console.WriteLine($"CLIENTS: {clients} connections, new prices once a second; no goal; load {Comparison.LoadAverage()}");
        await using var pair = await Pair.StartAsync("ours", clients, PricesIntervalMs);
        await PushAsync(pair, 3);
        await pair.AgesAsync();
        var before = await pair.UsageAsync();
        var first = await pair.NumberAsync("count");
        var time = Math.Max(10, seconds);
        await PushAsync(pair, time);
        var after = await pair.UsageAsync();
        var messages = await pair.NumberAsync("count") - first;
        var (_, p50, p99) = await pair.AgesAsync();
        var open = await pair.NumberAsync("open");
        if (open != clients)
        {
            throw new InvalidOperationException($"{clients - open} of {clients} connections were lost");
        }

        var heap = (after.HeapBytes - pair.Empty.HeapBytes) / 1024.0 / clients;
        var resident = (after.ResidentBytes - pair.Empty.ResidentBytes) / 1024.0 / clients;
        var cores = (after.CpuMs - before.CpuMs) / 1000 / time;
        Console.WriteLine(
            $"  {messages} messages in {time} s; the door used {cores:F2} cores, {heap:F1} KB of live objects and {resident:F1} KB of resident memory a client; prices {p50:F0} ms old (p99 {p99:F0} ms)");
        Console.WriteLine();
        return new JsonObject
        {
            ["clients"] = clients,
            ["messages_per_second"] = Comparison.Round(messages / (double)time),
            ["cores"] = Comparison.Round(cores),
            ["live_kb_a_client"] = Comparison.Round(heap),
            ["resident_kb_a_client"] = Comparison.Round(resident),
            ["p50_ms"] = Comparison.Round(p50),
            ["p99_ms"] = Comparison.Round(p99),
        };
    }

    private static Task<string> PushAsync(Pair pair, int seconds) => pair.Server.AskAsync($"every {PricesIntervalMs} {seconds}");
}
