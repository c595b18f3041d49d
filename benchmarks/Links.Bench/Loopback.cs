using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Backup.Links.Bench;

/// <summary>A listener for WebSockets on this machine, made as the node makes its own: Kestrel, HTTP/1.1, no keep-alive frames.</summary>
internal sealed class Loopback : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Loopback(WebApplication app) => _app = app;

    internal Uri Address => new($"ws://127.0.0.1:{new Uri(_app.Urls.Single()).Port}/");

    /// <param name="serve">Carries one socket to its end.</param>
    internal static async Task<Loopback> StartAsync(Func<WebSocket, Task> serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.Run(async context => await serve(await context.WebSockets.AcceptWebSocketAsync()));
        await app.StartAsync();
        return new Loopback(app);
    }

    internal async Task<WebSocket> DialAsync(CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await socket.ConnectAsync(Address, cancellationToken);
        return socket;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Sends every frame back as it came.</summary>
    internal static async Task EchoAsync(WebSocket socket)
    {
        try
        {
            var frame = new byte[1024 * 1024];
            while (await ReceiveAsync(socket, frame) is > 0 and var count)
            {
                await SendAsync(socket, frame.AsMemory(0, count));
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // The other side is done.
        }
    }

    /// <summary>A whole frame; 0 when the other side has closed.</summary>
    internal static async ValueTask<int> ReceiveAsync(WebSocket socket, Memory<byte> frame)
    {
        for (var count = 0; ;)
        {
            var read = await socket.ReceiveAsync(frame[count..], CancellationToken.None);
            count += read.Count;
            if (read.EndOfMessage || read.MessageType == WebSocketMessageType.Close)
            {
                return read.MessageType == WebSocketMessageType.Close ? 0 : count;
            }
        }
    }

    internal static ValueTask SendAsync(WebSocket socket, ReadOnlyMemory<byte> frame) => socket.SendAsync(
        frame, WebSocketMessageType.Binary, WebSocketMessageFlags.EndOfMessage | WebSocketMessageFlags.DisableCompression, CancellationToken.None);
}
