using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Tap.Bench;

/// <summary>Accounts that always have one more order: every ticket is authorised at once, every report is forgotten.</summary>
internal sealed class BacklogDesk(TapInstrument instrument, int quantity, int pricePaise) : ITapDesk
{
    private readonly TaskCompletionSource _trading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reference;

    /// <summary>Completes when the session has recovered and orders may go.</summary>
    internal Task Trading => _trading.Task;

    internal string? Lost { get; private set; }

    public ValueTask<TapRequest?> AuthorizeAsync(TapTicket ticket, long sessionEpoch, CancellationToken cancellationToken) =>
        ValueTask.FromResult<TapRequest?>(new TapRequest.Enter(new TapOrder(
            ticket.Account, "ABCDE1234F", instrument, BuySell.Buy, quantity, pricePaise, Interlocked.Increment(ref _reference))));

    public ValueTask ApplyAsync(ExchangeReport report, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask StreamLostAsync(Segment segment, TapStreamLoss loss, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SessionLostAsync(Segment segment, long sessionEpoch, string reason)
    {
        Lost ??= reason;
        return ValueTask.CompletedTask;
    }

    public ValueTask RecoveryCompletedAsync(Segment segment, long sessionEpoch, bool hasHole, CancellationToken cancellationToken)
    {
        _trading.TrySetResult();
        return ValueTask.CompletedTask;
    }

    public void RoomAvailable(Segment segment)
    {
    }
}
