using Backup.Drills.Faults;
using Backup.Drills.Records;

namespace Backup.Drills.Cluster;

/// <summary>
/// The primary's disk is full to the last byte, so that it crashes and lets nobody in. Exits are refused or left open, what is known is still
/// shown, the operator is told why, and with room everything goes on.
/// </summary>
internal sealed class DiskFull : IFault
{
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(12);
    private IReadOnlyList<Trader> _clients = [];
    private DateTimeOffset _full;
    private DateTimeOffset _roomy;
    private string _told = "";

    public string Name => "F15-disk-full";

    public string Means => "the database's disk is full and it crashes: exits wait or are refused, the operator is told why, and room heals it";

    public bool BeginsAgain => true;

    public string Measured { get; private set; } = "";

    public void Meet(IReadOnlyList<Trader> traders, ClientRecord record) => _clients = traders;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var server = stack.Journal!.Primary;
        var makeRoom = await server.CrashOnFullDiskAsync();
        _full = DateTimeOffset.UtcNow;
        try
        {
            _told = await DatabaseTold.UntilToldAsync(stack, "PostgreSQL", TellLimit);
            var shown = await CountShownAsync();
            Measured = $"told after {(DateTimeOffset.UtcNow - _full).TotalSeconds:F1} s: \"{_told}\"; {shown} of {_clients.Count} clients were still shown their positions";
        }
        finally
        {
            makeRoom();
            await server.StartIfGoneAsync();
            _roomy = DateTimeOffset.UtcNow;
        }

        await Moments.PauseAsync(dice, 2000, 3000, stop);
    }

    public Task HealAsync(Stack stack) => stack.StartNodeAsync();

    public bool WasFelt(Evidence evidence) => _told.Length > 0
        && evidence.Answers.Any(answer => answer is { What: "exit", Told: not Told.Done } && answer.Asked > _full && answer.Asked < _roomy)
        && evidence.ExitsDoneAfter(_roomy).Any();

    private async Task<int> CountShownAsync()
    {
        var asked = await Task.WhenAll(_clients.Select(async client =>
        {
            try
            {
                return (await client.PositionsAsync()).Count > 0;
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                // An account whose append is in doubt must not be shown before it is known what it holds.
                return false;
            }
        }));
        return asked.Count(isShown => isShown);
    }
}
