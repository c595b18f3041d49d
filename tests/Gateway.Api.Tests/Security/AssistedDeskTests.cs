using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Gateway.Api.Tests.Refusals;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>The dealing desk acts for a client who has called; the call's reference is in the journal, and the client sees it.</summary>
public sealed class AssistedDeskTests : IAsyncLifetime
{
    private const string Desk = "staff:assisted-desk";
    private const string By = "desk:assisted-desk";
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task An_exit_that_the_desk_asks_for_is_the_clients_with_its_evidence_in_the_journal_and_before_his_eyes()
    {
        var exit = await DeskAsync("POST", "/exits", Situations.OneLot, "CALL 17/20-11", "one");

        Assert.Equal((HttpStatusCode.OK, By, "CALL 17/20-11"), (exit.Status, (string?)exit.Data["requested_by"], (string?)exit.Data["evidence"]));
        var seen = (await _door.SendAsync("GET", "/orders", "DEMO01")).Data[0]!;
        Assert.Equal((By, "CALL 17/20-11"), ((string?)seen["placed_by"], (string?)seen["evidence"]));
        Assert.Contains("\"requestedBy\":\"desk:assisted-desk\",\"evidence\":\"CALL 17/20-11\"", await JournalAsync(), StringComparison.Ordinal);
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO02")).Data.AsArray());
    }

