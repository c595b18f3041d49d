using System.Globalization;
using System.Text.Json;
using Backup.Wire.Fuzz;

const string help = """
    Wire.Fuzz: hostile bytes for everything that reads the exchange's wire (./chaos fuzz-wire).

      Wire.Fuzz [--frames N] [--seed S]     10 million frames and a seed by chance, unless given
    """;

// Nothing may take this long; if something does, it hangs.
var stall = TimeSpan.FromSeconds(30);

long frames = 10_000_000;
var seed = (ulong)Environment.TickCount64;
for (var at = 0; at < args.Length; at += 2)
{
    var value = args.ElementAtOrDefault(at + 1);
    if (args[at] == "--frames" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
    {
        frames = count;
    }
    else if (args[at] == "--seed" && ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var given))
    {
        seed = given;
    }
    else
    {
        Console.WriteLine(help);
        return args[at] is "--help" or "-h" ? 0 : 2;
    }
}

Console.WriteLine($"seed {seed} (repeat with --seed {seed})");
var fuzz = new WireFuzz(seed);
var last = 0L;
using var watchdog = new Timer(_ =>
{
    var runs = fuzz.Runs;
    if (runs == Interlocked.Exchange(ref last, runs))
    {
        Console.WriteLine($"VIOLATION seed {seed}: frame {runs} has not come to an end in {stall.TotalSeconds} s");
        Console.WriteLine(JsonSerializer.Serialize(new { chaos = "fuzz-wire", runs, violations = 1, seen = new Dictionary<string, long>() }));
        Environment.Exit(1);
    }
});
watchdog.Change(stall, stall);
fuzz.Run(frames);
watchdog.Change(Timeout.Infinite, Timeout.Infinite);
fuzz.Violations.ForEach(violation => Console.WriteLine($"VIOLATION {violation}"));
Console.WriteLine(JsonSerializer.Serialize(new { chaos = "fuzz-wire", runs = fuzz.Runs, violations = fuzz.Violations.Count, seen = fuzz.Seen }));

// A run that met none of the dangers that it is for has shown nothing.
string[] dangers = ["frame", "needMoreData", "malformed", "badChecksum", "badTag", "badField", "sessionBreak", "reportTraded", "broadcastRead", "broadcastMalformed", "broadcastOtherSegment"];
return fuzz.Violations.Count == 0 && Array.TrueForAll(dangers, fuzz.Seen.ContainsKey) ? 0 : 1;
