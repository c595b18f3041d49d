using Backup.Drills.Faults;
using Backup.Drills.Proxy;

namespace Backup.Drills.Cluster;

/// <summary>
/// The connection between a node and the database is cut in the middle of an append: what it stored, or did not store, is found out, and the
/// client gets the right answer.
/// </summary>
internal sealed class CutCommit(CutMoment moment) : IFault
{
    /// <summary>Stands in the events of an exit that a client waits for.</summary>
    private const string Words = "\"planId\"";

    private const int Cuts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private int _met;

    public string Name => moment == CutMoment.BeforeItArrives ? "F14-commit-never-arrives" : "F14-commit-answer-lost";

    public string Means => moment == CutMoment.BeforeItArrives
        ? "the connection to the database is reset before an exit's events arrive: they are not stored, or stored by another try"
        : "the connection to the database is reset after an exit's events are stored and before the node hears of it";

    public bool BeginsAgain => true;

    public string Measured => $"{_met} connections cut at their commit";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var line = stack.Journal!.Line;
        for (var i = 0; i < Cuts; i++)
        {
            var before = line.FatalMet;
            line.CutNextAt(Words, moment, 1);
            await Eventually.HoldsAsync("an exit met the cut", Patience, () => Task.FromResult(line.FatalMet > before));
            _met++;
            await Moments.PauseAsync(dice, 200, 700, stop);
        }
    }

    public Task HealAsync(Stack stack) => stack.StartNodeAsync();

    public bool WasFelt(Evidence evidence) => _met > 0;
}
