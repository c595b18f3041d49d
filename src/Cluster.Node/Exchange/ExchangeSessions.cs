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
    internal const string StandbyState = "Standby";

    /// <summary>After a node took a box: by now whoever had it before has given up by its own clock, and nothing that it asked is under way.</summary>
    private static readonly TimeSpan FormerOwnerIsGone = TimeSpan.FromSeconds(20);

    private readonly TapSettings _settings;
    private readonly IOwnership _ownership;
    private readonly TapOffers _offers;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<TapSession> _sessions = [];
    private readonly ConcurrentDictionary<Segment, bool> _paused = new();
    private readonly TapDesk _desk;
    private readonly Func<BoxSettings, long, TapSession> _newSession;
    private readonly ILogger<ExchangeSessions> _log;

    /// <param name="newSession">Makes the session of a box, which begins at an epoch.</param>
    public ExchangeSessions(
        TapSettings settings, IOwnership ownership, TapDesk desk, TapOffers offers, Func<BoxSettings, long, TapSession> newSession, TimeProvider clock,
        ILogger<ExchangeSessions> log)
    {
        (_settings, _ownership, _desk, _offers, _newSession, _clock, _log) = (settings, ownership, desk, offers, newSession, clock, log);
    }

    public IReadOnlyList<TapStatus> Statuses => [.. _sessions.Select(session => session.Status)];

    public IReadOnlyList<ExchangeLinkState> States => [.. _settings.Boxes.Select(box => StateOf(box.Segment))];

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

    public QueuePlace? PlaceOf(string account, ClientOrderId order) => PlaceOf(TapOffers.KeyOf(account, order));

    /// <summary>The place of an order by its key; null when it waits in no session of this node.</summary>
    public QueuePlace? PlaceOf(string key)
    {
        foreach (var session in _sessions)
        {
            if (session.PlaceInQueue(key) is > 0 and var place)
            {
                return new QueuePlace(place, TimeSpan.FromSeconds((double)place / _settings.Boxes.First(box => box.Segment == session.Segment).MessagesPerSecond));
            }
        }

        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // A planned stop ends the sessions before the host: to the host a service that throws then has failed, and it would stop everything at
            // once, requests under way included, instead of handing the accounts over first.
        }
    }

    internal Task RunAsync(CancellationToken stop) => Task.WhenAll(_settings.Boxes.Select(box => RunAsync(box, stop)));

    private TapSession? Find(Segment segment) => _sessions.FirstOrDefault(session => session.Segment == segment);

    private ExchangeLinkState StateOf(Segment segment)
    {
        var name = segment == Segment.CapitalMarket ? "CM" : "FO";
        if (Find(segment)?.Status is not { } status)
        {
            return new ExchangeLinkState(name, StandbyState, false, null, "Another node has the exchange, or it is being taken over.");
        }

        var isPaused = IsPaused(segment);
        return new ExchangeLinkState(
            name,
            isPaused ? "Paused" : status.State.ToString(),
            status.State == TapSessionState.Trading && !isPaused,
            status.SignedOnAt,
            isPaused ? "An operator has paused it: orders wait, nothing is lost." : status.State == TapSessionState.Trading ? null : status.LastBreak);
    }

    /// <summary>Waits for the box, keeps its session until told to stop, and gives it back.</summary>
    private async Task RunAsync(BoxSettings box, CancellationToken stop)
    {
        // Every session of this owner has a greater epoch than those of all before.
        var lease = ExchangeCalls.BoxOf(box.Segment);
        var firstEpoch = await _ownership.TakeBoxAsync(lease, stop) << 20;

        // What an earlier owner sent and got no answer to is unknown, before the first byte of this one.
        AccountCommand.LoseSession lost = new(Translation.ToDomain(box.Segment), firstEpoch - 1);
        await _desk.TellPendingAsync(lost, stop);
        _log.LogInformation("The {Segment} session starts at epoch {SessionEpoch}", box.Segment, firstEpoch);
        var session = _newSession(box, firstEpoch);
        lock (_gate)
        {
            _sessions = [.. _sessions, session];
        }

        _offers.Attach(session);
        if (_ownership.Cluster is not null)
        {
            _ = SettleLateAsync(lost, box.Segment, stop);
        }

        await session.RunAsync(stop);
        _offers.Detach(box.Segment);
        lock (_gate)
        {
            _sessions = [.. _sessions.Where(other => other != session)];
        }

        await _ownership.ReleaseBoxAsync(lease);
    }

    /// <summary>
    /// An intent that the former owner asked for may have become durable on another node after this one had told the accounts. It was never written,
    /// because he may not send any more; it is settled by the same proof, once nothing of him can be under way.
    /// </summary>
    private async Task SettleLateAsync(AccountCommand.LoseSession lost, Segment segment, CancellationToken stop)
    {
        try
        {
            await Task.Delay(FormerOwnerIsGone, _clock, stop);
            await _desk.TellPendingAsync(lost, stop);
            await _desk.ConcludeAgainAsync(segment, stop);
        }
        catch (OperationCanceledException)
        {
            // Stopping; the next owner does the same.
        }
    }
}
