using System.Diagnostics;
using System.Text.Json.Nodes;
using Backup.Drills.Faults;
using Backup.Drills.Records;

namespace Backup.Drills.Cluster;

/// <summary>Every node in turn is told to stop and is started again, under load: each hands over what it has, and nobody is left in doubt.</summary>
internal sealed class RollingRestart : IFault
{
    /// <summary>The goal is one second a shard; this is what a machine with eight times the work of its processors may make of it.</summary>
    private static readonly TimeSpan GapLimit = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(25);
    private IReadOnlyList<Trader> _clients = [];
    private int _restarted;
    private TimeSpan _gap;

    public string Name => "F28-rolling-restart";

    public string Means => "every node in turn is told to stop (SIGTERM) and started again: nothing is left in doubt";

    public bool BeginsAgain => true;

    public string Measured => $"{_restarted} nodes restarted, at most {_gap.TotalMilliseconds:F0} ms without an answer";

    public void Meet(IReadOnlyList<Trader> traders, ClientRecord record) => _clients = traders;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        var gaps = _clients.Select(client => LongestGapAsync(client, over.Token)).ToArray();
        try
        {
            foreach (var member in stack.Members)
            {
                await Moments.PauseAsync(dice, 100, 500, stop);
                var status = await member.Process!.StopAsync(StopLimit);
                Expect.That(status == 0, $"{member.Name}, told to stop, ends with status 0; found {status}");
                await stack.StartAsync(member);
                await stack.WaitUntilWholeAsync();
                _restarted++;
            }

            var (_, shown) = await stack.PbmOnAsync(stack.Members[0], "cluster", "show", "--json");
            var live = JsonNode.Parse(shown)!["members"]!.AsArray().Where(member => (string)member!["status"]! == "live").Select(member => (string)member!["name"]!);
            Expect.That(live.Order(StringComparer.Ordinal).SequenceEqual(stack.Members.Select(member => member.Name)), $"pbm cluster show tells of all as live; found {string.Join(", ", live)}");
        }
        finally
        {
            await over.CancelAsync();
            _gap = (await Task.WhenAll(gaps)).Max();
        }
    }

    public Task HealAsync(Stack stack) => stack.StartNodeAsync();

    public IEnumerable<string> Judge(Evidence evidence)
    {
        foreach (var doubt in evidence.Doubts)
        {
            yield return $"F28 a planned restart left a client in doubt: {doubt}";
        }

        if (evidence.Journaled("OrderBecameUnknown") is > 0 and var unknown)
        {
            yield return $"F28 {unknown} orders became unknown in a planned restart";
        }

        if (_gap > GapLimit)
        {
            yield return $"F28 a client had no answer for {_gap.TotalSeconds:F1} s in a planned restart, at most {GapLimit.TotalSeconds} s is allowed";
        }
    }

    public bool WasFelt(Evidence evidence) => _restarted > 0 && evidence.In(ExchangeCodes.SignOn) > 0;

    /// <summary>From one good answer to the next, at the longest, seen by a client who looks again and again.</summary>
    private static async Task<TimeSpan> LongestGapAsync(Trader client, CancellationToken over)
    {
        var (longest, last) = (TimeSpan.Zero, Stopwatch.GetTimestamp());
        while (!over.IsCancellationRequested)
        {
            await Task.Delay(20, CancellationToken.None);
            try
            {
                await client.OrdersAsync();
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(last).Ticks));
                last = Stopwatch.GetTimestamp();
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                // The gap goes on.
            }
        }

        return longest;
    }
}
