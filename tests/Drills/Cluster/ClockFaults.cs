using System.Diagnostics;
using Backup.Drills.Faults;
using Backup.Drills.Network;

namespace Backup.Drills.Cluster;

/// <summary>
/// One node counts the time since the machine's start from elsewhere, weeks ahead of the others. It only ever measures how long something took,
/// so it ends as soon, and is taken over from as late, as any other.
/// </summary>
internal sealed class OtherBootClock : PartitionFromDatabase
{
    public override string Name => "F17-other-boot-clock";

    public override string Means => "one node's boot clock is weeks ahead (a time namespace), then its cable to the database is out: the same as without";

    protected override async Task PrepareAsync(Stack stack, Member lost, SeededDice dice)
    {
        lost.ClockAhead = TimeSpan.FromDays(1 + dice.Next(40));
        await lost.Process!.StopAsync(TimeSpan.FromSeconds(25));
        await stack.StartAsync(lost);
        await stack.WaitUntilWholeAsync();
    }

    protected override Task BreakAsync(NodePlace place) => place.UnplugDatabaseAsync();
}

/// <summary>The clock by which the database judges leases jumps: whoever it judges dead is taken over from early or late, and nothing else happens.</summary>
internal abstract class LeaseClock : IFault
{
    /// <summary>Two seconds, and some for a busy machine.</summary>
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(3);

    private IReadOnlyList<ManagedProcess> _before = [];

    public abstract string Name { get; }

    public abstract string Means { get; }

    public bool BeginsAgain => true;

    public string Measured { get; protected set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        _before = [.. stack.Members.Select(member => member.Process!)];
        await JumpAsync(stack, dice, stop);
        await Moments.PauseAsync(dice, 300, 800, stop);
    }

    public async Task HealAsync(Stack stack)
    {
        // After a jump back this is one ahead: who did not renew since then ends at his next beat, and whatever watches processes starts him again.
        await ShiftAsync(stack, 0);
        await Task.Delay(BeatEvery);
        await stack.WaitUntilWholeAsync();
    }

    public bool WasFelt(Evidence evidence) => Measured.Length > 0 && Ended > 0;

    /// <summary>Nodes that were there before and are not any more.</summary>
    protected int Ended => _before.Count(process => process.HasExited);

    protected abstract Task JumpAsync(Stack stack, SeededDice dice, CancellationToken stop);

    /// <summary>The seam that the schema has for this: one row, by which the clock of all leases is shifted.</summary>
    protected static Task ShiftAsync(Stack stack, int seconds) => stack.Journal!.Primary.ExecuteAsync($"update backup.lease_clock set shift = interval '{seconds} seconds'");
}

internal sealed class LeaseClockAhead : LeaseClock
{
    private const int Jump = 5;
    private const int JumpsMax = 4;

    public override string Name => "F17-lease-clock-ahead";

    public override string Means => "the database's clock jumps ahead by most of a lease: nodes end early, others take over, nothing else";

    protected override async Task JumpAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        // A node that has just renewed lives through it: the clock jumps until one did not.
        for (var jump = 1; jump <= JumpsMax && Ended == 0; jump++)
        {
            await ShiftAsync(stack, jump * Jump);
            await Moments.PauseAsync(dice, 2500, 3000, stop);
            Measured = $"{jump} jumps of {Jump} s, {Ended} nodes ended";
        }
    }
}

internal sealed class LeaseClockBack : LeaseClock
{
    /// <summary>A session that ended tells of a node's end whatever the clock says; a lease would last for the jump longer.</summary>
    private static readonly TimeSpan TakeoverLimit = TimeSpan.FromSeconds(30);

    public override string Name => "F17-lease-clock-back";

    public override string Means => "the database's clock jumps back, and a node dies with kill -9: it is taken over from, later at the most";

    protected override async Task JumpAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var lost = await ShardWatch.ChooseAsync(stack, dice);
        await ShiftAsync(stack, -3 - dice.Next(4));
        var clock = Stopwatch.StartNew();
        await lost.Process!.KillAsync();
        await ShardWatch.UntilTakenFromAsync(ShardWatch.OtherThan(stack, lost), lost, TakeoverLimit);
        Measured = $"{lost.Name} was taken over from after {clock.Elapsed.TotalSeconds:F1} s";
    }
}
