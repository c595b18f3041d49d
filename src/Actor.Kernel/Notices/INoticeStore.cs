using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Notices;

/// <summary>How the main site stands, as an operator says it.</summary>
public enum MainSiteState
{
    /// <summary>It is down or not to be used: people trade here.</summary>
    Backup,

    /// <summary>It is back, and people may go there.</summary>
    MainSiteBack,
}

/// <summary>What an operator tells everybody about the main site. It informs and decides nothing: what may be sent does not hang on it.</summary>
/// <param name="DownSince">Null: not known, or it is back.</param>
/// <param name="Address">Where to go back to, https; null for none.</param>
/// <param name="Text">The operator's own sentence for the page; null for none.</param>
/// <param name="By">Who set it. For operators' eyes, as the reason is.</param>
public sealed record MainSiteNotice(
    MainSiteState State, DateTimeOffset? DownSince, string? Address, string? Text, string By, string Reason, DateTimeOffset SetAt);

/// <summary>Every notice that was set, where every node sees them. The newest is the one that is shown; the others are the record of the day.</summary>
/// <remarks>
/// Safe for threads. Grows by what operators do, some rows an outage, and is never cut. Implementations pass the suite in <c>tests/Journal.Conformance</c>.
/// </remarks>
public interface INoticeStore
{
    /// <summary>Adds a notice behind all others.</summary>
    /// <exception cref="JournalException">Nobody knows whether it was stored; setting it again is harmless.</exception>
    ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken);

    /// <summary>The newest notices, the newest first.</summary>
    /// <exception cref="JournalException">They could not be read.</exception>
    ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken);
}
