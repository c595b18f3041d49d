using System.Runtime.CompilerServices;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;

namespace Backup.Gateway.Api.Live;

/// <summary>One account for a connection that also has prices and its own end to look after.</summary>
internal static class WatchedAccount
{
    /// <summary>The account's states as they come, the present one first; null whenever there was none for a while.</summary>
    /// <exception cref="EntityUnavailableException">The account is not served at the moment.</exception>
    internal static async IAsyncEnumerable<WatchedView<AccountState>?> FollowAsync(
        IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, string client, TimeSpan atMost, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var views = accounts.WatchAsync(client, -1, leaving.Token).GetAsyncEnumerator(leaving.Token);
        var next = views.MoveNextAsync().AsTask();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.WhenAny(next, Task.Delay(atMost, clock, leaving.Token));
                if (!next.IsCompleted)
                {
                    yield return null;
                    continue;
                }

                if (!await next)
                {
                    yield break;
                }

                yield return views.Current;
                next = views.MoveNextAsync().AsTask();
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
