using System.Text.Json.Nodes;

namespace Backup.Gateway.Bench;

/// <summary>G19: what a browser that takes nothing costs the door in memory, over the same connection while it took everything.</summary>
internal static class StalledMemory
{
    private const int Clients = 1000;
    private const int Stalled = 500;
    private const double GoalKilobytes = 64;

    internal static async Task<JsonObject> MeasureAsync()
    {
        Console.WriteLine($"G19: memory for each of {Stalled} connections that take nothing, of {Clients}; goal <= {GoalKilobytes} KB");
        await using var pair = await Pair.StartAsync("ours", Clients, pricesIntervalMs: 20, Stalled);
        await pair.Server.AskAsync("every 20 250");
        var before = await pair.UsageAsync();
        await pair.Clients.AskAsync("stall");
        await pair.Server.AskAsync("every 20 1000");
        var after = await pair.UsageAsync();
        var told = await pair.NumberAsync("count");
        await pair.Clients.AskAsync("resume");
        var heap = (after.HeapBytes - before.HeapBytes) / 1024.0 / Stalled;
        var resident = (after.ResidentBytes - before.ResidentBytes) / 1024.0 / Stalled;
        Console.WriteLine($"  live objects {heap:F1} KB, resident memory {resident:F1} KB for each; {told} messages taken by all");
        return Figures.Told("G19", new JsonObject { ["resident_kb"] = Math.Round(resident, 1) }, [heap], GoalKilobytes);
    }
}
