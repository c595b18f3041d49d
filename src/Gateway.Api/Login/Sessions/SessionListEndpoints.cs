using System.Security.Claims;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Login.Sessions;

/// <summary>Where a client is logged in, and the end of it.</summary>
internal static class SessionListEndpoints
{
    internal static void MapSessionList(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/session/list", ListAsync).About(Reach.OwnLogin).Describe(EndpointTexts.Sessions);
        routes.MapPost("/session/revoke", RevokeAsync).About(Reach.OwnLogin).Describe(EndpointTexts.EndSessions);
        routes.MapPost("/session/logout", LogOutAsync).About(Reach.OwnLogin).Describe(EndpointTexts.LogOut);
    }

    private static async Task<IResult> ListAsync(ClaimsPrincipal user, LoginSessions sessions, HttpContext context)
    {
        return Envelope.Data(await sessions.ListAsync(TokenAuthentication.SubjectOf(user), SessionOf(user), context.RequestAborted));
    }

    private static async Task<IResult> RevokeAsync(RevokeRequest request, ClaimsPrincipal user, LoginSessions sessions, HttpContext context)
    {
        var others = request.Others == true;
        if (others == request.SessionId is { Length: > 0 })
        {
            return Envelope.InputError("body: expected session_id, or others: true.");
        }

        var ended = await sessions.EndAsync(TokenAuthentication.SubjectOf(user), others ? null : request.SessionId, others ? SessionOf(user) : null, context.RequestAborted);
        return ended > 0 || others
            ? Envelope.Data(new SessionsEnded(ended))
            : Envelope.Refuse(StatusCodes.Status404NotFound, "InputException", "You have no such session: it has ended already, or never was.");
    }

    /// <summary>The cookie goes and this node takes no token of the session any more, also when the end of it cannot be written down.</summary>
    private static async Task<IResult> LogOutAsync(ClaimsPrincipal user, LoginSessions sessions, HttpContext context)
    {
        SessionCookie.Clear(context);
        sessions.EndHere(SessionOf(user));
        await sessions.EndAsync(TokenAuthentication.SubjectOf(user), SessionOf(user), null, context.RequestAborted);
        return Envelope.Data(true);
    }

    private static string SessionOf(ClaimsPrincipal user) => user.FindFirstValue(TokenAuthentication.SessionClaim)!;
}

/// <summary>The body of POST /session/revoke: one of the two.</summary>
/// <param name="SessionId">The session to end, from GET /session/list.</param>
/// <param name="Others">true: all but the one that asks.</param>
internal sealed record RevokeRequest(string? SessionId, bool? Others);

/// <param name="Ended">How many lived until now.</param>
internal sealed record SessionsEnded(int Ended);

/// <summary>A device that is logged in.</summary>
/// <param name="Device">In words, as it says of itself.</param>
/// <param name="Address">From where it logged in.</param>
/// <param name="LastSeen">When it last asked for a token, which it does every few minutes.</param>
/// <param name="Current">It is the one that asks.</param>
internal sealed record SessionView(string SessionId, string Device, string Address, DateTimeOffset Since, DateTimeOffset LastSeen, DateTimeOffset EndsAt, bool Current)
{
    internal static SessionView Of(LoginSession session, string current) =>
        new(session.Id, session.Device, session.Address, session.Since, session.SeenAt, session.EndsAt, session.Id == current);
}
