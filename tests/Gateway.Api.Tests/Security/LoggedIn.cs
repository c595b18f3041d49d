using System.Net;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>What a page has after a login.</summary>
/// <param name="Cookie">As the browser sends it back.</param>
internal sealed record LoggedIn(string Token, string Cookie);

internal static class Logins
{
    /// <summary>Logs in as the page does, with the code that is sent.</summary>
    internal static async Task<LoggedIn> LogInAsync(this TradersDoor door, string client, string userAgent = "tests/1", string address = "127.0.0.1")
    {
        door.World.Clock.Advance(door.World.Options.CodeResendAfter);
        await door.SendWithTokenAsync("POST", "/session/otp", null, $$"""{"client_id":"{{client}}"}""", headers: ("X-Forwarded-For", address));
        var answer = await door.SendWithTokenAsync(
            "POST", "/session/token", null, $$"""{"client_id":"{{client}}","code":"{{door.Codes.Sent[client]}}"}""", headers: [("User-Agent", userAgent), ("X-Forwarded-For", address)]);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var cookie = answer.Headers["Set-Cookie"];
        return new LoggedIn((string)answer.Data["access_token"]!, cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]);
    }
}
