using System.Net.WebSockets;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;

namespace Backup.Cluster.Node.Links;

/// <summary>Opens links to other nodes over WebSockets.</summary>
internal sealed class WebSocketDialer(LinkHandshake handshake, LinkTls? tls, NodeLinkOptions options, TimeProvider clock) : ILinkDialer
{
    internal const string Path = "/links";
    internal const string FromHeader = "Backup-From";
    internal const string ToHeader = "Backup-To";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async ValueTask<ILinkConnection> DialAsync(NodeId self, Member peer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.SetRequestHeader(FromHeader, self.ToString());
            socket.Options.SetRequestHeader(ToHeader, peer.Id.ToString());
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            tls?.Secure(socket.Options);
            using var timeout = new CancellationTokenSource(Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await socket.ConnectAsync(new Uri($"{(tls is null ? "ws" : "wss")}://{peer.Address}{Path}"), either.Token);
            var connection = new WebSocketConnection(socket, options.FrameBytesMax);
            await handshake.OpenAsync(connection, self, peer.Id, either.Token);
            return connection;
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException or IOException or UriFormatException)
        {
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw failure as IOException ?? new IOException($"{peer.Id} at {peer.Address} cannot be reached: {failure.Message}", failure);
        }
    }
}
