using System.Collections.Concurrent;
using System.Diagnostics;

namespace Backup.Drills;

/// <summary>
/// F27: one order of one client is filled in thousands of pieces at once. The others' exits stay as fast as before, the memory stays bounded, every
/// piece is in the books once.
/// </summary>
/// <param name="link">The kind of link.</param>
/// <param name="fills">So many pieces.</param>
internal sealed class ManyFillsDrill(string link, int fills) : ILongDrill
{
    internal const string FaultName = "F27-many-fills";
    internal const string Means = "one order is filled in 100,000 pieces at once";

    /// <summary>So many does F27 ask for.</summary>
    internal const int Fills = 100_000;

    private const string Whale = "DEMO01";
    private const string WhaleMobile = "9000000001";
    private const string Share = "RELIANCE";
    private const int Others = 8;
    private const int SamplesMin = 200;
    private const double SlowdownMax = 2;

    /// <summary>Below so much nobody can tell slow from fast, and a shared machine's own noise decides.</summary>
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(40);

    private const long GrowthMaxBytes = 512L << 20;
    /// <summary>Half a minute on two free cores; drills also run beside builds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(6);

    private readonly ConcurrentBag<(TimeSpan Took, bool IsDuring)> _samples = [];
    private volatile bool _isDuring;

    /// <summary>What was measured, in words.</summary>
    public string Seen { get; private set; } = "";

    public string Name => FaultName;

    public async Task RunAsync()
    {
        var data = Directory.CreateTempSubdirectory("backup-drill-data-").FullName;
        try
        {
            await using var stack = new Stack(new StackOptions
            {
                MessagesPerSecond = 1000,
                IsLoad = true,
                Link = link,
                Sample = PrepareData(data, fills),
                SimulatorSettings = ["fill-delay-ms=0"],
            });
            await stack.StartSimulatorAsync();
            await stack.ImportAsync();
            await stack.StartNodeAsync();
            await stack.WaitUntilTradingAsync();
            await MeasureAsync(stack);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>The sample day, in which one client holds enough of one share.</summary>
    private static string PrepareData(string folder, int fills)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "data/sample")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var cash = Path.Combine(folder, "cash_positions.csv");
        var lines = File.ReadAllLines(cash).Where(line => !line.StartsWith($"{Whale},NSE,{Share},", StringComparison.Ordinal));
        File.WriteAllLines(cash, lines.Append($"{Whale},NSE,{Share},CNC,{fills},1442.10"));
        return folder;
    }

    private async Task MeasureAsync(Stack stack)
    {
        using var whale = new Trader(stack, Whale, WhaleMobile);
        await whale.LoginAsync();
        var others = await LoginOthersAsync(stack);
        using var stop = new CancellationTokenSource();
        var load = others.ConvertAll(other => ExitAsync(other, stop.Token));
        await Task.Delay(Quiet);
        var memory = MemoryOf(stack.Node!.Id);
        var events = await EventsAsync(stack);
        await stack.ControlAsync("liquidity", new { mode = "full", segment = "cm", parts = fills });
        var position = (await whale.PositionsAsync()).First(held => (string)held!["tradingsymbol"]! == Share)!;
        Expect.That((long)position["quantity"]! == fills, $"{Whale} holds {fills} {Share}; found {position["quantity"]}");
        var clock = Stopwatch.StartNew();
        _isDuring = true;
        var exit = await whale.ExitAsync("all-of-it", position, "full");
        Expect.That(exit.Ok, $"the exit of {fills} is taken; found {exit.Message}");
        var peak = memory;
        await Eventually.HoldsAsync($"all {fills} fills are in the books", Patience, async () =>
        {
            peak = Math.Max(peak, MemoryOf(stack.Node!.Id));
            await Task.Delay(100);
            return (long)(await whale.PositionsAsync()).First(held => (string)held!["tradingsymbol"]! == Share)!["quantity"]! == 0;
        });
        var took = clock.Elapsed;
        _isDuring = false;
        await Task.Delay(Quiet);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        others.ForEach(other => other.Dispose());
        await JudgeAsync(stack, took, peak - memory, await EventsAsync(stack) - events);
    }

