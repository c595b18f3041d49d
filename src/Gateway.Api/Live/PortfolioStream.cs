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
        PortfolioCursor? seen = null;
        await foreach (var view in WatchedAccount.FollowAsync(accounts, client, sources.Options.PricesInterval, sources.Clock, cancellationToken))
        {
            if (seen is not null && (view is { } newer ? seen.Advance(newer) : seen.Idle()) is { } update)
            {
                yield return update;
            }
            else if (seen is null && view is { } first)
            {
                seen = new PortfolioCursor(sources, first);
                yield return seen.Begin(afterSequence, streamId);
            }

            if (seen is not null && sources.Clock.GetUtcNow().ToUnixTimeSeconds() >= expiresAt)
            {
                throw new HubException("TokenException: your session has expired.");
            }
        }
    }
}
