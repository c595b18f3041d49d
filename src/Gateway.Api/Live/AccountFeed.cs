using System.Runtime.ExceptionServices;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;

namespace Backup.Gateway.Api.Live;

/// <summary>
/// One account that somebody looks at: its newest state, and the messages made of it. Each is made and encoded once, however many connections
/// get it.
/// </summary>
/// <remarks>Safe for threads. Facts are told as they come; prices and queue places once a pulse.</remarks>
internal sealed class AccountFeed(string client, IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, PortfolioSources sources) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _leaving = new();
    private Follower[] _followers = [];
    private AccountState? _state;
    private ExceptionDispatchInfo? _fault;
    private bool _isOver;
    private Dictionary<ClientOrderId, int> _queued = [];
    private long _queueVersion;
    private long _priceVersion;
    private long _priceVersionSeen = -1;
    private PortfolioMessage? _delta;
    private (long After, PortfolioMessage Message)? _prices;

    internal string Client => client;

    internal bool IsOver => Volatile.Read(ref _isOver);

    internal bool IsEmpty => _followers.Length == 0;

    internal void Add(Follower follower) => _followers = [.. _followers, follower];

    internal void Remove(Follower follower) => _followers = [.. _followers.Where(other => other != follower)];

    /// <summary>Nobody looks any more.</summary>
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <summary>Reads the account until nobody looks any more, or it is not served.</summary>
    internal async Task RunAsync()
    {
        try
        {
            await foreach (var view in accounts.WatchAsync(client, -1, _leaving.Token))
            {
                lock (_gate)
                {
                    _state = view.View;
                    _queued = Waiting(view.View);
                    (_delta, _prices) = (null, null);
                }

                WakeAll();
            }
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // As asked.
        }
        catch (Exception failure)
        {
            _fault = ExceptionDispatchInfo.Capture(failure);
        }

        Volatile.Write(ref _isOver, true);
        WakeAll();
    }

    /// <summary>Looks what is new beside the account's own events, and whose time has come.</summary>
    internal void Pulse()
    {
        if (IsNewsDue())
        {
            WakeAll();
            return;
        }

        foreach (var follower in _followers)
        {
            follower.WakeIfDue();
        }
    }

    /// <summary>What a connection that has been told so much is told next; null when there is nothing.</summary>
    /// <exception cref="EntityUnavailableException">The account is not served at the moment.</exception>
    internal PortfolioMessage? Next(Told told)
    {
        lock (_gate)
        {
            if (_state is not { } state)
            {
                _fault?.Throw();
                return null;
            }

            var message = MessageFor(told, state);
            if (message is not null)
            {
                told.Take(message.Update, _queueVersion);
            }
            else if (IsOver)
            {
                _fault?.Throw();
            }

            return message;
        }
    }

    private PortfolioMessage? MessageFor(Told told, AccountState state)
    {
        if (!told.HasBegun ? !told.CanResume(state) : told.StreamId != PortfolioMessage.StreamOf(state))
        {
            told.Prices = sources.Prices.Version;
            return PortfolioMessage.Snapshot(state, sources);
        }

        if (!told.HasBegun || told.Sequence < state.Version || told.Queue != _queueVersion)
        {
            return DeltaFor(told, state);
        }

        if (told.Prices < _priceVersion)
        {
            return PricesFor(told, state);
        }

        return told.IsSilentFor(sources.Options.StreamHeartbeat) ? PortfolioMessage.Heartbeat(state, sources) : null;
    }

    private PortfolioMessage DeltaFor(Told told, AccountState state)
    {
        if (_delta is { } made && made.Update.FromSequence == told.Sequence)
        {
            return made;
        }

        var delta = PortfolioMessage.Delta(state, told.Sequence, QueuedOrders(), sources);
        _delta = Share(delta) ? delta : null;
        return delta;
    }

    private PortfolioMessage PricesFor(Told told, AccountState state)
    {
        var after = told.Prices;
        told.Prices = _priceVersion;
        if (_prices is { } made && made.After == after)
        {
            return made.Message;
        }

        var prices = PortfolioMessage.PricesAfter(state, after, sources);
        _prices = Share(prices) ? (after, prices) : null;
        return prices;
    }

    // Kept for the others only where there are others: one of each account, kept until the next, is most of what a collector would move.
    private bool Share(PortfolioMessage message) => message.IsShared = _followers.Length > 1;

    private bool IsNewsDue()
    {
        lock (_gate)
        {
            if (_state is not { } state)
            {
                return false;
            }

            // What was made at the last pulse shows ages that are no longer true.
            (_delta, _prices) = (null, null);
            return ArePricesNew(state) | HasQueueMoved(state);
        }
    }

    private bool ArePricesNew(AccountState state)
    {
        var version = sources.Prices.Version;
        if (version == _priceVersionSeen)
        {
            return false;
        }

        _priceVersionSeen = version;
        var newest = _priceVersion;
        foreach (var (_, position) in state.Positions)
        {
            if (!position.IsPlaceOnly && sources.Prices.Find(position.Contract) is { } price)
            {
                newest = Math.Max(newest, price.Version);
            }
        }

        var isNew = newest > _priceVersion;
        _priceVersion = newest;
        return isNew;
    }

    private bool HasQueueMoved(AccountState state)
    {
        if (state.Working.IsEmpty && _queued.Count == 0)
        {
            return false;
        }

        var now = Waiting(state);
        if (now.Count == _queued.Count && now.All(waiting => _queued.GetValueOrDefault(waiting.Key) == waiting.Value))
        {
            return false;
        }

        _queued = now;
        _queueVersion++;
        return true;
    }

    /// <summary>The orders that wait for the wire, each with its place.</summary>
    private Dictionary<ClientOrderId, int> Waiting(AccountState state)
    {
        var places = new Dictionary<ClientOrderId, int>();
        foreach (var order in state.WorkingOrders)
        {
            if (sources.Links.PlaceOf(client, order.Id) is { } place)
            {
                places[order.Id] = place.Place;
            }
        }

        return places;
    }

    private HashSet<ClientOrderId> QueuedOrders() => [.. _queued.Keys];

    private void WakeAll()
    {
        foreach (var follower in _followers)
        {
            follower.Wake();
        }
    }
}
