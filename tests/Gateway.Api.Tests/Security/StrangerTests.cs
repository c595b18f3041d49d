using System.Net;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>A stranger does not learn here who is a client, by words or by time; a client may name himself by his PAN.</summary>
public sealed class StrangerTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    /// <summary>A client, names that are nobody's, a client who has left, and PANs of each.</summary>
    public static TheoryData<string> Names => ["DEMO02", "NOBODY", "DEMO03", ThreeClients.PanOfDemo01, ThreeClients.PanOfDemo03, "AAAPA0000A"];

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_name_is_told_the_same_at_every_step(string name)
    {
        var told = new List<string>
        {
            await SayAsync("/session/token", $$"""{"client_id":"{{name}}","code":"123456"}"""),
            await SayAsync("/session/otp", $$"""{"client_id":"{{name}}"}"""),
            await SayAsync("/session/otp", $$"""{"client_id":"{{name}}"}"""),
            await SayAsync("/session/token", $$"""{"client_id":"{{name}}","code":"nothing"}"""),
            await SayAsync("/session/token", $$"""{"client_id":"{{name}}","totp":"nothing"}"""),
            await SayAsync("/session/request-token", $$"""{"client_id":"{{name}}","code":"nothing","api_key":"app"}"""),
            await SayAsync("/session/token", $$"""{"client_id":"{{name}}","code":"nothing","totp":"nothing"}"""),
            await SayAsync("/session/token", $$"""{"client_id":"{{name}}","code":"nothing"}"""),
            await SayAsync("/session/token", $$"""{"client_id":"{{name}}","code":"nothing"}"""),
            await SayAsync("/session/otp", $$"""{"client_id":"{{name}}"}"""),
        };

        Assert.Equal(
            [
                "403 There is no valid code for this client: it has expired, was used, or was never sent. Ask for a new one.",
                """200 {"sent_to":["SMS to the registered mobile number"],"expires_in_seconds":300}""",
                "429 A code was sent a moment ago. Another can be sent in 15 seconds.",
                "403 That code is wrong. 4 tries left.",
                "403 That code is wrong. 3 tries left.",
                "403 That code is wrong. 2 tries left.",
                "403 That code is wrong. 1 try left.",
                "403 Too many wrong codes. Login for this client is locked until 09:45 IST.",
                "403 Too many wrong codes. Login for this client is locked until 09:45 IST.",
                "403 Too many wrong codes. Login for this client is locked until 09:45 IST.",
            ],
            told);
    }

    [Fact]
    public async Task Nobody_but_an_active_client_is_sent_a_code()
    {
        foreach (var name in new[] { "NOBODY", "DEMO03", ThreeClients.PanOfDemo03, "AAAPA0000A" })
        {
            await SayAsync("/session/otp", $$"""{"client_id":"{{name}}"}""");
        }

        Assert.Empty(_door.Codes.Sent);
    }

    [Fact]
    public async Task A_client_logs_in_by_his_PAN_as_himself_and_his_tries_are_his_by_both_names()
    {
        Assert.StartsWith("200", await SayAsync("/session/otp", """{"client_id":"zzzpb0001a"}"""), StringComparison.Ordinal);
        var code = _door.Codes.Sent["DEMO01"];
        Assert.Contains("4 tries", await SayAsync("/session/token", """{"client_id":"DEMO01","code":"nothing"}"""), StringComparison.Ordinal);
        Assert.Contains("3 tries", await SayAsync("/session/token", """{"client_id":"ZZZPB0001A","code":"nothing"}"""), StringComparison.Ordinal);

        var login = await _door.SendAsync("POST", "/session/token", null, $$"""{"client_id":"ZZZPB0001A","code":"{{code}}"}""");

        Assert.Equal("DEMO01", (string?)login.Data["client_id"]);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", (string)login.Data["access_token"]!)).Status);
    }

    [Fact]
    public async Task Nobodys_code_takes_as_long_as_a_clients_and_ends_the_same()
    {
        _door.Codes.Takes = TimeSpan.FromSeconds(3);
        await TimedAsync("DEMO01", TimeSpan.FromSeconds(3));
        await TimedAsync("NOBODY", TimeSpan.FromSeconds(3));
        _door.Codes.Takes = TimeSpan.Zero;
        _door.Codes.IsDown = true;
        for (var sent = 0; sent < 32; sent++)
        {
            _door.World.Clock.Advance(_door.World.Options.CodeResendAfter);
            Assert.StartsWith("503", await SayAsync("/session/otp", """{"client_id":"DEMO02"}"""), StringComparison.Ordinal);
        }

        Assert.StartsWith("503", await SayAsync("/session/otp", """{"client_id":"NOBODY2"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_sends_no_more_codes_in_a_second_than_it_may()
    {
        await using var door = await TradersDoor.OpenAsync(options: options => options with { CodesPerSecond = 1, CodeResendAfter = TimeSpan.Zero });
        for (var sent = 0; sent < 10; sent++)
        {
            Assert.Equal(HttpStatusCode.OK, (await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""")).Status);
        }

        foreach (var name in new[] { "DEMO01", "NOBODY" })
        {
            var refused = await door.SendAsync("POST", "/session/otp", null, $$"""{"client_id":"{{name}}"}""");
            Assert.Equal((HttpStatusCode.TooManyRequests, "NetworkException", "2"), (refused.Status, refused.ErrorType, refused.Headers["Retry-After"]));
        }

        door.World.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""")).Status);
    }

    [Fact]
    public async Task Only_a_trusted_proxy_is_believed_whose_address_it_is()
    {
        await using var door = await TradersDoor.OpenAsync(options: options => options with { TrustedProxies = [IPAddress.Loopback], LoginsPerAddressPerMinute = 2 });
        var behind = await AskAsync(door, "192.0.2.1", "192.0.2.1", "192.0.2.2");
        Assert.Equal([200, 429, 403], behind);
        var list = await door.SendWithTokenAsync("GET", "/session/list", (await door.LogInAsync("DEMO02", address: "192.0.2.9")).Token);
        Assert.Equal("192.0.2.9", (string)list.Data.AsArray().Single(session => (bool)session!["current"]!)!["address"]!);

        await using var alone = await TradersDoor.OpenAsync(options: options => options with { LoginsPerAddressPerMinute = 2 });
        var open = await AskAsync(alone, "192.0.2.1", "192.0.2.1", "192.0.2.2");
        Assert.Equal([200, 429, 429], open);
    }

    /// <summary>Asks for a code from the first address; then enters codes, from that one until it may no more, and from the last.</summary>
    private static async Task<int[]> AskAsync(TradersDoor door, string first, string second, string last)
    {
        var answers = new List<int> { await FromAsync(door, "/session/otp", """{"client_id":"DEMO01"}""", first) };
        await FromAsync(door, "/session/token", """{"client_id":"DEMO01","code":"nothing"}""", second);
        answers.Add(await FromAsync(door, "/session/token", """{"client_id":"DEMO01","code":"nothing"}""", second));
        answers.Add(await FromAsync(door, "/session/token", """{"client_id":"DEMO01","code":"nothing"}""", last));
        return [.. answers];
    }

    private static async Task<int> FromAsync(TradersDoor door, string path, string body, string address) =>
        (int)(await door.SendWithTokenAsync("POST", path, null, body, headers: ("X-Forwarded-For", address))).Status;

    private async Task TimedAsync(string name, TimeSpan takes)
    {
        var answer = SayAsync("/session/otp", $$"""{"client_id":"{{name}}"}""");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!_door.World.Clock.IsAwaited(takes))
        {
            await Task.Delay(10, patience.Token);
        }

        _door.World.Clock.Advance(takes - TimeSpan.FromMilliseconds(1));
        await Task.Delay(50, patience.Token);
        Assert.False(answer.IsCompleted, name);
        _door.World.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.StartsWith("200", await answer, StringComparison.Ordinal);
    }

    private async Task<string> SayAsync(string path, string body)
    {
        var answer = await _door.SendAsync("POST", path, null, body);
        return $"{(int)answer.Status} {(answer.Status == HttpStatusCode.OK ? answer.Data.ToJsonString() : (string)answer.Body["message"]!)}";
    }
}
