using System.Security.Cryptography;
using System.Text;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Login.Sessions;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// Sessions as an app of Kite Connect opens them: the client logs in and is given a request token, the app turns that into a session by proving
/// that it knows the app's secret, which never travels.
/// </summary>
/// <remarks>
/// Safe for threads. A request token names the session that it opens, and a session is opened once: so the token is good once, whichever node is asked.
/// </remarks>
internal sealed class KiteSessions(GatewayOptions options, AccessToken tokens, TimeProvider clock)
{
    private static readonly TimeSpan RequestLifetime = TimeSpan.FromMinutes(2);

    /// <summary>Why an app with this key cannot have sessions; null when it can.</summary>
    internal IResult? WhyNot(string? apiKey) => (options.KiteApiKey.Length > 0 && options.KiteApiSecret.Length > 0, apiKey == options.KiteApiKey) switch
    {
        (false, _) => Envelope.Refuse(StatusCodes.Status403Forbidden, "PermissionException", "The broker has let no app in here: gateway.kite-api-key and gateway.kite-api-secret are not set."),
        (_, false) => Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "api_key: this app is not known here."),
        _ => null,
    };

    internal RequestTokenIssued Begin(GatewayClient client) =>
        new(tokens.Issue(client.Id, LoginSessions.NewId(), RequestLifetime, clock.GetUtcNow(), TokenUse.KiteRequest), (int)RequestLifetime.TotalSeconds);

    /// <summary>The client whose session an app may open or renew; null, and why not, else.</summary>
    internal TokenHolder? Check(TokenUse use, string token, string checksum, out string reason)
    {
        reason = "checksum: it must be the SHA-256 of api_key, token and api_secret, one behind the other, in hexadecimal.";
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.KiteApiKey}{token}{options.KiteApiSecret}"));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.UTF8.GetBytes(checksum.ToLowerInvariant())))
        {
            return null;
        }

        return tokens.Verify(token, out reason, use);
    }

    internal KiteSession Show(GatewayClient client, LoginSession session, IReadOnlyCollection<string> exchanges)
    {
        var profile = UserProfile.Of(client, exchanges);
        return new KiteSession(
            profile.UserId, profile.UserType, profile.Email, profile.UserName, profile.UserShortname, profile.Broker, profile.Exchanges, profile.Products, profile.OrderTypes,
            options.KiteApiKey,
            tokens.Issue(client.Id, session.Id, options.TokenLifetime, session.Since),
            tokens.Issue(client.Id, session.Id, session.EndsAt - clock.GetUtcNow(), session.Since, TokenUse.KiteRefresh),
            IndiaTime.Kite(session.Since));
    }
}
