using System.Diagnostics;
using System.Text.Json;
using Backup.Drills;
using Backup.Drills.Cluster;
using Backup.Drills.Edge;
using Backup.Drills.Faults;

const string help = """
    drills: the product's own proofs, from outside.

      drills check              walks trader, operator and QA through the public doors (./run --check)
      drills kill-node [--runs N] [--seed S]
                                kill -9 of the node during exits, restart, compare (./chaos kill-node --embedded)
      drills stop-node, pause-node, kill-database [--runs N] [--seed S]
                                the same over two nodes and one PostgreSQL, which kill-node and drop-link have with --cluster
      drills drop-link [--runs N] [--seed S]
                                the exchange cuts links and loses answers during exits (./chaos drop-link --embedded)
      drills tap [--seeds N] [--seed S] [--link L]
                                faults of the exchange's link, composed by seed (./chaos tap)
      drills tap --fault NAME [--fills N]
                                one fault alone; all: every one; list: what there is; --fills: into so many pieces F27 cuts an order (100000)
      drills tap --mutants [--mutant NAME] [--check]
                                patched builds of the node, each of which the seeds must catch; --check: do the patches apply
      drills cluster --fault NAME,NAME|all|list [--runs N] [--seed S]
                                faults of three nodes and their database, one at a time (./chaos cluster)
      drills edge               nginx and HAProxy before a node, as deploy/ has them
      drills browser [OUT [FILE...]]
                                starts everything and runs tests/EndToEnd in a real browser, or some of its files, screenshots in OUT
    """;

Farewell.Arm();
switch (args.FirstOrDefault())
{
    case "check":
        return await CheckAsync();
    case "kill-node":
        return await OutageAsync(new KillNode());
    case "stop-node":
        return await OutageAsync(new StopNode());
    case "pause-node":
        return await OutageAsync(new PauseNode());
    case "kill-database":
        return await OutageAsync(new KillDatabase());
    case "drop-link":
        return await OutageAsync(new DropLink());
    case "tap":
        return await TapAsync();
    case "cluster":
        return await ClusterAsync();
    case "edge":
        return await new EdgeDrill().RunAsync() == 0 ? 0 : 1;
    case "browser":
        return await BrowserDrill.RunAsync(args.ElementAtOrDefault(1) ?? ".out/browser", [.. args.Skip(2)]);
    default:
        Console.WriteLine(help);
        return args.FirstOrDefault() is "--help" ? 0 : 2;
}

async Task<int> CheckAsync()
{
    var clock = Stopwatch.StartNew();
    var drill = new CheckDrill();
    try
    {
        await drill.RunAsync();
    }
    catch (Exception failure)
    {
        Console.WriteLine($"FAILED at step {drill.Steps + 1}: {drill.Step}: {failure.Message}");
        Console.WriteLine(JsonSerializer.Serialize(new { check = "run", ok = false, step = drill.Step, steps = drill.Steps, seconds = Math.Round(clock.Elapsed.TotalSeconds, 1) }));
        return 1;
    }

    Console.WriteLine(JsonSerializer.Serialize(new { check = "run", ok = true, steps = drill.Steps, seconds = Math.Round(clock.Elapsed.TotalSeconds, 1) }));
    return 0;
}

async Task<int> OutageAsync(INemesis nemesis)
{
    var runs = Number("--runs", 10);
    var seed = (ulong)Number("--seed", Environment.TickCount);
    Console.WriteLine($"seed {seed} (repeat the choices with --seed {seed})");
    var drill = new OutageDrill(nemesis, seed, Text("--link", "clear"), args.Contains("--cluster"));
    await drill.RunAsync(runs);
    drill.Violations.ForEach(violation => Console.WriteLine($"VIOLATION {violation}"));
    Console.WriteLine(JsonSerializer.Serialize(new { chaos = nemesis.Name, runs = drill.Runs, violations = drill.Violations.Count, seen = drill.Seen }));
    return drill.Violations.Count == 0 ? 0 : 1;
}

async Task<int> TapAsync()
{
    var fault = Text("--fault", "");
    if (fault == "list")
    {
        FaultCatalogue.Explained.ToList().ForEach(one => Console.WriteLine($"{one.Name,-28} {one.Means}"));
        return 0;
    }

    try
    {
        if (args.Contains("--mutants"))
        {
            var mutants = new MutantDrill(Repository.Root, Repository.Configuration, (ulong)Number("--seed", 1));
            return args.Contains("--check") ? await mutants.CheckAsync() : await mutants.RunAsync(Text("--mutant", ""));
        }

        return await new FaultChaos(new FaultChaosOptions(FaultCatalogue.ListFor(Text("--link", "") is { Length: > 0 } link ? link : null, fills: Number("--fills", ManyFillsDrill.Fills)))
        {
            Seeds = Number("--seeds", 20),
            FirstSeed = (ulong)Number("--seed", Environment.TickCount & 0xFFFFFF),
            Without = Text("--without", "").Split(',', StringSplitOptions.RemoveEmptyEntries),
            Lanes = Number("--lanes", 2),
            Faults = fault switch { "" => [], "all" => FaultCatalogue.Names, ManyFillsDrill.FaultName => [fault], _ => [FaultCatalogue.Make(fault).Name] },
        }).RunAsync();
    }
    catch (DrillFailedException failure)
    {
        Console.WriteLine($"FAILED {failure.Message}");
        return 1;
    }
}

async Task<int> ClusterAsync()
{
    var fault = Text("--fault", "all");
    if (fault == "list")
    {
        ClusterFaults.Explained.ToList().ForEach(one => Console.WriteLine($"{one.Name,-28} {one.Means}"));
        return 0;
    }

    try
    {
        return await new FaultChaos(new FaultChaosOptions(ClusterFaults.List)
        {
            FirstSeed = (ulong)Number("--seed", Environment.TickCount & 0xFFFFFF),
            Lanes = 1,
            Faults = [.. ClusterFaults.Choose(fault).SelectMany(name => Enumerable.Repeat(name, Number("--runs", 1)))],
        }).RunAsync();
    }
    catch (DrillFailedException failure)
    {
        Console.WriteLine($"FAILED {failure.Message}");
        return 1;
    }
}

string Text(string name, string otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : otherwise;
}

int Number(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length && int.TryParse(args[at + 1], out var value) ? value : otherwise;
}
