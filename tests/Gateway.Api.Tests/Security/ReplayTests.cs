using System.Net;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>What was used once is good for nobody who heard it.</summary>
public sealed class ReplayTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_code_that_was_sent_opens_one_session_however_many_enter_it_at_once()
    {
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        var body = $$"""{"client_id":"DEMO01","code":"{{_door.Codes.Sent["DEMO01"]}}"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _door.SendAsync("POST", "/session/token", null, body)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal("TwoFAException", (await _door.SendAsync("POST", "/session/token", null, body)).ErrorType);
    }

    [Fact]
    public async Task A_request_token_opens_one_session_however_many_show_it_at_once_and_none_after_that_has_ended()
    {
        var fields = await KiteApp.FieldsAsync(_door, "request_token");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _door.SendAsync("POST", "/session/token", null, fields)));

        var opened = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        await _door.SendWithTokenAsync("POST", "/session/logout", (string)opened.Data["access_token"]!);
        Assert.Equal("TokenException", (await _door.SendAsync("POST", "/session/token", null, fields)).ErrorType);
    }

    [Fact]
    public async Task A_cookie_opens_nothing_after_the_logout_however_long_it_would_have_been_good()
    {
        var login = await _door.LogInAsync("DEMO01");
        await _door.SendWithTokenAsync("POST", "/session/logout", login.Token);
        _door.World.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("POST", "/session/resume", null, headers: ("Cookie", login.Cookie))).ErrorType);
    }
}
