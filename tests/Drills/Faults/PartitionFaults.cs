using Backup.Drills.Network;

namespace Backup.Drills.Faults;

/// <summary>The network between node and exchange loses every packet of one way or both, and nobody is told.</summary>
internal abstract class PartitionFault : IFault
{
    /// <summary>How long a dead link may go unnoticed (DESIGN.md, the TAP stage).</summary>
    private static readonly TimeSpan NoticeLimit = TimeSpan.FromSeconds(4);

    private bool _noticed;

    public abstract string Name { get; }

    public abstract string Means { get; }

    public bool BunchesBytes => true;

    public async Task StrikeAsync(Stack stack, SeededDice dice, CancellationToken stop)
    {
        var before = await stack.TapAsync();
        var mayBeBroken = before.Any(link => link.State != "Trading");
        await BreakAsync(stack.Network!);
        if (mayBeBroken)
        {
            // Another fault has broken a session already; then there is no moment from which to count.
            await Task.Delay(TimeSpan.FromSeconds(2), stop);
            _noticed = true;
            return;
        }

        await new NoticeWatch(stack, before, NoticeLimit, Means).RunAsync();
        _noticed = true;
        await Moments.PauseAsync(dice, 0, 1500, stop);
    }

    public Task HealAsync(Stack stack) => stack.Network!.HealAsync();

    public bool WasFelt(Evidence evidence) => _noticed && evidence.Broke;

    protected abstract Task BreakAsync(ExchangeNamespace network);
}

internal sealed class PartitionToExchange : PartitionFault
{
    public override string Name => "F8-partition-to-exchange";

    public override string Means => "packets to the exchange are lost, its own still arrive";

    protected override Task BreakAsync(ExchangeNamespace network) => network.LoseToExchangeAsync();
}

internal sealed class PartitionFromExchange : PartitionFault
{
    public override string Name => "F8-partition-from-exchange";

    public override string Means => "packets from the exchange are lost, ours still arrive";

    protected override Task BreakAsync(ExchangeNamespace network) => network.LoseFromExchangeAsync();
}

internal sealed class CableUnplugged : PartitionFault
{
    public override string Name => "F8-cable-unplugged";

    public override string Means => "the cable to the exchange is out, both ways";

    protected override Task BreakAsync(ExchangeNamespace network) => network.UnplugAsync();
}
