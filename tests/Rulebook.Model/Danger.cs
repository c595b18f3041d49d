namespace Backup.Rulebook.Model;

/// <summary>What makes the rulebook hard. A big run that never met one of them has shown nothing about it.</summary>
internal enum Danger
{
    Unknown,
    Found,
    Absent,
    Unprovable,
    Lapsed,
    Reorder,
    Duplicate,
    LateDuplicate,
    TradeBeforeConfirmation,
    CancelRace,
    ModifyRace,
    CancelRefused,
    ModifyRefused,
    OrderRejected,
    UnsolicitedCancel,
    DeskReduced,
    Refreshed,
    Outage,
    LostInOutage,
    HoleInMemory,
    BrokenDownload,
    LostLink,
    Crash,
    ForeignOrder,
    ForeignTrade,
    PlanOfMany,
    PlanWaits,
    PlanReduced,
    PlanStopped,
    SamePlanAgain,
    PlanIdReused,
    PlanRefusedWhileOneRuns,
    HedgeHeld,
    HedgeInProportion,
    HedgesReleased,
    Warned,
    Sliced,
    PercentRounded,
    MoreThanClosableRefused,
    TwoProducts,
    Reprice,
    Modified,
    PermitTooLate,
    Bust,
    Correction,
    MainOrder,
    MainOrderNowhere,
    Attributed,
    Triggered,
    StopMoved,
    UnprotectedAsked,
    HeldBack,
    RepeatAsked,
    RateRefused,
    PriceHeldInRange,
    PriceRefused,
    OwnLimit,
    NoPrice,
}

/// <summary>How often each danger was met.</summary>
internal sealed class Tally
{
    private readonly long[] _times = new long[Enum.GetValues<Danger>().Length];

    internal void Meet(Danger danger, long times = 1) => _times[(int)danger] += times;

    internal void Add(Tally other)
    {
        for (var at = 0; at < _times.Length; at++)
        {
            _times[at] += other._times[at];
        }
    }

    internal IEnumerable<Danger> Missing => Enum.GetValues<Danger>().Where(danger => _times[(int)danger] == 0);

    internal SortedDictionary<string, long> ByName() => new(
        Enum.GetValues<Danger>().ToDictionary(danger => char.ToLowerInvariant(danger.ToString()[0]) + danger.ToString()[1..], danger => _times[(int)danger]),
        StringComparer.Ordinal);
}

/// <summary>A promise that did not hold.</summary>
#pragma warning disable CA1032, CA1064 // Thrown and caught in this program only, always with its promise.
internal sealed class BrokenPromiseException(string promise, string facts) : Exception($"{promise}: {facts}");
#pragma warning restore CA1032, CA1064
