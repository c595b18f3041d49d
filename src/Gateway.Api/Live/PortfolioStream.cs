using System.Runtime.CompilerServices;

namespace Backup.Gateway.Api.Live;

/// <summary>One connection's stream: facts (positions and orders that changed, by sequence, none skipped in effect) and state (prices, joined, newest wins).</summary>
public sealed class PortfolioStream(PortfolioFeeds feeds, PortfolioSources sources)
{
    /// <param name="whyOver">Why the caller's token is not good any more, and this stream with it; null while it is. Asked often.</param>
    /// <param name="cutOff">Ends the connection of a browser that takes nothing; it comes back and resumes.</param>
    public async IAsyncEnumerable<PortfolioMessage> FollowAsync(
        string client, long? afterSequence, string? streamId, Func<string?> whyOver, Action cutOff, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var follower = feeds.Join(client, new Told(afterSequence, streamId, sources.Clock), whyOver, cutOff);
        try
        {
            while (await follower.NextAsync(cancellationToken) is { } message)
            {
                yield return message;
            }
        }
        finally
        {
            feeds.Leave(follower);
        }
    }
}
