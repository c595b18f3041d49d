using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Sessions;

/// <summary>The whole contract in memory, for tests.</summary>
public sealed class MemorySessionStore(TimeProvider clock) : MemoryStore("sessions"), ISessionStore
{
    private readonly Dictionary<string, LoginSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    public ValueTask<IReadOnlyList<string>?> OpenAsync(LoginSession session, int keep, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return Do<IReadOnlyList<string>?>(() => _sessions.TryAdd(session.Id, session)
            ? End(Living(session.Subject, session.Since).Where(other => other.Id != session.Id).Skip(keep - 1))
            : null);
    }

    public ValueTask<LoginSession?> SeeAsync(string id, DateTimeOffset now, CancellationToken cancellationToken) =>
        Do(() => _sessions.TryGetValue(id, out var session) && IsLiving(session, now) ? _sessions[id] = session with { SeenAt = now } : null);

    public ValueTask<IReadOnlyList<LoginSession>> ReadAsync(string subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<LoginSession>>(() => [.. Living(subject, now)]);

    public ValueTask<IReadOnlyList<string>> EndAsync(string subject, string? only, string? except, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<string>>(() => End(_sessions.Values.Where(session => session.Subject == subject && (only is null || session.Id == only) && session.Id != except)));

    public ValueTask<IReadOnlyList<string>> ReadEndedAsync(TimeSpan within, CancellationToken cancellationToken) => Do<IReadOnlyList<string>>(() =>
    {
        var since = clock.GetUtcNow() - within;
        return [.. _ended.Where(ended => ended.Value > since).Select(ended => ended.Key)];
    });

    public ValueTask<int> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken) => Do(() =>
    {
        var over = _sessions.Values.Where(session => session.EndsAt < before).Select(session => session.Id).ToArray();
        foreach (var id in over)
        {
            _sessions.Remove(id);
            _ended.Remove(id);
        }

        return over.Length;
    });

    private List<string> End(IEnumerable<LoginSession> sessions)
    {
        var now = clock.GetUtcNow();
        var ended = sessions.Select(session => session.Id).Where(id => !_ended.ContainsKey(id)).ToList();
        ended.ForEach(id => _ended.Add(id, now));
        return ended;
    }

    private IEnumerable<LoginSession> Living(string subject, DateTimeOffset now) => _sessions.Values
        .Where(session => session.Subject == subject && IsLiving(session, now))
        .OrderByDescending(session => session.Since).ThenBy(session => session.Id, StringComparer.Ordinal);

    private bool IsLiving(LoginSession session, DateTimeOffset now) => session.EndsAt > now && !_ended.ContainsKey(session.Id);
}
