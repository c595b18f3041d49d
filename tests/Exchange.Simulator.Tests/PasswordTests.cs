using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>New passwords, expired ones, and versions that do not fit.</summary>
public class PasswordTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task A_new_password_counts_from_now_on_until_a_restart_and_is_never_written_down(Segment segment)
    {
        var host = await _simulators.StartAsync();
        await using (var member = await TestMember.BoxOnAsync(host, segment))
        {
            var answer = await member.SignUserOnAsync("Trade@26", next: "Fresh#27");
            Assert.Equal(0, Error(answer));
            Assert.True(CmSignOnResponse.LastPasswordChange.Read(answer) > 0);
            await member.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
            Assert.Equal(ExchangeError.SignOnDataWrong, Error(await member.SignUserOnAsync("Trade@26")));
            Assert.Equal(0, Error(await member.SignUserOnAsync("Fresh#27")));
        }

        Assert.DoesNotContain(
            host.Floor.Look((_, _, ledger) => ledger.Read(0, 1000)),
            line => line.Contains(Convert.ToHexStringLower("Fresh#27"u8), StringComparison.Ordinal));
        await host.DisposeAsync();
        var second = await _simulators.StartAsync();
        await using var again = await TestMember.BoxOnAsync(second, segment);
        Assert.Equal(0, Error(await again.SignUserOnAsync("Trade@26")));
    }

    [Theory]
    [InlineData("Trade@26")]
    [InlineData("trade@27")]
    [InlineData("TRADE@27")]
    [InlineData("Trade@xy")]
    [InlineData("Trades27")]
    [InlineData("Tra@26")]
    public async Task A_new_password_against_the_rules_changes_nothing(string next)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.BoxOnAsync(host, Cm);
        Assert.Equal(ExchangeError.NewPasswordInvalid, Error(await member.SignUserOnAsync("Trade@26", next: next)));
        Assert.Equal(0, Error(await member.SignUserOnAsync("Trade@26")));
    }

    [Fact]
    public async Task The_last_five_passwords_do_not_come_back_and_the_sixth_does()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.BoxOnAsync(host, Cm);
        string[] passwords = ["Trade@26", "Trade@27", "Trade@28", "Trade@29", "Trade@30"];
        for (var at = 1; at < passwords.Length; at++)
        {
            Assert.Equal(0, Error(await ChangeAsync(member, passwords[at - 1], passwords[at])));
        }

        Assert.Equal(ExchangeError.NewPasswordInvalid, Error(await member.SignUserOnAsync("Trade@30", next: "Trade@26")));
        Assert.Equal(0, Error(await ChangeAsync(member, "Trade@30", "Trade@31")));
        Assert.Equal(0, Error(await ChangeAsync(member, "Trade@31", "Trade@26")));
    }

    [Fact]
    public async Task An_expired_password_opens_only_together_with_a_new_one()
    {
        var host = await _simulators.StartAsync(settings => settings with { PasswordExpired = true });
        await using var member = await TestMember.BoxOnAsync(host, Cm);
        Assert.Equal(ExchangeError.PasswordExpired, Error(await member.SignUserOnAsync("Trade@26")));
        Assert.Equal(0, Error(await ChangeAsync(member, "Trade@26", "Fresh#27")));
        Assert.Equal(0, Error(await member.SignUserOnAsync("Fresh#27")));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task Another_version_is_refused_with_the_one_of_the_host_in_its_place(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Version = 20_304 });
        await using var member = await TestMember.BoxOnAsync(host, segment);
        var refused = await member.SignUserOnAsync("Trade@26");
        Assert.Equal(ExchangeError.VersionDiffers, Error(refused));
        var text = segment == Cm ? CmErrorResponse.ErrorMessage.Read(refused) : FoErrorResponse.ErrorMessage.Read(refused);
        Assert.Equal("02.03.04", text.Substring(95, 8));
    }

    [Fact]
    public async Task The_version_that_is_asked_for_is_taken()
    {
        var host = await _simulators.StartAsync(settings => settings with { Version = 10_001 });
        await using var member = await TestMember.SignOnAsync(host, Cm);
    }

    /// <summary>Signs on with a new password and off again.</summary>
    private static async Task<byte[]> ChangeAsync(TestMember member, string password, string next)
    {
        var answer = await member.SignUserOnAsync(password, next: next);
        await member.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
        await member.ExpectAsync(TransactionCode.SignOffResponse);
        return answer;
    }

    private static short Error(byte[] message) => MessageHeader.ErrorCode.Read(message);
}
