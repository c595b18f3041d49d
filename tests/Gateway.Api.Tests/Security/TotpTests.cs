using System.Net;
using System.Xml.Linq;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>The authenticator app: a second way in, or a second code, as the client wants it.</summary>
public sealed class TotpTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task It_is_shown_once_as_text_address_and_picture()
    {
        var begun = (await _door.SendAsync("POST", "/user/totp", "DEMO01")).Data;

        var secret = (string)begun["secret"]!;
        Assert.Equal(20, AuthenticatorApp.FromBase32(secret).Length);
        Assert.Equal($"otpauth://totp/Backup%20trading:DEMO01?secret={secret}&issuer=Backup%20trading&algorithm=SHA1&digits=6&period=30", (string)begun["uri"]!);
        Assert.Equal("svg", XDocument.Parse((string)begun["qr_svg"]!).Root!.Name.LocalName);
        Assert.NotEqual(secret, (string)(await _door.SendAsync("POST", "/user/totp", "DEMO01")).Data["secret"]!);
    }

    [Fact]
    public async Task Before_it_is_confirmed_it_opens_nothing_and_is_not_wanted()
    {
        var app = await AuthenticatorApp.AddAsync(_door);

        Assert.Equal("TwoFAException", (await TotpLoginAsync(app.Code())).ErrorType);
        Assert.False((bool)(await _door.SendAsync("GET", "/user/totp", "DEMO01")).Data["enrolled"]!);
        await _door.LogInAsync("DEMO01");
    }

    [Fact]
    public async Task Its_code_logs_in_without_any_code_being_sent_and_each_code_once()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door);

        Assert.Equal("TwoFAException", (await TotpLoginAsync(app.Code())).ErrorType);
        var login = await TotpLoginAsync(app.Code(1));
        Assert.Equal("DEMO01", (string?)login.Data["client_id"]);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", (string)login.Data["access_token"]!)).Status);
        Assert.Empty(_door.Codes.Sent);

        // Used, and older than the one that was used.
        Assert.Equal("TwoFAException", (await TotpLoginAsync(app.Code(1))).ErrorType);
        Assert.Equal("TwoFAException", (await TotpLoginAsync(app.Code())).ErrorType);
        _door.World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await TotpLoginAsync(app.Code())).Status);
    }

    [Fact]
    public async Task One_code_by_many_requests_at_once_opens_one_session()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TotpLoginAsync(app.Code(1))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_being_asked_for_it_is_no_second_factor()
    {
        await AuthenticatorApp.AddConfirmedAsync(_door);

        await _door.LogInAsync("DEMO01");
    }

    [Fact]
    public async Task As_a_second_factor_neither_code_is_enough_and_the_right_one_may_be_entered_again()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door, isSecondFactor: true);
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        var code = _door.Codes.Sent["DEMO01"];

        var onlyCode = await LoginAsync($$"""{"client_id":"DEMO01","code":"{{code}}"}""");
        Assert.Equal((HttpStatusCode.Forbidden, "TwoFAException", "totp"), (onlyCode.Status, onlyCode.ErrorType, (string?)onlyCode.Data["wanted"]));
        var onlyApp = await TotpLoginAsync(app.Code(1));
        Assert.Equal("code", (string?)onlyApp.Data["wanted"]);

        // Who has neither is not told that both are wanted.
        Assert.Equal(4, (int)(await LoginAsync("""{"client_id":"DEMO01","code":"nothing"}""")).Data["attempts_left"]!);
        Assert.Equal(3, (int)(await TotpLoginAsync(app.WrongCode())).Data["attempts_left"]!);
        Assert.Equal(2, (int)(await LoginAsync($$"""{"client_id":"DEMO01","code":"{{code}}","totp":"{{app.WrongCode()}}"}""")).Data["attempts_left"]!);
        Assert.Equal(1, (int)(await LoginAsync($$"""{"client_id":"DEMO01","code":"nothing","totp":"{{app.Code(1)}}"}""")).Data["attempts_left"]!);

        Assert.Equal("totp", (string?)(await LoginAsync($$"""{"client_id":"DEMO01","code":"{{code}}"}""")).Data["wanted"]);
        Assert.Equal(HttpStatusCode.OK, (await LoginAsync($$"""{"client_id":"DEMO01","code":"{{code}}","totp":"{{app.Code(1)}}"}""")).Status);
        Assert.Equal("TwoFAException", (await LoginAsync($$"""{"client_id":"DEMO01","code":"{{code}}","totp":"{{app.Code(1)}}"}""")).ErrorType);
    }

    [Fact]
    public async Task An_app_of_Kite_logs_in_by_it_too()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door);

        var begun = await _door.SendAsync("POST", "/session/request-token", null, $$"""{"client_id":"DEMO01","totp":"{{app.Code(1)}}","api_key":"app"}""");

        Assert.Equal(HttpStatusCode.OK, begun.Status);
        Assert.Equal("TwoFAException", (await _door.SendAsync("POST", "/session/request-token", null, $$"""{"client_id":"DEMO01","totp":"{{app.Code(1)}}","api_key":"app"}""")).ErrorType);
    }

    [Fact]
    public async Task Wrong_codes_of_both_kinds_count_together_and_lock_out_of_both()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door);
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        for (var left = _door.World.Options.CodeAttemptsMax - 1; left > 0; left--)
        {
            var wrong = left % 2 == 0 ? await TotpLoginAsync(app.WrongCode()) : await LoginAsync("""{"client_id":"DEMO01","code":"nothing"}""");
            Assert.Equal(left, (int)wrong.Data["attempts_left"]!);
        }

        Assert.NotNull((await TotpLoginAsync(app.WrongCode())).Data["locked_until"]);

        Assert.NotNull((await TotpLoginAsync(app.Code(1))).Data["locked_until"]);
        Assert.NotNull((await LoginAsync($$"""{"client_id":"DEMO01","code":"{{_door.Codes.Sent["DEMO01"]}}"}""")).Data["locked_until"]);
        Assert.NotNull((await _door.SendAsync("POST", "/user/totp/remove", "DEMO01", $$"""{"totp":"{{app.Code(1)}}"}""")).Data["locked_until"]);
        _door.World.Clock.Advance(_door.World.Options.Lockout);
        Assert.Equal(HttpStatusCode.OK, (await TotpLoginAsync(app.Code())).Status);
    }

    [Fact]
    public async Task Many_tries_at_once_are_not_more_than_one_after_the_other()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TotpLoginAsync(app.WrongCode())));

        Assert.Equal(_door.World.Options.CodeAttemptsMax - 1, answers.Count(answer => answer.Data["attempts_left"] is not null));
        Assert.NotNull((await TotpLoginAsync(app.Code(1))).Data["locked_until"]);
    }

    [Fact]
    public async Task It_is_added_soon_after_a_login_only_and_replaces_none()
    {
        var login = await _door.LogInAsync("DEMO01");
        _door.World.Clock.Advance(TimeSpan.FromMinutes(9));
        var renewed = (string)(await _door.SendWithTokenAsync("POST", "/session/renew", login.Token)).Data["access_token"]!;
        _door.World.Clock.Advance(TimeSpan.FromMinutes(2));

        var late = await _door.SendWithTokenAsync("POST", "/user/totp", renewed);
        Assert.Equal((HttpStatusCode.Forbidden, "TwoFAException"), (late.Status, late.ErrorType));

        await AuthenticatorApp.AddConfirmedAsync(_door);
        Assert.Equal(HttpStatusCode.Conflict, (await _door.SendAsync("POST", "/user/totp", "DEMO01")).Status);
    }

    [Fact]
    public async Task It_is_removed_with_a_code_of_it_and_opens_nothing_afterwards()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door, isSecondFactor: true);
        Assert.Equal("TwoFAException", (await _door.SendAsync("POST", "/user/totp/remove", "DEMO01", $$"""{"totp":"{{app.WrongCode()}}"}""")).ErrorType);

        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("POST", "/user/totp/remove", "DEMO01", $$"""{"totp":"{{app.Code(1)}}"}""")).Status);

        _door.World.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("TwoFAException", (await TotpLoginAsync(app.Code())).ErrorType);
        await _door.LogInAsync("DEMO01");
    }

    [Fact]
    public async Task Its_client_is_told_that_it_was_added_and_removed_by_the_ways_that_codes_take()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendAsync("POST", "/user/totp/remove", "DEMO01", $$"""{"totp":"{{app.Code(1)}}"}""")).Status);

        Assert.Collection(
            _door.Codes.Told,
            told => Assert.Matches("^DEMO01: An authenticator app was added .* at [0-9]{2}:[0-9]{2} IST. If you did not want that, call your broker", $"{told.Client}: {told.Text}"),
            told => Assert.StartsWith("DEMO01: The authenticator app was removed", $"{told.Client}: {told.Text}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task That_its_client_cannot_be_told_keeps_nobody_from_adding_it()
    {
        _door.Codes.IsDown = true;

        await AuthenticatorApp.AddConfirmedAsync(_door);

        Assert.Single(_door.Codes.Told);
    }

    [Fact]
    public async Task While_its_store_is_away_nobody_gets_past_it()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door, isSecondFactor: true);
        await _door.SendAsync("POST", "/session/otp", null, """{"client_id":"DEMO01"}""");
        _door.Authenticators.IsAway = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await LoginAsync($$"""{"client_id":"DEMO01","code":"{{_door.Codes.Sent["DEMO01"]}}"}""")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await TotpLoginAsync(app.Code(1))).Status);
    }

    private Task<Answer> LoginAsync(string body) => _door.SendAsync("POST", "/session/token", null, body);

    private Task<Answer> TotpLoginAsync(string totp) => LoginAsync($$"""{"client_id":"DEMO01","totp":"{{totp}}"}""");
}
