using System.Net;
using System.Net.Sockets;

namespace Backup.Tests;

/// <summary>A wire on loopback that can be cut in the middle of an exchange, or swallow what is sent and deliver it later.</summary>
/// <remarks>What is ordered applies to the connections of that moment; later ones pass freely.</remarks>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Lock _gate = new();
    private readonly List<Link> _links = [];
    private readonly Task _accepting;

    private TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static TcpProxy To(int port) => new(port);

    /// <summary>The next bytes toward the server vanish, and with them the connection.</summary>
    public void LoseNextRequest() => Each(link => link.RequestLost = true);

    /// <summary>The next bytes from the server vanish, and with them the connection; what was asked has reached it.</summary>
    public void LoseNextReply() => Each(link => link.ReplyLost = true);

    /// <summary>Nothing passes either way, and nobody is told: a half-open link.</summary>
    public void Hold() => Each(link => link.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>What was held arrives after all. Completes when the connections that had something held have ended.</summary>
    public async Task ReleaseAsync()
    {
        var late = Take(link => link.HasSomethingHeld);
        Take(link => link.Held is not null).ForEach(link => link.Held!.SetResult());
        await Task.WhenAll(late.Select(link => link.Over));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Each(link => link.Cut());
        try
        {
            await _accepting;
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // That is how a listener ends.
        }
    }

    private void Each(Action<Link> order) => Take(_ => true).ForEach(order);

    private List<Link> Take(Predicate<Link> which)
    {
        lock (_gate)
        {
            return _links.FindAll(which);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync();
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await server.ConnectAsync(IPAddress.Loopback, _target);
            var link = new Link(client, server);
            lock (_gate)
            {
                _links.Add(link);
            }

            link.Start();
        }
    }

    private sealed class Link(Socket client, Socket server)
    {
        public volatile bool RequestLost;
        public volatile bool ReplyLost;
        public volatile TaskCompletionSource? Held;
        public volatile bool HasSomethingHeld;

        public Task Over { get; private set; } = Task.CompletedTask;

        public void Start() => Over = Task.WhenAll(PumpAsync(client, server, () => RequestLost), PumpAsync(server, client, () => ReplyLost));

        public void Cut()
        {
            client.Dispose();
            server.Dispose();
        }

        private async Task PumpAsync(Socket from, Socket to, Func<bool> lost)
        {
            var buffer = new byte[64 * 1024];
            try
            {
                while (await from.ReceiveAsync(buffer) is > 0 and var count)
                {
                    if (lost())
                    {
                        Cut();
                        return;
                    }

                    if (Held is { } held)
                    {
                        HasSomethingHeld = true;
                        await held.Task;
                    }

                    await SendAsync(to, buffer.AsMemory(0, count));
                }

                // The half that ended is passed on, so that the server takes in what came before and hangs up by itself.
                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
            {
                to.Dispose();
            }
        }

        private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                bytes = bytes[await to.SendAsync(bytes)..];
            }
        }
    }
}
