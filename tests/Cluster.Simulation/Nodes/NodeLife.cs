using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Links;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Node.Settings;
using Backup.Cluster.Simulation.Database;
using Backup.Cluster.Simulation.Exchange;
using Backup.Cluster.Simulation.Time;
using Backup.Tap.Stream;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Everywhere = Backup.Actor.Kernel.Regions.ClusterRegion<
    Backup.Account.Domain.AccountState, Backup.Account.Domain.AccountCommand, Backup.Account.Domain.AccountEvent, Backup.Account.Domain.AccountReply, Backup.Account.Domain.AccountEffect>;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>What a process of a node is made of besides the product's parts.</summary>
internal sealed record NodeWorld(
    SimProcess Process, string Name, DatabaseLink Database, Market Market, ITapDial Exchange, ILinkDialer Links, int MessagesPerSecond, Dice Dice, Action<string> Note, Action<string> Die);

/// <summary>One process of a node, from its start to its end: the product's own parts, put together as NodeHost does.</summary>
internal sealed class NodeLife
{
    internal const int Shards = 8;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);

    /// <summary>Snapshots so often that a short life has many.</summary>
    private static readonly RegionOptions Limits = new()
    {
        Shards = Shards,
        SnapshotEvery = 12,
        SnapshotInterval = TimeSpan.FromSeconds(1),
        SnapshotIdleMin = 4,
    };

    private readonly NodeWorld _world;
    private readonly AccountRegion _accounts;
    private readonly Everywhere _everywhere;
    private readonly ClusterMember _member;
    private readonly ClusterOwnership _ownership;
    private readonly ExchangeSessions _sessions;
    private readonly TicketCarrier _carrier;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _sessionsStopping = new();
    private Task _trading = Task.CompletedTask;
    private Task _carrying = Task.CompletedTask;

    internal NodeLife(NodeWorld world)
    {
        _world = world;
        var clock = world.Process.Clock;
        Journal = new SimJournal(world.Database, world.Process.Name);
        News = new SimNews(world.Note, world.Die);
        var offers = new TapOffers(new PriceFollowers(), NullLogger<TapOffers>.Instance) { OnFenced = shard => world.Die($"shard {shard} has a newer owner") };
        var behavior = new AccountBehavior(TradingRules.Open);
        _accounts = new AccountRegion(new(
            behavior, behavior, Journal, null, clock, Limits, offers, new StateSnapshots<AccountState>(new SimSnapshotStore(world.Database), new AccountSnapshots())));
        var day = new DayOpening(_accounts.Region, Shards, world.Market.Dataset, NullLogger<DayOpening>.Instance);
        var shards = new AccountShards(_accounts, day, clock, NullLogger<AccountShards>.Instance, _stopping.Token);
        var services = new LinkServices();
        var options = new ClusterOptions(world.Name, world.Process.Name, ["account", "gateway", "tap"], Shards)
        {
            Keeping = new ShardKeeperOptions("account", Poll),
            SplitBrain = new SplitBrainOptions { StableAfter = TimeSpan.FromSeconds(7) },
            HandOverMax = TimeSpan.FromSeconds(5),
        };
        _member = new ClusterMember(
            options, new SimLeaseStore(world.Database), new SimShardPlacements(world.Database), new SimMembershipStore(world.Database), world.Links, services, shards, clock, News);
        TicketCarrier.Serve(services, offers);
        _everywhere = new Everywhere(_accounts.Region, _member.Directory, _member.Links, services, new AccountMessages(), clock);
        _ownership = new ClusterOwnership(Journal, static () => null, Journal, _member, () => shards.HasOpened, Poll, clock, NullLogger.Instance);
        var desk = new TapDesk(_everywhere, Journal, offers, world.Market.Dataset, _ownership, clock, NullLogger<TapDesk>.Instance);
        var settings = SettingsOf(world.Market, world.MessagesPerSecond);
        var log = new NoteLogger(world.Note);
        _sessions = new ExchangeSessions(
            settings, _ownership, desk, offers,
            (box, epoch) => SessionFactory.Create(settings, box, epoch, desk, _ownership, clock, log, new Random(world.Dice.Next(int.MaxValue)), world.Exchange),
            clock, NullLogger<ExchangeSessions>.Instance);
        _carrier = new TicketCarrier(offers, _member, _accounts, clock, NullLogger<TicketCarrier>.Instance);
    }

    internal SimJournal Journal { get; }

    internal SimNews News { get; }

    internal NodeId Self => _member.Self;

    /// <summary>It has part of the accounts.</summary>
    internal bool HasShards => _accounts.Region.Shards.Count > 0;

    /// <summary>It has the exchange.</summary>
    internal bool HasExchange => _sessions.Statuses.Count > 0;

    internal IReadOnlyDictionary<string, string> Quarantined => _accounts.Region.Quarantined;

    internal Task<AskResult<AccountReply>> AskAsync(string account, AccountCommand command, TimeSpan deadline) => _everywhere.AskAsync(account, command, deadline);

    /// <summary>An operator wishes a shard on a node; whether he hears that it was stored is his affair.</summary>
    internal void Place(int shard, string node) => Order(() => _member.PlaceAsync(new ShardPlacement(shard, node, "operator"), CancellationToken.None));

    /// <summary>He drops his wishes.</summary>
    internal void Rebalance() => Order(() => _member.RebalanceAsync(CancellationToken.None));

    /// <summary>Another node opens a link.</summary>
    internal Task AcceptAsync(NodeId from, ILinkConnection connection) => _member.Links.AcceptAsync(from, connection);

    /// <summary>Joins the cluster; the rest goes on by itself.</summary>
    internal async Task RunAsync()
    {
        _trading = RunUntilStoppedAsync(_sessions.RunAsync(_sessionsStopping.Token));
        _carrying = _carrier.RunAsync(_stopping.Token);
        try
        {
            await _ownership.StartAsync($"{_world.Name}:9000", _stopping.Token);
            _world.Process.Identity = Self.ToString();
        }
        catch (ClusterException refused)
        {
            _world.Die(refused.Message);
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it had joined.
        }
    }

    /// <summary>A planned stop, as NodeHost hands over, leaves and then ends.</summary>
    internal async Task StopAsync()
    {
        var drained = Task.Delay(Drain, _world.Process.Clock);
        var handedOver = _ownership.HandOverAsync();
        _sessionsStopping.Cancel();
        await _trading;
        await handedOver;
        await drained;
        await _ownership.LeaveAsync();
        _stopping.Cancel();
        await _carrying;
        await _accounts.Region.DisposeAsync();
        await _ownership.DisposeAsync();
        _world.Die("stopped in order");
    }

    private void Order(Func<Task> give) => _world.Process.Start(async () =>
    {
        try
        {
            await give();
        }
        catch (JournalException unclear)
        {
            _world.Note($"the operator does not know whether it was stored: {unclear.Message}");
        }
    });

    private async Task RunUntilStoppedAsync(Task trading)
    {
        try
        {
            await trading;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before the exchange was this node's.
        }
    }

    private static TapSettings SettingsOf(Market market, int messagesPerSecond) => new(
        10_000, 32, TimeSpan.FromMilliseconds(3500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(2), "", false,
        10001, "1234501", InvitationRule.Ignore, 0,
        [
            new BoxSettings(
                market.Segment, "exchange", SimExchange.RouterPort, SimExchange.Box, SimExchange.Member, 7, SimExchange.User, SimExchange.Password, "", 111_111_111_111_000, messagesPerSecond),
        ]);

    /// <summary>The session's log, for the story.</summary>
    private sealed class NoteLogger(Action<string> note) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => note(formatter(state, exception));
    }
}
