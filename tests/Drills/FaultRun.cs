using System.Text.Json.Nodes;
using Backup.Drills.Faults;
using Backup.Drills.Records;

namespace Backup.Drills;

/// <summary>
/// Some faults strike while clients exit. When things are quiet again the clients' own record, the exchange's ledger and the journal are held
/// against each other: P1, P3, P4, P5, P6, I3, I10, I12.
/// </summary>
internal sealed class FaultRun(FaultStage stage, ulong seed, string name, IReadOnlyList<IFault> faults, Tally tally)
{
    /// <summary>Of so many clients the state is rebuilt from the journal; chosen by the dice like all of them.</summary>
    private const int Replayed = 2;

    private readonly SeededDice _dice = new(seed);
    private readonly Stack _stack = stage.Stack;
    private readonly DateTimeOffset _begun = DateTimeOffset.UtcNow;

    /// <summary>Twenty seconds after a takeover an account hears once more what its new session has proven (docs/decisions/0012).</summary>
    private TimeSpan Patience => TimeSpan.FromSeconds(_stack.Members.Count > 1 ? 60 : 30);

    /// <summary>Fewer where three nodes and a database share the processors with them.</summary>
    private int Clients => _stack.Members.Count > 1 ? 4 : 6;

    /// <summary>The faults that had their effect.</summary>
    internal List<string> Felt { get; } = [];

    /// <summary>What was seen, in words.</summary>
    internal string Seen { get; private set; } = "";

    internal async Task RunAsync()
    {
        var traders = await stage.InviteAsync(_dice, Clients);
        await stage.Reconciliation.CheckLedgerAsync();
        stage.Reconciliation.Ledger.Forget();
        await _stack.ControlAsync("liquidity", new { mode = new[] { "full", "partial", "none" }[_dice.Next(3)] });
        var load = traders.ConvertAll(trader => new FaultLoad(trader, new SeededDice(_dice.NextSeed()), stage.Record, name));
        faults.ToList().ForEach(fault => fault.Meet(traders, stage.Record));
        await using var watch = new BreakWatch(_stack);
        await StrikeAsync(load);
        await SettleAsync(load);
        await CompareAsync(load, await watch.EndAsync());
        stage.Runs++;
    }

    private async Task StrikeAsync(List<FaultLoad> load)
    {
        using var stop = new CancellationTokenSource();
        var working = load.ConvertAll(client => client.RunAsync(stop.Token));
        try
        {
            await Task.WhenAll(faults.Select(fault => StrikeAsync(fault, new SeededDice(_dice.NextSeed()), stop.Token)));

            // What was broken last meets a few more requests.
            await Task.Delay(150, CancellationToken.None);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(working);
        }
    }

    private async Task StrikeAsync(IFault fault, SeededDice dice, CancellationToken stop)
    {
        await Moments.PauseAsync(dice, 100, 700, stop);
        try
        {
            await fault.StrikeAsync(_stack, dice, stop);
        }
        finally
        {
            await fault.HealAsync(_stack);
        }
    }

    private async Task SettleAsync(List<FaultLoad> load)
    {
        await _stack.HealLinesAsync();
        await _stack.ControlAsync("hold", new { on = false });
        await _stack.ControlAsync("swallow", new { next = 0 });
        await _stack.ControlAsync("liquidity", new { mode = "full" });
        await _stack.WaitUntilTradingAsync();
        await Eventually.HoldsAsync("every exit without an answer gets one", Patience, async () =>
        {
            await Task.WhenAll(load.Select(client => client.SettleDoubtsAsync()));
            return load.TrueForAll(client => client.Doubts.Count == 0);
        });
        foreach (var client in load)
        {
            await Eventually.HoldsAsync(
                $"no order of {client.Trader.ClientId} waits any more",
                Patience,
                async () =>
                {
                    await client.TakeBackAsync(HasHole);
                    return (await client.Trader.OrdersAsync()).All(order => IsSettled(order!));
                },
                () => Reconciliation.WaitingAsync(client.Trader));
        }
    }

