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
        routes.MapPost("/session/token", ExchangeCode).RequireRateLimiting(RatePolicy).AllowAnonymous().Describe(EndpointTexts.EnterCode);
        routes.MapPost("/session/renew", Renew).Describe(EndpointTexts.Renew);
        routes.MapPost("/session/logout", () => Envelope.Data(true)).Describe(EndpointTexts.LogOut);
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
            return lockedOut ? Locked(clock.GetUtcNow() + wait) : Envelope.Refuse(
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

    private static IResult ExchangeCode(
        TokenRequest request, IClientDirectory clients, OneTimeCodes codes, AccessToken tokens, GatewayOptions options, TimeProvider clock)
    {
        var clientId = request.ClientId?.Trim().ToUpperInvariant() ?? "";
        if (clients.Find(clientId) is not { Active: true } client)
        {
            return Envelope.Refuse(StatusCodes.Status403Forbidden, "UserException", "Client id is not known here, or is not active.");
        }

        var result = codes.Redeem(clientId, request.Code?.Trim() ?? "", out var attemptsLeft, out var lockedUntil);
        return result switch
        {
            CodeResult.Accepted => Issue(client, clock.GetUtcNow(), tokens, options),
            CodeResult.Wrong => Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException", $"That code is wrong. {attemptsLeft} {(attemptsLeft == 1 ? "try" : "tries")} left.",
                new TriesLeft(attemptsLeft)),
            CodeResult.Expired => Envelope.Refuse(
                StatusCodes.Status403Forbidden, "TwoFAException", "There is no valid code for this client: it has expired, was used, or was never sent. Ask for a new one."),
            _ => Locked(lockedUntil),
        };
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

    private static IResult Locked(DateTimeOffset until) => Envelope.Refuse(
        StatusCodes.Status403Forbidden, "TwoFAException",
        $"Too many wrong codes. Login for this client is locked until {IndiaTime.HoursAndMinutes(until)} IST.",
        new LockedOut(until));
}
