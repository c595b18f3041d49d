using System.Diagnostics;
using Backup.Drills.Proxy;
using Backup.Drills.Records;

namespace Backup.Drills.Faults;

/// <summary>The line goes away and comes back, again and again.</summary>
internal sealed class FlappingLine : IFault
{
    /// <summary>Both segments: the shortest wait between attempts is two thirds of 100 ms, then it doubles up to a second while the line stays down.</summary>
    private const double AttemptsPerSecondMax = 16;

    private int _downs;
    private int _attempts;
    private TimeSpan _took;

    public string Name => "F9-flapping";

    public string Means => "the line goes down and up every 0.2 to 3 seconds";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var (before, clock) = (stack.Proxy!.Attempts, Stopwatch.StartNew());
        for (var i = 0; i < 3; i++)
        {
            var kind = dice.Next(2) == 0 ? CutKind.Reset : CutKind.Finish;
            Array.ForEach(ExchangeProxy.Segments, segment => stack.Proxy!.TakeDown(segment, kind));
            _downs++;
            await Moments.PauseAsync(dice, 200, 900, stop);
            Array.ForEach(ExchangeProxy.Segments, stack.Proxy!.BringUp);
            await Moments.PauseAsync(dice, 200, 2100, stop);
        }

        (_attempts, _took) = (stack.Proxy.Attempts - before, clock.Elapsed);
    }

    public IEnumerable<string> Judge(Evidence evidence)
    {
        if (_attempts > 8 + (AttemptsPerSecondMax * _took.TotalSeconds))
        {
            yield return $"F9 {_attempts} attempts to connect within {_took.TotalSeconds:F1} s; the backoff does not hold";
        }
    }

    public bool WasFelt(Evidence evidence) => _downs > 0 && evidence.Broke;
}

/// <summary>Connections are taken and closed before a byte is read.</summary>
internal sealed class AcceptThenClose : IFault
{
    private int _closed;

    public string Name => "F18-accept-then-close";

    public string Means => "the gateway takes the connection and closes it at once";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var before = stack.Proxy!.Total(rules => rules.ClosedOnAccept);
        Moments.Everywhere(stack, rules => rules.CloseNextOnAccept(1 + dice.Next(2)));
        Moments.CutEverywhere(stack, CutKind.Reset);
        await Eventually.HoldsAsync("a connection was taken and closed", TimeSpan.FromSeconds(40), () => Task.FromResult(stack.Proxy.Total(rules => rules.ClosedOnAccept) > before));
        _closed = stack.Proxy.Total(rules => rules.ClosedOnAccept) - before;
    }

    public bool WasFelt(Evidence evidence) => _closed > 0 && evidence.Broke;
}

/// <summary>The connection is cut while orders are on their way.</summary>
internal abstract class CutLine(CutKind kind) : IFault
{
    private int _cut;

    public abstract string Name { get; }

    public abstract string Means { get; }

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        for (var i = 0; i < 2; i++)
        {
            await Moments.PauseAsync(dice, 20, 400, stop);
            _cut += stack.Proxy!.Cut(Moments.Segment(dice), kind);
        }
    }

    public bool WasFelt(Evidence evidence) => _cut > 0 && evidence.Broke;
}

internal sealed class ResetMidOrder : CutLine
{
    internal ResetMidOrder()
        : base(CutKind.Reset)
    {
    }

    public override string Name => "F18-reset";

    public override string Means => "the connection is reset while orders are on their way";
}

internal sealed class FinishMidOrder : CutLine
{
    internal FinishMidOrder()
        : base(CutKind.Finish)
    {
    }

    public override string Name => "F18-finish";

    public override string Means => "the connection is closed in order while orders are on their way";
}

/// <summary>Bytes wait on the way for longer than anybody likes, and then all arrive.</summary>
internal sealed class StalledLine(Direction direction) : IFault
{
    private bool _struck;

    public string Name => direction == Direction.ToExchange ? "F18-stall-to-exchange" : "F18-stall-from-exchange";

    public string Means => direction == Direction.ToExchange
        ? "what we send waits on the way for up to two seconds"
        : "what the exchange sends waits on the way for up to two seconds";

    public bool BunchesBytes => true;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        Moments.Everywhere(stack, rules => rules.Stall(direction, true));
        await Moments.PauseAsync(dice, 400, 2000, stop);
        Moments.Everywhere(stack, rules => rules.Stall(direction, false));
        _struck = true;
    }

    public bool WasFelt(Evidence evidence) => _struck && evidence.In(ExchangeCodes.Enter) > 0;
}

/// <summary>A line so slow and so thin that messages come in pieces.</summary>
internal sealed class ThinLine : IFault
{
    private bool _struck;

    public string Name => "F18-thin-line";

    public string Means => "every piece is delayed and the line carries few bytes a second";

    public bool BunchesBytes => true;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        Moments.Everywhere(stack, rules =>
        {
            rules.Delay = TimeSpan.FromMilliseconds(10 + dice.Next(60));
            rules.BytesPerSecond = 4000 + dice.Next(8000);
        });
        await Moments.PauseAsync(dice, 600, 1500, stop);
        Moments.Everywhere(stack, rules => rules.Heal());
        _struck = true;
    }

    public bool WasFelt(Evidence evidence) => _struck && evidence.In(ExchangeCodes.Enter) > 0;
}

/// <summary>One bit of an order message is turned over on the way.</summary>
internal sealed class TurnedBit(Direction direction) : IFault
{
    private int _turned;

    public string Name => direction == Direction.ToExchange ? "F20-our-frame-dropped" : "F20-corrupt-on-the-way";

    public string Means => direction == Direction.ToExchange
        ? "a bit of our order is turned over, so the exchange drops it (clear link) or ends the session (ciphers)"
        : "a bit of the exchange's answer is turned over on the way";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var before = stack.Proxy!.Total(rules => rules.Flipped);
        Moments.Everywhere(stack, rules => rules.FlipNext(direction, 1));
        await Eventually.HoldsAsync("an order message met the turned bit", TimeSpan.FromSeconds(20), () => Task.FromResult(stack.Proxy.Total(rules => rules.Flipped) > before || stop.IsCancellationRequested));
        Moments.Everywhere(stack, rules => rules.FlipNext(direction, 0));
        _turned = stack.Proxy.Total(rules => rules.Flipped) - before;
    }

    public bool WasFelt(Evidence evidence) => _turned > 0
        && (direction == Direction.ToExchange ? evidence.Marked("checksum wrong") > 0 || evidence.Broke : evidence.Broke);
}
