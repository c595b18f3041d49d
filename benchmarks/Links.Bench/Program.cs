using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Journal.Bench;
using Backup.Links.Bench;

// What the link between two nodes costs: asks and answers over one real WebSocket on this machine, both ends in one process on both sides.
const int inFlight = 256;
var rounds = 3;
var seconds = 5;
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
        default:
            await Console.Error.WriteLineAsync($"bench links: found \"{string.Join(' ', args[i..])}\", expected --rounds 1..1000 or --seconds 1..3600");
            return 2;
    }
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds of {seconds} s a side, {Message.Bytes} bytes there and back, one connection");
Console.WriteLine();
var plan = new Plan(rounds, TimeSpan.FromSeconds(seconds), Probe: null);
var figures = new JsonObject();
await using (var control = await EchoAsks.StartAsync(inFlight))
await using (var candidate = await LinkAsks.StartAsync(inFlight))
{
    var figure = await Comparison.RunAsync("LINK", control, candidate, plan, static (a, b) => b.PerSecond / a.PerSecond, 0.4, atLeast: true);
    figures["LINK"] = figure;
    figures["LINK_BYTES"] = new JsonObject { ["bytes_per_ask"] = figure["candidate_bytes_each"]!.DeepClone(), ["control"] = figure["control_bytes_each"]!.DeepClone() };
}

// Reported without a goal: it says how much of the transport an asker for each message costs, on either side.
await using (var control = await EchoFrames.StartAsync(inFlight))
await using (var candidate = await LinkAsks.StartAsync(inFlight))
{
    figures["LINK_LIMIT"] = await Comparison.RunAsync("LINK_LIMIT", control, candidate, plan, static (a, b) => b.PerSecond / a.PerSecond, goal: null, atLeast: true);
}

Console.WriteLine(new JsonObject { ["bench"] = "links", ["figures"] = figures }.ToJsonString());
return 0;
