using System.Diagnostics;

namespace Backup.Drills.Cluster;

/// <summary>The node that serves is told to stop (SIGTERM), as in a rolling restart: it hands over without waiting for a lease to end.</summary>
internal sealed class StopNode : INemesis
{
    public string Name => "stop-node";

    public bool NeedsCluster => true;

    public bool LeavesDoubt => false;

    public async Task<int> StrikeAsync(Stack stack, SeededDice dice, Task load, Func<int> onTheWay)
    {
        await Moment.WhenSomebodyWaitsAsync(dice, load, onTheWay);
        var status = await stack.Node!.StopAsync(TimeSpan.FromSeconds(20));
        Expect.That(status == 0, $"a node that is told to stop ends with status 0; found {status}");
        return 1;
    }

    public Task HealAsync(Stack stack) => stack.StartAfterTakeoverAsync();
}

/// <summary>
/// The node that serves stands still for longer than its leases (SIGSTOP), and wakes up believing that it still owns everything: it must
/// store nothing, send nothing, and end.
/// </summary>
internal sealed class PauseNode : INemesis
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(9);
    private ManagedProcess? _paused;

    public string Name => "pause-node";

    public bool NeedsCluster => true;

    public bool LeavesDoubt => false;

    public async Task<int> StrikeAsync(Stack stack, SeededDice dice, Task load, Func<int> onTheWay)
    {
        await Moment.WhenSomebodyWaitsAsync(dice, load, onTheWay);
        _paused = stack.Node!;
        await _paused.SignalAsync("STOP");
        await Task.Delay(Pause);
        await stack.WaitUntilServedAsync();
        Expect.That(stack.Node != _paused, "the other node serves while this one stands still");
        await _paused.SignalAsync("CONT");
        return 1;
    }

    public async Task HealAsync(Stack stack)
    {
        await Eventually.HoldsAsync("the node that stood still ends by itself", TimeSpan.FromSeconds(15), () => Task.FromResult(_paused!.HasExited));
        await stack.StartNodeAsync();
    }
}

/// <summary>kill -9 of the whole database server, and its start again a moment later: commits are in doubt, nobody may lose anything by it.</summary>
internal sealed class KillDatabase : INemesis
{
    public string Name => "kill-database";

    public bool NeedsCluster => true;

    public bool LeavesDoubt => false;

    public async Task<int> StrikeAsync(Stack stack, SeededDice dice, Task load, Func<int> onTheWay)
    {
        await Moment.WhenSomebodyWaitsAsync(dice, load, onTheWay);
        var killed = Stopwatch.GetTimestamp();
        await stack.Journal!.KillAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(1500)));
        await stack.Journal.StartAgainAsync();
        Console.WriteLine($"the database was away for {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:F0} ms");
        return 1;
    }

    /// <summary>A node whose leases ran out meanwhile has ended, and whatever watches processes starts it again.</summary>
    public Task HealAsync(Stack stack) => stack.StartNodeAsync();
}
