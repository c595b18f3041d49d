using System.Diagnostics;
using Backup.Drills.Faults;

namespace Backup.Drills.Cluster;

/// <summary>The standby stands still: nothing is acknowledged, somebody is told why, and when it goes on everything arrives.</summary>
internal sealed class StandbyFrozen : IFault
{
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(15);
    private DateTimeOffset _frozen;
    private DateTimeOffset _thawed;

    public string Name => "F13-standby-frozen";

    public string Means => "the synchronous standby stands still (SIGSTOP): nothing is acknowledged, the operator is told why, then everything goes on";

    public bool BeginsAgain => true;

    public string Measured { get; private set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await stack.Journal!.Standby.FreezeAsync();
        _frozen = DateTimeOffset.UtcNow;
        try
        {
            var told = await DatabaseTold.UntilToldAsync(stack, "standby", TellLimit);
            Measured = $"told after {(DateTimeOffset.UtcNow - _frozen).TotalSeconds:F1} s: \"{told}\"";
        }
        finally
        {
            _thawed = DateTimeOffset.UtcNow;
            await stack.Journal.Standby.FreezeAsync(frozen: false);
        }

        await Moments.PauseAsync(dice, 600, 1200, stop);
    }

    public Task HealAsync(Stack stack) => stack.StartNodeAsync();

    public IEnumerable<string> Judge(Evidence evidence) => evidence.ExitsDoneAfter(_frozen)
        .Where(done => done.At < _thawed)
        .Select(done => $"P1 acknowledged while no standby could have it: {done}");

    /// <summary>Somebody asked meanwhile and waited until it went on; or, when that took longer than he waits, was told that nobody knows.</summary>
    public bool WasFelt(Evidence evidence) => Measured.Length > 0
        && evidence.Answers.Any(answer => answer.Asked > _frozen && answer.Asked < _thawed && (answer.At > _thawed || answer.Told == Records.Told.Nothing));
}

/// <summary>The primary is gone with kill -9 and the standby is promoted: acknowledgements resume, and everything acknowledged is there.</summary>
internal sealed class PrimaryLost : IFault
{
    private static readonly TimeSpan ResumeLimit = TimeSpan.FromSeconds(25);
    private readonly Stopwatch _away = new();
    private DateTimeOffset _promoted;
    private TimeSpan _promotion;

    public string Name => "F11-primary-lost";

    public string Means => "kill -9 of the whole primary, the standby is promoted: everything acknowledged is there, and work goes on";

    public bool BeginsAgain => true;

    public string Measured { get; private set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        await stack.Journal!.KillAsync();
        _away.Restart();
        await stack.Journal.PromoteAsync();
        (_promotion, _promoted) = (_away.Elapsed, DateTimeOffset.UtcNow);
        await Moments.PauseAsync(dice, 3000, 4000, stop);
    }

    public async Task HealAsync(Stack stack)
    {
        await stack.StartNodeAsync();
        await stack.Journal!.MakeWholeAsync();
    }

    public IEnumerable<string> Judge(Evidence evidence)
    {
        if (FirstDone(evidence) is not { } first)
        {
            yield break;
        }

        var took = _promotion + (first.At - _promoted);
        Measured = $"promoted after {_promotion.TotalMilliseconds:F0} ms, first acknowledgement after {took.TotalMilliseconds:F0} ms";
        if (took > ResumeLimit)
        {
            yield return $"F11 the first acknowledgement came {took.TotalSeconds:F1} s after the primary was lost; {ResumeLimit.TotalSeconds} s are allowed";
        }
    }

    public bool WasFelt(Evidence evidence) => FirstDone(evidence) is not null;

    private Records.Answered? FirstDone(Evidence evidence) => evidence.ExitsDoneAfter(_promoted - _promotion).FirstOrDefault(done => done.At > _promoted);
}

/// <summary>
/// The old primary is started again after the failover and stands first in the nodes' list. It takes connections and says that it is the primary;
/// no node may write to it, and nothing that anybody writes there is ever acknowledged.
/// </summary>
internal sealed class OldPrimaryBack : IFault
{
    private static readonly TimeSpan CommitPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ServeLimit = TimeSpan.FromSeconds(40);
    private DateTimeOffset _back;
    private DateTimeOffset _gone;

    public string Name => "F12-old-primary-back";

    public string Means => "the old primary is started again after the failover, first in the nodes' list: no node believes it, nothing there is acknowledged";

    public bool BeginsAgain => true;

    public string Measured { get; private set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var journal = stack.Journal!;
        while (!journal.PrimaryStandsFirst)
        {
            // The roles change with every failover: this one is about the old primary at the first address.
            await FailOverAsync(stack);
            await journal.MakeWholeAsync();
        }

        await FailOverAsync(stack);
        var old = journal.Lost;
        await old.StartAgainAsync();
        Expect.That(!await old.AskAsync<bool>("select pg_is_in_recovery()"), "the old primary believes that it is one");
        var events = await old.AskAsync<long>("select count(*) from backup.event");
        _back = DateTimeOffset.UtcNow;
        var rogue = old.ExecuteForAsLongAsItTakesAsync("select pg_logical_emit_message(true, 'drill', 'nobody may be told that this is stored')");

        // Every node must connect anew while the old one stands first; a restarted one has nothing else to go on.
        await journal.Primary.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'backup.actors'");
        var restarted = stack.Members[dice.Next(stack.Members.Count)];
        await restarted.Process!.StopAsync(TimeSpan.FromSeconds(25));
        await stack.StartAsync(restarted);
        await stack.WaitUntilWholeAsync();
        await Task.WhenAny(rogue, Task.Delay(CommitPatience, CancellationToken.None));
        Expect.That(!rogue.IsCompleted, "a commit at the old primary is not acknowledged");
        var stored = await old.AskAsync<long>("select count(*) from backup.event");
        Expect.That(stored == events, $"no node has written to the old primary; found {stored - events} new events there");
        Measured = $"{restarted.Name} was restarted while the old primary stood first";
        await Moments.PauseAsync(dice, 300, 600, stop);
        _gone = DateTimeOffset.UtcNow;
        await old.KillAsync();
        await Task.WhenAny(rogue, Task.Delay(ServeLimit, CancellationToken.None));
        Expect.That(rogue.IsFaulted, "whoever wrote to the old primary was never told that it is stored");
    }

    public async Task HealAsync(Stack stack)
    {
        await stack.StartNodeAsync();
        await stack.Journal!.MakeWholeAsync();
    }

    public bool WasFelt(Evidence evidence) => Measured.Length > 0 && evidence.ExitsDoneAfter(_back).Any(done => done.At < _gone);

    private static async Task FailOverAsync(Stack stack)
    {
        await stack.Journal!.KillAsync();
        await stack.Journal.PromoteAsync();
    }
}
