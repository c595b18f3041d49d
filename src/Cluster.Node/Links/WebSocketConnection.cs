using System.Net.WebSockets;
using Backup.Actor.Kernel.Links;

namespace Backup.Cluster.Node.Links;

/// <summary>A link's connection over a WebSocket: one binary message a frame.</summary>
/// <param name="frameBytesMax">A longer message breaks the connection.</param>
internal sealed class WebSocketConnection(WebSocket socket, int frameBytesMax) : ILinkConnection
{
    private const int FirstSize = 64 * 1024;
    private byte[] _frame = new byte[FirstSize];

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression, cancellationToken);
        }
        catch (Exception broken) when (broken is WebSocketException or ObjectDisposedException)
        {
            throw new IOException(broken.Message, broken);
        }
    }

    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (true)
        {
            ValueWebSocketReceiveResult read;
            try
            {
                read = await socket.ReceiveAsync(_frame.AsMemory(count), cancellationToken);
            }
            catch (Exception broken) when (broken is WebSocketException or ObjectDisposedException)
            {
                throw new IOException(broken.Message, broken);
            }

            count += read.Count;
            if (read.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (read.EndOfMessage)
            {
                return _frame.AsMemory(0, count);
            }

            if (count == _frame.Length)
            {
                if (count >= frameBytesMax)
                {
                    throw new IOException($"a frame is longer than {frameBytesMax} bytes");
                }

                Array.Resize(ref _frame, Math.Min(count * 2, frameBytesMax));
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        // No closing handshake: the other side learns it from the socket, and whoever waits there must not wait for us.
        socket.Abort();
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
