using System.Net;
using Backup.Actor.Kernel.Sessions;
using Backup.Gateway.Api.Login.Staff;
using Xunit;

namespace Backup.Gateway.Api.Tests.Security;

/// <summary>The broker's people: name and password, the authenticator's code if there is one, and nothing told to a stranger.</summary>
public sealed class StaffLoginTests : IAsyncLifetime
{
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_name_and_a_password_open_a_session_in_the_role_that_a_reload_resumes()
    {
        await StaffLogins.AddAsync(_door, "auditor");

        var login = await StaffLogins.LogInAsync(_door, " Asha ");

        Assert.Equal((HttpStatusCode.OK, "auditor", "asha", null), (login.Status, (string?)login.Data["role"], (string?)login.Data["name"], (string?)login.Data["client_id"]));
        var cookie = login.Headers["Set-Cookie"];
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        var profile = await _door.SendWithTokenAsync("GET", "/user/profile", (string)login.Data["access_token"]!);
        Assert.Equal(("asha", "auditor"), ((string?)profile.Data["user_id"], (string?)profile.Data["user_type"]));
        var resumed = await _door.SendWithTokenAsync("POST", "/session/resume", null, headers: ("Cookie", cookie[..cookie.IndexOf(';', StringComparison.Ordinal)]));
        Assert.Equal((HttpStatusCode.OK, "auditor"), (resumed.Status, (string?)resumed.Data["role"]));
    }

