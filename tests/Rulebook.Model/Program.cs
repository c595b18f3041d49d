using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Backup.Rulebook.Model;

const string help = """
    Rulebook.Model: random lives of one account against an independent model of what is promised (./chaos rulebook).

      Rulebook.Model chaos [--runs N] [--seed S] [--batch B]     1,000,000 lives and a seed by chance, unless given;
                                                                 with --batch only the 500 lives of that batch
      Rulebook.Model ...                                         anything else: xunit's runner
    """;

if (args.Length == 0 || args[0] is not ("chaos" or "--help"))
{
    return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}

var (runs, seed, batch) = (1_000_000L, (ulong)Environment.TickCount64, -1);
for (var at = 1; at < args.Length; at += 2)
{
    var value = args.ElementAtOrDefault(at + 1);
    if (args[at] == "--runs" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) && wanted > 0)
    {
        runs = wanted;
    }
    else if (args[at] == "--seed" && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var given))
    {
        seed = given;
    }
    else if (args[at] == "--batch" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var one))
    {
        batch = one;
    }
    else
    {
        Console.WriteLine(help);
        return args[at] is "--help" or "-h" ? 0 : 2;
    }
}

if (args[0] == "--help")
{
    Console.WriteLine(help);
    return 0;
}

Console.WriteLine($"seed {seed} (repeat with --seed {seed})");
var trials = new Trials(seed);
var clock = Stopwatch.StartNew();
using var progress = new Timer(_ => Console.WriteLine($"{trials.Runs} lives in {clock.Elapsed.TotalSeconds:F0} s"), null, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20));
var batches = (int)((runs + Trials.BatchSize - 1) / Trials.BatchSize);
trials.Run(Math.Max(batch, 0), batch >= 0 ? 1 : batches, Environment.ProcessorCount);
progress.Change(Timeout.Infinite, Timeout.Infinite);
foreach (var failure in trials.Failures)
{
    Console.WriteLine($"VIOLATION seed {seed} batch {failure.Batch}: {failure.Promise}");
    Console.WriteLine($"  repeat with --seed {seed} --batch {failure.Batch}; the shortest life has {failure.Shortest.Steps.Length} steps:");
    failure.Story.ToList().ForEach(Console.WriteLine);
}

// A small run need not meet everything; a big one that did not has shown nothing about what it missed.
var missing = trials.Runs >= Trials.RunsThatMeetEverything ? trials.Seen.Missing.ToArray() : [];
foreach (var danger in missing)
{
    Console.WriteLine($"VIOLATION the danger {danger} was never met");
}

Console.WriteLine($"{trials.Runs} lives in {clock.Elapsed.TotalSeconds:F0} s");
Console.WriteLine(JsonSerializer.Serialize(new { chaos = "rulebook", runs = trials.Runs, violations = trials.Failures.Count + missing.Length, seed, seen = trials.Seen.ByName() }));
return trials.Failures.Count + missing.Length == 0 ? 0 : 1;
