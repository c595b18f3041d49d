using System.Net;
using System.Net.Sockets;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Another address for a port of the exchange: passes bytes on, both ways.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly Task _accepting;

    private Relay(string host, int target)
    {
        _listener = new TcpListener(IPAddress.Parse(host), 0);
        _listener.Start();
        _accepting = AcceptAsync(target);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static Relay Start(string host, int target) => new(host, target);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync(int target)
    {
        try
        {
            while (true)
            {
                using var member = await _listener.AcceptTcpClientAsync();
                using var exchange = new TcpClient();
                await exchange.ConnectAsync(IPAddress.Loopback, target);
                await Task.WhenAny(member.GetStream().CopyToAsync(exchange.GetStream()), exchange.GetStream().CopyToAsync(member.GetStream()));
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
