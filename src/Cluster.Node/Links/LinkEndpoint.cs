using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Node.Ownership;

namespace Backup.Cluster.Node.Links;

/// <summary>Where other nodes open their links: a port of its own, on which there is nothing else.</summary>
internal static class LinkEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    internal static void MapLinks(this WebApplication app, Func<int> port, IOwnership ownership, LinkHandshake handshake, NodeLinkOptions options, TimeProvider clock, ILogger log) =>
        app.UseWhen(
            context => context.Connection.LocalPort == port(),
            branch =>
            {
                branch.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
                branch.Run(async context =>
                {
                    if (!context.WebSockets.IsWebSocketRequest
                        || context.Request.Path != WebSocketDialer.Path
                        || ownership.Cluster is not { } cluster
                        || !NodeId.TryParse(context.Request.Headers[WebSocketDialer.FromHeader], out var from)
                        || context.Request.Headers[WebSocketDialer.ToHeader] != cluster.Self.ToString())
                    {
                        context.Response.StatusCode = StatusCodes.Status404NotFound;
                        return;
                    }

                    var connection = new WebSocketConnection(await context.WebSockets.AcceptWebSocketAsync(), options.FrameBytesMax);
                    try
                    {
                        using var timeout = new CancellationTokenSource(Patience, clock);
                        await handshake.AcceptAsync(connection, cluster.Self, from, timeout.Token);
                    }
                    catch (Exception refused) when (refused is IOException or OperationCanceledException)
                    {
                        log.LogWarning("A link from {Peer} at {Address} was not let in: {Reason}", from, context.Connection.RemoteIpAddress, refused.Message);
                        await connection.DisposeAsync();
                        return;
                    }

                    log.LogInformation("The link with {Peer} is open", from);
                    log.LogInformation("The link with {Peer} is closed: {Reason}", from, await cluster.Links.AcceptAsync(from, connection));
                });
            });
}
