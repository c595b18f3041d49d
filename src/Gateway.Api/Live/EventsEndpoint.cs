using System.Security.Claims;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Live;

/// <summary>What the live stream tells, for who can only ask: the same message, by the same sequence.</summary>
internal static class EventsEndpoint
{
    internal static void MapEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/events", EventsAsync).About(Reach.Reading).Describe(EndpointTexts.Events);

    /// <param name="after">The sequence of the last answer, of the stream of that id; without both everything is told.</param>
    private static Task<IResult> EventsAsync(long? after, string? stream, ClaimsPrincipal user, TradingViews views, PortfolioSources sources, CancellationToken stop) =>
        views.ShowAsync(user, state =>
        {
            var message = after is { } from && Told.CanResume(from, stream, state)
                ? PortfolioMessage.Delta(state, from, state.Working, sources)
                : PortfolioMessage.Snapshot(state, sources);
            return Envelope.Data(message.Update);
        }, stop);
}
