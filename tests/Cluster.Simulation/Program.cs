using System.Diagnostics;
using System.Text.Json;
using Backup.Cluster.Simulation;

if (args.Length == 1 && args[0] == "flaws")
{
    Arguments.Flaws.ToList().ForEach(Console.WriteLine);
    return 0;
}

if (args.Length == 0 || args[0] is not ("sim" or "--help"))
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}

if (args[0] == "--help" || Arguments.Parse(args[1..]) is not { } asked)
{
    Console.WriteLine(Arguments.Help);
    return args.Any(word => word is "--help" or "-h") ? 0 : 2;
}

const int toldLines = 60;
var repeat = asked.Flaw is null ? "" : $" --flaw {asked.Flaw}";
var trials = new Trials(Arguments.WithFlaw(asked.Flaw))
{
    Each = result =>
    {
        if (asked.Traces)
        {
            Console.WriteLine($"seed {result.Seed} trace {result.Trace:x16} steps {result.Steps} settled {result.Settled.TotalSeconds:F1} s");
        }
    },
};
if (asked.Story)
{
    trials.Tell(asked.First).ToList().ForEach(Console.WriteLine);
    return 0;
}

var clock = Stopwatch.StartNew();
using var progress = new Timer(_ => Console.WriteLine($"{trials.Runs} clusters in {clock.Elapsed.TotalSeconds:F0} s"), null, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));
trials.Run(asked.First, asked.Seeds, asked.Traces ? 1 : Environment.ProcessorCount, brokenMax: 3);
progress.Change(Timeout.Infinite, Timeout.Infinite);
foreach (var broken in trials.Broken)
{
    var story = new Trials(Arguments.WithFlaw(asked.Flaw)).Tell(broken.Seed);
    Console.WriteLine($"the last of seed {broken.Seed}:");
    story.TakeLast(toldLines).ToList().ForEach(Console.WriteLine);
    foreach (var violation in broken.Violations.Take(10))
    {
        Console.WriteLine($"VIOLATION seed {broken.Seed}: {violation}");
    }

    Console.WriteLine($"  repeat with ./chaos sim --seeds 1 --seed {broken.Seed}{repeat}; the whole of it with --story");
}

// A small run need not meet everything; a big one that did not has shown nothing about what it missed.
var missing = trials.Runs >= Trials.SeedsThatMeetEverything ? trials.Seen.Missing.ToArray() : [];
foreach (var danger in missing)
{
    Console.WriteLine($"VIOLATION the danger \"{danger}\" was never met");
}

Console.WriteLine($"{trials.Runs} clusters in {clock.Elapsed.TotalSeconds:F0} s, {trials.Steps} steps; the slowest was settled {trials.SlowestSettled.TotalSeconds:F1} s after it had healed");
Console.WriteLine(JsonSerializer.Serialize(new { chaos = "sim", runs = trials.Runs, violations = trials.Broken.Sum(broken => broken.Violations.Count) + missing.Length, seed = asked.First, seen = trials.Seen.Counts }));
return trials.Broken.Count + missing.Length == 0 ? 0 : 1;
