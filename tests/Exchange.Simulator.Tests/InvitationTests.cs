using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>The send credit of the first TAP generation.</summary>
public class InvitationTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(InvitationForm.Short, 4)]
    [InlineData(InvitationForm.Long, 42)]
    public async Task A_member_is_invited_at_sign_on_and_again_when_half_is_used(InvitationForm form, int size)
    {
        var host = await StartAsync(form);
        await using var member = await TestMember.SignOnAsync(host, Cm);
        Assert.Equal((size, 4), Count(await member.ExpectAsync(TransactionCode.Invitation)));
        await TradingTests.EnterAsync(member, Cm);
        await TradingTests.EnterAsync(member, Cm);
        Assert.Equal((size, 4), Count(await member.ExpectAsync(TransactionCode.Invitation)));
    }

    [Fact]
    public async Task An_order_beyond_the_credit_is_refused_until_the_next_invitation()
    {
        var host = await StartAsync(InvitationForm.Short);
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.ExpectAsync(TransactionCode.Invitation);
        Assert.True((await FaultTests.PostAsync(host, "/control/fault", new { kind = "no-invitation", count = 4 })).IsSuccessStatusCode);
        for (var sent = 0; sent < 4; sent++)
        {
            await TradingTests.EnterAsync(member, Cm);
        }

        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
        Assert.Equal(ExchangeError.RateExceeded, CmOrderAnswer.ErrorCode.Read(await member.ExpectAsync(TransactionCode.OrderRejected)));
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
        Assert.Equal(ExchangeError.RateExceeded, CmOrderAnswer.ErrorCode.Read(await member.ExpectAsync(TransactionCode.OrderRejected)));
        await member.ExpectAsync(TransactionCode.Invitation);
        await TradingTests.EnterAsync(member, Cm);
    }

    private Task<SimulatorHost> StartAsync(InvitationForm form) => _simulators.StartAsync(settings => settings with
    {
        Invitations = form,
        InvitationCount = 4,
        Liquidity = LiquidityMode.None,
    });

    private static (int Size, int Count) Count(byte[] invitation) => (
        invitation.Length,
        invitation.Length == ShortInvitation.Layout.Size ? ShortInvitation.InvitationCount.Read(invitation) : LongInvitation.InvitationCount.Read(invitation));
}
