using System.Collections.Concurrent;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Sessions;
using Microsoft.Extensions.Hosting;
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
internal sealed class EndedSessions(ISessionStore store, GatewayOptions options, TimeProvider clock, ILogger<EndedSessions> log) : BackgroundService
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
    private bool _isDeaf = true;

    /// <summary>Asked for every request that brings a good token.</summary>
    internal bool Contains(string sessionId) => _ended.ContainsKey(sessionId);

    /// <summary>Known here at once; the other nodes read it.</summary>
    internal void Add(IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            _ended.TryAdd(id, clock.GetTimestamp());
        }
    }

    /// <summary>Reads once before the first request, so that a node that restarts lets nobody in who was thrown out.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _forgotAt = clock.GetTimestamp();
        await LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.EndedSessionsPoll, clock, stoppingToken);
            await LookAsync(stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            var isWhole = _isDeaf || clock.GetElapsedTime(_wholeAt) >= WholeEvery;
            var asked = clock.GetTimestamp();
            Add(await store.ReadEndedAsync(isWhole ? options.TokenLifetime + Slack : options.EndedSessionsPoll + Overlap, stop));
            _wholeAt = isWhole ? asked : _wholeAt;
            _isDeaf = false;
            Drop();
            if (clock.GetElapsedTime(_forgotAt) >= ForgetEvery)
            {
                _forgotAt = asked;
                await store.ForgetAsync(clock.GetUtcNow() - ForgetEvery, stop);
            }
        }
        catch (JournalException away)
        {
            if (!_isDeaf)
            {
                log.LogWarning("Tokens are good until they expire; of sessions that are ended on other nodes nothing is heard: {Reason}", away.Message);
            }

            _isDeaf = true;
        }
    }

    /// <summary>Twice the time of a token, because what is heard late is as old as a token already.</summary>
    private void Drop()
    {
        foreach (var (id, since) in _ended)
        {
            if (clock.GetElapsedTime(since) > (options.TokenLifetime + Slack) * 2)
            {
                _ended.TryRemove(id, out _);
            }
        }
    }
}
