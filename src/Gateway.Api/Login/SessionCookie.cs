using Backup.Actor.Kernel.Sessions;
using Microsoft.AspNetCore.Http;

namespace Backup.Gateway.Api.Login;

/// <summary>
/// The page's session over a reload: a signed token in a cookie that no script can read, that goes to <c>/session</c> only, and that no other
/// site can have sent. It gives access tokens and opens nothing else.
/// </summary>
internal sealed class SessionCookie(AccessToken tokens, TimeProvider clock)
{
    internal const string Name = "backup_session";
    private const string Path = "/session";

    internal void Set(HttpContext context, LoginSession session, string role)
    {
        var lifetime = session.EndsAt - clock.GetUtcNow();
        context.Response.Cookies.Append(Name, tokens.Issue(session.Subject, session.Id, lifetime, session.Since, TokenUse.Session, role), Options(context, lifetime));
    }

    internal static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    /// <summary>Whose session it is; null, and why not, where there is none.</summary>
    internal TokenHolder? Read(HttpRequest request, out string reason)
    {
        reason = "There is no session to resume. Log in.";
        return request.Cookies[Name] is { Length: > 0 } cookie ? tokens.Verify(cookie, out reason, TokenUse.Session) : null;
    }

    /// <summary>Another site's page has made the browser ask. SameSite keeps the cookie from such a request; an old browser may not know that.</summary>
    internal static bool IsForeign(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        return site is not ("" or "same-origin")
            || (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == request.Host.Value));
    }

    /// <summary>Behind a proxy that ends TLS the request itself is not secure; the proxy says that the browser's was.</summary>
    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Path = Path,
        MaxAge = lifetime,
        Secure = context.Request.IsHttps || context.Request.Headers["X-Forwarded-Proto"] == "https",
        IsEssential = true,
    };
}
