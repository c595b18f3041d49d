namespace Backup.Drills;

/// <summary>What breaks things during a drill, and what heals them.</summary>
internal interface INemesis
{
    string Name { get; }

    /// <summary>Breaks something while <paramref name="load"/> runs. Returns how many times it struck.</summary>
    /// <param name="onTheWay">Requests that wait for an answer at this moment.</param>
    Task<int> StrikeAsync(Stack stack, SeededDice dice, Task load, Func<int> onTheWay);

    Task HealAsync(Stack stack);

    /// <summary>Whether it makes sense only with several nodes over one database.</summary>
    bool NeedsCluster => false;

    /// <summary>Whether a run in which nothing was left in doubt has missed what it is for.</summary>
    bool LeavesDoubt => true;
}

/// <summary>kill -9 of the node that serves, then a restart. In a cluster the other one takes over first.</summary>
internal sealed class KillNode : INemesis
{
    public string Name => "kill-node";

    public async Task<int> StrikeAsync(Stack stack, SeededDice dice, Task load, Func<int> onTheWay)
    {
        await Moment.WhenSomebodyWaitsAsync(dice, load, onTheWay);
        await stack.Node!.KillAsync();
        return 1;
    }

    public Task HealAsync(Stack stack) => stack.StartAfterTakeoverAsync();
}
/// <summary>The exchange cuts its links, or takes orders and loses the answers, again and again while clients exit.</summary>
internal sealed class DropLink : INemesis
{
    public string Name => "drop-link";

    public async Task<int> StrikeAsync(Stack stack, SeededDice dice, Task load, Func<int> onTheWay)
    {
        var strikes = 0;
        while (!load.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50 + dice.Next(400)));
            if (dice.Next(2) == 0)
            {
                await stack.ControlAsync("drop", new { });
            }
            else
            {
                await stack.ControlAsync("swallow", new { next = 1 + dice.Next(3) });
            }

            strikes++;
        }

        return strikes;
    }

    public Task HealAsync(Stack stack) => Task.CompletedTask;
}

/// <summary>At a random moment, but one at which somebody waits for an answer: else there is nothing to lose.</summary>
internal static class Moment
{
    internal static async Task WhenSomebodyWaitsAsync(SeededDice dice, Task load, Func<int> onTheWay)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(30 + dice.Next(700)));
        await Eventually.HoldsAsync("exits are on their way", TimeSpan.FromSeconds(60), () => Task.FromResult(onTheWay() >= 2 || load.IsCompleted));
    }
}
