using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>2062 in the cash segment, 20060 in F&amp;O: every open order of the user, in every instrument (NSE-TAP.md 3.5, N30).</summary>
/// <remarks>One a session; at most one question at a time. Safe for threads.</remarks>
internal sealed class KillSwitch(TapSessionOptions options, TimeProvider clock)
{
    private TaskCompletionSource<KillSwitchOutcome>? _asked;

    public static KillSwitchOutcome NoSession { get; } = new(false, "There is no session with the exchange to say it on.");

    /// <param name="say">Puts a message of the session on its way.</param>
    /// <param name="broken">The session's end.</param>
    /// <param name="cancellationToken">Ends the wait; the message has been said.</param>
    public async Task<KillSwitchOutcome> AskAsync(Action<byte[]> say, CancellationToken broken, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<KillSwitchOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _asked, answer, null) is not null)
        {
            return new KillSwitchOutcome(false, "A kill switch is under way already.");
        }

        try
        {
            say(options.Segment == Segment.CapitalMarket ? Cash(options) : Contract(options));
            if (options.Segment == Segment.FuturesAndOptions)
            {
                // This segment acknowledges nothing; the cancellations are the answer (N30).
                return new KillSwitchOutcome(true, "Said; this segment answers with the cancellations themselves.");
            }

            await using var onBreak = broken.Register(() => answer.TrySetResult(new KillSwitchOutcome(false, "The session ended before the exchange answered.")));
            return await answer.Task.WaitAsync(options.AnswerTimeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new KillSwitchOutcome(false, "The exchange did not answer in time. Look at the orders before trying again.");
        }
        finally
        {
            _asked = null;
        }
    }

    /// <summary>A message of the exchange: perhaps the answer.</summary>
    public void Note(ReadOnlySpan<byte> message)
    {
        if (MessageHeader.TransactionCode.Read(message) is TransactionCode.QuickCancelAnswer or TransactionCode.FullOrderRejected)
        {
            var error = MessageHeader.ErrorCode.Read(message);
            _asked?.TrySetResult(error == 0
                ? new KillSwitchOutcome(true, "The exchange takes every open order of the user out of its book.")
                : new KillSwitchOutcome(false, $"The exchange refused: {ExchangeAdvice.Words(options, error)}."));
        }
    }

    private static byte[] Cash(TapSessionOptions options)
    {
        var message = new byte[CmFullOrder.Layout.Size];
        CmFullOrder.Layout.Begin(message, TransactionCode.KillSwitch, options.UserId);
        CmFullOrder.BranchId.Write(message, options.BranchId);
        CmFullOrder.TraderId.Write(message, options.UserId);
        CmFullOrder.BrokerId.Write(message, options.BrokerId);
        return message;
    }

    private static byte[] Contract(TapSessionOptions options)
    {
        var message = new byte[FoOrderChange.Layout.Size];
        FoOrderChange.Layout.Clear(message);
        FoOrderChange.TransactionCode.Write(message, TransactionCode.QuickCancel);
        FoOrderChange.UserId.Write(message, options.UserId);
        FoOrderChange.BranchId.Write(message, options.BranchId);
        FoOrderChange.TraderId.Write(message, options.UserId);
        FoOrderChange.BrokerId.Write(message, options.BrokerId);
        return message;
    }
}
