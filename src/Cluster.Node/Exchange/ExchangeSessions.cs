using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Exchange.Wire;
using Backup.Gateway.Api;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>Runs the sessions of this node, one a box, and answers what people ask about them.</summary>
internal sealed class ExchangeSessions : BackgroundService, IExchangeLinks
{
    private readonly TapSettings _settings;
    private readonly IOwnership _ownership;
    private readonly TapOffers _offers;
    private readonly TimeProvider _clock;
    private volatile IReadOnlyList<TapSession> _sessions = [];
    private readonly ConcurrentDictionary<Segment, bool> _paused = new();
    private readonly TapDesk _desk;
    private readonly ILogger<ExchangeSessions> _log;

    public ExchangeSessions(TapSettings settings, IOwnership ownership, TapDesk desk, TapOffers offers, TimeProvider clock, ILogger<ExchangeSessions> log)
    {
        (_settings, _ownership, _desk, _offers, _clock, _log) = (settings, ownership, desk, offers, clock, log);
    }

    public IReadOnlyList<TapStatus> Statuses => [.. _sessions.Select(session => session.Status)];

    public IReadOnlyList<ExchangeLinkState> States => _sessions.Count == 0
        ? [.. _settings.Boxes.Select(box => new ExchangeLinkState(box.Segment == Segment.CapitalMarket ? "CM" : "FO", "Standby", false, null, "Another node has the exchange, or it is being taken over."))]
        : [.. Statuses.Select(status => new ExchangeLinkState(
        status.Segment == Segment.CapitalMarket ? "CM" : "FO",
        IsPaused(status.Segment) ? "Paused" : status.State.ToString(),
        status.State == TapSessionState.Trading && !IsPaused(status.Segment),
        status.SignedOnAt,
        IsPaused(status.Segment) ? "An operator has paused it: orders wait, nothing is lost." : status.State == TapSessionState.Trading ? null : status.LastBreak))];

    public bool IsPaused(Segment segment) => _paused.ContainsKey(segment);

    /// <summary>Holds back every order and cancel of a segment; the session stays, reports come in. Ends with <see cref="Resume"/> or this process.</summary>
    /// <returns>False when this node has no box for the segment.</returns>
    public bool Pause(Segment segment)
    {
        if (Find(segment) is not { } session)
        {
            return false;
        }

        session.Pause();
        _paused[segment] = true;
        _log.LogWarning("An operator paused the {Segment} session", segment);
        return true;
    }

    /// <summary>Lets orders go again, and tries a given-up sign-on at once.</summary>
    /// <returns>False when this node has no box for the segment.</returns>
    public bool Resume(Segment segment)
    {
        if (Find(segment) is not { } session)
        {
            return false;
        }

        _paused.TryRemove(segment, out _);
        session.Resume();
        _log.LogWarning("An operator resumed the {Segment} session", segment);
        return true;
    }

    /// <summary>Holds orders back, then has the exchange take every open order of the segment's user out of its book.</summary>
    /// <returns>Null when this node has no box for the segment.</returns>
    public async Task<KillSwitchOutcome?> KillAsync(Segment segment, CancellationToken cancellationToken)
    {
        if (Find(segment) is not { } session || !Pause(segment))
        {
            return null;
        }

        var outcome = await session.KillAsync(cancellationToken);
        _log.LogWarning("An operator used the kill switch of the {Segment} session: {Outcome}", segment, outcome.Words);
        return outcome;
    }

    /// <summary>The last frames of a segment's box; null when this node has none.</summary>
    public IReadOnlyList<CapturedFrame>? Captured(Segment segment) => Find(segment)?.Captured;

    public QueuePlace? PlaceOf(string account, ClientOrderId order)
    {
        var key = TapOffers.KeyOf(account, order);
        foreach (var session in _sessions)
        {
            if (session.PlaceInQueue(key) is > 0 and var place)
            {
                return new QueuePlace(place, TimeSpan.FromSeconds((double)place / _settings.Boxes.First(box => box.Segment == session.Segment).MessagesPerSecond));
            }
        }

        return null;
    }

    private TapSession? Find(Segment segment) => _sessions.FirstOrDefault(session => session.Segment == segment);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Every session of this owner has a greater epoch than those of all before.
        var firstEpoch = await _ownership.TakeExchangeAsync(stoppingToken) << 20;

        // What an earlier process sent and got no answer to is unknown, before the first byte of this one.
        foreach (var segment in new[] { MarketSegment.Cash, MarketSegment.Derivatives })
        {
            await _desk.TellPendingAsync(new AccountCommand.LoseSession(segment, firstEpoch - 1), stoppingToken);
        }

        _log.LogInformation("Exchange sessions start at epoch {SessionEpoch}", firstEpoch);
        _sessions = [.. _settings.Boxes.Select(box => SessionFactory.Create(_settings, box, firstEpoch, _desk, _clock, _log))];
        foreach (var session in _sessions)
        {
            _offers.Attach(Translation.ToDomain(session.Segment), session);
        }

        await Task.WhenAll(_sessions.Select(session => session.RunAsync(stoppingToken)));
    }
}
