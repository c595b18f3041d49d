using System.Net;
using Xunit;

namespace Backup.Gateway.Api.Tests;

public sealed class EndpointTests : IAsyncLifetime
{
    private const string Full = """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"full"}""";
    private const string OneLot = """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"quantity","quantity":75}""";
    private TradersDoor _door = null!;

    public static TheoryData<string, string, string?> Endpoints => new()
    {
        { "GET", "/portfolio/positions", null },
        { "GET", "/orders", null },
        { "GET", "/orders/DEMO01-3", null },
        { "GET", "/trades", null },
        { "GET", "/events?after=1&stream=2026-11-19", null },
        { "GET", "/user/profile", null },
        { "GET", "/user/margins", null },
        { "GET", "/user/margins/equity", null },
        { "GET", "/portfolio/holdings", null },
        { "GET", "/quote/ltp?i=NSE:ACOMPANY", null },
        { "GET", "/instruments", null },
        { "GET", "/instruments/NSE", null },
        { "GET", "/ws", null },
        { "POST", "/exits", Full },
        { "POST", "/exits/preview", Full },
        { "GET", "/exits/one", null },
        { "GET", "/exits", null },
        { "POST", "/exits/one/stop", "{}" },
        { "POST", "/exits/one/release-hedges", "{}" },
        { "GET", "/orders/DEMO01-3/trades", null },
        { "DELETE", "/orders/regular/DEMO01-3", null },
        { "PUT", "/orders/regular/DEMO01-3", "{}" },
        { "POST", "/orders/regular", "{}" },
        { "PUT", "/portfolio/positions", "{}" },
        { "POST", "/session/renew", null },
        { "POST", "/session/logout", null },
        { "GET", "/session/list", null },
        { "GET", "/user/totp", null },
        { "POST", "/user/totp", null },
        { "POST", "/user/totp/confirm", "{}" },
        { "POST", "/user/totp/remove", "{}" },
        { "POST", "/session/revoke", "{}" },
        { "POST", "/hub/portfolio/negotiate?negotiateVersion=1", null },
    };

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Nothing_is_answered_without_a_token(string method, string path, string? body)
    {
        var answer = await _door.SendAsync(method, path, null, body, "one");

        Assert.Equal((HttpStatusCode.Forbidden, "TokenException"), (answer.Status, answer.ErrorType));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Nothing_is_answered_with_a_token_that_has_expired(string method, string path, string? body)
    {
        var token = _door.TokenOf("DEMO01");
        _door.World.Clock.Advance(_door.World.Options.TokenLifetime);

        var answer = await _door.SendWithTokenAsync(method, path, token, body, "one");

        Assert.Equal((HttpStatusCode.Forbidden, "TokenException"), (answer.Status, answer.ErrorType));
        Assert.Contains("expired", (string)answer.Body["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_can_only_ask_is_told_what_the_live_stream_would_tell()
    {
        var first = (await _door.SendAsync("GET", "/events", "DEMO01")).Data;
        await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");

        var next = (await _door.SendAsync("GET", $"/events?after={first["sequence"]}&stream={first["stream_id"]}", "DEMO01")).Data;
        var nothing = (await _door.SendAsync("GET", $"/events?after={next["sequence"]}&stream={next["stream_id"]}", "DEMO01")).Data;
        var otherDay = (await _door.SendAsync("GET", $"/events?after={next["sequence"]}&stream=2026-11-18", "DEMO01")).Data;

        Assert.Equal(("snapshot", "delta", "delta", "snapshot"), ((string)first["kind"]!, (string)next["kind"]!, (string)nothing["kind"]!, (string)otherDay["kind"]!));
        Assert.Equal((0, 1), (first["orders"]!.AsArray().Count, next["orders"]!.AsArray().Count));
        Assert.Equal(75, (long)next["positions"]![0]!["pending_exit_quantity"]!);
        Assert.Empty(nothing["positions"]!.AsArray());
        Assert.Equal(HttpStatusCode.BadRequest, (await _door.SendAsync("GET", "/events?after=soon", "DEMO01")).Status);
    }

    [Fact]
    public async Task Nobody_sees_or_moves_what_belongs_to_another_client()
    {
        var exit = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");
        var order = (string)exit.Data["orders"]![0]!["order_id"]!;

        Assert.Equal(-150, (long)(await _door.SendAsync("GET", "/portfolio/positions", "DEMO02")).Data["net"]![0]!["quantity"]!);
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO02")).Data.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendAsync("GET", $"/orders/{order}", "DEMO02")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendAsync("GET", "/exits/one", "DEMO02")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendAsync("DELETE", $"/orders/regular/{order}", "DEMO02")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO02", "{\"price\":\"1\"}")).Status);
        Assert.Equal(order, (string?)(await _door.SendAsync("GET", $"/orders/{order}", "DEMO01")).Data[0]!["order_id"]);
    }

    [Fact]
    public async Task An_order_that_has_not_left_is_changed_at_once()
    {
        var order = (string)(await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one")).Data["orders"]![0]!["order_id"]!;

        var answer = await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", "{\"quantity\":150,\"price\":101.5,\"order_type\":\"LIMIT\",\"validity\":\"DAY\"}");

        Assert.Equal((HttpStatusCode.OK, order), (answer.Status, (string?)answer.Data["order_id"]));
        var shown = (await _door.SendAsync("GET", $"/orders/{order}", "DEMO01")).Data.AsArray()[^1]!;
        Assert.Equal((150, 101.5m, true), ((int)shown["quantity"]!, (decimal)shown["price"]!, (bool)shown["modified"]!));
    }

    [Theory]
    [InlineData("{}", "body: expected quantity, price or trigger_price.")]
    [InlineData("[]", "body: expected a form or a JSON object with quantity, price or trigger_price.")]
    [InlineData("{\"quantity\":1,\"quantity\":2}", "body: expected a form or a JSON object with quantity, price or trigger_price.")]
    [InlineData("{\"quantity\":7.5}", "quantity: expected a whole number of units, found \"7.5\".")]
    [InlineData("{\"price\":100.005}", "price: expected rupees with at most two decimals, up to 20000000, found \"100.005\".")]
    [InlineData("{\"price\":1e300}", "price: expected rupees with at most two decimals, up to 20000000, found \"1e300\".")]
    [InlineData("{\"order_type\":\"MARKET\"}", "order_type: expected LIMIT or SL, found \"MARKET\". Here quantity, price and trigger of an order can be changed, nothing else.")]
    [InlineData("{\"product\":\"MIS\"}", "product: not known here; expected quantity, price, trigger_price.")]
    public async Task A_change_that_cannot_be_read_is_refused_with_the_field(string body, string words)
    {
        var order = (string)(await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one")).Data["orders"]![0]!["order_id"]!;

        var answer = await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", body);

        Assert.Equal((HttpStatusCode.BadRequest, "InputException", words), (answer.Status, answer.ErrorType, (string?)answer.Body["message"]));
    }

    [Theory]
    [InlineData("{\"quantity\":375}", "ReduceOnlyException")]
    [InlineData("{\"quantity\":80}", "ReduceOnlyException")]
    [InlineData("{\"price\":100.01}", "OrderException")]
    [InlineData("{\"quantity\":75}", "OrderException")]
    public async Task A_change_that_the_rulebook_forbids_is_refused_in_kites_words(string body, string type)
    {
        var order = (string)(await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one")).Data["orders"]![0]!["order_id"]!;

        var answer = await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", body);

        Assert.Equal((HttpStatusCode.BadRequest, type), (answer.Status, answer.ErrorType));
    }

    [Theory]
    [InlineData("""{"exchange":"NFO","tradingsymbol":"X","product":"NRML","mode":"full","side":"BUY"}""", "the field \"side\" is not known; the documentation names those that are.")]
    [InlineData("""{"exchange":"NFO","tradingsymbol":"X","product":"NRML","mode":"quantity","quantity":"75"}""", "what is at $.quantity is not of the kind that the documentation tells.")]
    [InlineData("""{"exchange":"NFO",""", "it is no JSON from line 1, byte 18 on.")]
    [InlineData("""{"exchange":"NFO" "tradingsymbol":"X"}""", "it is no JSON from line 1, byte 19 on.")]
    [InlineData("""[]""", "what is at $ is not of the kind that the documentation tells.")]
    public async Task A_body_with_a_field_or_form_that_we_do_not_know_is_refused_with_the_place(string body, string words)
    {
        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", body, "one");

        Assert.Equal(
            (HttpStatusCode.BadRequest, "InputException", $"The request's body cannot be read: {words}"), (answer.Status, answer.ErrorType, (string?)answer.Body["message"]));
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO01")).Data.AsArray());
    }

    [Theory]
    [InlineData("GET", "/events?after=soon&stream=2026-11-19", null, "The parameter \"after\" cannot be read: found \"soon\"; the documentation tells what it takes.")]
    [InlineData("POST", "/exits", null, "The request needs a body, and has none; the documentation tells what is in it.")]
    [InlineData("POST", "/session/otp", null, "The request needs a body, and has none; the documentation tells what is in it.")]
    [InlineData("POST", "/session/otp", "{\"client\":\"DEMO01\"}", "The request's body cannot be read: the field \"client\" is not known; the documentation names those that are.")]
    public async Task What_is_missing_or_cannot_be_read_is_named(string method, string path, string? body, string words)
    {
        var answer = await _door.SendAsync(method, path, "DEMO01", body, "one");

        Assert.Equal((HttpStatusCode.BadRequest, "InputException", words), (answer.Status, answer.ErrorType, (string?)answer.Body["message"]));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("two words")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public async Task An_exit_without_a_proper_key_is_refused(string? key)
    {
        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, key);

        Assert.Equal((HttpStatusCode.BadRequest, "InputException"), (answer.Status, answer.ErrorType));
        Assert.StartsWith("Idempotency-Key", (string)answer.Body["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exit_asked_again_under_its_key_gets_the_same_answer_and_no_second_order()
    {
        var first = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");
        _door.World.SetPrice(12000);
        var again = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(first.Body.ToJsonString(), again.Body.ToJsonString());
        Assert.Single((await _door.SendAsync("GET", "/orders", "DEMO01")).Data.AsArray());
        Assert.Equal(first.Body.ToJsonString(), (await _door.SendAsync("GET", "/exits/one", "DEMO01")).Body.ToJsonString());
    }

    [Fact]
    public async Task A_key_used_again_for_another_exit_is_refused()
    {
        await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");

        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", Full, "one");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Single((await _door.SendAsync("GET", "/orders", "DEMO01")).Data.AsArray());
    }

    [Fact]
    public async Task An_exit_above_what_is_closable_is_refused_and_names_the_orders_in_its_way()
    {
        var placed = await _door.SendAsync("POST", "/exits", "DEMO01", Full, "one");
        var order = (string)placed.Data["orders"]![0]!["order_id"]!;

        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "two");

        Assert.Equal((HttpStatusCode.BadRequest, "ReduceOnlyException"), (answer.Status, answer.ErrorType));
        Assert.Equal((300L, 300L, 0L), ((long)answer.Data["net"]!, (long)answer.Data["pending_exit"]!, (long)answer.Data["closable"]!));
        Assert.Equal([order], answer.Data["blocking_orders"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task What_is_not_held_cannot_be_exited()
    {
        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", Full.Replace("NRML", "MIS", StringComparison.Ordinal), "one");

        Assert.Equal((HttpStatusCode.BadRequest, "ReduceOnlyException"), (answer.Status, answer.ErrorType));
    }

    [Fact]
    public async Task An_exit_without_a_fresh_price_is_refused()
    {
        _door.World.Clock.Advance(_door.World.Options.PriceAgeMax + TimeSpan.FromSeconds(1));

        var answer = await _door.SendAsync("POST", "/exits", "DEMO01", OneLot, "one");

        Assert.Equal((HttpStatusCode.BadRequest, "ReduceOnlyException", "PriceUnavailable"), (answer.Status, answer.ErrorType, (string?)answer.Data["reason"]));
    }

    [Fact]
    public async Task A_preview_says_what_would_be_sent_and_sends_nothing()
    {
        var preview = await _door.SendAsync("POST", "/exits/preview", "DEMO02", Full);

        Assert.Equal(("BUY", 150L), ((string)preview.Data["side"]!, (long)preview.Data["quantity"]!));
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO02")).Data.AsArray());
    }

    [Fact]
    public async Task A_client_logs_in_with_the_code_that_was_sent_and_renews_until_the_session_ends()
    {
        var sent = await _door.SendAsync("POST", "/session/otp", null, """{"client_id":" demo01 "}""");
        Assert.Equal("SMS to the registered mobile number", (string?)sent.Data["sent_to"]![0]);

        var session = await _door.SendAsync("POST", "/session/token", null, $$"""{"client_id":"DEMO01","code":"{{_door.Codes.Sent["DEMO01"]}}"}""");
        var token = (string)session.Data["access_token"]!;
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", token)).Status);

        for (var passed = TimeSpan.Zero; passed < _door.World.Options.SessionLifetime - TimeSpan.FromMinutes(9); passed += TimeSpan.FromMinutes(9))
        {
            _door.World.Clock.Advance(TimeSpan.FromMinutes(9));
            token = (string)(await _door.SendWithTokenAsync("POST", "/session/renew", token)).Data["access_token"]!;
        }

        _door.World.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("POST", "/session/renew", token)).ErrorType);
    }

    [Fact]
    public async Task A_reload_resumes_the_session_by_a_cookie_that_no_script_reads_and_no_other_site_uses()
    {
        var login = await LogInAsync();
        var cookie = login.Headers["Set-Cookie"];
        Assert.Matches("^backup_session=[^;]+; max-age=28800; path=/session; samesite=strict; httponly$", cookie);
        var pair = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];

        var resumed = await ResumeAsync(("Cookie", pair), ("Origin", _door.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));
        Assert.Equal("DEMO01", (string?)resumed.Data["client_id"]);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", (string)resumed.Data["access_token"]!)).Status);

        Assert.Equal("TokenException", (await ResumeAsync()).ErrorType);
        Assert.Equal("TokenException", (await ResumeAsync(("Cookie", pair), ("Origin", "https://elsewhere.example"))).ErrorType);
        Assert.Equal("TokenException", (await ResumeAsync(("Cookie", pair), ("Sec-Fetch-Site", "cross-site"))).ErrorType);
        Assert.Equal("TokenException", (await ResumeAsync(("Cookie", pair), ("Origin", "null"))).ErrorType);
        Assert.Equal("TokenException", (await ResumeAsync(("Cookie", $"backup_session={login.Data["access_token"]}"))).ErrorType);
        Assert.Equal("TokenException", (await ResumeAsync(("Cookie", pair + "x"))).ErrorType);

        // The cookie opens nothing by itself.
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendWithTokenAsync("GET", "/orders", null, headers: ("Cookie", pair))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendWithTokenAsync("GET", "/orders", pair["backup_session=".Length..])).Status);

        _door.World.Clock.Advance(_door.World.Options.SessionLifetime);
        Assert.Equal("TokenException", (await ResumeAsync(("Cookie", pair))).ErrorType);
    }

    [Fact]
    public async Task The_cookie_is_for_secure_connections_only_where_the_proxy_has_one_and_goes_with_the_logout()
    {
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        var login = await _door.SendWithTokenAsync(
            "POST", "/session/token", null, $$"""{"client_id":"DEMO01","code":"{{_door.Codes.Sent["DEMO01"]}}"}""", headers: ("X-Forwarded-Proto", "https"));
        Assert.Contains("; secure;", login.Headers["Set-Cookie"], StringComparison.Ordinal);

        var logout = await _door.SendWithTokenAsync("POST", "/session/logout", (string)login.Data["access_token"]!);

        Assert.StartsWith("backup_session=; expires=Thu, 01 Jan 1970", logout.Headers["Set-Cookie"], StringComparison.Ordinal);
    }

    private async Task<Answer> LogInAsync()
    {
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        return await _door.SendAsync("POST", "/session/token", null, $$"""{"client_id":"DEMO01","code":"{{_door.Codes.Sent["DEMO01"]}}"}""");
    }

    private Task<Answer> ResumeAsync(params (string Name, string Value)[] headers) => _door.SendWithTokenAsync("POST", "/session/resume", null, headers: headers);

    [Theory]
    [InlineData("")]
    [InlineData("A-NAME-THAT-IS-TOO-LONG")]
    public async Task What_is_no_name_gets_no_code(string client) =>
        Assert.Equal("InputException", (await _door.SendAsync("POST", "/session/otp", null, $$"""{"client_id":"{{client}}"}""")).ErrorType);

    [Fact]
    public async Task A_wrong_code_says_how_many_tries_are_left()
    {
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");

        var answer = await _door.SendAsync("POST", "/session/token", null, """{"client_id":"DEMO01","code":"nothing"}""");

        Assert.Equal(("TwoFAException", 4), (answer.ErrorType, (int)answer.Data["attempts_left"]!));
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/healthz", HttpStatusCode.OK)]
    [InlineData("GET", "/status", HttpStatusCode.OK)]
    [InlineData("GET", "/openapi.json", HttpStatusCode.OK)]
    [InlineData("GET", "/api-docs/", HttpStatusCode.NotFound)]
    public async Task What_is_open_to_everybody_is_open_and_nothing_else(string method, string path, HttpStatusCode status) =>
        Assert.Equal(status, (await _door.SendAsync(method, path, null)).Status);
}
