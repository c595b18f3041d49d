using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Backup.Gateway.Api.Live;

/// <summary>
/// One connection that follows an account. It asks for the next message when the last one has been taken, so that a slow browser gets the latest
/// state and costs one message of memory; one that takes nothing for a while is cut off.
/// </summary>
/// <param name="whyOver">Why the caller's token is not good any more, and this with it; null while it is.</param>
/// <param name="cutOff">Ends the connection; called once, from the pulse.</param>
internal sealed class Follower(AccountFeed feed, Told told, Func<string?> whyOver, GatewayOptions options, TimeProvider clock, Action cutOff)
{
    // An event that resets itself: one place, and a second signal before the first is taken changes nothing. Whoever wakes a connection writes its
    // message as well, until the socket's own thread takes it: a thread's change for each message would cost as much as the message.
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, AllowSynchronousContinuations = true });

    private long _busySince;

    internal AccountFeed Feed => feed;

    internal void Wake() => _news.Writer.TryWrite(true);

    /// <summary>Nothing is new; but a sign of life may be due, the token may be over, or the browser may not take what it was given.</summary>
    internal void WakeIfDue()
    {
        var busySince = Volatile.Read(ref _busySince);
        if (busySince == 0)
        {
            if (told.IsSilentFor(options.StreamHeartbeat) || whyOver() is not null)
            {
                Wake();
            }
        }
        else if (clock.GetElapsedTime(busySince) >= options.SlowClientMax && Interlocked.CompareExchange(ref _busySince, 0, busySince) == busySince)
        {
            cutOff();
        }
    }

    /// <summary>The next message, when there is one; null when there will be none.</summary>
    /// <exception cref="HubException">The caller's token has ended.</exception>
    /// <exception cref="Actor.Kernel.Regions.EntityUnavailableException">The account is not served at the moment.</exception>
    internal async ValueTask<PortfolioMessage?> NextAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _busySince, 0);
        while (true)
        {
            if (whyOver() is { } reason)
            {
                throw new HubException(reason);
            }

            if (feed.Next(told) is { } message)
            {
                Volatile.Write(ref _busySince, clock.GetTimestamp());
                return message;
            }

            if (feed.IsOver)
            {
                return null;
            }

            await _news.Reader.ReadAsync(cancellationToken);
        }
    }
}
