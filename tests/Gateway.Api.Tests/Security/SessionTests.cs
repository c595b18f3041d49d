using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>Sessions that can be seen and ended, and what an ended one still opens: nothing.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task Each_login_is_a_session_of_its_own_with_its_device()
    {
        var first = await _door.LogInAsync("DEMO01", "Mozilla/5.0 (Linux; Android 14; SM-A515F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36");
        _door.World.Clock.Advance(TimeSpan.FromMinutes(1));
        var second = await _door.LogInAsync("DEMO01", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0");

        var list = (await _door.SendWithTokenAsync("GET", "/session/list", second.Token)).Data.AsArray();

        Assert.Equal(["Firefox on Windows", "Chrome on Android", "a test"], list.Select(session => (string)session!["device"]!));
        Assert.Equal([true, false, false], list.Select(session => (bool)session!["current"]!));
        Assert.Equal("127.0.0.1", (string)list[0]!["address"]!);
        Assert.Equal(list.Count, list.Select(session => (string)session!["session_id"]!).Distinct().Count());
        Assert.Equal(22, ((string)list[0]!["session_id"]!).Length);
        Assert.DoesNotContain((string)list[0]!["session_id"]!, (await _door.SendWithTokenAsync("GET", "/session/list", _door.TokenOf("DEMO02"))).Body.ToJsonString(), StringComparison.Ordinal);
        Assert.NotEqual(first.Token, second.Token);
    }

    [Fact]
    public async Task A_session_that_was_ended_elsewhere_opens_nothing_by_any_of_its_tokens()
    {
        var lost = await _door.LogInAsync("DEMO01");
        var here = await _door.LogInAsync("DEMO01");
        var id = await IdOfAsync(lost.Token);

        var ended = await _door.SendWithTokenAsync("POST", "/session/revoke", here.Token, $$"""{"session_id":"{{id}}"}""");

        Assert.Equal(1, (int)ended.Data["ended"]!);
        await IsOverAsync(lost);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", here.Token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendWithTokenAsync("POST", "/session/revoke", here.Token, $$"""{"session_id":"{{id}}"}""")).Status);
    }

    [Fact]
    public async Task All_others_can_be_ended_at_once()
    {
        var lost = new[] { await _door.LogInAsync("DEMO01"), await _door.LogInAsync("DEMO01") };
        var here = await _door.LogInAsync("DEMO01");

        Assert.Equal(3, (int)(await _door.SendWithTokenAsync("POST", "/session/revoke", here.Token, """{"others":true}""")).Data["ended"]!);

        await IsOverAsync(lost[0]);
        await IsOverAsync(lost[1]);
        Assert.Single((await _door.SendWithTokenAsync("GET", "/session/list", here.Token)).Data.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", _door.TokenOf("DEMO02"))).Status);
    }

    [Fact]
    public async Task Nobody_ends_the_session_of_another_client()
    {
        var theirs = await _door.LogInAsync("DEMO02");

        var answer = await _door.SendAsync("POST", "/session/revoke", "DEMO01", $$"""{"session_id":"{{await IdOfAsync(theirs.Token)}}"}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", theirs.Token)).Status);
    }

    [Fact]
    public async Task A_logout_ends_the_session_and_not_only_the_page()
    {
        var login = await _door.LogInAsync("DEMO01");

        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("POST", "/session/logout", login.Token)).Status);

        await IsOverAsync(login);
    }

    [Fact]
    public async Task What_was_ended_on_another_node_is_refused_here_within_seconds()
    {
        var login = await _door.LogInAsync("DEMO01");
        await _door.Sessions.EndAsync("DEMO01", await IdOfAsync(login.Token), null, default);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).Status);

        _door.World.Clock.Advance(_door.World.Options.EndedSessionsPoll);

        await IsOverAsync(login);
    }

    [Fact]
    public async Task Every_token_of_a_client_ends_with_the_oldest_session_when_there_are_too_many()
    {
        var first = await _door.LogInAsync("DEMO01");
        for (var more = 0; more < _door.World.Options.SessionsPerClient; more++)
        {
            _door.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await _door.LogInAsync("DEMO01");
        }

        await IsOverAsync(first);
    }

    [Fact]
    public async Task While_the_store_is_away_tokens_work_until_they_expire_and_nobody_is_thrown_out()
    {
        var login = await _door.LogInAsync("DEMO01");
        _door.Sessions.IsAway = true;
        _door.World.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).Status);
        var renewal = await _door.SendWithTokenAsync("POST", "/session/renew", login.Token);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "NetworkException", "1"), (renewal.Status, renewal.ErrorType, renewal.Headers["Retry-After"]));

        _door.World.Clock.Advance(TimeSpan.FromMinutes(6));
        _door.Sessions.IsAway = false;
        Assert.Equal(HttpStatusCode.OK, (await ResumeAsync(login)).Status);
    }

    [Fact]
    public async Task A_logout_holds_here_although_the_store_is_away()
    {
        var login = await _door.LogInAsync("DEMO01");
        _door.Sessions.IsAway = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _door.SendWithTokenAsync("POST", "/session/logout", login.Token)).Status);

        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).ErrorType);
    }

    [Fact]
    public async Task What_was_ended_while_the_store_was_away_from_here_is_heard_of_afterwards()
    {
        var login = await _door.LogInAsync("DEMO01");
        _door.Sessions.IsAway = true;
        _door.World.Clock.Advance(TimeSpan.FromMinutes(1));
        _door.Sessions.IsAway = false;
        await _door.Sessions.EndAsync("DEMO01", null, null, default);
        _door.Sessions.IsAway = true;
        _door.World.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).Status);

        _door.Sessions.IsAway = false;
        _door.World.Clock.Advance(_door.World.Options.EndedSessionsPoll);

        await IsOverAsync(login);
    }

    [Fact]
    public async Task An_app_of_Kite_has_a_session_too_and_its_refresh_token_ends_with_it()
    {
        var app = (await _door.SendAsync("POST", "/session/token", null, await KiteApp.FieldsAsync(_door, "request_token"))).Data;
        var token = (string)app["access_token"]!;
        Assert.StartsWith("app app (", (string)(await CurrentAsync(token))["device"]!, StringComparison.Ordinal);
        var refresh = KiteApp.Fields("refresh_token", (string)app["refresh_token"]!);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("POST", "/session/refresh_token", null, refresh)).Status);

        await _door.SendAsync("POST", "/session/revoke", "DEMO01", """{"others":true}""");

        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("GET", "/orders", token)).ErrorType);
        Assert.Equal("TokenException", (await _door.SendAsync("POST", "/session/refresh_token", null, refresh)).ErrorType);
    }

    [Fact]
    public async Task The_ticker_of_an_ended_session_is_closed_with_the_reason()
    {
        var login = await _door.LogInAsync("DEMO01");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_door.Address) { Scheme = "ws", Path = "/ws", Query = $"access_token={login.Token}" }.Uri, default);

        await _door.SendWithTokenAsync("POST", "/session/logout", login.Token);

        var buffer = new byte[4096];
        WebSocketReceiveResult received;
        do
        {
            received = await ReceiveAsync(socket, buffer);
        }
        while (received.MessageType != WebSocketMessageType.Close);

        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "TokenException: This session was ended. Log in again."), (received.CloseStatus!.Value, received.CloseStatusDescription));
    }

    [Fact]
    public async Task The_live_stream_of_an_ended_session_ends_with_the_reason()
    {
        var login = await _door.LogInAsync("DEMO01");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(_door.Address) { Scheme = "ws", Path = "/hub/portfolio", Query = $"access_token={login.Token}" }.Uri, default);
        await SayAsync(socket, """{"protocol":"json","version":1}""");
        await SayAsync(socket, """{"type":4,"invocationId":"1","target":"Portfolio","arguments":[null,null]}""");
        await HearAsync(socket, "snapshot");

        await _door.SendWithTokenAsync("POST", "/session/logout", login.Token);

        Assert.Contains("TokenException: This session was ended.", await HearAsync(socket, "\"type\":3"), StringComparison.Ordinal);
    }

    private static Task SayAsync(ClientWebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, true, default);

    /// <summary>Everything up to and with the first message that has the word in it.</summary>
    private async Task<string> HearAsync(ClientWebSocket socket, string word)
    {
        var heard = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!heard.ToString().Contains(word, StringComparison.Ordinal))
        {
            heard.Append(Encoding.UTF8.GetString(buffer, 0, (await ReceiveAsync(socket, buffer)).Count));
        }

        return heard.ToString();
    }

    /// <summary>The next message. The test's clock stands still, so it is moved while one is waited for.</summary>
    private async Task<WebSocketReceiveResult> ReceiveAsync(ClientWebSocket socket, byte[] buffer)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var next = socket.ReceiveAsync(buffer, patience.Token);
        while (await Task.WhenAny(next, Task.Delay(20, patience.Token)) != next)
        {
            _door.World.Clock.Advance(_door.World.Options.PricesInterval);
        }

        return await next;
    }

    private async Task<string> IdOfAsync(string token) => (string)(await CurrentAsync(token))["session_id"]!;

    private async Task<JsonNode> CurrentAsync(string token) =>
        (await _door.SendWithTokenAsync("GET", "/session/list", token)).Data.AsArray().Single(session => (bool)session!["current"]!)!;

    private Task<Answer> ResumeAsync(LoggedIn login) => _door.SendWithTokenAsync("POST", "/session/resume", null, headers: ("Cookie", login.Cookie));

    private async Task IsOverAsync(LoggedIn login)
    {
        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).ErrorType);
        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("POST", "/session/renew", login.Token)).ErrorType);
        Assert.Equal("TokenException", (await ResumeAsync(login)).ErrorType);
    }
}
