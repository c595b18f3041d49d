using System.Collections.Concurrent;
using System.Security.Claims;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Regions;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Login.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Backup.Gateway.Api.Kite.Ticker;

/// <summary>The door of Kite's ticker.</summary>
internal static class TickerEndpoint
{
    internal const string Path = "/ws";

    internal static void MapTicker(this IEndpointRouteBuilder routes) => routes.MapGet(Path, AcceptAsync).About(Reach.Live).Describe(EndpointTexts.Ticker);

    private static async Task<IResult> AcceptAsync(
        HttpContext context, ClaimsPrincipal user, TickerConnections connections, IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, IInstrumentMaster master,
        PortfolioSources sources, EndedSessions ended, IHostApplicationLifetime host)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return Envelope.InputError("This address speaks WebSocket: connect with ws:// or wss://.");
        }

        var client = AccountDoor.ClientOf(user);
        if (!connections.TryEnter(client))
        {
            return Envelope.Refuse(
                StatusCodes.Status429TooManyRequests, "NetworkException", $"There are {sources.Options.TickersPerClient} ticker connections of this client already; close one of them.");
        }

        try
        {
            var life = new TokenLife(user, ended, sources.Clock);
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, host.ApplicationStopping);
            await new TickerConnection(socket, client, life, accounts, master, sources).RunAsync(over.Token);
        }
        finally
        {
            connections.Leave(client);
        }

        return Results.Empty;
    }
}

/// <summary>How many ticker connections each client has on this node.</summary>
/// <remarks>Safe for threads.</remarks>
internal sealed class TickerConnections(GatewayOptions options)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    internal bool TryEnter(string client)
    {
        if (_open.AddOrUpdate(client, 1, static (_, count) => count + 1) <= options.TickersPerClient)
        {
            return true;
        }

        Leave(client);
        return false;
    }

    internal void Leave(string client)
    {
        if (_open.AddOrUpdate(client, 0, static (_, count) => count - 1) == 0)
        {
            _open.TryRemove(KeyValuePair.Create(client, 0));
        }
    }
}
