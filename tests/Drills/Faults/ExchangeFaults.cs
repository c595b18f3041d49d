using Backup.Drills.Records;

namespace Backup.Drills.Faults;

/// <summary>The exchange misbehaves for the next few messages, as told over its control page.</summary>
/// <param name="kind">The word of the control page.</param>
/// <param name="most">At most so many messages.</param>
/// <param name="felt">What must have happened.</param>
internal sealed class ExchangeMischief(string name, string means, string kind, int most, Func<Evidence, bool> felt) : IFault
{
    public string Name => name;

    public string Means => means;

    /// <summary>Further fields of the control message.</summary>
    internal (string Name, int Least, int Most)? Also { get; init; }

    /// <summary>It happens to fills, so there must be some.</summary>
    internal bool NeedsFills { get; init; }

    public bool BunchesBytes { get; init; }

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        if (NeedsFills)
        {
            await stack.ControlAsync("liquidity", new { mode = "full" });
        }

        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["kind"] = kind, ["count"] = 1 + dice.Next(most), ["segment"] = null };
        if (Also is { } also)
        {
            body[also.Name] = also.Least + dice.Next(also.Most - also.Least + 1);
        }

        await stack.ControlAsync("fault", body);
        await Moments.PauseAsync(dice, 500, 1100, stop);
    }

    /// <summary>What was planned and met nobody is taken back.</summary>
    public Task HealAsync(Stack stack) => kind is "silence" or "sign-off" or "replay"
        ? Task.CompletedTask
        : stack.ControlAsync("fault", new { kind, count = 0, error = Also is { Name: "error" } also ? also.Least : (int?)null });

    public bool WasFelt(Evidence evidence) => felt(evidence);
}

/// <summary>The link is cut, and when it is back reports of the earlier session arrive again among the downloaded ones.</summary>
internal sealed class ReplayAcrossSessions : IFault
{
    public string Name => "F19-replay-after-download";

    public string Means => "after a reconnect and its download the reports of the earlier session arrive once more";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await Moments.PauseAsync(dice, 100, 400, stop);
        await stack.ControlAsync("fault", new { kind = "duplicate", count = 5 });
        await stack.ControlAsync("drop", new { });
        await stack.WaitUntilTradingAsync();
        await stack.ControlAsync("fault", new { kind = "replay", count = 40 });
        await Moments.PauseAsync(dice, 100, 300, stop);
    }

    public bool WasFelt(Evidence evidence) => evidence.Broke && evidence.Marked("is sent again") > 0;
}

/// <summary>The exchange takes orders, loses its answers, and then the connection.</summary>
internal sealed class ReplyLost : IFault
{
    public string Name => "F18-reply-lost";

    public string Means => "the exchange takes an order, loses its answer and cuts the link";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await stack.ControlAsync("swallow", new { next = 1 + dice.Next(3) });
        await Moments.PauseAsync(dice, 200, 700, stop);
    }

    public Task HealAsync(Stack stack) => stack.ControlAsync("swallow", new { next = 0 });

    public bool WasFelt(Evidence evidence) => evidence.Marked("lost on purpose") > 0 && evidence.Broke;
}

/// <summary>Every gateway connection is reset by the exchange itself.</summary>
internal sealed class ExchangeDrops : IFault
{
    public string Name => "F18-exchange-drops";

    public string Means => "the exchange resets every connection";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await Moments.PauseAsync(dice, 20, 300, stop);
        await stack.ControlAsync("drop", new { });
    }

    public bool WasFelt(Evidence evidence) => evidence.HasNote("DROP") && evidence.Broke;
}

/// <summary>Answers wait at the exchange; the connection is cut before or after they are let go.</summary>
internal sealed class HeldAnswers : IFault
{
    public string Name => "F2-held-answers";

    public string Means => "the exchange keeps its answers back, and sometimes the link is cut meanwhile";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await stack.ControlAsync("hold", new { on = true });
        await Moments.PauseAsync(dice, 200, 900, stop);
        if (dice.Next(2) == 0)
        {
            Moments.CutEverywhere(stack, Proxy.CutKind.Reset);
        }

        await stack.ControlAsync("hold", new { on = false });
    }

    public Task HealAsync(Stack stack) => stack.ControlAsync("hold", new { on = false });

    public bool WasFelt(Evidence evidence) => evidence.Marked("held") > 0;
}

