using System.Text.Json.Nodes;
using Backup.Drills;
using Backup.Failover.Bench;

// How long clients go without an answer when a part of the cluster dies or leaves. Every figure is held against a time of the same run.
if (Plan.Of(args) is not { } plan)
{
    await Console.Error.WriteLineAsync($"bench failover: found \"{string.Join(' ', args)}\", expected --quick, --rounds 1..1000 or --only {string.Join('|', Plan.Known)}");
    return 2;
}

Farewell.Arm();
Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; three nodes, PostgreSQL with a synchronous standby; leases live for {Plan.TimeToLive.TotalSeconds} s");
var figures = new JsonObject();
var violations = new List<string>();
foreach (var measure in new[] { ShardsAsync, PrimaryAsync, (Func<Task>)BoxAsync })
{
    try
    {
        await measure();
    }
    catch (DrillFailedException wrong)
    {
        violations.Add(wrong.Message);
    }
}

violations.ForEach(static violation => Console.WriteLine($"VIOLATION {violation}"));
Console.WriteLine(new JsonObject { ["bench"] = "failover", ["violations"] = violations.Count, ["figures"] = figures }.ToJsonString());
return violations.Count == 0 ? 0 : 1;

async Task ShardsAsync()
{
    if (!plan.Wants("G11", "G12"))
    {
        return;
    }

    await using var clients = await Clients.OpenAsync(Plan.Stack, clientsMax: 34, new Pace(ReadsPerWrite: 7, ReadsCount: true));
    var shards = new ShardFigures(clients, Plan.TimeToLive);
    if (plan.Wants("G12"))
    {
        figures["G12"] = await shards.LeftAsync(plan.Rounds);
    }

    if (plan.Wants("G11"))
    {
        figures["G11"] = await shards.KilledAsync(plan.Rounds);
        figures["G11t"] = await shards.StoppedAsync(plan.FewRounds);
    }

    figures["quiet"] = shards.Quiet;
    violations.AddRange(await clients.ReconcileAsync());
}

async Task PrimaryAsync()
{
    if (!plan.Wants("G13"))
    {
        return;
    }

    using var day = PrimaryFigure.MakeDay();
    await using var clients = await Clients.OpenAsync(Plan.Stack with { Sample = day.Folder }, clientsMax: 12, new Pace(ReadsPerWrite: 2, ReadsCount: false));
    figures["G13"] = await new PrimaryFigure(clients).RunAsync(plan.FewRounds);
    violations.AddRange(await clients.ReconcileAsync());
}

async Task BoxAsync()
{
    if (!plan.Wants("G14"))
    {
        return;
    }

    using var day = BoxFigure.MakeDay();
    var options = Plan.Stack with { MessagesPerSecond = 1000, Sample = day.Folder, SimulatorSettings = ["fill-delay-ms=0"] };
    await using var clients = await Clients.OpenAsync(options, clientsMax: 2, new Pace(ReadsPerWrite: 1, ReadsCount: true));
    figures["G14"] = await new BoxFigure(clients, Plan.TimeToLive, Plan.Settle).RunAsync(plan.FewRounds);
    violations.AddRange(await clients.ReconcileAsync(except: BoxFigure.Whale));
}
