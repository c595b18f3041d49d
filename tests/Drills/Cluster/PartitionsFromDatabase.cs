using System.Diagnostics;
using Backup.Drills.Faults;
using Backup.Drills.Network;

namespace Backup.Drills.Cluster;

/// <summary>
/// One node and the database lose each other, in one direction or both; clients, the exchange and the other nodes still reach the node. It must
/// stop by itself before anybody takes over from it, and everybody else must go on.
/// </summary>
internal abstract class PartitionFromDatabase : IFault
{
    /// <summary>A node stops four seconds after its last renewal was sent; a busy machine may let it wait for a processor.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(12);

    /// <summary>A lease lives for six seconds, and the others look every half second.</summary>
    private static readonly TimeSpan TakeoverLimit = TimeSpan.FromSeconds(20);

    private string _lastWords = "";

    public abstract string Name { get; }

    public abstract string Means { get; }

    public bool BeginsAgain => true;

    public string Measured { get; private set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var lost = await ShardWatch.ChooseAsync(stack, dice);
        await PrepareAsync(stack, lost, dice);
        var (process, clock) = (lost.Process!, Stopwatch.StartNew());
        await BreakAsync(lost.Place!);
        var taken = ShardWatch.UntilTakenFromAsync(ShardWatch.OtherThan(stack, lost), lost, TakeoverLimit);
        await Eventually.HoldsAsync($"{lost.Name} ends by itself", EndLimit, () => Task.FromResult(process.HasExited));
        var ended = clock.Elapsed;
        _lastWords = process.Output.Split('\n').LastOrDefault(line => line.Contains("This process ends", StringComparison.Ordinal)) ?? "";
        await taken;
        Measured = $"{lost.Name} ended after {ended.TotalSeconds:F1} s, its shards were taken after {(await taken).TotalSeconds:F1} s";
        await Moments.PauseAsync(dice, 300, 900, stop);
    }

    public async Task HealAsync(Stack stack)
    {
        await stack.Nodes!.HealAsync();
        stack.Members.ToList().ForEach(member => member.ClockAhead = TimeSpan.Zero);
        await stack.StartAfterTakeoverAsync();
        await stack.WaitUntilWholeAsync();
    }

    public IEnumerable<string> Judge(Evidence evidence)
    {
        if (!_lastWords.Contains("lease", StringComparison.Ordinal) && !_lastWords.Contains("could not beat", StringComparison.Ordinal))
        {
            yield return $"F5 the node ended for another reason than its lease: {_lastWords}";
        }
    }

    public bool WasFelt(Evidence evidence) => Measured.Length > 0;

    /// <summary>Before it is broken.</summary>
    protected virtual Task PrepareAsync(Stack stack, Member lost, SeededDice dice) => Task.CompletedTask;

    protected abstract Task BreakAsync(NodePlace place);
}

internal sealed class DatabaseUnplugged : PartitionFromDatabase
{
    public override string Name => "F5-database-unplugged";

    public override string Means => "the cable between one node and the database is out: the node stops by itself, the others take over";

    protected override Task BreakAsync(NodePlace place) => place.UnplugDatabaseAsync();
}

internal sealed class PartitionToDatabase : PartitionFromDatabase
{
    public override string Name => "F6-partition-to-database";

    public override string Means => "what one node says to the database is lost, and nobody is told: the same";

    protected override Task BreakAsync(NodePlace place) => place.LoseToDatabaseAsync();
}

internal sealed class PartitionFromDatabaseSide : PartitionFromDatabase
{
    public override string Name => "F6-partition-from-database";

    public override string Means => "what the database says to one node is lost: the same, and the database frees what that node holds";

    protected override Task BreakAsync(NodePlace place) => place.LoseFromDatabaseAsync();
}
