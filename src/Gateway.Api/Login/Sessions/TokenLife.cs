using System.Security.Claims;

namespace Backup.Gateway.Api.Login.Sessions;

/// <summary>For a connection that outlives the request that opened it: whether its token is still good.</summary>
internal sealed class TokenLife(ClaimsPrincipal user, EndedSessions ended, TimeProvider clock)
{
    internal const string Ended = "This session was ended. Log in again.";

    private readonly string _session = user.FindFirstValue(TokenAuthentication.SessionClaim)!;
    private readonly DateTimeOffset _expiresAt = TokenAuthentication.HolderOf(user).ExpiresAt;

    /// <summary>Why the connection must end, in words for the client; null while it may go on.</summary>
    internal string? WhyOver() =>
        ended.Contains(_session) ? $"TokenException: {Ended}"
        : clock.GetUtcNow() >= _expiresAt ? "TokenException: your session has expired."
        : null;
}
