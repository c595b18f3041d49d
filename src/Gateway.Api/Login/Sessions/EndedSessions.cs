using System.Collections.Concurrent;
using Backup.Actor.Kernel.Sessions;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login.Sessions;

/// <summary>
/// The sessions that were ended while a token of theirs may still be good: what every request is held against, in memory. The node looks for
/// sessions that were ended on other nodes every <see cref="GatewayOptions.EndedSessionsPoll"/>, so that is how long one lives on elsewhere.
/// </summary>
/// <remarks>
/// Bounded by how many sessions end in the lifetime of a token. Safe for threads. While the store is away nothing new is heard, and tokens are good until
/// they expire: an outage throws nobody out (docs/decisions/0014).
/// </remarks>
internal sealed class EndedSessions(ISessionStore store, GatewayOptions options, TimeProvider clock, ILogger<EndedSessions> log) : StoreLook(options.EndedSessionsPoll, clock)
{
    /// <summary>A token may have been made while its session was being ended.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>Rows become visible some time after the moment that they bear.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    /// <summary>Finds what was ended long before it became visible: a commit that waited for a standby.</summary>
    private static readonly TimeSpan WholeEvery = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, long> _ended = new(StringComparer.Ordinal);
    private long _wholeAt;
    private long _forgotAt;

    /// <summary>Asked for every request that brings a good token.</summary>
    internal bool Contains(string sessionId) => _ended.ContainsKey(sessionId);

    /// <summary>Known here at once; the other nodes read it.</summary>
    internal void Add(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            _ended.TryAdd(id, Clock.GetTimestamp());
        }
    }

    /// <summary>Reads before the first request, so that a node that restarts lets nobody in who was thrown out: and the whole, as after a time of deafness.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _forgotAt = Clock.GetTimestamp();
        IsDeaf = true;
        return base.StartAsync(cancellationToken);
    }

    private protected override async Task LookAsync(CancellationToken stop)
    {
        var isWhole = IsDeaf || Clock.GetElapsedTime(_wholeAt) >= WholeEvery;
        var asked = Clock.GetTimestamp();
        Add(await store.ReadEndedAsync(isWhole ? options.TokenLifetime + Slack : options.EndedSessionsPoll + Overlap, stop));
        _wholeAt = isWhole ? asked : _wholeAt;
        Drop();
        if (Clock.GetElapsedTime(_forgotAt) >= ForgetEvery)
        {
            _forgotAt = asked;
            await store.ForgetAsync(Clock.GetUtcNow() - ForgetEvery, stop);
        }
    }

    private protected override void TellDeaf(string reason) =>
        log.LogWarning("Tokens are good until they expire; of sessions that are ended on other nodes nothing is heard: {Reason}", reason);

    /// <summary>Twice the time of a token, because what is heard late is as old as a token already.</summary>
    private void Drop()
    {
        foreach (var (id, since) in _ended)
        {
            if (Clock.GetElapsedTime(since) > (options.TokenLifetime + Slack) * 2)
            {
                _ended.TryRemove(id, out _);
            }
        }
    }
}
