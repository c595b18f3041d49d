using System.Runtime.CompilerServices;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;
using Microsoft.AspNetCore.SignalR;

namespace Backup.Gateway.Api.Live;

/// <summary>
/// Makes one connection's stream: facts (positions and orders that changed, by sequence, none skipped in effect) and state
/// (prices, joined, newest wins). The next message is made only when the last one has been taken, so a slow browser gets
/// the latest state and costs one message of memory.
/// </summary>
public sealed class PortfolioStream(
    IEntityRegion<AccountCommand, AccountReply, AccountState> accounts,
    PortfolioSources sources)
{
    /// <param name="expiresAt">Unix seconds at which the caller's token ends, and this stream with it.</param>
    public async IAsyncEnumerable<PortfolioUpdate> FollowAsync(
        string client, long? afterSequence, string? streamId, long expiresAt, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var views = accounts.WatchAsync(client, -1, leaving.Token).GetAsyncEnumerator(leaving.Token);
        var next = views.MoveNextAsync().AsTask();
        try
        {
            if (!await next)
            {
                yield break;
            }

            var seen = new PortfolioCursor(sources, views.Current);
            yield return seen.Begin(afterSequence, streamId);

            next = views.MoveNextAsync().AsTask();
            while (!cancellationToken.IsCancellationRequested)
            {
                if (sources.Clock.GetUtcNow().ToUnixTimeSeconds() >= expiresAt)
                {
                    throw new HubException("TokenException: your session has expired.");
                }

                await Task.WhenAny(next, Task.Delay(sources.Options.PricesInterval, sources.Clock, leaving.Token));
                if (next.IsCompleted)
                {
                    if (!await next)
                    {
                        yield break;
                    }

                    yield return seen.Advance(views.Current);
                    next = views.MoveNextAsync().AsTask();
                }
                else if (seen.Idle() is { } quiet)
                {
                    yield return quiet;
                }
            }
        }
        finally
        {
            // An enumerator must not be disposed while it is asked for its next item, so that question is ended first.
            await leaving.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await views.DisposeAsync();
        }
    }
}
