using System.Net;
using Xunit;

namespace Backup.Gateway.Api.Tests;

public sealed class LoginAdmissionTests
{
    /// <summary>One is let in at once, two wait for their second, and the rest are told when to come back.</summary>
    [Fact]
    public async Task A_storm_of_logins_is_let_in_at_the_rate_and_whoever_cannot_wait_is_told_when_to_come_back()
    {
        await using var door = await TradersDoor.OpenAsync(options: options => options with { LoginsPerSecond = 1, LoginsWaitingMax = 2, CodeResendAfter = TimeSpan.Zero });

        // Unknown clients: only the door in front of the login is looked at.
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(client => door.SendAsync("POST", "/session/otp", null, $$"""{"client_id":"NOBODY{{client}}"}""")));

        var sentAway = answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).ToArray();
        Assert.InRange(sentAway.Length, 6, 7);
        Assert.All(sentAway, answer =>
        {
            var seconds = (int)answer.Data["retry_after_seconds"]!;
            Assert.InRange(seconds, 1, 15);
            Assert.Equal(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), answer.Headers["Retry-After"]);
            Assert.InRange((int)answer.Data["ahead"]!, 1, 10);
            Assert.Equal("NetworkException", answer.ErrorType);
        });
        Assert.True(sentAway.Select(answer => answer.Headers["Retry-After"]).Distinct().Count() > 1, "all were told the same moment");
    }

    [Fact]
    public async Task Who_comes_with_an_authenticator_waits_his_turn_as_well_and_who_has_a_code_does_not()
    {
        await using var door = await TradersDoor.OpenAsync(options: static options => options with { LoginsPerSecond = 1, LoginsWaitingMax = 0 });
        await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");

        var later = await door.SendAsync("POST", "/session/token", null, """{"client_id":"DEMO02","totp":"123456"}""");
        var now = await door.SendAsync("POST", "/session/token", null, $$"""{"client_id":"DEMO01","code":"{{door.Codes.Sent["DEMO01"]}}"}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (later.Status, now.Status));
    }

    [Fact]
    public async Task Who_has_a_session_is_not_held_up_by_a_storm_of_logins()
    {
        await using var door = await TradersDoor.OpenAsync(options: static options => options with { LoginsPerSecond = 1, LoginsWaitingMax = 0 });
        await Task.WhenAll(Enumerable.Range(0, 5).Select(client => door.SendAsync("POST", "/session/otp", null, $$"""{"client_id":"NOBODY{{client}}"}""")));

        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync("GET", "/portfolio/positions", "DEMO01")).Status);
    }
}