    /// <summary>After a hole in the exchange's memory an order may stay unknown; then it keeps its reservation, which is checked below.</summary>
    private bool IsSettled(JsonNode order) => Reconciliation.IsFinal(order) || (HasHole && (string)order["status"]! == "UNKNOWN");

    private bool HasHole => stage.HasHole || faults.Any(fault => fault.LosesMemory);

    private async Task CompareAsync(List<FaultLoad> load, IReadOnlyList<string> breaks)
    {
        stage.HasHole = HasHole;
        var ledger = await stage.Reconciliation.CheckLedgerAsync();
        var orders = new OrderChecks(ledger, stage.Violations);
        var news = new List<JournalEvent>();
        var journals = await stage.Reconciliation.CheckClientsAsync(load.ConvertAll(client => client.Trader), ledger, Exits, stage.HasHole, Replayed);
        foreach (var one in load)
        {
            var client = one.Trader.ClientId;
            List<JournalEvent> journal = [.. journals[client]];
            CheckTold(client, journal);
            orders.Check(client, journal, stage.HasHole);
            stage.Violations.AddRange(ReservationCheck.Check(client, journal));
            news.AddRange(journal.Where(record => record.At >= _begun));
            stage.Violations.AddRange(one.Defects);
        }

        if (!faults.Any(fault => fault.BunchesBytes))
        {
            stage.Violations.AddRange(RateCheck.Check(ledger.Recent, _stack.MessagesPerSecond, RateCheck.BusyMachine));
        }

        stage.Violations.AddRange(DownloadCheck.Check(ledger.Recent, faults.Any(fault => fault.BeginsAgain || fault.LosesMemory)));
        var evidence = new Evidence(ledger.Recent, news, breaks, stage.Record.Since(_begun));
        stage.Violations.AddRange(faults.SelectMany(fault => fault.Judge(evidence)));
        Felt.AddRange(faults.Where(fault => fault.WasFelt(evidence)).Select(fault => fault.Name));
        var measured = string.Concat(faults.Where(fault => fault.Measured.Length > 0).Select(fault => $"{fault.Measured}; "));
        Seen = measured + tally.Add(
            evidence, Felt, load.SelectMany(client => stage.Record.Of(client.Trader.ClientId)).Where(answer => answer.Key.StartsWith($"{name}-", StringComparison.Ordinal)));
    }

    private List<string> Exits(string client) => [.. stage.Record.Of(client).Where(answer => answer is { What: "exit", Told: Told.Done }).Select(answer => answer.Key)];

    /// <summary>What the client was told against his journal.</summary>
    private void CheckTold(string client, List<JournalEvent> journal)
    {
        var told = stage.Record.Of(client).ToList();
        var exits = journal.Where(record => record.Name == "PlanAccepted").Select(record => (string)record.Payload["planId"]!).ToHashSet(StringComparer.Ordinal);
        stage.Violations.AddRange(told
            .Where(answer => answer is { What: "exit", Told: Told.Refused } && exits.Contains(answer.Key))
            .Select(answer => $"I10 {answer.Client} was told that exit {answer.Key} is refused, and the journal has it"));
        var taken = journal.Where(record => record.Name is "CancelRequested" or "OrderCancelled").Select(record => $"{record.Account}-{record.Order}").ToHashSet(StringComparer.Ordinal);
        stage.Violations.AddRange(told
            .Where(answer => answer is { What: "cancel", Told: Told.Done } && !taken.Contains(answer.Key))
            .Select(answer => $"P1 the cancel of {answer.Key} was acknowledged and is not in the journal"));
        var changed = journal.Where(record => record.Name is "ModifyRequested" or "OrderModified").Select(record => $"{record.Account}-{record.Order}").ToHashSet(StringComparer.Ordinal);
        stage.Violations.AddRange(told
            .Where(answer => answer.What.StartsWith("modify", StringComparison.Ordinal) && answer.Told == Told.Done && !changed.Contains(answer.Key))
            .Select(answer => $"P1 the change of {answer.Key} was acknowledged and is not in the journal"));
    }
}
