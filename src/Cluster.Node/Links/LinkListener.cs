using System.Net;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Node.Logging;
using Backup.Cluster.Node.Ownership;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Backup.Cluster.Node.Links;

/// <summary>
/// Where other nodes open their links: a listener of its own, which outlives the clients' one at a stop, because the last of their requests may
/// need an account of another node.
/// </summary>
internal sealed class LinkListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly WebApplication _app;
    private readonly ClusterMember _cluster;
    private readonly LinkHandshake _handshake;
    private readonly NodeLinkOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    internal LinkListener(ClusterSettings settings, ClusterMember cluster, LinkHandshake handshake, LinkTls? tls, NodeLinkOptions options, TimeProvider clock, ILogger log)
    {
        (_cluster, _handshake, _options, _clock, _log) = (cluster, handshake, options, clock, log);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.UseSerilogLogging();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Address), settings.Port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                tls?.Secure(listen);
            });
        });
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        _app = builder.Build();
        _app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        _app.Run(ServeAsync);
    }

    /// <summary>Listens; returns the port.</summary>
    internal async Task<int> StartAsync()
    {
        await _app.StartAsync();
        return new Uri(_app.Urls.Single()).Port;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest
            || context.Request.Path != WebSocketDialer.Path
            || !NodeId.TryParse(context.Request.Headers[WebSocketDialer.FromHeader], out var from)
            || context.Request.Headers[WebSocketDialer.ToHeader] != _cluster.Self.ToString())
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var connection = new WebSocketConnection(await context.WebSockets.AcceptWebSocketAsync(), _options.FrameBytesMax);
        try
        {
            using var timeout = new CancellationTokenSource(Patience, _clock);
            await _handshake.AcceptAsync(connection, _cluster.Self, from, timeout.Token);
        }
        catch (Exception refused) when (refused is IOException or OperationCanceledException)
        {
            _log.LogWarning("A link from {Peer} at {Address} was not let in: {Reason}", from, context.Connection.RemoteIpAddress, refused.Message);
            await connection.DisposeAsync();
            return;
        }

        var since = _clock.GetTimestamp();
        var reason = await _cluster.Links.AcceptAsync(from, connection);
        _log.LogInformation("The link with {Peer} was open for {Seconds:F1} s: {Reason}", from, _clock.GetElapsedTime(since).TotalSeconds, reason);
    }

    /// <summary>The node's own host hears the signals.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
