using Backup.Gateway.Api.Login.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Live;

/// <summary>The live door: one stream a browser, of its own account only.</summary>
[Authorize]
internal sealed class PortfolioHub(PortfolioStream portfolio, EndedSessions ended, TimeProvider clock, ILogger<PortfolioHub> log) : Hub
{
    /// <summary>
    /// Everything that happens to the caller's portfolio. Without <paramref name="afterSequence"/> it begins with a snapshot;
    /// with it (and the stream's id) it resumes with what has changed since. Each item is a <see cref="PortfolioUpdate"/>.
    /// </summary>
    public IAsyncEnumerable<PortfolioMessage> Portfolio(long? afterSequence, string? streamId, CancellationToken cancellationToken)
    {
        var client = AccountDoor.ClientOf(Context.User!);
        var connection = Context;
        return portfolio.FollowAsync(client, afterSequence, streamId, new TokenLife(Context.User!, ended, clock).WhyOver, CutOff, cancellationToken);

        void CutOff()
        {
            log.LogInformation("A connection of {Client} took nothing for a while and was cut off; it resumes when it comes back", client);
            connection.Abort();
        }
    }
}
