using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Backup.Gateway.Api.Login.Staff;

namespace Backup.Gateway.Api.Login;

/// <summary>What a token opens; one is never taken for another.</summary>
public enum TokenUse
{
    /// <summary>The API and the hubs.</summary>
    Access,

    /// <summary>The page's session after a reload; it is only ever in a cookie that no script can read.</summary>
    Session,

    /// <summary>One session of a Kite app, within a moment of the login.</summary>
    KiteRequest,

    /// <summary>Further access tokens for a Kite app.</summary>
    KiteRefresh,
}

/// <summary>Who holds a token, in which role, of which session, until when, and since when he is logged in.</summary>
/// <param name="Subject">A client's id, or one of the broker's people.</param>
public sealed record TokenHolder(string Subject, string Role, string SessionId, DateTimeOffset ExpiresAt, DateTimeOffset LoggedInAt);

/// <summary>
/// Short-lived access tokens: JWT (RFC 7519) signed with ES256 (RFC 7518 3.4), and nothing else. The algorithm is not read
/// from the token; a header that names another one is refused before any signature is looked at.
/// </summary>
public sealed class AccessToken(TokenKeys keys, TimeProvider clock)
{
    private const string Issuer = "backup.actors";
    private const int TokenLengthMax = 2048;

    /// <param name="sessionId">The session that the token is of, or that it may open.</param>
    public string Issue(
        string subject, string sessionId, TimeSpan lifetime, DateTimeOffset loggedInAt, TokenUse use = TokenUse.Access, string role = Roles.Trader)
    {
        var now = clock.GetUtcNow();
        var key = keys.Signing;
        var header = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["alg"] = "ES256",
            ["kid"] = key.Id,
            ["typ"] = "JWT",
        });
        var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = Issuer,
            ["aud"] = AudienceOf(use),
            ["sub"] = subject,
            ["sid"] = sessionId,
            ["role"] = role,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["auth_time"] = loggedInAt.ToUnixTimeSeconds(),
        });
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        var signature = key.Sign(Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The holder, or null with the reason in words for the client.</summary>
    public TokenHolder? Verify(string token, out string reason, TokenUse use = TokenUse.Access)
    {
        ArgumentNullException.ThrowIfNull(token);
        reason = "The access token is not valid. Log in again.";
        var parts = token.Split('.');
        if (token.Length > TokenLengthMax || parts.Length != 3)
        {
            return null;
        }

        try
        {
            if (KeyOf(Base64Url.DecodeFromChars(parts[0])) is not { } key
                || !key.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2])))
            {
                return null;
            }

            return ReadClaims(Base64Url.DecodeFromChars(parts[1]), use, ref reason);
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or CryptographicException)
        {
            return null;
        }
    }

    /// <summary>The key that the header names, if it names our algorithm too.</summary>
    private TokenKey? KeyOf(byte[] json)
    {
        using var header = JsonDocument.Parse(json);
        return header.RootElement.GetProperty("alg").GetString() == "ES256" ? keys.Find(header.RootElement.GetProperty("kid").GetString()) : null;
    }

    private static string AudienceOf(TokenUse use) => use switch
    {
        TokenUse.Access => "trader",
        TokenUse.Session => "session",
        TokenUse.KiteRequest => "kite-request",
        TokenUse.KiteRefresh => "kite-refresh",
        _ => throw new System.Diagnostics.UnreachableException($"No audience for {use}."),
    };

    /// <summary>A client is a trader and nobody else is, and no app of Kite Connect is one of the broker's people.</summary>
    private static bool IsRoleOf(string subject, string role, TokenUse use) => StaffDirectory.NameIn(subject) is null
        ? role == Roles.Trader
        : Roles.OfStaff.Contains(role) && use is (TokenUse.Access or TokenUse.Session);

    private TokenHolder? ReadClaims(byte[] json, TokenUse use, ref string reason)
    {
        using var document = JsonDocument.Parse(json);
        var claims = document.RootElement;
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (claims.GetProperty("iss").GetString() != Issuer || claims.GetProperty("aud").GetString() != AudienceOf(use)
            || claims.GetProperty("nbf").GetInt64() > now)
        {
            return null;
        }

        var (subject, role) = (claims.GetProperty("sub").GetString()!, claims.GetProperty("role").GetString()!);
        if (!IsRoleOf(subject, role, use))
        {
            return null;
        }

        var expires = claims.GetProperty("exp").GetInt64();
        if (expires <= now)
        {
            reason = "Your session has expired. Log in again.";
            return null;
        }

        return new TokenHolder(
            subject,
            role,
            claims.GetProperty("sid").GetString()!,
            DateTimeOffset.FromUnixTimeSeconds(expires),
            DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("auth_time").GetInt64()));
    }
}