/// <summary>Orders fill while their cancels are on the way.</summary>
internal sealed class CancelLostToFill : IFault
{
    public string Name => "F30-cancel-lost-to-fill";

    public string Means => "an order is filled before the cancel that is on its way arrives";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        for (var i = 0; i < 3 && !stop.IsCancellationRequested; i++)
        {
            await stack.ControlAsync("liquidity", new { mode = "none" });
            await Moments.PauseAsync(dice, 250, 400, stop);

            // The fills are told only after clients have asked to cancel what they still see resting.
            await stack.ControlAsync("hold", new { on = true });
            await stack.ControlAsync("liquidity", new { mode = "full" });
            await Moments.PauseAsync(dice, 250, 450, stop);
            await stack.ControlAsync("hold", new { on = false });
        }
    }

    public async Task HealAsync(Stack stack)
    {
        await stack.ControlAsync("hold", new { on = false });
        await stack.ControlAsync("liquidity", new { mode = "full" });
    }

    public bool WasFelt(Evidence evidence) => evidence.Out(ExchangeCodes.CancelRejected) > 0;
}

/// <summary>The exchange takes resting orders out of its book by itself.</summary>
internal sealed class UnsolicitedCancel : IFault
{
    private int _before;

    public string Name => "F30-unsolicited-cancel";

    public string Means => "the exchange cancels resting orders that nobody asked it to cancel";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        _before++;
        await stack.ControlAsync("liquidity", new { mode = "none" });
        for (var i = 0; i < 2; i++)
        {
            await Moments.PauseAsync(dice, 300, 500, stop);
            await stack.ControlAsync("cancel", new { account = (string?)null, segment = (string?)null });
        }
    }

    public Task HealAsync(Stack stack) => stack.ControlAsync("liquidity", new { mode = "full" });

    public bool WasFelt(Evidence evidence) => _before > 0
        && evidence.Journal.Any(record => record.Name == "OrderCancelled" && (bool?)record.Payload["byExchange"] == true);
}

/// <summary>A stream of the exchange's journal goes away: what rested there is gone, and nobody says which.</summary>
internal sealed class StreamOutage : IFault
{
    public string Name => "F21-stream-outage";

    public string Means => "a stream fails (5294): its resting orders are gone without a word";

    public bool LosesMemory => true;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await stack.ControlAsync("liquidity", new { mode = "none" });
        await Moments.PauseAsync(dice, 300, 600, stop);
        var (segment, stream) = (Moments.Segment(dice), 1 + dice.Next(2));
        await stack.ControlAsync("stream-outage", new { segment, stream, down = true });
        await Moments.PauseAsync(dice, 200, 800, stop);
        await stack.ControlAsync("stream-outage", new { segment, stream, down = false });
    }

    public Task HealAsync(Stack stack) => stack.ControlAsync("liquidity", new { mode = "full" });

    public bool WasFelt(Evidence evidence) => evidence.Ledger.Any(line => !line.IsInbound && line.Code == ExchangeCodes.Contingency);
}

/// <summary>The exchange goes on from its other site, which remembers nothing of the morning.</summary>
internal sealed class Disaster : IFault
{
    public string Name => "F21-disaster";

    public string Means => "the exchange switches to its other site: resting orders and the earlier journal are gone";

    public bool LosesMemory => true;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await stack.ControlAsync("liquidity", new { mode = "none" });
        await Moments.PauseAsync(dice, 300, 600, stop);
        await stack.ControlAsync("disaster", new { segment = Moments.Segment(dice) });
        await Moments.PauseAsync(dice, 200, 500, stop);
    }

    public Task HealAsync(Stack stack) => stack.ControlAsync("liquidity", new { mode = "full" });

    public bool WasFelt(Evidence evidence) => evidence.HasNote("DISASTER") && evidence.Broke;
}

/// <summary>kill -9 of the node, then a restart.</summary>
internal sealed class NodeKilled : IFault
{
    private int _kills;

    public string Name => "F2-node-killed";

    public string Means => "the node dies with kill -9 while orders are on their way, and is started again";

    public bool BeginsAgain => true;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await Moments.PauseAsync(dice, 20, 400, stop);
        await stack.Node!.KillAsync();
        _kills++;
        await stack.StartNodeAsync();
    }

    public bool WasFelt(Evidence evidence) => _kills > 0 && evidence.In(ExchangeCodes.SignOn) > 0;
}
