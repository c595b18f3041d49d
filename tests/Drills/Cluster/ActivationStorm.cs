using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace Backup.Drills.Cluster;

/// <summary>
/// F24: a node with a third of many accounts dies with kill -9, and all its clients ask at once. Each is answered soon after the takeover, and
/// those whose accounts live elsewhere hardly notice.
/// </summary>
internal sealed class ActivationStorm : ILongDrill
{
    internal const string FaultName = "F24-activation-storm";
    internal const string Means = "a node dies and all its accounts are asked at once: they wake within a bound, and the others' clients are not held up";

    private const int Clients = 240;
    private const int OthersMax = 24;
    private const int LoginsAtOnce = 8;

    /// <summary>A lease lives for six seconds and a session that ended tells sooner; the rest is for waking, on a busy machine.</summary>
    private static readonly TimeSpan WakeLimit = TimeSpan.FromSeconds(20);

    /// <summary>What others may wait at the most of nine in ten times, whatever their wait was before: a deadline of the gateway is 5 s.</summary>
    private static readonly TimeSpan OthersFloor = TimeSpan.FromSeconds(2);

    private const double OthersFactor = 5;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);
    private readonly ConcurrentBag<(TimeSpan Took, bool IsDuring)> _others = [];
    private volatile bool _isDuring;

    public string Name => FaultName;

    public string Seen { get; private set; } = "";

    public async Task RunAsync()
    {
        var data = Directory.CreateTempSubdirectory("backup-drill-data-").FullName;
        Farewell.RememberFolder(data);
        try
        {
            await using var stack = new Stack(new StackOptions { IsCluster = true, HasNetworks = true, IsLoad = true, Sample = PrepareData(data) });
            await stack.StartSimulatorAsync();
            await stack.ImportAsync();
            await stack.StartNodeAsync();
            await stack.WaitUntilWholeAsync();
            await StormAsync(stack);
        }
        finally
        {
            Farewell.ForgetFolder(data);
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>The sample day with many more clients, each of whom holds one share.</summary>
    private static string PrepareData(string folder)
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "data/sample")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var numbers = Enumerable.Range(0, Clients).ToArray();
        File.AppendAllLines(Path.Combine(folder, "clients.csv"), numbers.Select(n => $"{ClientOf(n)},Storm Demo,AAAPS{n:0000}A,{MobileOf(n)},storm{n}@clients.example,NSE|NFO,ACTIVE"));
        File.AppendAllLines(Path.Combine(folder, "cash_positions.csv"), numbers.Select(n => $"{ClientOf(n)},NSE,RELIANCE,CNC,{n + 1},1442.10"));
        return folder;
    }

    private async Task StormAsync(Stack stack)
    {
        var traders = await LoginAsync(stack);
        var lost = stack.Members[0];
        var homes = await HomesAsync(stack);
        var sleepers = traders.Where(trader => homes[trader.ClientId] == lost.Name).ToList();
        var others = traders.Where(trader => homes[trader.ClientId] != lost.Name).Take(OthersMax).ToList();
        Expect.That(sleepers.Count > Clients / 6 && others.Count == OthersMax, $"the accounts are spread over the nodes; found {sleepers.Count} of {Clients} on {lost.Name}");

        // At the nodes that stay, so that nothing is measured but the accounts.
        var doors = stack.Members.Where(member => member != lost).Select(member => member.Gateway).ToArray();
        using var stop = new CancellationTokenSource();
        var looking = others.Select((trader, place) => LookAsync(trader.At(doors[place % doors.Length]), stop.Token)).ToArray();
        await Task.Delay(Calm);
        _isDuring = true;
        var clock = Stopwatch.StartNew();
        await lost.Process!.KillAsync();
        var waits = await Task.WhenAll(sleepers.Select((trader, place) => UntilShownAsync(trader.At(doors[place % doors.Length]), clock)));
        await stop.CancelAsync();
        await Task.WhenAll(looking);
        await ShardWatch.UntilTakenFromAsync(stack.Members[1], lost, WakeLimit);
        Array.Sort(waits);
        Judge(sleepers.Count, waits);
        traders.ForEach(trader => trader.Dispose());
    }

    private void Judge(int sleepers, TimeSpan[] waits)
    {
        var (before, during) = (NinthTenth(isDuring: false), NinthTenth(isDuring: true));
        Seen = $"{sleepers} accounts asked at once, half within {waits[waits.Length / 2].TotalSeconds:F1} s, all within {waits[^1].TotalSeconds:F1} s of the kill; "
            + $"others' ninth tenth {before.TotalMilliseconds:F0} ms before and {during.TotalMilliseconds:F0} ms meanwhile";
        Expect.That(waits[^1] <= WakeLimit, $"every account answers within {WakeLimit.TotalSeconds} s; {Seen}");
        var bound = TimeSpan.FromTicks(Math.Max((long)(before.Ticks * OthersFactor), OthersFloor.Ticks));
        Expect.That(during <= bound, $"others wait at most {bound.TotalSeconds:F1} s of nine in ten times; {Seen}");
    }

    private TimeSpan NinthTenth(bool isDuring)
    {
        var sorted = _others.Where(sample => sample.IsDuring == isDuring).Select(sample => sample.Took).Order().ToArray();
        Expect.That(sorted.Length >= OthersMax, $"enough answers were measured {(isDuring ? "during" : "before")} the storm; found {sorted.Length}");
        return sorted[sorted.Length * 9 / 10];
    }

    private async Task LookAsync(Trader trader, CancellationToken stop)
    {
        using (trader)
        {
            while (!stop.IsCancellationRequested)
            {
                var isDuring = _isDuring;
                var since = Stopwatch.GetTimestamp();
                try
                {
                    await trader.PositionsAsync();
                }
                catch (Exception gone) when (Trader.IsAway(gone))
                {
                    // Waited for nothing: that is how long it took.
                }

                _others.Add((Stopwatch.GetElapsedTime(since), isDuring));
                await Task.Delay(100, CancellationToken.None);
            }
        }
    }

    /// <summary>Asks, and asks again when told to, as the page does. How long after the kill the positions are there.</summary>
    private static async Task<TimeSpan> UntilShownAsync(Trader trader, Stopwatch clock)
    {
        using (trader)
        {
            await Eventually.HoldsAsync($"{trader.ClientId} is shown his positions", WakeLimit * 2, async () => (await trader.PositionsAsync()).Count > 0);
            return clock.Elapsed;
        }
    }

    private static async Task<List<Trader>> LoginAsync(Stack stack)
    {
        var traders = new ConcurrentBag<Trader>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Clients), new ParallelOptions { MaxDegreeOfParallelism = LoginsAtOnce }, async (n, _) =>
        {
            var trader = new Trader(stack, ClientOf(n), MobileOf(n));
            await trader.LoginAsync();
            traders.Add(trader);
        });
        return [.. traders.OrderBy(trader => trader.ClientId, StringComparer.Ordinal)];
    }

    /// <summary>The node on which each account lives: its shard as the journal has it, the shard's owner as the nodes tell.</summary>
    private static async Task<Dictionary<string, string>> HomesAsync(Stack stack)
    {
        var shards = (await stack.Members[0].ManageAsync("cluster/shards"))["shards"]!.AsArray()
            .ToDictionary(shard => (int)shard!["shard"]!, shard => ((string)shard!["owner"]!).Split('#')[0]);
        var homes = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var source = NpgsqlDataSource.Create(stack.Journal!.Primary.ConnectionString());
        await using var command = source.CreateCommand("select entity, shard from backup.entity_head");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            homes[reader.GetString(0)] = shards[reader.GetInt32(1)];
        }

        return homes;
    }

    private static string ClientOf(int number) => $"ST{number:0000}";

    private static string MobileOf(int number) => $"98{number:00000000}";
}
