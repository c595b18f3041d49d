using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Leases;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Simulation.Database;
using Backup.Cluster.Simulation.Exchange;
using Backup.Cluster.Simulation.Time;
using Backup.Tap.Stream;
using Microsoft.Extensions.Logging.Abstractions;
using Region = Backup.Actor.Kernel.Regions.EntityRegion<
    Backup.Account.Domain.AccountState, Backup.Account.Domain.AccountCommand, Backup.Account.Domain.AccountEvent, Backup.Account.Domain.AccountReply, Backup.Account.Domain.AccountEffect>;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>One process of a node, from its start to its end: the product's own parts, put together as NodeHost does.</summary>
internal sealed class NodeLife
{
    internal const int Shards = 8;
    private static readonly TimeSpan OpenDeadline = TimeSpan.FromSeconds(30);
    private readonly SimProcess _process;
    private readonly Market _market;
    private readonly Action<string> _die;
    private readonly Region _region;
    private readonly LeaseKeeper _keeper;
    private readonly SharedLeases _ownership;
    private readonly TapOffers _offers;
    private readonly TapDesk _desk;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<long, TapSession> _newSession;
    private Task _trading = Task.CompletedTask;

    /// <param name="name">Of this process, unlike any other's.</param>
    internal NodeLife(SimProcess process, string name, DatabaseLink database, Market market, ITapDial exchange, int messagesPerSecond, Dice dice, Action<string> die)
    {
        (_process, _market, _die) = (process, market, die);
        Journal = new SimJournal(database, name);
        var leases = new SimLeaseStore(database);
        _keeper = new LeaseKeeper(leases, name, process.Clock, LeaseTimes.Default, (lease, reason) => die($"the lease on {lease.Key} is lost: {reason}"));
        _ownership = new SharedLeases(leases, Journal, _keeper, process, Shards);
        _offers = new TapOffers(new PriceFollowers(), NullLogger<TapOffers>.Instance)
        {
            OnFenced = shard => die($"shard {shard} has a newer owner"),
        };
        var behavior = new AccountBehavior(TradingRules.Open);
        _region = new Region(behavior, behavior, Journal, null, process.Clock, new RegionOptions { Shards = Shards }, _offers);
        _desk = new TapDesk(_region, Journal, _offers, market.Dataset, _ownership, process.Clock, NullLogger<TapDesk>.Instance);
        _newSession = epoch => new TapSession(
            Options(market, messagesPerSecond, epoch), _desk, process.Clock, new Random(dice.Next(int.MaxValue)), happening => Notes?.Invoke(happening.Text), exchange);
    }

    internal SimJournal Journal { get; }

    /// <summary>What the exchange's session has to say.</summary>
    internal Action<string>? Notes { get; init; }

    /// <summary>The accounts are this process's.</summary>
    internal bool IsServing { get; private set; }

    internal TapSession? Session { get; private set; }

    internal IReadOnlyDictionary<string, string> Quarantined => _region.Quarantined;

    internal Task<AskResult<AccountReply>> AskAsync(string account, AccountCommand command, TimeSpan deadline) => _region.AskAsync(account, command, deadline);

    /// <summary>Takes what can be had and serves it; returns only when told to stop.</summary>
    internal async Task RunAsync()
    {
        _keeper.Start();
        _trading = TradeAsync();
        try
        {
            foreach (var (shard, epoch) in (await _ownership.TakeAccountsAsync(_stop.Token)).OrderBy(shard => shard.Key))
            {
                _region.Open(shard, epoch);
            }

            await Task.WhenAll(_market.Accounts.Select(OpenDayAsync));
            await _region.WakePendingAsync(_stop.Token);
            IsServing = true;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before the accounts were this node's.
        }
        catch (Actor.Kernel.Journal.JournalException unreadable)
        {
            _die($"the accounts could not be served: {unreadable.Message}");
        }
    }

    /// <summary>A planned stop: signs off, finishes the turns, gives the leases back.</summary>
    internal async Task StopAsync()
    {
        _stop.Cancel();
        await _trading;
        await _region.DisposeAsync();
        await _ownership.ReleaseAsync();
        await _ownership.DisposeAsync();
        _die("stopped in order");
    }

    private async Task OpenDayAsync(string account)
    {
        while (!(await _region.AskAsync(account, _market.OpenDay(account), OpenDeadline, _stop.Token)).IsAnswered)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), _process.Clock, _stop.Token);
        }
    }

    /// <summary>As ExchangeSessions does.</summary>
    private async Task TradeAsync()
    {
        try
        {
            var firstEpoch = await _ownership.TakeExchangeAsync(_stop.Token) << 20;
            await _desk.TellPendingAsync(new AccountCommand.LoseSession(Translation.ToDomain(_market.Segment), firstEpoch - 1), _stop.Token);
            Session = _newSession(firstEpoch);
            _offers.Attach(Translation.ToDomain(_market.Segment), Session);
            await Session.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Told to stop before there was a session.
        }
        catch (Actor.Kernel.Journal.JournalException unreadable)
        {
            _die($"the exchange's session could not begin: {unreadable.Message}");
        }
    }

    private static TapSessionOptions Options(Market market, int messagesPerSecond, long epoch) => new()
    {
        Segment = market.Segment,
        RouterHost = "exchange",
        RouterPort = SimExchange.RouterPort,
        BoxId = SimExchange.Box,
        BrokerId = SimExchange.Member,
        BranchId = 7,
        UserId = SimExchange.User,
        Password = SimExchange.Password,
        MessagesPerSecond = messagesPerSecond,
        FirstSessionEpoch = epoch,
        CaptureFrames = 0,
        BackoffMax = TimeSpan.FromSeconds(2),
        RefusedBackoff = TimeSpan.FromSeconds(5),
        DownloadTimeout = TimeSpan.FromSeconds(5),
    };
}
