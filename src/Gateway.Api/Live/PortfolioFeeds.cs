using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;

namespace Backup.Gateway.Api.Live;

/// <summary>The accounts that somebody looks at through this node, and the pulse that joins their prices.</summary>
/// <remarks>Safe for threads. Bounded by the connections: an account that nobody looks at any more is let go.</remarks>
public sealed class PortfolioFeeds : IDisposable
{
    private readonly IEntityRegion<AccountCommand, AccountReply, AccountState> _accounts;
    private readonly PortfolioSources _sources;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccountFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ITimer _pulse;
    private int _isPulsing;

    public PortfolioFeeds(IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, PortfolioSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        (_accounts, _sources) = (accounts, sources);
        _pulse = sources.Clock.CreateTimer(static feeds => ((PortfolioFeeds)feeds!).Pulse(), this, sources.Options.PricesInterval, sources.Options.PricesInterval);
    }

    public void Dispose() => _pulse.Dispose();

    internal Follower Join(string client, Told told, Func<string?> whyOver, Action cutOff)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(client, out var feed) || feed.IsOver)
            {
                _feeds[client] = feed = new AccountFeed(client, _accounts, _sources);
                _ = feed.RunAsync();
            }

            var follower = new Follower(feed, told, whyOver, _sources.Options, _sources.Clock, cutOff);
            feed.Add(follower);
            return follower;
        }
    }

    internal void Leave(Follower follower)
    {
        lock (_gate)
        {
            var feed = follower.Feed;
            feed.Remove(follower);
            if (!feed.IsEmpty)
            {
                return;
            }

            if (_feeds.GetValueOrDefault(feed.Client) == feed)
            {
                _feeds.Remove(feed.Client);
            }

            feed.Dispose();
        }
    }

    private void Pulse()
    {
        // The last one may not be through yet, on a machine that has no time.
        if (Interlocked.Exchange(ref _isPulsing, 1) == 1)
        {
            return;
        }

        foreach (var feed in Watched())
        {
            feed.Pulse();
        }

        Volatile.Write(ref _isPulsing, 0);
    }

    private AccountFeed[] Watched()
    {
        lock (_gate)
        {
            return [.. _feeds.Values];
        }
    }
}
