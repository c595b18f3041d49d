using System.ComponentModel.DataAnnotations;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Login.Staff;

/// <summary>How the broker's own people log in.</summary>
internal static class StaffEndpoints
{
    private const int NameLengthMax = 64;

    internal static void MapStaff(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/session/staff", LogInAsync).RequireRateLimiting(SessionEndpoints.RatePolicy).AllowAnonymous().Describe(EndpointTexts.StaffLogin);

    private static async Task<IResult> LogInAsync(
        StaffLoginRequest request, LoginAdmission admission, StaffLogin login, LoginSessions sessions, SessionCookie cookie, AccessToken tokens, GatewayOptions options,
        TimeProvider clock, HttpContext context)
    {
        if (await admission.AdmitAsync(context.RequestAborted) is { } later)
        {
            return later;
        }

        if (request.Name?.Trim().Length is not (> 0 and <= NameLengthMax) || request.Password?.Length is not (> 0 and <= StaffPasswords.LengthMax * 2))
        {
            return Envelope.InputError("body: expected name and password, and code where an authenticator app is enrolled.");
        }

        var (member, refused) = await login.CheckAsync(StaffDirectory.Plain(request.Name), request.Password, request.Code?.Trim(), context.RequestAborted);
        if (member is null)
        {
            return refused!;
        }

        var person = Person.Of(member);
        var session = await sessions.OpenAsync(person, LoginSessions.NewId(), clock.GetUtcNow(), context)
            ?? throw new InvalidOperationException("128 random bits came twice");
        cookie.Set(context, session, person.Role);
        return Envelope.Data(Session.Of(person, session, tokens, options));
    }
}

/// <summary>The body of POST /session/staff.</summary>
/// <param name="Name">As the operator has entered it.</param>
/// <param name="Code">Of the authenticator app, if one is enrolled.</param>
internal sealed record StaffLoginRequest([property: Required] string? Name, [property: Required] string? Password, string? Code);
