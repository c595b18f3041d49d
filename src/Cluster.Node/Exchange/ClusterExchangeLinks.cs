using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Node.Settings;
using Backup.Gateway.Api;

namespace Backup.Cluster.Node.Exchange;

/// <summary>The links to the exchange as clients of this node see them, whichever node has the boxes: asked for once a second.</summary>
internal sealed class ClusterExchangeLinks(ExchangeSessions sessions, TapSettings settings, ClusterMember cluster, TimeProvider clock) : BackgroundService, IExchangeLinks
{
    private const int WantedMax = 10_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WantedFor = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, long> _wanted = new(StringComparer.Ordinal);
    private volatile Sight _seen = new([], []);

    private sealed record Sight(Dictionary<string, ExchangeLinkState> States, Dictionary<string, QueuePlace> Places);

    public IReadOnlyList<ExchangeLinkState> States =>
    [
        .. sessions.States.Select(here => here.State == ExchangeSessions.StandbyState && _seen.States.TryGetValue(here.Segment, out var there) ? there : here),
    ];

    public QueuePlace? PlaceOf(string account, ClientOrderId order)
    {
        if (sessions.PlaceOf(account, order) is { } place)
        {
            return place;
        }

        var key = TapOffers.KeyOf(account, order);
        if (_wanted.Count < WantedMax)
        {
            _wanted[key] = clock.GetTimestamp();
        }

        return _seen.Places.GetValueOrDefault(key);
    }

    /// <summary>What this node answers when others ask how its sessions stand.</summary>
    internal static void Serve(LinkServices services, Func<ExchangeSessions> sessions) => services.Serve(ExchangeCalls.Look, (_, look) => Task.FromResult(new ExchangeSight(
        [.. sessions().States.Where(state => state.State != ExchangeSessions.StandbyState)],
        [
            .. look.Keys.Select(key => (Key: key, Place: sessions().PlaceOf(key))).Where(place => place.Place is not null)
                .Select(place => (place.Key, (long)place.Place!.Place, (long)place.Place.EstimatedWait.TotalMilliseconds)),
        ])));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task LookAsync()
    {
        foreach (var (key, at) in _wanted)
        {
            if (clock.GetElapsedTime(at) > WantedFor)
            {
                _wanted.TryRemove(key, out _);
            }
        }

        var states = new Dictionary<string, ExchangeLinkState>(StringComparer.Ordinal);
        var places = new Dictionary<string, QueuePlace>(StringComparer.Ordinal);
        var owners = settings.Boxes.Select(box => cluster.Directory.OfSingleton(ExchangeCalls.BoxOf(box.Segment))?.Owner).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var owner in owners)
        {
            if (cluster.Links.Find(NodeId.NameIn(owner)) is { } link
                && await link.AskAsync(ExchangeCalls.Look, new ExchangeLook([.. _wanted.Keys]), Every) is { IsAnswered: true, Answer: { } sight })
            {
                foreach (var state in sight.States)
                {
                    states[state.Segment] = state;
                }

                foreach (var (key, place, wait) in sight.Places)
                {
                    places[key] = new QueuePlace((int)place, TimeSpan.FromMilliseconds(wait));
                }
            }
        }

        _seen = new Sight(states, places);
    }
}
