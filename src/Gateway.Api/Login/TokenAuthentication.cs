using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Backup.Gateway.Api.Login.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// Finds the access token of a request: <c>Authorization: Bearer TOKEN</c>, Kite's <c>Authorization: token KEY:TOKEN</c>, or
/// for the hub and the ticker, where a browser cannot set headers, the query's <c>access_token</c>.
/// </summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder, AccessToken tokens, EndedSessions ended)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    public const string SchemeName = "AccessToken";
    public const string LoggedInAtClaim = "auth_time";
    public const string SessionClaim = "sid";

    /// <summary>Whose account the request is about: a trader's own; of the broker's people the one for whom they ask, which <see cref="Access.RoleCheck"/> adds.</summary>
    public const string AccountClaim = "account";

    internal static TokenHolder HolderOf(ClaimsPrincipal user) => new(
        SubjectOf(user), user.FindFirstValue(ClaimTypes.Role)!, user.FindFirstValue(SessionClaim)!, TimeOf(user, "exp"), TimeOf(user, LoggedInAtClaim));

    /// <summary>Who is logged in, whatever account he asks about.</summary>
    internal static string SubjectOf(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("an authenticated request has a subject");

    private static DateTimeOffset TimeOf(ClaimsPrincipal user, string claim) =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse(user.FindFirstValue(claim)!, CultureInfo.InvariantCulture));

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Find() is not { } token)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (tokens.Verify(token, out var reason) is not { } holder)
        {
            return Task.FromResult(AuthenticateResult.Fail(reason));
        }

        if (ended.Contains(holder.SessionId))
        {
            return Task.FromResult(AuthenticateResult.Fail(TokenLife.Ended));
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, holder.Subject),
                new Claim(ClaimTypes.Role, holder.Role),
                new Claim(SessionClaim, holder.SessionId),
                new Claim(LoggedInAtClaim, holder.LoggedInAt.ToUnixTimeSeconds().ToString()),
                new Claim("exp", holder.ExpiresAt.ToUnixTimeSeconds().ToString()),
            ],
            SchemeName);
        if (holder.Role == Roles.Trader)
        {
            identity.AddClaim(new Claim(AccountClaim, holder.Subject));
        }

        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var outcome = await HandleAuthenticateOnceSafeAsync();
        var reason = outcome.Failure?.Message ?? "Log in first: this address needs an access token.";
        await Kite.Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", reason).ExecuteAsync(Context);
    }

    private string? Find()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }

        if (header.StartsWith("token ", StringComparison.OrdinalIgnoreCase) && header.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
        {
            return header[(colon + 1)..].Trim();
        }

        return (Request.Path.StartsWithSegments("/hub", StringComparison.Ordinal) || Request.Path == Kite.Ticker.TickerEndpoint.Path) && Request.Query["access_token"].ToString() is { Length: > 0 } query
            ? query
            : null;
    }
}
