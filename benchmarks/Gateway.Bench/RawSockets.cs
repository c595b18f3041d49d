using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Backup.Gateway.Api;
using Backup.Gateway.Api.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Backup.Gateway.Bench;

/// <summary>Nothing but Kestrel's WebSockets: bytes that were made beforehand, to one connection after the other.</summary>
internal static class RawSockets
{
    internal const string Path = "/raw";

    internal static Func<Task> Map(WebApplication app, World world)
    {
        var sources = app.Services.GetRequiredService<PortfolioSources>();
        var connections = new ConcurrentDictionary<int, (WebSocket Socket, byte[] Message)>();
        app.UseWebSockets();
        app.Map(Path, async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var client = int.Parse(context.Request.Query["client"].ToString(), CultureInfo.InvariantCulture);
            connections[client] = (socket, JsonSerializer.SerializeToUtf8Bytes(PlainHub.Update(world, client, sources), GatewayJson.Options));
            var nothing = new byte[16];
            while ((await socket.ReceiveAsync(nothing.AsMemory(), context.RequestAborted)).MessageType != WebSocketMessageType.Close)
            {
            }
        });
        return async () =>
        {
            foreach (var (_, (socket, message)) in connections)
            {
                await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
        };
    }
}
