using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Gateway.Bench;
using Backup.Journal.Bench;

// What the trader's door costs. The door, what it is compared with, and the browsers are processes of their own.
if (args is ["--serve", var kind, var clientCount, var interval])
{
    return await ServerProcess.RunAsync(kind, int.Parse(clientCount, CultureInfo.InvariantCulture), int.Parse(interval, CultureInfo.InvariantCulture));
}

if (args is ["--listen", var what, var address, var tokenFile, var stalling])
{
    return await new ClientProcess(what, new Uri(address), await File.ReadAllLinesAsync(tokenFile), int.Parse(stalling, CultureInfo.InvariantCulture)).RunAsync();
}

if (args is ["--storm", var door, var from, var rate, var time])
{
    await Storm.RunAsync(
        new Uri(door), int.Parse(from, CultureInfo.InvariantCulture), int.Parse(rate, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(time, CultureInfo.InvariantCulture)));
    return 0;
}

var rounds = 3;
var seconds = 5;
var clients = 10_000;
string[] all = ["G16", "G17", "G18", "G19", "G23", "CLIENTS"];
var only = all;
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    switch (args[i])
    {
        case "--rounds" when value is >= 1 and <= 1000:
            rounds = value;
            break;
        case "--seconds" when value is >= 1 and <= 3600:
            seconds = value;
            break;
        case "--clients" when value is >= 100 and <= 15_000:
            clients = value;
            break;
        case "--only" when i + 1 < args.Length && all.Contains(args[i + 1]):
            only = [args[i + 1]];
            break;
        default:
            await Console.Error.WriteLineAsync(
                $"bench gateway: found \"{string.Join(' ', args[i..])}\", expected --rounds 1..1000, --seconds 1..3600, --clients 100..15000 or --only {string.Join('|', all)}");
            return 2;
    }
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds of {seconds} s a side, {World.PositionsEach} positions an account");
Console.WriteLine();
var plan = new Plan(rounds, TimeSpan.FromSeconds(seconds), Probe: null);
var figures = new JsonObject();
foreach (var (figure, peer, goal) in new[] { ("G16", "hub", 1.5), ("G17", "raw", 0.8) }.Where(figure => only.Contains(figure.Item1)))
{
    await using var control = await FanOut.StartAsync(peer, peer == "hub" ? "SignalR, an object sent to each client" : "bare WebSockets, bytes made beforehand", 1000);
    await using var candidate = await FanOut.StartAsync("ours", "the product's live stream", 1000);
    figures[figure] = await Comparison.RunAsync($"{figure} (messages per CPU-second, 1,000 connections)", control, candidate, plan, static (a, b) => b.PerSecond / a.PerSecond, goal, atLeast: true);
}

if (only.Contains("G18"))
{
    figures["G18"] = await Freshness.MeasureAsync(rounds, seconds);
}

if (only.Contains("G19"))
{
    figures["G19"] = await StalledMemory.MeasureAsync();
}

if (only.Contains("G23"))
{
    figures["G23"] = await LoginStorm.MeasureAsync(rounds, seconds);
}

if (only.Contains("CLIENTS"))
{
    figures["CLIENTS"] = await ManyClients.MeasureAsync(clients, seconds);
}

Console.WriteLine(new JsonObject { ["bench"] = "gateway", ["figures"] = figures }.ToJsonString());
return 0;