    private async Task JudgeAsync(Stack stack, TimeSpan took, long growth, long events)
    {
        var quiet = Percentile(_samples.Where(sample => !sample.IsDuring));
        var during = Percentile(_samples.Where(sample => sample.IsDuring));
        var ledger = await ExchangeLedger.ReadAsync(stack.Simulator);
        var pieces = ledger.Executions.Values.Where(one => one.Account == Whale).ToList();
        Seen = $"{pieces.Count} fills booked in {took.TotalSeconds:F1} s; others' exits p99 {quiet.P99.TotalMilliseconds:F1} ms of {quiet.Count} before and after, {during.P99.TotalMilliseconds:F1} ms of {during.Count} during; memory grew {growth >> 20} MB";
        Expect.That(pieces.Count == fills && pieces.Sum(one => (long)one.Quantity) == fills, $"the exchange filled {fills} pieces of one; found {pieces.Count}");

        // Accepted twice (plan and order), intended, confirmed, each fill once, and the plan's end.
        Expect.That(events == fills + 5, $"P5: {fills + 5} events for {fills} fills; found {events}");
        Expect.That((bool)(await stack.PbmJsonAsync("journal", "verify"))["ok"]!, "the journal verifies");
        Expect.That(during.Count >= SamplesMin && quiet.Count >= SamplesMin, $"at least {SamplesMin} exits of others in each part; found {Seen}");
        Expect.That(during.P99 <= TimeSpan.FromTicks(Math.Max((long)(quiet.P99.Ticks * SlowdownMax), Floor.Ticks)), $"others' exits are at most {SlowdownMax} times as slow at p99; found {Seen}");
        Expect.That(growth <= GrowthMaxBytes, $"the node grows by at most {GrowthMaxBytes >> 20} MB; found {Seen}");
    }

    private async Task ExitAsync(Trader trader, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var open = (await trader.PositionsAsync()).Where(held => (string)held!["exchange"]! == "NSE" && (long)held["closable_quantity"]! > 0).ToArray();
            if (open.Length == 0)
            {
                return;
            }

            var position = open[i % open.Length]!;
            var part = Math.Min((long)position["closable_quantity"]!, 20);
            for (var unit = 0; unit < part && !stop.IsCancellationRequested; unit++)
            {
                var (isDuring, clock) = (_isDuring, Stopwatch.StartNew());
                var answer = await trader.ExitAsync($"small-{i}-{unit}", position, "quantity", 1);
                if (answer.Ok && isDuring == _isDuring)
                {
                    _samples.Add((clock.Elapsed, isDuring));
                }

                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private static async Task<List<Trader>> LoginOthersAsync(Stack stack)
    {
        var traders = new List<Trader>();
        foreach (var cells in (await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "data/sample/clients.csv"))).Skip(1).Select(line => line.Split(',')))
        {
            if (traders.Count < Others && cells[6] == "ACTIVE" && cells[0] != Whale)
            {
                var trader = new Trader(stack, cells[0], cells[3]);
                await trader.LoginAsync();
                if ((await trader.PositionsAsync()).Where(held => (string)held!["exchange"]! == "NSE").Sum(held => Math.Abs((long)held!["quantity"]!)) > 300)
                {
                    traders.Add(trader);
                }
                else
                {
                    trader.Dispose();
                }
            }
        }

        return traders;
    }

    private static async Task<long> EventsAsync(Stack stack) => (long)(await stack.PbmJsonAsync("account", "show", Whale))["events"]!;

    /// <summary>What the process holds in memory now.</summary>
    private static long MemoryOf(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(new string([.. line.Where(char.IsDigit)])) * 1024;
    }

    private static (TimeSpan P99, int Count) Percentile(IEnumerable<(TimeSpan Took, bool IsDuring)> samples)
    {
        var sorted = samples.Select(sample => sample.Took).Order().ToArray();
        return sorted.Length == 0 ? (TimeSpan.Zero, 0) : (sorted[(int)((sorted.Length - 1) * 0.99)], sorted.Length);
    }
}
