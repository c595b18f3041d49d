using System.ComponentModel.DataAnnotations;
using Backup.Actor.Kernel.Sessions;

namespace Backup.Gateway.Api.Login;

/// <summary>The body of POST /session/otp.</summary>
/// <param name="ClientId">The broker's client id, as on the main site, or the client's PAN.</param>
internal sealed record CodeRequest([property: Required] string? ClientId);

/// <summary>The body of POST /session/request-token.</summary>
/// <param name="ClientId">The broker's client id.</param>
/// <param name="Code">The code that was sent.</param>
/// <param name="Totp">The code of the authenticator app, instead; beside it where the client has asked for that.</param>
/// <param name="ApiKey">The app that shall have the session.</param>
internal sealed record RequestTokenRequest([property: Required] string? ClientId, string? Code, string? Totp, [property: Required] string? ApiKey);

/// <summary>The fields of POST /session/token: client_id with code, totp or both from the page, Kite's three from an app.</summary>
/// <param name="Code">The code that was sent.</param>
/// <param name="Totp">The code of the authenticator app, instead; beside it where the client has asked for that.</param>
/// <param name="Checksum">SHA-256 of api_key, request_token and api_secret, one behind the other.</param>
internal sealed record TokenFields(string? ClientId, string? Code, string? Totp, string? ApiKey, string? RequestToken, string? Checksum);

/// <summary>Kite's fields of POST /session/refresh_token.</summary>
/// <param name="Checksum">SHA-256 of api_key, refresh_token and api_secret, one behind the other.</param>
internal sealed record RefreshFields([property: Required] string? ApiKey, [property: Required] string? RefreshToken, [property: Required] string? Checksum);

/// <summary>What an app of Kite Connect turns into a session.</summary>
internal sealed record RequestTokenIssued(string RequestToken, int ExpiresInSeconds);

/// <summary>A session with Kite's fields.</summary>
/// <param name="AccessToken">For Authorization: token API_KEY:ACCESS_TOKEN. Good for minutes, not for a day as Kite's.</param>
/// <param name="RefreshToken">For further access tokens, until the session's own time is over.</param>
internal sealed record KiteSession(
    string UserId,
    string UserType,
    string Email,
    string UserName,
    string UserShortname,
    string Broker,
    IReadOnlyCollection<string> Exchanges,
    IReadOnlyCollection<string> Products,
    IReadOnlyCollection<string> OrderTypes,
    string ApiKey,
    string AccessToken,
    string RefreshToken,
    string LoginTime);

/// <summary>A code is on its way.</summary>
/// <param name="SentTo">By which ways. It says nothing of the client, and is answered for a name that is nobody's too.</param>
/// <param name="ExpiresInSeconds">How long it is good.</param>
internal sealed record CodeSent(IReadOnlyList<string> SentTo, int ExpiresInSeconds);

/// <summary>A login, or its renewal.</summary>
/// <param name="AccessToken">For the Authorization header of everything else.</param>
/// <param name="ExpiresInSeconds">Renew before.</param>
/// <param name="ClientId">Null for one of the broker's people, who has no account.</param>
/// <param name="Role">What the token opens: trader, or a role of the broker's people.</param>
internal sealed record Session(string AccessToken, int ExpiresInSeconds, string? ClientId, string Name, string Role)
{
    internal static Session Of(Person person, LoginSession session, AccessToken tokens, GatewayOptions options) => new(
        tokens.Issue(person.Subject, session.Id, options.TokenLifetime, session.Since, role: person.Role), (int)options.TokenLifetime.TotalSeconds, person.ClientId, person.Name, person.Role);
}

/// <summary>A wrong code.</summary>
/// <param name="AttemptsLeft">Then the client is locked out for a while.</param>
internal sealed record TriesLeft(int AttemptsLeft);

/// <summary>Too many wrong codes.</summary>
internal sealed record LockedOut(DateTimeOffset LockedUntil);