    [Fact]
    public async Task A_change_a_cancel_a_stop_and_a_placed_order_carry_theirs()
    {
        var order = await Situations.ExitOneLot(_door);
        Assert.Equal(HttpStatusCode.OK, (await DeskAsync("PUT", $"/orders/regular/{order}", """{"price":101.5}""", "CALL-1")).Status);
        Assert.Equal((By, "CALL-1"), await AssistedAsync(order));
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("PUT", $"/orders/regular/{order}", "DEMO01", """{"price":101.0}""")).Status);
        Assert.Equal((null, null), await AssistedAsync(order));
        Assert.Equal(HttpStatusCode.OK, (await DeskAsync("DELETE", $"/orders/regular/{order}", null, "MAIL-2")).Status);
        Assert.Equal((By, "MAIL-2"), await AssistedAsync(order));

        await _door.SendAsync("POST", "/exits", "DEMO01", Situations.OneLot, "second");
        var stopped = await DeskAsync("POST", "/exits/second/stop", """{"cancel_orders":true}""", "CALL-3");
        Assert.Equal((By, "CALL-3", null), ((string?)stopped.Data["stopped"]!["by"], (string?)stopped.Data["stopped"]!["evidence"], (string?)stopped.Data["evidence"]));

        var placed = await DeskAsync(
            "POST", "/orders/regular", """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","transaction_type":"SELL","quantity":75,"order_type":"MARKET"}""", "CALL-4");
        var history = (await _door.SendAsync("GET", $"/orders/{(string?)placed.Data["order_id"]}", "DEMO01")).Data[0]!;
        Assert.Equal((By, "CALL-4"), ((string?)history["placed_by"], (string?)history["evidence"]));
        var journal = await JournalAsync();
        Assert.All(new[] { "CALL-1", "MAIL-2", "CALL-3", "CALL-4" }, evidence => Assert.Contains($"\"evidence\":\"{evidence}\"", journal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_release_of_hedges_carries_its_own()
    {
        await Situations.Spread(_door);
        await _door.SendAsync("POST", "/exits", "DEMO01", """{"all":true,"mode":"full"}""", "all");

        var released = await DeskAsync("POST", "/exits/all/release-hedges", null, "CALL-5");

        Assert.Equal((By, "CALL-5"), ((string?)released.Data["hedges_released"]!["by"], (string?)released.Data["hedges_released"]!["evidence"]));
    }

    [Theory]
    [InlineData(null, "found none")]
    [InlineData("   ", "found none")]
    [InlineData("tab\there", "found something else")]
    [InlineData("123456789012345678901234567890123456789012345678901234567890123456789012345678901", "found something else")]
    public async Task Without_a_reference_nothing_is_changed(string? evidence, string found)
    {
        var refused = await DeskAsync("POST", "/exits", Situations.OneLot, evidence, "one");

        Assert.Equal((HttpStatusCode.BadRequest, "InputException"), (refused.Status, refused.ErrorType));
        Assert.Contains(found, (string?)refused.Body["message"], StringComparison.Ordinal);
        Assert.Empty((await _door.SendAsync("GET", "/orders", "DEMO01")).Data.AsArray());
    }

    [Fact]
    public async Task The_desk_looks_without_evidence_and_tries_out_what_an_exit_would_do()
    {
        Assert.NotEmpty((await DeskAsync("GET", "/portfolio/positions", null, null)).Data["net"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await DeskAsync("POST", "/exits/preview", Situations.OneLot, null)).Status);
        Assert.Equal("DEMO01", (string?)(await DeskAsync("GET", "/user/profile", null, null)).Data["user_id"]);
        Assert.Equal("assisted-desk", (string?)(await _door.SendAsync("GET", "/user/profile", Desk)).Data["user_id"]);
    }

    [Theory]
    [InlineData("NOBODY")]
    [InlineData("DEMO03")]
    [InlineData("demo01")]
    [InlineData("DEMO01,DEMO02")]
    public async Task A_client_who_is_not_there_or_has_left_is_refused(string client)
    {
        var refused = await _door.SendWithTokenAsync("GET", "/orders", _door.TokenOf(Desk), headers: ("X-Act-For", client));

        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
    }

    [Fact]
    public async Task The_clients_sessions_and_authenticator_are_out_of_reach_and_his_own_are_his()
    {
        await AuthenticatorApp.AddConfirmedAsync(_door);
        foreach (var path in new[] { "/session/revoke", "/session/logout", "/session/renew", "/user/totp", "/user/totp/confirm", "/user/totp/remove" })
        {
            var refused = await DeskAsync("POST", path, """{"others":true,"totp":"123456"}""", "CALL-1");
            Assert.True((refused.Status, refused.ErrorType) == (HttpStatusCode.Forbidden, "PermissionException"), $"{path}: {refused.Body.ToJsonString()}");
        }

        Assert.Single((await _door.SendAsync("GET", "/session/list", "DEMO01")).Data.AsArray());
        Assert.True((bool)(await _door.SendAsync("GET", "/user/totp", "DEMO01")).Data["enrolled"]!);
        Assert.False((bool)(await _door.SendAsync("GET", "/user/totp", Desk)).Data["enrolled"]!);
        Assert.Equal("session-of-staff:assisted-desk", (string?)(await _door.SendAsync("GET", "/session/list", Desk)).Data[0]!["session_id"]);
    }

    [Fact]
    public async Task Without_an_authenticator_app_a_password_alone_reaches_no_client_where_that_is_so_set()
    {
        await using var door = await TradersDoor.OpenAsync(options: static given => given with { StaffNeedsAuthenticator = true });
        foreach (var (role, path) in new[] { (Desk, "/portfolio/positions"), (Desk, "/user/profile"), ("staff:auditor", "/orders") })
        {
            var refused = await door.SendWithTokenAsync("GET", path, door.TokenOf(role), headers: ("X-Act-For", "DEMO01"));
            Assert.Equal((HttpStatusCode.Forbidden, "PermissionException"), (refused.Status, refused.ErrorType));
            Assert.Contains("POST /user/totp", (string?)refused.Body["message"], StringComparison.Ordinal);
        }

        await AuthenticatorApp.AddConfirmedAsync(door, subject: Desk);

        Assert.Equal(HttpStatusCode.OK, (await door.SendWithTokenAsync("GET", "/portfolio/positions", door.TokenOf(Desk), headers: ("X-Act-For", "DEMO01"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await door.SendAsync("GET", "/portfolio/positions", "DEMO01")).Status);
    }

    [Fact]
    public async Task A_client_who_names_another_client_is_refused()
    {
        foreach (var header in new[] { "X-Act-For", "X-Evidence" })
        {
            var refused = await _door.SendWithTokenAsync("GET", "/orders", _door.TokenOf("DEMO01"), headers: (header, "DEMO01"));
            Assert.Equal((HttpStatusCode.Forbidden, "PermissionException"), (refused.Status, refused.ErrorType));
        }
    }

    [Fact]
    public async Task An_auditor_sees_what_the_client_sees_and_changes_nothing()
    {
        await DeskAsync("POST", "/exits", Situations.OneLot, "CALL-1", "one");
        var before = await JournalAsync();
        var token = _door.TokenOf("staff:auditor");

        var seen = await _door.SendWithTokenAsync("GET", "/exits/one", token, headers: ("X-Act-For", "DEMO01"));
        Assert.Equal("CALL-1", (string?)seen.Data["evidence"]);
        foreach (var (method, path) in new[] { ("POST", "/exits"), ("POST", "/exits/one/stop"), ("POST", "/exits/preview"), ("DELETE", "/orders/regular/DEMO01-3") })
        {
            var refused = await _door.SendWithTokenAsync(method, path, token, Situations.OneLot, "two", headers: [("X-Act-For", "DEMO01"), ("X-Evidence", "CALL-2")]);
            Assert.Equal((HttpStatusCode.Forbidden, "PermissionException"), (refused.Status, refused.ErrorType));
        }

        Assert.Equal(before, await JournalAsync());
    }

    private Task<Answer> DeskAsync(string method, string path, string? body, string? evidence, string? key = null)
    {
        (string, string)[] headers = evidence is null ? [("X-Act-For", "DEMO01")] : [("X-Act-For", "DEMO01"), ("X-Evidence", evidence)];
        return _door.SendWithTokenAsync(method, path, _door.TokenOf(Desk), body, key, headers: headers);
    }

    private async Task<(string? By, string? Evidence)> AssistedAsync(string order)
    {
        JsonNode last = (await _door.SendAsync("GET", $"/orders/{order}", "DEMO01")).Data.AsArray()[^1]!;
        return ((string?)last["assisted"]?["by"], (string?)last["assisted"]?["evidence"]);
    }

    private async Task<string> JournalAsync()
    {
        var records = new StringBuilder();
        await foreach (var record in _door.World.Journal.ReadAllAsync(default))
        {
            records.AppendLine(Encoding.UTF8.GetString(record.Record.Payload.Span));
        }

        return records.ToString();
    }
}
