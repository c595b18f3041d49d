using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Journal.Bench;
using Backup.Journal.Bench.Postgres;

const int accounts = 1000;
var rounds = 3;
var seconds = 5;
var only = "";
var parent = Path.GetTempPath();
var postgres = args.Contains("--postgres");
args = [.. args.Where(argument => argument != "--postgres")];
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    switch (args[i])
    {
        case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 1000:
            rounds = n;
            break;
        case "--seconds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is >= 1 and <= 3600:
            seconds = n;
            break;
        case "--only" when postgres ? PostgresFigures.Names.Contains(value) : value is "G1" or "G5" or "G8" or "G22":
            only = value;
            break;
        case "--folder" when value.Length > 0:
            parent = value;
            break;
        default:
            await Console.Error.WriteLineAsync(
                $"bench: found \"{args[i]} {value}\", expected --rounds 1..1000, --seconds 1..3600, --only {(postgres ? string.Join('|', PostgresFigures.Names) : "G1|G5|G8|G22")} or --folder FOLDER");
            return 2;
    }
}

var folder = Directory.CreateDirectory(Path.Combine(parent, $"journal-bench-{Environment.ProcessId}")).FullName;
try
{
    Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, {rounds} rounds of {seconds} s a side, files in {folder}");
    Console.WriteLine();
    await using var probe = new FsyncProbe(folder);
    var plan = new Plan(rounds, TimeSpan.FromSeconds(seconds), probe);
    var figures = postgres ? await PostgresFigures.RunAsync(plan, only) : [];
    if (postgres)
    {
        Console.WriteLine(new JsonObject { ["bench"] = "journal-postgres", ["figures"] = figures }.ToJsonString());
        return 0;
    }

    if (only is "" or "G1")
    {
        await using var control = new PlainOrders(Path.Combine(folder, "plain"), workers: 32, accounts);
        await using var candidate = ActorPath.OnSqlite(Path.Combine(folder, "actors"), accounts, inFlight: 256);
        var figure = await Comparison.RunAsync("G1", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 12, atLeast: true);
        figures["G1"] = figure;
        figures["G25"] = new JsonObject
        {
            ["bytes_per_command"] = figure["candidate_bytes_each"]!.DeepClone(),
            ["goal"] = 1024,
            ["met"] = (double)figure["candidate_bytes_each"]! <= 1024,
        };
    }

    if (only is "" or "G8")
    {
        await using var candidate = new JournalGroups(Path.Combine(folder, "groups"), accounts);
        figures["G8"] = await Comparison.RunAsync("G8", probe, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 0.8, atLeast: true);
    }

    if (only is "" or "G5")
    {
        await using var control = new PlainOrders(Path.Combine(folder, "bare"), workers: 1, accounts);
        await using var candidate = ActorPath.OnSqlite(Path.Combine(folder, "lone"), accounts, inFlight: 1);
        figures["G5"] = await Comparison.RunAsync("G5", control, candidate, plan, (a, b) => b.P50Micros / a.P50Micros, 1.3, atLeast: false);
    }

    if (only is "" or "G22")
    {
        await using var control = new BareChannel(32);
        await using var candidate = ActorPath.InMemory(1, inFlight: 32);
        figures["G22"] = await Comparison.RunAsync("G22", control, candidate, plan, (a, b) => b.PerSecond / a.PerSecond, 0.7, atLeast: true);
    }

    Console.WriteLine(new JsonObject { ["bench"] = "journal", ["figures"] = figures }.ToJsonString());
    return 0;
}
finally
{
    Directory.Delete(folder, recursive: true);
}
