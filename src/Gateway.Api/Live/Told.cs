using Backup.Account.Domain;

namespace Backup.Gateway.Api.Live;

/// <summary>What a connection has been told so far.</summary>
/// <param name="afterSequence">What the browser has from before, of the stream of that id; null: nothing.</param>
internal sealed class Told(long? afterSequence, string? streamId, TimeProvider clock)
{
    private long _lastAt;

    internal bool HasBegun { get; private set; }

    internal string StreamId { get; private set; } = streamId ?? "";

    internal long Sequence { get; private set; } = afterSequence ?? -1;

    /// <summary>The version of the price book of which everything is known there.</summary>
    internal long Prices { get; set; }

    /// <summary>The version of the account's queue places.</summary>
    internal long Queue { get; private set; }

    internal bool CanResume(AccountState state) => CanResume(Sequence, StreamId, state);

    /// <summary>Whether who has this much of a stream need only be told what came after; else he is told everything.</summary>
    internal static bool CanResume(long afterSequence, string? streamId, AccountState state) =>
        streamId == PortfolioMessage.StreamOf(state) && afterSequence >= 0 && afterSequence <= state.Version;

    internal bool IsSilentFor(TimeSpan time) => HasBegun && clock.GetElapsedTime(Volatile.Read(ref _lastAt)) >= time;

    internal void Take(PortfolioUpdate update, long queueVersion)
    {
        Volatile.Write(ref _lastAt, clock.GetTimestamp());
        (HasBegun, StreamId, Sequence) = (true, update.StreamId, update.Sequence);
        if (update.Kind is "snapshot" or "delta")
        {
            Queue = queueVersion;
        }
    }
}
