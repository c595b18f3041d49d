using Backup.Drills.Faults;

namespace Backup.Drills.Cluster;

/// <summary>
/// The cable between two nodes is out while both reach the database and the third node. For less than <c>cluster.stable-after</c> nobody dies by
/// it, because the database is the arbiter: every account has one owner, and who cannot reach it says so.
/// </summary>
internal sealed class NodesApart : IFault
{
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(10);
    private bool _noticed;
    private IReadOnlyList<ManagedProcess> _before = [];

    public string Name => "F7-nodes-apart";

    public string Means => "two nodes lose each other for a while, and both see the database: nobody dies, nobody has two owners";

    public string Measured { get; private set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        _before = [.. stack.Members.Select(member => member.Process!)];
        var places = stack.Nodes!.Places;
        var one = dice.Next(places.Count);
        var other = (one + 1 + dice.Next(places.Count - 1)) % places.Count;
        await places[Math.Min(one, other)].UnplugAsync(places[Math.Max(one, other)]);
        var (left, right) = (stack.Members[one], stack.Members[other]);
        await Eventually.HoldsAsync(
            $"{left.Name} and {right.Name} say that they do not reach each other",
            NoticeLimit,
            async () => !await ReachesAsync(left, right) && !await ReachesAsync(right, left));
        _noticed = true;

        // The cut must heal before the resolver decides it, ten seconds after it was seen.
        await Moments.PauseAsync(dice, 1000, 2500, stop);
        Expect.That(_before.All(process => !process.HasExited), $"no node dies because {left.Name} and {right.Name} lost each other");
        await stack.Nodes.HealAsync();
        await Eventually.HoldsAsync($"{left.Name} and {right.Name} reach each other again", NoticeLimit, async () => await ReachesAsync(left, right) && await ReachesAsync(right, left));
        Measured = $"{left.Name} and {right.Name} were apart";
    }

    public async Task HealAsync(Stack stack)
    {
        await stack.Nodes!.HealAsync();
        await stack.StartAfterTakeoverAsync();
    }

    public IEnumerable<string> Judge(Evidence evidence)
    {
        if (_before.Any(process => process.HasExited))
        {
            yield return $"F7 {string.Join(", ", _before.Where(process => process.HasExited))} died of a cut between two nodes that both see the database";
        }
    }

    public bool WasFelt(Evidence evidence) => _noticed;

    private static async Task<bool> ReachesAsync(Member from, Member to) => (await from.ManageAsync("cluster/members")).AsArray()
        .First(member => (bool)member!["is_this"]!)!["reaches"]!.AsArray().Any(name => (string)name! == to.Name);
}
