using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Live;

/// <summary>The accounts that somebody looks at through this node, and the pulse that joins their prices.</summary>
/// <remarks>Safe for threads. Bounded by the connections: an account that nobody looks at any more is let go.</remarks>
public sealed class PortfolioFeeds : IDisposable
{
    /// <summary>
    /// Accounts whose messages are written before the sockets get the thread: what is sent gives its buffers back, and the next ones take them. All at
    /// once would need a buffer for each connection, more than a pool keeps.
    /// </summary>
    private const int WrittenAtOnce = 16;

    private readonly IEntityRegion<AccountCommand, AccountReply, AccountState> _accounts;
    private readonly PortfolioSources _sources;
    private readonly ILogger<PortfolioFeeds> _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccountFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ITimer _pulse;
    private int _isPulsing;

    public PortfolioFeeds(IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, PortfolioSources sources, ILogger<PortfolioFeeds> log)
    {
        ArgumentNullException.ThrowIfNull(sources);
        (_accounts, _sources, _log) = (accounts, sources, log);
        _pulse = sources.Clock.CreateTimer(static feeds => _ = ((PortfolioFeeds)feeds!).PulseAsync(), this, sources.Options.PricesInterval, sources.Options.PricesInterval);
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

    private async Task PulseAsync()
    {
        // The last one may not be through yet, on a machine that has no time.
        if (Interlocked.Exchange(ref _isPulsing, 1) == 1)
        {
            return;
        }

        try
        {
            var written = 0;
            foreach (var feed in Watched())
            {
                Pulse(feed);
                if (++written % WrittenAtOnce == 0)
                {
                    await Task.Yield();
                }
            }
        }
        finally
        {
            Volatile.Write(ref _isPulsing, 0);
        }
    }

    private void Pulse(AccountFeed feed)
    {
        try
        {
            feed.Pulse();
        }
        catch (Exception defect)
        {
            // Of one account: the others are told their news all the same.
            _log.LogError(defect, "The live stream of {Client} could not be looked after", feed.Client);
        }
    }

    private AccountFeed[] Watched()
    {
        lock (_gate)
        {
            return [.. _feeds.Values];
        }
    }
}
