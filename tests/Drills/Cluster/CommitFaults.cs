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

/// <summary>
/// The primary's disk is full to the last byte: it stops, and refuses to start. Nothing is acknowledged; what is known is still shown; people are
/// told; with room it goes on.
/// </summary>
internal sealed class DiskFull : IFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);
    private DateTimeOffset _full;
    private DateTimeOffset _roomy;

    public string Name => "F15-disk-full";

    public string Means => "the database's disk is full and it stops: nothing is acknowledged, positions are still shown, people are told, and room heals it";

    public bool BeginsAgain => true;

    public string Measured { get; private set; } = "";

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var server = stack.Journal!.Primary;
        var makeRoom = server.FillDisk();
        try
        {
            await server.WriteUntilItStopsAsync();
            _full = DateTimeOffset.UtcNow;
            Expect.That(await server.RefusesToStartAsync(), "a server whose disk is full does not start");
            var told = await DatabaseTold.UntilToldAsync(stack, "PostgreSQL", Patience);
            Measured = $"told: \"{told}\"";
            await CheckPageAsync();
        }
        finally
        {
            _roomy = DateTimeOffset.UtcNow;
            makeRoom();
            await server.StartAgainAsync();
        }

        await Moments.PauseAsync(dice, 1500, 2500, stop);
    }

    public void Meet(IReadOnlyList<Trader> traders, Records.ClientRecord record) => _clients = traders;

    public Task HealAsync(Stack stack) => stack.StartNodeAsync();

    public IEnumerable<string> Judge(Evidence evidence) => evidence.ExitsDoneAfter(_full)
        .Where(done => done.At < _roomy)
        .Select(done => $"P1 acknowledged while the database was down: {done}");

    public bool WasFelt(Evidence evidence) => Measured.Length > 0 && evidence.ExitsDoneAfter(_roomy).Any();

    private IReadOnlyList<Trader> _clients = [];

    /// <summary>What is in memory is still shown, and who asks for more hears an honest no.</summary>
    private async Task CheckPageAsync()
    {
        var shown = 0;
        foreach (var client in _clients)
        {
            try
            {
                shown += (await client.PositionsAsync()).Count > 0 ? 1 : 0;
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                // An account that was stopped by its append in doubt cannot be read before the database is back.
            }
        }

        Measured += $", {shown} of {_clients.Count} clients still saw their positions";
    }
}
