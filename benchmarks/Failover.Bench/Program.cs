using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Drills;
using Backup.Failover.Bench;

// How long clients go without an answer when a part of the cluster dies or leaves. Every figure is held against a time of the same run.
string[] known = ["G11", "G12"];
var only = "";
var rounds = 6;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick":
            rounds = 2;
            break;
        case "--only" when i + 1 < args.Length && known.Contains(args[i + 1]):
            only = args[++i];
            break;
        case "--rounds" when i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted is >= 1 and <= 1000:
            (rounds, i) = (wanted, i + 1);
            break;
        default:
            await Console.Error.WriteLineAsync($"bench failover: found \"{string.Join(' ', args[i..])}\", expected --quick, --rounds 1..1000 or --only {string.Join('|', known)}");
            return 2;
    }
}

Farewell.Arm();
var timeToLive = TimeSpan.FromSeconds(6);
var settings = new StackOptions
{
    IsCluster = true,
    IsLoad = true,
    HasStandby = true,
    MessagesPerSecond = 400,
    NodeSettings = [$"cluster.lease-ttl={timeToLive.TotalSeconds}s"],
};
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; three nodes, PostgreSQL with a synchronous standby; leases live for {timeToLive.TotalSeconds} s");
var figures = new JsonObject();
var violations = new List<string>();
try
{
    if (only is "" or "G11" or "G12")
    {
        await using var clients = await Clients.OpenAsync(settings, clientsMax: 34, readsPerWrite: 7);
        var shards = new ShardFigures(clients, timeToLive);
        if (only is "" or "G12")
        {
            figures["G12"] = await shards.LeftAsync(rounds);
        }

        if (only is "" or "G11")
        {
            figures["G11"] = await shards.KilledAsync(rounds);
            figures["G11t"] = await shards.StoppedAsync(Math.Max(1, rounds / 2));
        }

        figures["quiet"] = shards.Quiet;
        violations.AddRange(await clients.ReconcileAsync());
    }
}
catch (DrillFailedException wrong)
{
    violations.Add(wrong.Message);
}

violations.ForEach(static violation => Console.WriteLine($"VIOLATION {violation}"));
Console.WriteLine(new JsonObject { ["bench"] = "failover", ["violations"] = violations.Count, ["figures"] = figures }.ToJsonString());
return violations.Count == 0 ? 0 : 1;
