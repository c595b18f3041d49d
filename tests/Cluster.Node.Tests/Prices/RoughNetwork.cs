using System.Net;
using System.Net.Sockets;

namespace Backup.Cluster.Node.Tests.Prices;

/// <summary>Stands between a sender and a receiver of datagrams: of every ten it loses two, doubles two, and lets one be overtaken.</summary>
internal sealed class RoughNetwork : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Task _carrying;
    private byte[]? _held;

    public RoughNetwork(Func<EndPoint?> target)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _carrying = CarryAsync(target);
    }

    public IPEndPoint Entrance => (IPEndPoint)_socket.LocalEndPoint!;

    public int Lost { get; private set; }

    public int Doubled { get; private set; }

    public int Overtaken { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _carrying;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task CarryAsync(Func<EndPoint?> target)
    {
        var buffer = new byte[4096];
        try
        {
            for (var number = 0; ; number++)
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stopping.Token);
                if (target() is { } place)
                {
                    await CarryAsync(number % 10, buffer.AsSpan(0, length).ToArray(), place);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task CarryAsync(int turn, byte[] datagram, EndPoint place)
    {
        switch (turn)
        {
            case 2 or 7:
                Lost++;
                return;
            case 4:
                _held = datagram;
                return;
        }

        await _socket.SendToAsync(datagram, SocketFlags.None, place, _stopping.Token);
        if (turn is 1 or 6)
        {
            Doubled++;
            await _socket.SendToAsync(datagram, SocketFlags.None, place, _stopping.Token);
        }

        if (_held is { } held)
        {
            Overtaken++;
            _held = null;
            await _socket.SendToAsync(held, SocketFlags.None, place, _stopping.Token);
        }
    }
}
