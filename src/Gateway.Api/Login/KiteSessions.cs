using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Backup.Gateway.Api.Kite;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// Sessions as an app of Kite Connect opens them: the client logs in and is given a request token, the app turns that into a session by proving
/// that it knows the app's secret, which never travels.
/// </summary>
/// <remarks>Safe for threads. A request token is good once on one node; on another of a cluster it is good once more within its two minutes.</remarks>
internal sealed class KiteSessions(GatewayOptions options, AccessToken tokens, TimeProvider clock)
{
    private static readonly TimeSpan RequestLifetime = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);

    /// <summary>Why an app with this key cannot have sessions; null when it can.</summary>
    internal IResult? WhyNot(string? apiKey) => (options.KiteApiKey.Length > 0 && options.KiteApiSecret.Length > 0, apiKey == options.KiteApiKey) switch
    {
        (false, _) => Envelope.Refuse(StatusCodes.Status403Forbidden, "PermissionException", "The broker has let no app in here: gateway.kite-api-key and gateway.kite-api-secret are not set."),
        (_, false) => Envelope.Refuse(StatusCodes.Status403Forbidden, "TokenException", "api_key: this app is not known here."),
        _ => null,
    };

    internal RequestTokenIssued Begin(GatewayClient client) =>
        new(tokens.Issue(client.Id, RequestLifetime, clock.GetUtcNow(), TokenUse.KiteRequest), (int)RequestLifetime.TotalSeconds);

    /// <summary>The client whose session an app may open or renew; null, and why not, else.</summary>
    internal TokenHolder? Check(TokenUse use, string token, string checksum, out string reason)
    {
        reason = "checksum: it must be the SHA-256 of api_key, token and api_secret, one behind the other, in hexadecimal.";
        var expected = SHA256.HashData(Encoding.UTF8.GetBytes($"{options.KiteApiKey}{token}{options.KiteApiSecret}"));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(expected)), Encoding.UTF8.GetBytes(checksum.ToLowerInvariant())))
        {
            return null;
        }

        if (tokens.Verify(token, out reason, use) is not { } holder)
        {
            return null;
        }

        if (use == TokenUse.KiteRequest && !IsFirstUse(token, holder.ExpiresAt))
        {
            reason = "This request token was used already. Log in again.";
            return null;
        }

        return holder;
    }

    internal KiteSession Open(GatewayClient client, DateTimeOffset loggedInAt, IReadOnlyCollection<string> exchanges)
    {
        var profile = UserProfile.Of(client, exchanges);
        var ends = loggedInAt + options.SessionLifetime - clock.GetUtcNow();
        return new KiteSession(
            profile.UserId, profile.UserType, profile.Email, profile.UserName, profile.UserShortname, profile.Broker, profile.Exchanges, profile.Products, profile.OrderTypes,
            options.KiteApiKey,
            tokens.Issue(client.Id, options.TokenLifetime, loggedInAt),
            tokens.Issue(client.Id, ends, loggedInAt, TokenUse.KiteRefresh),
            IndiaTime.Kite(loggedInAt));
    }

    private bool IsFirstUse(string token, DateTimeOffset expiresAt)
    {
        var now = clock.GetUtcNow();
        foreach (var gone in _used.Where(used => used.Value <= now).ToArray())
        {
            _used.TryRemove(gone);
        }

        return _used.TryAdd(token, expiresAt);
    }
}
