using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Backup.Gateway.Api.Live;

/// <summary>The live door: one stream a browser, of its own account only.</summary>
[Authorize]
public sealed class PortfolioHub(PortfolioStream portfolio) : Hub
{
    /// <summary>
    /// Everything that happens to the caller's portfolio. Without <paramref name="afterSequence"/> it begins with a snapshot;
    /// with it (and the stream's id) it resumes with what has changed since.
    /// </summary>
    public async IAsyncEnumerable<PortfolioUpdate> Portfolio(
        long? afterSequence, string? streamId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = AccountDoor.ClientOf(Context.User!);
        var expires = Context.User!.FindFirst("exp")!.Value;
        await foreach (var update in portfolio.FollowAsync(client, afterSequence, streamId, long.Parse(expires), cancellationToken))
        {
            yield return update;
        }
    }
}
