using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>
/// Something breaks while clients exit. When things are quiet again: nothing acknowledged is lost, no order was at the
/// exchange twice, no position turned round, and journal, exchange and page agree.
/// </summary>
internal sealed class OutageDrill(INemesis nemesis, ulong seed, string link, bool isCluster)
{
    private const int Clients = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SeededDice _dice = new(seed);
    private readonly ConcurrentDictionary<string, ConcurrentBag<string>> _acknowledged = new(StringComparer.Ordinal);

    private int _onTheWay;

    internal int Runs { get; private set; }

    internal List<string> Violations { get; } = [];

    internal SortedDictionary<string, int> Seen { get; } = new(StringComparer.Ordinal)
    {
        ["strikes"] = 0,
        ["gap_ms_max"] = 0,
        ["exits_acknowledged"] = 0,
        ["exits_refused"] = 0,
        ["exits_in_doubt"] = 0,
        ["doubts_found_done"] = 0,
        ["cancels_taken"] = 0,
        ["cancels_refused"] = 0,
        ["orders_unknown"] = 0,
        ["orders_proven_absent"] = 0,
        ["orders_at_exchange"] = 0,
        ["trades"] = 0,
        ["frames"] = 0,
    };

    internal async Task RunAsync(int runs)
    {
        await using var stack = new Stack(new StackOptions { MessagesPerSecond = 400, Link = link, IsLoad = true, IsCluster = isCluster || nemesis.NeedsCluster });
        try
        {
            await RunAsync(stack, runs);
        }
        catch (Exception failure)
        {
            Violations.Add(failure.Message);
            Console.WriteLine(failure);
        }

        if (Violations.Count > 0)
        {
            stack.KeepsFolder = true;
            Console.WriteLine($"what the programs wrote is in {stack.Folder}");
        }
    }

    private async Task RunAsync(Stack stack, int runs)
    {
        await stack.StartSimulatorAsync();
        await stack.ImportAsync();
        await stack.StartNodeAsync();
        await stack.WaitUntilTradingAsync();
        var traders = await LoginAllAsync(stack);
        var reconciliation = new Reconciliation(stack, Violations);
        await reconciliation.RememberOpeningAsync(traders);
        for (var run = 1; run <= runs && Violations.Count == 0; run++)
        {
            await RunOnceAsync(stack, traders, reconciliation, run);
            Runs++;
            Console.WriteLine($"run {run}/{runs}: {string.Join(", ", Seen.Select(pair => $"{pair.Key} {pair.Value}"))}");
        }

        CheckThatDangersWereMet();
        traders.ForEach(trader => trader.Dispose());
    }

    private async Task RunOnceAsync(Stack stack, List<Trader> traders, Reconciliation reconciliation, int run)
    {
        var doubts = new ConcurrentBag<(Trader Trader, string Key, JsonNode Position, long Quantity)>();
        using var stop = new CancellationTokenSource();
        await Eventually.HoldsAsync("live prices", Patience, async () => (await traders[0].PositionsAsync()).All(held => (string)held!["confidence"]! == "confirmed"));

        // Every other run most orders rest, so that cancels, partial fills and later fills meet the outage.
        await stack.ControlAsync("liquidity", new { mode = run % 2 == 0 ? "partial" : "full" });
        var seeds = traders.ConvertAll(_ => _dice.NextSeed());
        var load = traders.Select((trader, i) => ExitAsync(trader, new SeededDice(seeds[i]), run, doubts, stop.Token)).ToArray();
        var gaps = LongestGapAsync(traders[^1], stop.Token);
        var strikes = await nemesis.StrikeAsync(stack, _dice, Task.WhenAll(load), () => Volatile.Read(ref _onTheWay));
        Count("strikes", strikes);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await nemesis.HealAsync(stack);
        var gap = await gaps;
        Seen["gap_ms_max"] = Math.Max(Seen["gap_ms_max"], (int)gap.TotalMilliseconds);
        await stack.ControlAsync("liquidity", new { mode = "full" });
        await stack.WaitUntilTradingAsync();
        await Eventually.HoldsAsync("live prices again", Patience, async () => (await traders[0].PositionsAsync()).All(held => (string)held!["confidence"]! == "confirmed"));
        foreach (var (trader, key, position, quantity) in doubts)
        {
            // The client does what the page does: the same request again with the same key.
            await Eventually.HoldsAsync($"an answer to {key} of {trader.ClientId}", Patience, async () =>
            {
                var again = await trader.ExitAsync(key, position, "quantity", quantity);
                Judge(trader, key, again);
                Count("doubts_found_done", again.Ok ? 1 : 0);
                return true;
            });
        }

        foreach (var trader in traders)
        {
            await Eventually.HoldsAsync($"no order of {trader.ClientId} waits any more", Patience, () => Reconciliation.IsQuietAsync(trader), () => Reconciliation.WaitingAsync(trader));
        }

        await CompareAsync(stack, traders, reconciliation);
    }

