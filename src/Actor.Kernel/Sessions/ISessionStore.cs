using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Sessions;

/// <summary>A login that lasts: one device of one subject, until it is ended or too old.</summary>
/// <param name="Id">Unguessable; named in every token of the session. Not a secret: a token is believed for its signature.</param>
/// <param name="Subject">Who is logged in.</param>
/// <param name="Device">In words, for the subject to know it by.</param>
/// <param name="SeenAt">When it last asked for a token.</param>
public sealed record LoginSession(
    string Id, string Subject, string Device, string Address, DateTimeOffset Since, DateTimeOffset SeenAt, DateTimeOffset EndsAt);

/// <summary>
/// The sessions of everybody who is logged in, where every node sees them. It is asked when a token is made, and looked through for sessions that were
/// ended; never for a request that comes with a token.
/// </summary>
/// <remarks>Safe for threads. Implementations pass the suite in <c>tests/Journal.Conformance</c>.</remarks>
public interface ISessionStore
{
    /// <summary>Opens a session. Of the subject's others the oldest are ended, so that at most <paramref name="keep"/> live.</summary>
    /// <returns>The ids of those that were ended; null when there was a session of that id before, and nothing was done.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was opened.</exception>
    ValueTask<IReadOnlyList<string>?> OpenAsync(LoginSession session, int keep, CancellationToken cancellationToken);

    /// <summary>Notes that the session was seen.</summary>
    /// <returns>Null when it has been ended, is too old, or never was.</returns>
    /// <exception cref="JournalException">It could not be read.</exception>
    ValueTask<LoginSession?> SeeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The subject's living sessions, newest first.</summary>
    /// <exception cref="JournalException">They could not be read.</exception>
    ValueTask<IReadOnlyList<LoginSession>> ReadAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends one session of the subject, or all but one.</summary>
    /// <param name="only">The one to end; null: all.</param>
    /// <param name="except">The one that stays; null: none.</param>
    /// <returns>The ids of those that lived until now.</returns>
    /// <exception cref="JournalException">Nobody knows whether they were ended; doing it again is harmless.</exception>
    ValueTask<IReadOnlyList<string>> EndAsync(string subject, string? only, string? except, CancellationToken cancellationToken);

    /// <summary>The ids of sessions that were ended within so long before now, by the store's own clock.</summary>
    /// <exception cref="JournalException">They could not be read.</exception>
    ValueTask<IReadOnlyList<string>> ReadEndedAsync(TimeSpan within, CancellationToken cancellationToken);

    /// <summary>Forgets sessions whose time was over before a moment.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="JournalException">Nobody knows whether it was done; doing it again is harmless.</exception>
    ValueTask<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