    [Fact]
    public async Task A_name_that_is_nobodys_or_disabled_is_told_what_a_wrong_password_is_told_until_it_is_locked()
    {
        await StaffLogins.AddAsync(_door);
        await _door.StaffDirectory.AddAsync("rao", "operator", "six yellow kites.", default);
        await _door.StaffDirectory.SetDisabledAsync("rao", true, default);
        foreach (var (name, password) in new[] { ("asha", "not her password"), ("nobody", "not her password"), ("rao", "six yellow kites.") })
        {
            var told = new List<string>();
            for (var attempt = 0; attempt < 6; attempt++)
            {
                var answer = await StaffLogins.LogInAsync(_door, name, password);
                told.Add($"{(int)answer.Status} {answer.ErrorType} {(string?)answer.Body["message"]}");
            }

            Assert.Equal(
                [
                    "403 TwoFAException The name, the password or the code is wrong. 4 tries left.",
                    "403 TwoFAException The name, the password or the code is wrong. 3 tries left.",
                    "403 TwoFAException The name, the password or the code is wrong. 2 tries left.",
                    "403 TwoFAException The name, the password or the code is wrong. 1 try left.",
                    "403 TwoFAException Too many wrong tries. The login of this name is locked until 09:45 IST.",
                    "403 TwoFAException Too many wrong tries. The login of this name is locked until 09:45 IST.",
                ],
                told);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await StaffLogins.LogInAsync(_door)).Status);
        _door.World.Clock.Advance(_door.World.Options.Lockout);
        Assert.Equal(HttpStatusCode.OK, (await StaffLogins.LogInAsync(_door)).Status);
    }

    /// <summary>The hash is what takes the time: without it nobody's name would be answered some hundred times sooner.</summary>
    [Fact]
    public async Task Nobodys_name_takes_as_long_as_a_persons()
    {
        using var passwords = new StaffPasswords();
        var asha = new StaffMember("asha", "auditor", passwords.Hash(StaffLogins.Password), default, false);
        Assert.True(await passwords.IsRightAsync(asha, StaffLogins.Password, default));
        Assert.False(await passwords.IsRightAsync(null, "what is held against a name that is nobody's", default));

        Assert.True(await ShortestAsync(null) * 2 > await ShortestAsync(asha));

        async Task<TimeSpan> ShortestAsync(StaffMember? member)
        {
            var shortest = TimeSpan.MaxValue;
            for (var run = 0; run < 5; run++)
            {
                var started = TimeProvider.System.GetTimestamp();
                await passwords.IsRightAsync(member, "not the password", default);
                var took = TimeProvider.System.GetElapsedTime(started);
                shortest = took < shortest ? took : shortest;
            }

            return shortest;
        }
    }

    [Fact]
    public async Task Of_a_storm_some_wait_and_the_others_are_told_to_come_again_and_lose_no_try()
    {
        await StaffLogins.AddAsync(_door);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(one => StaffLogins.LogInAsync(_door, $"nobody{one}", "not her password")));

        var sentAway = answers.Where(answer => answer.Status == HttpStatusCode.ServiceUnavailable).ToArray();
        Assert.NotEmpty(sentAway);
        Assert.All(sentAway, answer => Assert.True(answer.Headers.ContainsKey("Retry-After")));
        Assert.All(answers.Except(sentAway), answer => Assert.Equal(4, (int)answer.Data["attempts_left"]!));
        var again = Enumerable.Range(0, 60).First(one => answers[one].Status == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(4, (int)(await StaffLogins.LogInAsync(_door, $"nobody{again}", "not her password")).Data["attempts_left"]!);
    }

    [Fact]
    public async Task With_an_authenticator_the_password_alone_is_not_enough_and_a_code_is_good_once()
    {
        var app = await AuthenticatorApp.AddConfirmedAsync(_door, subject: await StaffLogins.AddAsync(_door));

        var asked = await StaffLogins.LogInAsync(_door);
        Assert.Equal((HttpStatusCode.Forbidden, "totp"), (asked.Status, (string?)asked.Data["wanted"]));
        Assert.Equal(4, (int)(await StaffLogins.LogInAsync(_door, code: app.WrongCode())).Data["attempts_left"]!);
        Assert.Equal(3, (int)(await StaffLogins.LogInAsync(_door, password: "not her password", code: app.Code(1))).Data["attempts_left"]!);
        Assert.Equal(HttpStatusCode.OK, (await StaffLogins.LogInAsync(_door, code: app.Code(1))).Status);
        Assert.Equal(4, (int)(await StaffLogins.LogInAsync(_door, code: app.Code(1))).Data["attempts_left"]!);
    }

    [Fact]
    public async Task Whoever_is_disabled_or_has_another_password_is_logged_out_at_once_and_renews_nothing()
    {
        await StaffLogins.AddAsync(_door);
        var first = await StaffLogins.LogInAsync(_door);
        Assert.Null(await _door.StaffDirectory.SetPasswordAsync("asha", "eight purple barges", default));
        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("GET", "/user/profile", (string)first.Data["access_token"]!)).ErrorType);
        Assert.Equal(HttpStatusCode.Forbidden, (await StaffLogins.LogInAsync(_door)).Status);
        var second = await StaffLogins.LogInAsync(_door, password: "eight purple barges");
        Assert.Equal(HttpStatusCode.OK, second.Status);

        Assert.Null(await _door.StaffDirectory.SetDisabledAsync("asha", true, default));

        Assert.Equal("TokenException", (await _door.SendWithTokenAsync("POST", "/session/renew", (string)second.Data["access_token"]!)).ErrorType);
        Assert.Equal(HttpStatusCode.Forbidden, (await StaffLogins.LogInAsync(_door, password: "eight purple barges")).Status);
        Assert.Null(await _door.StaffDirectory.SetDisabledAsync("asha", false, default));
        Assert.Equal(HttpStatusCode.OK, (await StaffLogins.LogInAsync(_door, password: "eight purple barges")).Status);
    }

    [Theory]
    [InlineData("asha", "auditor", "fourteen chars", "password: expected 15 to 256 characters, of any kind.")]
    [InlineData("asha", "auditor", null, "password: expected one.")]
    [InlineData("asha", "auditor", "my name is Asha, I say", "password: the name must not be in it.")]
    [InlineData("asha", "auditor", "aaaaaaaaaaaaaaab", "password: expected at least 5 different characters.")]
    [InlineData("asha", "trader", StaffLogins.Password, "role: expected assisted-desk, operator, approver, auditor; found something else.")]
    [InlineData("asha", null, StaffLogins.Password, "role: expected assisted-desk, operator, approver, auditor; found none.")]
    [InlineData("Asha", "auditor", StaffLogins.Password, "name: expected 2 to 31 letters a to z, digits, . _ or -, beginning with a letter.")]
    [InlineData("a:b", "auditor", StaffLogins.Password, "name: expected 2 to 31 letters a to z, digits, . _ or -, beginning with a letter.")]
    public async Task What_cannot_be_added_is_said_why_not(string name, string? role, string? password, string why)
    {
        Assert.Equal(why, await _door.StaffDirectory.AddAsync(name, role, password, default));
        Assert.Null(await _door.Staff.FindAsync(name, default));
    }

    [Fact]
    public async Task A_name_is_never_given_again_and_the_store_holds_no_password()
    {
        await StaffLogins.AddAsync(_door);

        Assert.StartsWith("There is or was somebody", await _door.StaffDirectory.AddAsync("asha", "operator", "eight purple barges", default), StringComparison.Ordinal);
        Assert.StartsWith("There is nobody", await _door.StaffDirectory.SetPasswordAsync("rao", "eight purple barges", default), StringComparison.Ordinal);
        Assert.StartsWith("There is nobody", await _door.StaffDirectory.SetDisabledAsync("rao", true, default), StringComparison.Ordinal);
        var kept = Convert.FromBase64String((await _door.Staff.FindAsync("asha", default))!.PasswordHash);
        Assert.Equal(-1, kept.AsSpan().IndexOf("seven green"u8));
        Assert.Equal(61, kept.Length);
    }

    [Fact]
    public async Task While_the_store_is_away_nobody_new_comes_in_and_whoever_is_in_stays()
    {
        await StaffLogins.AddAsync(_door);
        var token = (string)(await StaffLogins.LogInAsync(_door)).Data["access_token"]!;
        _door.Staff.IsAway = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await StaffLogins.LogInAsync(_door)).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _door.SendWithTokenAsync("POST", "/session/renew", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/user/profile", token)).Status);
    }
}