    /// <summary>From the last good answer to the next, at the longest, seen by a client who looks again and again; until the load is over and he is served.</summary>
    private static async Task<TimeSpan> LongestGapAsync(Trader trader, CancellationToken stop)
    {
        var longest = TimeSpan.Zero;
        var last = Stopwatch.GetTimestamp();
        for (var isServed = true; !(stop.IsCancellationRequested && isServed);)
        {
            await Task.Delay(20, CancellationToken.None);
            try
            {
                isServed = (await trader.OrdersAsync()).Count >= 0;
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(last).Ticks));
                last = Stopwatch.GetTimestamp();
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                isServed = false;
            }
        }

        return longest;
    }

    private async Task CompareAsync(Stack stack, List<Trader> traders, Reconciliation reconciliation)
    {
        var ledger = await reconciliation.CheckLedgerAsync();
        Seen["frames"] = ledger.Frames;
        Seen["trades"] = ledger.Trades;
        Seen["orders_at_exchange"] = ledger.Entries.Count;
        var journals = await reconciliation.CheckClientsAsync(traders, ledger, client => _acknowledged.GetValueOrDefault(client) ?? []);
        var events = journals.SelectMany(journal => journal).ToList();
        Seen["orders_unknown"] = events.Count(record => record.Name == "OrderBecameUnknown");
        Seen["orders_proven_absent"] = events.Count(record => record.Name == "OrderProvenAbsent");
        var verified = await stack.PbmJsonAsync("journal", "verify");
        if (!(bool)verified["ok"]!)
        {
            Violations.Add($"the journal does not verify: {verified["faults"]}");
        }
    }

    /// <summary>One client exits parts of his positions until the node is gone.</summary>
    private async Task ExitAsync(
        Trader trader, SeededDice dice, int run, ConcurrentBag<(Trader Trader, string Key, JsonNode Position, long Quantity)> doubts, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested && i < 20; i++)
        {
            JsonArray positions;
            try
            {
                positions = await trader.PositionsAsync();
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                return;
            }

            var open = positions.Where(held => (long)held!["closable_quantity"]! > 0).ToArray();
            if (open.Length == 0)
            {
                return;
            }

            var position = open[dice.Next(open.Length)]!;
            var key = $"kill-{run}-{i}";
            var quantity = Math.Min((long)position["closable_quantity"]!, (long)position["lot_size"]! * (1 + dice.Next(2)));
            try
            {
                Interlocked.Increment(ref _onTheWay);
                Judge(trader, key, await trader.ExitAsync(key, position, "quantity", quantity));
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                Count("exits_in_doubt");
                doubts.Add((trader, key, position, quantity));
                return;
            }
            finally
            {
                Interlocked.Decrement(ref _onTheWay);
            }

            await CancelSomethingAsync(trader, dice);

            // A person looks at the answer before the next exit.
            await Task.Delay(TimeSpan.FromMilliseconds(20 + dice.Next(120)), CancellationToken.None);
        }
    }

    /// <summary>Now and then a client takes back what still rests.</summary>
    private async Task CancelSomethingAsync(Trader trader, SeededDice dice)
    {
        if (dice.Next(3) > 0)
        {
            return;
        }

        try
        {
            var working = (await trader.OrdersAsync()).Where(order => (long)order!["pending_quantity"]! > 0).ToArray();
            if (working.Length > 0)
            {
                var cancel = await trader.CancelAsync((string)working[dice.Next(working.Length)]!["order_id"]!);
                Count(cancel.Ok ? "cancels_taken" : "cancels_refused");
            }
        }
        catch (Exception gone) when (Trader.IsAway(gone))
        {
            // The node is gone; a cancel without an answer may or may not be done, and either is right.
        }
    }

    private void Judge(Trader trader, string key, Answer answer)
    {
        if (answer.Ok)
        {
            Count("exits_acknowledged");
            _acknowledged.GetOrAdd(trader.ClientId, static _ => []).Add(key);
        }
        else
        {
            Count("exits_refused");
        }
    }

    private static async Task<List<Trader>> LoginAllAsync(Stack stack)
    {
        var traders = new List<Trader>();
        foreach (var line in (await File.ReadAllLinesAsync(Path.Combine(stack.Root, "data/sample/clients.csv"))).Skip(1))
        {
            var cells = line.Split(',');
            if (cells[6] == "ACTIVE" && traders.Count < Clients)
            {
                var trader = new Trader(stack, cells[0], cells[3]);
                await trader.LoginAsync();
                traders.Add(trader);
            }
        }

        return traders;
    }

    /// <summary>A drill in which nothing was hit proves nothing.</summary>
    private void CheckThatDangersWereMet()
    {
        var dangers = new Dictionary<string, int>(StringComparer.Ordinal)
        {
            ["exits acknowledged"] = Seen["exits_acknowledged"],
            ["trades"] = Seen["trades"],
            ["strikes"] = Seen["strikes"],
        };
        if (nemesis.LeavesDoubt)
        {
            dangers["exits in doubt or orders unknown"] = Seen["exits_in_doubt"] + Seen["orders_unknown"];
        }

        Violations.AddRange(dangers
            .Where(danger => danger.Value == 0 && Violations.Count == 0)
            .Select(danger => $"the drill met no {danger.Key}: it proved nothing").ToArray());
    }

    private void Count(string what, int by = 1)
    {
        lock (Seen)
        {
            Seen[what] += by;
        }
    }
}

/// <summary>SplitMix64, so that a seed repeats the drill's choices (the machine's timing stays its own).</summary>
internal sealed class SeededDice(ulong seed)
{
    private ulong _state = seed;

    internal int Next(int below) => (int)(NextSeed() % (ulong)below);

    internal ulong NextSeed()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15UL;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
