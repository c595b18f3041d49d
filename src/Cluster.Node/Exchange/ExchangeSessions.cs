using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Cluster.Node.Settings;
using Backup.Exchange.Wire;
using Backup.Gateway.Api;
using Backup.Tap.Stream;

namespace Backup.Cluster.Node.Exchange;

/// <summary>Runs the sessions of this node, one a box, and answers what people ask about them.</summary>
internal sealed class ExchangeSessions : BackgroundService, IExchangeLinks
{
    private readonly List<TapSession> _sessions = [];
    private readonly Dictionary<Segment, int> _messagesPerSecond = [];
    private readonly ConcurrentDictionary<Segment, bool> _paused = new();
    private readonly TapDesk _desk;
    private readonly ILogger<ExchangeSessions> _log;
    private readonly long _firstEpoch;

    /// <param name="leaseEpoch">The epoch of this node's lease: every session of this process has a greater epoch than those of all before.</param>
    public ExchangeSessions(TapSettings settings, long leaseEpoch, TapDesk desk, TapOffers offers, TimeProvider clock, ILogger<ExchangeSessions> log)
    {
        _desk = desk;
        _log = log;
        _firstEpoch = leaseEpoch << 20;
        foreach (var box in settings.Boxes)
        {
            var session = SessionFactory.Create(settings, box, _firstEpoch, desk, clock, log);
            offers.Attach(Translation.ToDomain(box.Segment), session);
            _sessions.Add(session);
            _messagesPerSecond[box.Segment] = box.MessagesPerSecond;
        }
    }

    public IReadOnlyList<TapStatus> Statuses => [.. _sessions.Select(session => session.Status)];

    public IReadOnlyList<ExchangeLinkState> States => [.. Statuses.Select(status => new ExchangeLinkState(
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
                return new QueuePlace(place, TimeSpan.FromSeconds((double)place / _messagesPerSecond[session.Segment]));
            }
        }

        return null;
    }

    private TapSession? Find(Segment segment) => _sessions.Find(session => session.Segment == segment);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What an earlier process sent and got no answer to is unknown, before the first byte of this one.
        foreach (var segment in new[] { MarketSegment.Cash, MarketSegment.Derivatives })
        {
            await _desk.TellPendingAsync(new AccountCommand.LoseSession(segment, _firstEpoch - 1), stoppingToken);
        }

        _log.LogInformation("Exchange sessions start at epoch {SessionEpoch}", _firstEpoch);
        await Task.WhenAll(_sessions.Select(session => session.RunAsync(stoppingToken)));
    }
}
