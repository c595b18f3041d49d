using System.Globalization;
using System.Security.Claims;
using Backup.Gateway.Api.Description;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Login;

/// <summary>Login without the main site: client id, then a one-time code, then a short-lived token.</summary>
internal static class SessionEndpoints
{
    internal const string RatePolicy = "login";

    internal static void MapSession(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/session/otp", SendCodeAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.SendCode);
        routes.MapPost("/session/token", OpenSessionAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.EnterCode);
        routes.MapPost("/session/request-token", BeginKiteSession).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.RequestToken);
        routes.MapPost("/session/refresh_token", RefreshAsync).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.RefreshToken);
        routes.MapPost("/session/renew", Renew).Describe(EndpointTexts.Renew);
        routes.MapPost("/session/resume", Resume).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.Resume);
        routes.MapPost("/session/logout", (HttpContext context) =>
        {
            SessionCookie.Clear(context);
            return Envelope.Data(true);
        }).Describe(EndpointTexts.LogOut);
    }

    private static async Task<IResult> SendCodeAsync(
        CodeRequest request, IClientDirectory clients, OneTimeCodes codes, ICodeSender sender, GatewayOptions options,
        ILoggerFactory logs, TimeProvider clock, CancellationToken cancellationToken)
    {
        var clientId = request.ClientId?.Trim().ToUpperInvariant() ?? "";
        if (clientId.Length is 0 or > 10)
        {
            return Envelope.InputError("client_id: expected a client id of 1 to 10 characters.");
        }

        if (clients.Find(clientId) is not { Active: true } client)
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "UserException", $"Client id {clientId} is not known here, or is not active.");
        }

        if (codes.Issue(clientId, out var wait, out var lockedOut) is not { } code)
        {
            return lockedOut ? CodeCheck.Locked(clock.GetUtcNow() + wait) : Envelope.Refuse(
                StatusCodes.Status429TooManyRequests, "TwoFAException",
                $"A code was sent a moment ago. Another can be sent in {Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture)} seconds.");
        }

        try
        {
            var sentTo = await sender.SendAsync(client, code, options.CodeLifetime, cancellationToken);
            return Envelope.Data(new CodeSent(sentTo, (int)options.CodeLifetime.TotalSeconds));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            logs.CreateLogger("Backup.Gateway.Login").LogError("No code could be sent to client {ClientId}: {Reason}", clientId, failure.Message);
            return Envelope.Refuse(
                StatusCodes.Status503ServiceUnavailable, "NetworkException", "The code could not be sent by SMS or e-mail. Try again in a minute, or call the help desk.");
        }
    }

    /// <summary>By a code, as the page does; or by a request token, as an app of Kite Connect does.</summary>
    private static async Task<IResult> OpenSessionAsync(
        HttpRequest request, CodeCheck codes, KiteSessions apps, IClientDirectory clients, InstrumentDump dump, AccessToken tokens, SessionCookie cookie, GatewayOptions options,
        TimeProvider clock, CancellationToken stop)
    {
        var fields = await FormFields.ReadAsync(request, stop);
        var wrong = fields is null || fields.Keys.FirstOrDefault(name => name is not ("client_id" or "code" or "api_key" or "request_token" or "checksum")) is not null;
        if (wrong || (!fields!.ContainsKey("client_id") && !fields.ContainsKey("request_token")))
        {
            return Envelope.InputError("body: expected client_id and code, or Kite's api_key, request_token and checksum, as a JSON object or a form.");
        }

        if (fields.TryGetValue("request_token", out var requestToken))
        {
            return OfApp(TokenUse.KiteRequest, fields, requestToken, apps, clients, dump);
        }

        if (codes.Check(fields.GetValueOrDefault("client_id"), fields.GetValueOrDefault("code"), out var client) is { } refused)
        {
            return refused;
        }

        var now = clock.GetUtcNow();
        cookie.Set(request.HttpContext, client!.Id, now);
        return Issue(client, now, tokens, options);
    }

    private static IResult BeginKiteSession(RequestTokenRequest request, CodeCheck codes, KiteSessions apps) =>
        apps.WhyNot(request.ApiKey) ?? codes.Check(request.ClientId, request.Code, out var client) ?? Envelope.Data(apps.Begin(client!));

    private static async Task<IResult> RefreshAsync(
        HttpRequest request, KiteSessions apps, IClientDirectory clients, InstrumentDump dump, CancellationToken stop)
    {
        var fields = await FormFields.ReadAsync(request, stop);
        return fields is null || !fields.TryGetValue("refresh_token", out var token)
            ? Envelope.InputError("body: expected Kite's api_key, refresh_token and checksum, as a form or a JSON object.")
            : OfApp(TokenUse.KiteRefresh, fields, token, apps, clients, dump);
    }

    private static IResult OfApp(TokenUse use, IReadOnlyDictionary<string, string> fields, string token, KiteSessions apps, IClientDirectory clients, InstrumentDump dump)
    {
        if (apps.WhyNot(fields.GetValueOrDefault("api_key")) is { } unknown)
        {
            return unknown;
        }

        if (apps.Check(use, token, fields.GetValueOrDefault("checksum") ?? "", out var reason) is not { } holder)
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", reason);
        }

        return clients.Find(holder.ClientId) is { Active: true } client
            ? Envelope.Data(apps.Open(client, holder.LoggedInAt, dump.Exchanges))
            : Envelope.Refuse(StatusCodes.Status403Forbidden, "UserException", "Client id is not known here, or is not active.");
    }

    /// <summary>By the cookie alone: after a reload, or when the page slept past the end of its token.</summary>
    private static IResult Resume(HttpRequest request, SessionCookie cookie, IClientDirectory clients, AccessToken tokens, GatewayOptions options)
    {
        if (SessionCookie.IsForeign(request))
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "Only the page of this server may ask this.");
        }

        if (cookie.Read(request, out var reason) is not { } holder)
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", reason);
        }

        return clients.Find(holder.ClientId) is { Active: true } client
            ? Issue(client, holder.LoggedInAt, tokens, options)
            : Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "Your session has ended. Log in again.");
    }

    private static IResult Renew(ClaimsPrincipal user, IClientDirectory clients, AccessToken tokens, GatewayOptions options, TimeProvider clock)
    {
        var loggedInAt = DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(user.FindFirstValue(TokenAuthentication.LoggedInAtClaim)!, CultureInfo.InvariantCulture));
        if (loggedInAt + options.SessionLifetime <= clock.GetUtcNow()
            || clients.Find(AccountDoor.ClientOf(user)) is not { Active: true } client)
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "Your session has ended. Log in again.");
        }

        return Issue(client, loggedInAt, tokens, options);
    }

    private static IResult Issue(GatewayClient client, DateTimeOffset loggedInAt, AccessToken tokens, GatewayOptions options) => Envelope.Data(new Session(
        tokens.Issue(client.Id, options.TokenLifetime, loggedInAt), (int)options.TokenLifetime.TotalSeconds, client.Id, client.Name));
}
