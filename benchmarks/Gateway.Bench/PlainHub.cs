using System.Collections.Concurrent;
using System.Globalization;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Backup.Gateway.Bench;

/// <summary>SignalR as its documentation shows it: an object for each client, sent to its connection.</summary>
internal sealed class PlainHub : Hub
{
    internal const string Path = "/hub/plain";
    private static readonly ConcurrentDictionary<string, int> Connections = new(StringComparer.Ordinal);

    public override Task OnConnectedAsync()
    {
        Connections[Context.ConnectionId] = int.Parse(Context.GetHttpContext()!.Request.Query["client"].ToString(), CultureInfo.InvariantCulture);
        return Task.CompletedTask;
    }

    internal static Func<Task> Map(WebApplication app, World world)
    {
        app.MapHub<PlainHub>(Path);
        var hub = app.Services.GetRequiredService<IHubContext<PlainHub>>();
        var sources = app.Services.GetRequiredService<PortfolioSources>();
        return async () =>
        {
            world.Push();
            foreach (var (connection, client) in Connections)
            {
                await hub.Clients.Client(connection).SendAsync("portfolio", Update(world, client, sources));
            }
        };
    }

    /// <summary>The same message that the product sends for new prices.</summary>
    internal static PortfolioUpdate Update(World world, int client, PortfolioSources sources)
    {
        var now = sources.Clock.GetUtcNow();
        var state = world.StateOf(client);
        return new PortfolioUpdate(
            "prices", "2026-11-27", state.Version, null, now, [], [], [.. state.Positions.Values.Select(position => PriceView.Of(state, position, sources, now))]);
    }
}
