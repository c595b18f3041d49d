using System.Globalization;
using System.Security.Claims;
using Backup.Gateway.Api.Access;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Backup.Gateway.Api.Login;

/// <summary>Login without the main site: client id, then a one-time code, then a short-lived token.</summary>
internal static class SessionEndpoints
{
    internal const string RatePolicy = "login";

    internal static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/session/otp", SendCodeAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.SendCode);
        routes.MapPost("/session/token", OpenSessionAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.EnterCode);
        routes.MapPost("/session/request-token", BeginKiteSessionAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.RequestToken);
        routes.MapPost("/session/refresh_token", RefreshAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.RefreshToken);
        routes.MapPost("/session/renew", RenewAsync).About(Reach.OwnLogin).Describe(EndpointTexts.Renew);
        routes.MapPost("/session/resume", ResumeAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.Resume);
    }

    /// <summary>A name that is nobody's is answered as a client's is, in words and in time.</summary>
    private static async Task<IResult> SendCodeAsync(
        CodeRequest request, LoginAdmission admission, LoginNames names, CodePost post, GatewayOptions options, TimeProvider clock, CancellationToken stop)
    {
        if (await admission.AdmitAsync(stop) is { } later)
        {
            return later;
        }

        if (request.ClientId?.Trim().Length is not (> 0 and <= LoginNames.LengthMax))
        {
            return Envelope.InputError("client_id: expected a client id of 1 to 10 characters, or a PAN.");
        }

        if (!post.HasRoom())
        {
            return Envelope.RefuseFor(
                TimeSpan.FromSeconds(2), StatusCodes.Status429TooManyRequests, "NetworkException", "So many clients ask for codes that the next one must wait some seconds. An authenticator app needs no code to be sent.");
        }

        var name = names.Resolve(request.ClientId);
        if (name.Codes.Issue(name.Key, out var wait, out var refusal) is not { } code)
        {
            return refusal switch
            {
                CodeRefusal.LockedOut => CodeCheck.Locked(clock.GetUtcNow() + wait),
                CodeRefusal.DayUsedUp => Envelope.Refuse(
                    StatusCodes.Status429TooManyRequests, "TwoFAException", "As many codes as a day allows were sent. Use the authenticator app, or call the help desk."),
                _ => Envelope.Refuse(
                    StatusCodes.Status429TooManyRequests, "TwoFAException",
                    $"A code was sent a moment ago. Another can be sent in {Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)} seconds."),
            };
        }

        var ways = name.Client is { } client ? await post.SendAsync(client, code, stop) : await post.PretendAsync(stop);
        return ways is not null
            ? Envelope.Data(new CodeSent(ways, (int)options.CodeLifetime.TotalSeconds))
            : Envelope.Refuse(
                StatusCodes.Status503ServiceUnavailable, "NetworkException", "The code could not be sent by SMS or e-mail. Try again in a minute, or call the help desk.");
    }

    /// <summary>By a code, as the page does; or by a request token, as an app of Kite Connect does.</summary>
    private static async Task<IResult> OpenSessionAsync(
        HttpContext context, CodeCheck codes, KiteSessions apps, LoginSessions sessions, IClientDirectory clients, InstrumentDump dump, AccessToken tokens, SessionCookie cookie,
        LoginAdmission admission, GatewayOptions options, TimeProvider clock)
    {
        var fields = await FormFields.ReadAsync(context.Request, context.RequestAborted);
        var wrong = fields is null || fields.Keys.FirstOrDefault(name => name is not ("client_id" or "code" or "totp" or "api_key" or "request_token" or "checksum")) is not null;
        if (wrong || (!fields!.ContainsKey("client_id") && !fields.ContainsKey("request_token")))
        {
            return Envelope.InputError("body: expected client_id with code, totp or both, or Kite's api_key, request_token and checksum, as a JSON object or a form.");
        }

        if (fields.TryGetValue("request_token", out var requestToken))
        {
            return await OfAppAsync(TokenUse.KiteRequest, fields, requestToken, apps, sessions, clients, dump, context);
        }

        // Who has a code was let in when it was sent; who comes with his authenticator app begins here.
        if (!fields.ContainsKey("code") && await admission.AdmitAsync(context.RequestAborted) is { } later)
        {
            return later;
        }

        var (client, refused) = await codes.CheckAsync(fields.GetValueOrDefault("client_id"), fields.GetValueOrDefault("code"), fields.GetValueOrDefault("totp"), context.RequestAborted);
        if (client is null)
        {
            return refused!;
        }

        var person = Person.Of(client);
        var session = await sessions.OpenAsync(person, LoginSessions.NewId(), clock.GetUtcNow(), context)
            ?? throw new InvalidOperationException("128 random bits came twice");
        cookie.Set(context, session, person.Role);
        return Envelope.Data(Session.Of(person, session, tokens, options));
    }

    private static async Task<IResult> BeginKiteSessionAsync(RequestTokenRequest request, CodeCheck codes, KiteSessions apps, HttpContext context)
    {
        if (apps.WhyNot(request.ApiKey) is { } unknown)
        {
            return unknown;
        }

        var (client, refused) = await codes.CheckAsync(request.ClientId, request.Code, request.Totp, context.RequestAborted);
        return client is null ? refused! : Envelope.Data(apps.Begin(client));
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, KiteSessions apps, LoginSessions sessions, IClientDirectory clients, InstrumentDump dump)
    {
        var fields = await FormFields.ReadAsync(context.Request, context.RequestAborted);
        return fields is null || !fields.TryGetValue("refresh_token", out var token)
            ? Envelope.InputError("body: expected Kite's api_key, refresh_token and checksum, as a form or a JSON object.")
            : await OfAppAsync(TokenUse.KiteRefresh, fields, token, apps, sessions, clients, dump, context);
    }

    private static async Task<IResult> OfAppAsync(
        TokenUse use, IReadOnlyDictionary<string, string> fields, string token, KiteSessions apps, LoginSessions sessions, IClientDirectory clients, InstrumentDump dump,
        HttpContext context)
    {
        if (apps.WhyNot(fields.GetValueOrDefault("api_key")) is { } unknown)
        {
            return unknown;
        }

        if (apps.Check(use, token, fields.GetValueOrDefault("checksum") ?? "", out var reason) is not { } holder)
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", reason);
        }

        if (use == TokenUse.KiteRefresh)
        {
            return await sessions.ContinueAsync(holder, context.RequestAborted) is var (going, _) && clients.Find(holder.Subject) is { } owner
                ? Envelope.Data(apps.Show(owner, going, dump.Exchanges))
                : LoginSessions.Over();
        }

        if (clients.Find(holder.Subject) is not { Active: true } client)
        {
            return LoginSessions.Over();
        }

        return await sessions.OpenAsync(Person.Of(client), holder.SessionId, holder.LoggedInAt, context, fields["api_key"]) is { } session
            ? Envelope.Data(apps.Show(client, session, dump.Exchanges))
            : Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "This request token was used already. Log in again.");
    }

    /// <summary>By the cookie alone: after a reload, or when the page slept past the end of its token.</summary>
    private static async Task<IResult> ResumeAsync(HttpContext context, SessionCookie cookie, LoginSessions sessions, AccessToken tokens, GatewayOptions options)
    {
        if (SessionCookie.IsForeign(context.Request))
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "Only the page of this server may ask this.");
        }

        return cookie.Read(context.Request, out var reason) is { } holder
            ? await ContinueAsync(holder, sessions, tokens, options, context)
            : Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", reason);
    }

    private static Task<IResult> RenewAsync(ClaimsPrincipal user, LoginSessions sessions, AccessToken tokens, GatewayOptions options, HttpContext context) =>
        ContinueAsync(TokenAuthentication.HolderOf(user), sessions, tokens, options, context);

    private static async Task<IResult> ContinueAsync(TokenHolder holder, LoginSessions sessions, AccessToken tokens, GatewayOptions options, HttpContext context)
    {
        return await sessions.ContinueAsync(holder, context.RequestAborted) is var (session, person) ? Envelope.Data(Session.Of(person, session, tokens, options)) : LoginSessions.Over();
    }
}
