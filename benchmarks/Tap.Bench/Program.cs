using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Backup.Exchange.Wire;
using Backup.Tap.Bench;
using Backup.Tap.Stream;

// G24: under backlog a box uses at least 0.95 of its contracted rate and never exceeds it in any sliding second, both judged
// by the exchange's ledger. The control is the contract itself.
var seconds = args.Length > 1 && args[0] == "--seconds" ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
var root = FindRoot();
var figures = new JsonObject();
var met = true;
foreach (var rate in new[] { 40, 200, 1000 })
{
    var use = await MeasureAsync(rate);
    var holds = use.Use >= 0.95 && use.MostInASecond <= 1.0;
    met &= holds;
    Console.WriteLine($"{rate,5} messages/s contracted: {use.Orders} orders in backlog, use {use.Use:F3} (goal >= 0.95), most in any second {use.MostInASecond:F3} (goal <= 1): {(holds ? "met" : "MISSED")}");
    figures[$"G24_{rate}"] = new JsonObject { ["use"] = Math.Round(use.Use, 3), ["mostInASecond"] = Math.Round(use.MostInASecond, 3), ["met"] = holds };
}

Console.WriteLine(new JsonObject { ["bench"] = "tap", ["figures"] = figures }.ToJsonString());
return met ? 0 : 1;

async Task<LicenceUse> MeasureAsync(int rate)
{
    var folder = Directory.CreateTempSubdirectory("tap-bench-").FullName;
    using var simulator = StartSimulator(rate, folder);
    try
    {
        var ready = JsonNode.Parse((await simulator.StandardOutput.ReadLineAsync())!)!;
        _ = simulator.StandardOutput.ReadToEndAsync();
        await BacklogAsync(rate, (int)ready["router"]!["fo"]!);
        return await LicenceUse.ReadAsync(new Uri($"http://127.0.0.1:{ready["http"]}"), rate);
    }
    finally
    {
        simulator.Kill();
        await simulator.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
    }
}

async Task BacklogAsync(int rate, int routerPort)
{
    var (instrument, lot, price) = FirstFuture();
    var desk = new BacklogDesk(instrument, lot, price);
    var session = new TapSession(
        new TapSessionOptions
        {
            Segment = Segment.FuturesAndOptions,
            RouterHost = "127.0.0.1",
            RouterPort = routerPort,
            BoxId = 201,
            BrokerId = "90123",
            BranchId = 7,
            UserId = 40521,
            Password = "Trade@26",
            MessagesPerSecond = rate,
            FirstSessionEpoch = 1,
            WaitingLimit = 100_000,
        },
        desk,
        TimeProvider.System,
        new Random(1));
    using var stop = new CancellationTokenSource();
    var running = session.RunAsync(stop.Token);
    await desk.Trading.WaitAsync(TimeSpan.FromSeconds(30));
    for (var i = 0; i < rate * (seconds + 5); i++)
    {
        session.Offer(new TapTicket(Segment.FuturesAndOptions, $"ACC{i % 500}", $"order-{i}", TapPriority.Exit));
    }

    await Task.Delay(TimeSpan.FromSeconds(seconds));
    await stop.CancelAsync();
    await running;
    if (desk.Lost is { } reason && !reason.StartsWith("Signed off", StringComparison.Ordinal) && !reason.StartsWith("Stopped", StringComparison.Ordinal))
    {
        Console.WriteLine($"      the session ended with: {reason}");
    }
}

Process StartSimulator(int rate, string folder)
{
    var start = new ProcessStartInfo(Path.Combine(root, "src/Exchange.Simulator/bin/Release/net10.0/Exchange.Simulator")) { RedirectStandardOutput = true, UseShellExecute = false };
    foreach (var argument in new[]
    {
        "--simulator:router-port=0", "--simulator:http-port=0", "--simulator:smtp-port=0", "--simulator:liquidity=none", $"--simulator:data={folder}",
        $"--simulator:messages-per-second={rate}", $"--simulator:instruments={root}/data/sample/instruments.csv", $"--simulator:closes={root}/data/sample/closes.csv",
    })
    {
        start.ArgumentList.Add(argument);
    }

    return Process.Start(start)!;
}

(TapInstrument Instrument, int Lot, int PricePaise) FirstFuture()
{
    var cells = File.ReadLines(Path.Combine(root, "data/sample/instruments.csv")).Select(line => line.Split(',')).First(row => row[9] == "FUT");
    var close = File.ReadLines(Path.Combine(root, "data/sample/closes.csv")).Select(line => line.Split(',')).First(row => row[1] == cells[2]);
    var expiry = DateOnly.ParseExact(cells[5], "yyyy-MM-dd", CultureInfo.InvariantCulture).ToDateTime(new TimeOnly(14, 30)) - new DateTime(1980, 1, 1);
    return (
        new TapInstrument(Segment.FuturesAndOptions, int.Parse(cells[1], CultureInfo.InvariantCulture), "FUTIDX", cells[3], "", (int)expiry.TotalSeconds, -1, "XX"),
        int.Parse(cells[8], CultureInfo.InvariantCulture),
        (int)(decimal.Parse(close[2], CultureInfo.InvariantCulture) * 100));
}

static string FindRoot()
{
    var folder = new DirectoryInfo(AppContext.BaseDirectory);
    while (!File.Exists(Path.Combine(folder!.FullName, "Backup.Actors.sln")))
    {
        folder = folder.Parent;
    }

    return folder.FullName;
}
