using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Gateway.Api.Login;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>The key of the tokens is changed while people work.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_new_key_signs_when_its_time_has_come_and_nobody_is_logged_out()
    {
        var old = _door.Keys.All.Single();
        var login = await _door.LogInAsync("DEMO01");
        Assert.Equal(old.Id, KeyOf(login.Token));
        using var next = KeyFrom(_door.World.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        _door.Keys.Replace([old, next]);

        var early = (await _door.SendWithTokenAsync("POST", "/session/renew", login.Token)).Data;
        Assert.Equal(old.Id, KeyOf((string)early["access_token"]!));
        _door.World.Clock.Advance(TimeSpan.FromMinutes(5));
        var late = (await _door.SendWithTokenAsync("POST", "/session/renew", login.Token)).Data;

        Assert.Equal(next.Id, KeyOf((string)late["access_token"]!));
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", (string)late["access_token"]!)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("POST", "/session/resume", null, headers: ("Cookie", login.Cookie))).Status);
    }

    [Fact]
    public async Task A_key_that_is_gone_opens_nothing()
    {
        var login = await _door.LogInAsync("DEMO01");
        using var next = KeyFrom(_door.World.Clock.GetUtcNow());

        _door.Keys.Replace([next]);

        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("GET", "/orders", login.Token)).ErrorType);
        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("POST", "/session/resume", null, headers: ("Cookie", login.Cookie))).ErrorType);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("GET", "/orders", "DEMO01")).Status);
    }

    [Fact]
    public async Task A_token_that_names_one_of_our_keys_and_is_signed_by_another_of_them_is_refused()
    {
        var old = _door.Keys.All.Single();
        using var next = KeyFrom(_door.World.Clock.GetUtcNow());
        var parts = _door.TokenOf("DEMO01").Split('.');
        _door.Keys.Replace([old, next]);
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).Replace(old.Id, next.Id, StringComparison.Ordinal);

        var answer = await _door.SendWithTokenAsync("GET", "/orders", $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{parts[1]}.{parts[2]}");

        Assert.Equal((HttpStatusCode.Forbidden, "TokenException"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public void The_newest_whose_time_has_come_signs_and_before_all_of_them_the_first()
    {
        var now = _door.World.Clock.GetUtcNow();
        using var first = KeyFrom(now.AddHours(1));
        using var second = KeyFrom(now.AddHours(2));
        _door.Keys.Replace([second, first]);

        Assert.Equal(first.Id, _door.Keys.Signing.Id);
        _door.World.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(first.Id, _door.Keys.Signing.Id);
        _door.World.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(second.Id, _door.Keys.Signing.Id);
        Assert.Equal([second.Id, first.Id], _door.Keys.All.Select(key => key.Id));
    }

    private static TokenKey KeyFrom(DateTimeOffset signsFrom) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), signsFrom);

    private static string KeyOf(string token) => (string)JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[0]))!["kid"]!;
}
