using Backup.Account.Domain;

namespace Backup.Gateway.Api.Prices;

/// <param name="Shown">Prices that were news and went into the book.</param>
/// <param name="Old">Prices that the book had already, or a newer one by its time.</param>
/// <param name="Ahead">Prices from the future, which were ignored.</param>
public sealed record PriceIntakeCounts(long Shown, long Old, long Ahead);

/// <summary>
/// The way of one source's prices into the book. A price from the future is ignored: as the newest time wins, it would hide every true one until
/// its time comes. One writer.
/// </summary>
public sealed class PriceIntake(PriceBook book, string source, TimeProvider clock)
{
    /// <summary>More than clocks that are looked after differ. A sender who counts from another time zone is hours away.</summary>
    private static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(1);

    private long _shown;
    private long _old;
    private long _ahead;

    public PriceIntakeCounts Counts => new(Volatile.Read(ref _shown), Volatile.Read(ref _old), Volatile.Read(ref _ahead));

    /// <param name="isLate">It came out of order: it counts only if it is later than the book's by its own time.</param>
    public void Take(MarketSegment segment, int token, long paise, DateTimeOffset at, bool isLate = false)
    {
        ref var outcome = ref _old;
        if (at - clock.GetUtcNow() > AheadMax)
        {
            outcome = ref _ahead;
        }
        else if (book.Set(segment, token, paise, at, source, isLate))
        {
            outcome = ref _shown;
        }

        Volatile.Write(ref outcome, outcome + 1);
    }
}
