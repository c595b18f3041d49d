using System.Net;
using System.Security.Cryptography;
using Backup.Gateway.Api.Login;
using Microsoft.AspNetCore.Authorization;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>Every endpoint that is mapped, whoever added it, against whoever should not get in.</summary>
public sealed class EveryEndpointTests : IAsyncLifetime
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync()
    {
        _door = await TradersDoor.OpenAsync();
        _door.Keys.Replace([new TokenKey(_key, DateTimeOffset.MinValue)]);
    }

    public async ValueTask DisposeAsync()
    {
        await _door.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task No_token_but_a_good_one_opens_any_of_them()
    {
        var tokens = ForgedTokens.Of(_door, _key).ToArray();
        foreach (var (method, route) in Shut())
        {
            foreach (var (what, token) in tokens)
            {
                var answer = await _door.SendWithTokenAsync(method, Walk.PathOf(route), token, method == "GET" ? null : "{}");
                Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.Forbidden, "TokenException"), $"{method} {route}: {what}: {(int)answer.Status} {answer.Body.ToJsonString()}");
            }
        }
    }

    [Fact]
    public async Task The_cookie_alone_opens_none_of_them()
    {
        var cookie = (await _door.LogInAsync("DEMO01")).Cookie;
        foreach (var (method, route) in Shut())
        {
            var answer = await _door.SendWithTokenAsync(method, Walk.PathOf(route), null, method == "GET" ? null : "{}", headers: ("Cookie", cookie));
            Assert.True((answer.Status, answer.ErrorType) == (HttpStatusCode.Forbidden, "TokenException"), $"{method} {route}");
        }
    }

    [Fact]
    public async Task A_token_in_the_query_is_taken_by_the_live_connections_only()
    {
        var token = _door.TokenOf("DEMO01");
        foreach (var (method, route) in Shut().Where(endpoint => endpoint.Route is not "/ws" && !endpoint.Route.StartsWith("/hub/", StringComparison.Ordinal)))
        {
            var answer = await _door.SendWithTokenAsync(method, $"{Walk.PathOf(route)}?access_token={token}", null, method == "GET" ? null : "{}");
            Assert.True(answer.ErrorType == "TokenException", $"{method} {route}");
        }
    }

    [Fact]
    public async Task What_is_named_in_the_address_is_not_found_by_another_client()
    {
        const string Exit = """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"quantity","quantity":75}""";
        var order = (string)(await _door.SendAsync("POST", "/exits", "DEMO01", Exit, "theirs")).Data["orders"]![0]!["order_id"]!;
        var before = (await _door.SendAsync("GET", $"/orders/{order}", "DEMO01")).Body.ToJsonString();
        var asked = 0;
        foreach (var (method, route) in Shut().Where(endpoint => endpoint.Route.Contains("{orderId}", StringComparison.Ordinal) || endpoint.Route.Contains("{exitId}", StringComparison.Ordinal)))
        {
            var path = route.Replace("{orderId}", order, StringComparison.Ordinal).Replace("{exitId}", "theirs", StringComparison.Ordinal).Replace("{variety}", "regular", StringComparison.Ordinal);
            var answer = await _door.SendAsync(method, path, "DEMO02", method == "PUT" ? """{"price":101.5}""" : method == "GET" ? null : "{}");
            Assert.True(answer.Status == HttpStatusCode.NotFound, $"{method} {path}: {(int)answer.Status} {answer.Body.ToJsonString()}");
            asked++;
        }

        Assert.Equal(7, asked);
        Assert.Equal(before, (await _door.SendAsync("GET", $"/orders/{order}", "DEMO01")).Body.ToJsonString());
    }

    [Fact]
    public async Task Another_client_learns_nothing_of_an_account_from_any_of_them()
    {
        await _door.SendAsync("POST", "/exits", "DEMO01", """{"all":true,"mode":"full"}""", "theirs");
        foreach (var (method, route) in Shut().Where(endpoint => endpoint.Method == "GET"))
        {
            var answer = await _door.SendAsync(method, Walk.PathOf(route).Replace("one", "theirs", StringComparison.Ordinal), "DEMO02");
            Assert.True(answer.Status == HttpStatusCode.NotFound || !answer.Body.ToJsonString().Contains("DEMO01", StringComparison.Ordinal), $"{method} {route}: {answer.Body.ToJsonString()}");
        }
    }

    /// <summary>RoleTableTests says who gets in; here is that whoever does not, or names nobody, is told nothing of anybody.</summary>
    [Fact]
    public async Task The_brokers_people_learn_nothing_of_an_account_that_they_did_not_name_or_may_not_see()
    {
        await _door.SendAsync("POST", "/exits", "DEMO01", """{"all":true,"mode":"full"}""", "theirs");
        foreach (var role in Login.Roles.OfStaff)
        {
            var mayName = role is Login.Roles.AssistedDesk or Login.Roles.Auditor;
            (string, string)[] headers = [("X-Act-For", mayName ? "DEMO02" : "DEMO01")];
            foreach (var (method, route) in Shut().Where(endpoint => endpoint.Method == "GET"))
            {
                var path = Walk.PathOf(route).Replace("one", "theirs", StringComparison.Ordinal);
                foreach (var answer in new[]
                {
                    await _door.SendWithTokenAsync(method, path, _door.TokenOf($"staff:{role}")),
                    await _door.SendWithTokenAsync(method, path, _door.TokenOf($"staff:{role}"), headers: headers),
                })
                {
                    Assert.True(answer.Status == HttpStatusCode.NotFound || !answer.Body.ToJsonString().Contains("DEMO01", StringComparison.Ordinal), $"{role}, {method} {route}: {answer.Body.ToJsonString()}");
                }
            }
        }
    }

    /// <summary>An endpoint that somebody adds without a word of whom it is for.</summary>
    [Fact]
    public void Every_endpoint_that_wants_a_token_says_what_it_is_about_but_the_live_hub() => Assert.Equal(
        ["/hub/portfolio", "/hub/portfolio/negotiate"],
        _door.Routes.Where(route => route.Metadata.GetMetadata<IAuthorizeData>() is not null && route.Metadata.GetMetadata<IAllowAnonymous>() is null && route.Metadata.GetMetadata<Access.Reach>() is null)
            .Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_answer_has_the_headers_and_none_lets_another_site_read_it()
    {
        foreach (var (method, route) in Walk.Endpoints(_door))
        {
            var answer = await _door.SendWithTokenAsync(
                Walk.MethodOf(method), Walk.PathOf(route), TokenFor(route), method is "GET" or "HEAD" ? null : "{}", headers: ("Origin", "https://elsewhere.example"));
            ApiDescription.Pages.HasSecurityHeaders(answer);
            Assert.DoesNotContain("unsafe", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.Equal("no-store", answer.Headers["Cache-Control"]);
            Assert.Equal("same-origin", answer.Headers["Cross-Origin-Resource-Policy"]);
            Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase) || name is "Server" or "X-Powered-By");
        }
    }

    [Fact]
    public async Task A_browser_that_asks_for_another_site_whether_it_may_is_told_nothing()
    {
        foreach (var route in Walk.Endpoints(_door).Select(endpoint => endpoint.Route).Distinct())
        {
            var answer = await _door.SendWithTokenAsync(
                "OPTIONS", Walk.PathOf(route), null, headers: [("Origin", "https://elsewhere.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")]);
            Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Fact]
    public async Task A_body_or_headers_beyond_the_limit_are_refused_before_they_are_read()
    {
        var large = new string(' ', 170 * 1024) + "{}";
        var refused = new List<string>();
        foreach (var (method, route) in Walk.Endpoints(_door).Where(endpoint => endpoint.Method is "POST" or "PUT"))
        {
            // Asked beforehand: the server hangs up on who sends all the same, and its answer may be lost with that.
            var answer = await _door.SendWithTokenAsync(method, Walk.PathOf(route), TokenFor(route), large, "one", headers: ("Expect", "100-continue"));
            Assert.True(answer.Status != HttpStatusCode.InternalServerError, $"{method} {route}: {answer.Body.ToJsonString()}");
            Assert.True(
                answer.Status != HttpStatusCode.RequestEntityTooLarge || answer.Body.ToJsonString().Contains("163840 bytes", StringComparison.Ordinal),
                $"{method} {route} does not tell its limit: {answer.Body.ToJsonString()}");
            refused.AddRange(answer.Status is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest ? [$"{method} {route}"] : []);
        }

        // All but those that read no body.
        Assert.Equal(
            ["POST /exits/{exitId}/release-hedges", "POST /session/logout", "POST /session/renew", "POST /session/resume", "POST /user/totp"],
            Walk.Endpoints(_door).Where(endpoint => endpoint.Method is "POST" or "PUT").Select(endpoint => $"{endpoint.Method} {endpoint.Route}").Except(refused).Order(StringComparer.Ordinal));

        var headers = await _door.SendWithTokenAsync("GET", "/status", null, headers: ("X-Long", new string('a', 20 * 1024)));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, headers.Status);
    }

    /// <summary>Of a session of its own, because a logout is among the endpoints.</summary>
    private string TokenFor(string route) => _door.Tokens.Issue("DEMO01", route, _door.World.Options.TokenLifetime, _door.World.Clock.GetUtcNow());

    /// <summary>Those that want a token.</summary>
    private (string Method, string Route)[] Shut()
    {
        var open = _door.Routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(route => "/" + route.RoutePattern.RawText!.TrimStart('/')).ToHashSet();
        var shut = Walk.Endpoints(_door).Where(endpoint => !open.Contains(endpoint.Route)).Select(endpoint => (Walk.MethodOf(endpoint.Method), endpoint.Route)).ToArray();
        Assert.True(shut.Length > 30, "the walk found the endpoints");
        return shut;
    }
}
