using Backup.Cluster.Node.Ownership;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>
/// Opens no line to the exchange before the box's lease has been confirmed: a sign-on by who has lost it, and has not heard yet, would end the session
/// of who has it now.
/// </summary>
internal sealed class ConfirmedDial(ITapDial dial, IOwnership ownership, string box) : ITapDial
{
    public async ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        await ConfirmAsync();
        return await dial.DialAsync(host, port, cancellationToken);
    }

    public async ValueTask<ITapLine> DialRouterAsync(string host, int port, CancellationToken cancellationToken)
    {
        await ConfirmAsync();
        return await dial.DialRouterAsync(host, port, cancellationToken);
    }

    private async Task ConfirmAsync()
    {
        if (!await ownership.ConfirmBoxAsync(box))
        {
            throw new IOException($"the lease on {box} could not be confirmed: another node may have it now, or the database does not answer");
        }
    }
}
