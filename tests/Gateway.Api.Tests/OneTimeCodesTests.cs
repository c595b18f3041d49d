using Backup.Gateway.Api.Login;
using Backup.Tests;
using Xunit;

namespace Backup.Gateway.Api.Tests;

public sealed class OneTimeCodesTests
{
    private const string Client = "DEMO01";
    private readonly ManualClock _clock = new();
    private readonly GatewayOptions _options = new();
    private readonly OneTimeCodes _codes;

    public OneTimeCodesTests() => _codes = new OneTimeCodes(_options, _clock);

    [Fact]
    public void A_code_is_good_once()
    {
        var code = Issue();

        Assert.Equal(6, code.Length);
        Assert.Equal(CodeResult.Accepted, Redeem(code));
        Assert.Equal(CodeResult.Expired, Redeem(code));
    }

    [Fact]
    public void A_code_is_good_for_its_client_only()
    {
        var code = Issue();
        _codes.Issue("DEMO02", out _, out _);

        Assert.NotEqual(CodeResult.Accepted, _codes.Redeem("DEMO02", code, out _, out _));
        Assert.Equal(CodeResult.Expired, _codes.Redeem("DEMO03", code, out _, out _));
    }

    [Fact]
    public void A_code_expires()
    {
        var code = Issue();
        _clock.Advance(_options.CodeLifetime);

        Assert.Equal(CodeResult.Expired, Redeem(code));
    }

    [Fact]
    public void Another_code_can_be_had_after_a_while_and_replaces_the_first()
    {
        var first = Issue();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(_codes.Issue(Client, out var wait, out var refusal));
        Assert.Equal((_options.CodeResendAfter - TimeSpan.FromSeconds(5), CodeRefusal.SentJustNow), (wait, refusal));

        _clock.Advance(wait);
        var second = Issue();

        Assert.True(first == second || Redeem(first) == CodeResult.Wrong);
        Assert.Equal(CodeResult.Accepted, Redeem(second));
    }

    [Fact]
    public void Too_many_wrong_codes_lock_the_client_out_for_a_while()
    {
        var code = Issue();
        for (var left = _options.CodeAttemptsMax - 1; left > 0; left--)
        {
            Assert.Equal(CodeResult.Wrong, _codes.Redeem(Client, WrongFor(code), out var attemptsLeft, out _));
            Assert.Equal(left, attemptsLeft);
        }

        Assert.Equal(CodeResult.LockedOut, _codes.Redeem(Client, WrongFor(code), out _, out var until));
        Assert.Equal(_clock.GetUtcNow() + _options.Lockout, until);
        Assert.Equal(CodeResult.LockedOut, Redeem(code));
        Assert.Null(_codes.Issue(Client, out var wait, out var refusal));
        Assert.Equal((_options.Lockout, CodeRefusal.LockedOut), (wait, refusal));

        _clock.Advance(_options.Lockout);
        Assert.Equal(CodeResult.Expired, Redeem(code));
        Assert.Equal(CodeResult.Accepted, Redeem(Issue()));
    }

    [Fact]
    public void Asking_for_another_code_does_not_give_the_tries_back()
    {
        for (var tries = 1; tries < _options.CodeAttemptsMax; tries++)
        {
            Assert.Equal(CodeResult.Wrong, Redeem(WrongFor(Issue())));
            _clock.Advance(_options.CodeResendAfter);
        }

        Assert.Equal(CodeResult.LockedOut, Redeem(WrongFor(Issue())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("abcdef")]
    public void What_is_no_code_counts_as_a_wrong_one(string text)
    {
        Issue();

        Assert.Equal(CodeResult.Wrong, Redeem(text));
    }

    [Fact]
    public void A_client_is_sent_so_many_codes_a_day_of_India()
    {
        for (var sent = 0; sent < _options.CodesPerClientPerDay; sent++)
        {
            Redeem(Issue());
        }

        Assert.Null(_codes.Issue(Client, out var wait, out var refusal));
        Assert.Equal((CodeRefusal.DayUsedUp, TimeSpan.FromHours(14.5)), (refusal, wait));
        Assert.NotNull(_codes.Issue("DEMO02", out _, out _));
        _clock.Advance(wait - TimeSpan.FromSeconds(1));
        Assert.Null(_codes.Issue(Client, out _, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(_codes.Issue(Client, out _, out _));
    }

    [Fact]
    public void A_strangers_code_is_nobodys_and_his_tries_are_counted_as_a_clients()
    {
        var strangers = new OneTimeCodes(_options, _clock, 2);
        var code = strangers.Issue("ONE", out _, out _)!;

        Assert.Equal(CodeResult.Wrong, strangers.Redeem("ONE", code, out var left, out _));
        Assert.Equal(_options.CodeAttemptsMax - 1, left);
        Assert.Equal(CodeResult.Expired, strangers.Redeem("TWO", code, out _, out _));
        strangers.Issue("TWO", out _, out _);
        Assert.Null(strangers.Issue("ONE", out _, out _));

        // Of too many names all are forgotten, so memory is bounded.
        strangers.Issue("THREE", out _, out _);
        Assert.NotNull(strangers.Issue("ONE", out _, out _));
    }

    private static string WrongFor(string code) => code == "000000" ? "000001" : "000000";

    private string Issue() => _codes.Issue(Client, out _, out _) ?? throw new InvalidOperationException("no code was issued");

    private CodeResult Redeem(string code) => _codes.Redeem(Client, code, out _, out _);
}
