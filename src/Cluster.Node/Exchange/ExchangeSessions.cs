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
        }
    }

    public IReadOnlyList<TapStatus> Statuses => [.. _sessions.Select(session => session.Status)];

    public IReadOnlyList<ExchangeLinkState> States => [.. Statuses.Select(status => new ExchangeLinkState(
        status.Segment == Segment.CapitalMarket ? "CM" : "FO",
        status.State.ToString(),
        status.State == TapSessionState.Trading,
        status.SignedOnAt,
        status.State == TapSessionState.Trading ? null : status.LastBreak))];

    public QueuePlace? PlaceOf(string account, ClientOrderId order)
    {
        var key = TapOffers.KeyOf(account, order);
        foreach (var session in _sessions)
        {
            if (session.PlaceInQueue(key) is > 0 and var place)
            {
                return new QueuePlace(place, TimeSpan.FromSeconds((double)place / session.Status.MessagesPerSecond));
            }
        }

        return null;
    }

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
