using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Kill switch, quick cancel and cancel-on-logout.</summary>
public class MassCancelTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;
    private const Segment Fo = Segment.FuturesAndOptions;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_kill_switch_is_answered_before_the_cancels_and_takes_everything_of_the_user()
    {
        var host = await RestingAsync();
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await TradingTests.EnterAsync(member, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 5, 900000, symbol: "BAJAJ-AUTO"));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
        await member.SendAsync(_ => Kill(TestMember.User), sequence: 3);
        var heard = await FaultTests.ReadAsync(member, 3);
        Assert.Equal([TransactionCode.QuickCancelAnswer, TransactionCode.CancelConfirmed, TransactionCode.CancelConfirmed], heard.Select(Code));
        Assert.Equal((0, 290), (MessageHeader.ErrorCode.Read(heard[0]), heard[0].Length));
        Assert.All(heard.Skip(1), message => Assert.Equal("T", CmOrderAnswer.ModCxlBy.Read(message)));
        Assert.DoesNotContain(host.Floor.Look((_, book, _) => book.Orders.ToArray()), order => order.IsOpen);
    }

    [Fact]
    public async Task The_kill_switch_for_one_security_leaves_the_others()
    {
        var host = await RestingAsync();
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await TradingTests.EnterAsync(member, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 5, 900000, symbol: "BAJAJ-AUTO"));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
        await member.SendAsync(_ => Kill(0, "INFY"));
        Assert.Equal("INFY", CmOrderAnswer.Symbol.Read(await member.ExpectAsync(TransactionCode.CancelConfirmed)));
        Assert.Equal("BAJAJ-AUTO", host.Floor.Look((_, book, _) => book.Orders.Single(order => order.IsOpen)).Name);
    }

    [Fact]
    public async Task A_kill_switch_that_fails_comes_back_as_2231()
    {
        var host = await RestingAsync();
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await TradingTests.EnterAsync(member, Cm);
        Assert.True((await FaultTests.PostAsync(host, "/control/fault", new { kind = "reject-kill" })).IsSuccessStatusCode);
        await member.SendAsync(_ => Kill(TestMember.User));
        Assert.Equal(ExchangeError.KillSwitchFailed, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullOrderRejected)));
        await member.SendAsync(_ => Kill(12345));
        Assert.Equal(ExchangeError.UserUnknown, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullOrderRejected)));
        await member.SendAsync(_ => Kill(TestMember.User, "NOSUCH"));
        Assert.Equal(ExchangeError.SymbolInvalid, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullOrderRejected)));
        Assert.Single(host.Floor.Look((_, book, _) => book.Orders.ToArray()), order => order.IsOpen);
    }

    [Fact]
    public async Task A_quick_cancel_takes_one_order_with_a_stale_reference_or_all_and_says_nothing_else()
    {
        var host = await RestingAsync();
        await using var member = await TestMember.SignOnAsync(host, Fo);
        var first = await TradingTests.EnterAsync(member, Fo);
        await TradingTests.EnterAsync(member, Fo);
        await TradingTests.EnterAsync(member, Fo);
        FoOrderAnswer.LastActivityReference.Write(first, 1);
        await member.SendAsync(_ => Quick(first));
        var one = await member.ReadAsync();
        Assert.Equal((TransactionCode.CancelConfirmed, FoOrderAnswer.OrderNumber.Read(first)), (Code(one), FoOrderAnswer.OrderNumber.Read(one)));
        await member.SendAsync(_ => Quick(first));
        Assert.Equal(ExchangeError.OrderNotFound, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullCancelRejected)));

        FoOrderAnswer.OrderNumber.Write(first, 0);
        await member.SendAsync(_ => Quick(first));
        Assert.All(await FaultTests.ReadAsync(member, 2), message => Assert.Equal(TransactionCode.CancelConfirmed, Code(message)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_cancel_on_logout_the_orders_go_before_the_sign_off_is_answered_or_with_the_connection(bool signsOff)
    {
        var host = await RestingAsync();
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            await TradingTests.EnterAsync(member, Cm);
            await member.SendAsync(_ => CancelOnLogout("1"));
            var set = await member.ExpectAsync(TransactionCode.CancelOnLogoutResponse);
            Assert.Equal((0, TestMember.User), (MessageHeader.ErrorCode.Read(set), CancelOnLogoutResponse.UserId.Read(set)));
            Assert.Equal("CANCEL ON LOGOUT IS ON", TraderMessage.Msg.Read(await member.ExpectAsync(TransactionCode.TraderMessage)));
            if (signsOff)
            {
                await member.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
                var heard = await FaultTests.ReadAsync(member, 2);
                Assert.Equal([TransactionCode.CancelConfirmed, TransactionCode.SignOffResponse], heard.Select(Code));
                Assert.Equal("C", CmOrderAnswer.ModCxlBy.Read(heard[0]));
            }
        }

        await using var again = await TestMember.SignOnAsync(host, Cm);
        var inner = await again.DownloadAsync((1594 % 2) + 1);
        Assert.Contains(inner, message => Code(message) == TransactionCode.FullCancelConfirmed);
        Assert.DoesNotContain(host.Floor.Look((_, book, _) => book.Orders.ToArray()), order => order.IsOpen);
    }

    [Fact]
    public async Task In_futures_the_order_itself_says_whether_it_goes_with_its_user()
    {
        var host = await RestingAsync();
        await using (var member = await TestMember.SignOnAsync(host, Fo))
        {
            await TradingTests.EnterAsync(member, Fo);
            var flagged = Orders.Future(BuySell.Buy, 130, 2600000);
            FoOrderEntry.AdditionalOrderFlags.WriteNumber(flagged, FoAdditionalFlags.CancelOnLogout);
            await member.SendAsync(_ => flagged);
            await member.ExpectAsync(TransactionCode.OrderConfirmed);
        }

        await using var again = await TestMember.SignOnAsync(host, Fo);
        Assert.Equal(65, host.Floor.Look((_, book, _) => book.Orders.Single(order => order.IsOpen)).Volume);
        await again.SendAsync(_ => CancelOnLogout("1"));
        Assert.Equal(ExchangeError.UnknownTransactionCode, MessageHeader.ErrorCode.Read(await again.ExpectAsync(TransactionCode.ErrorResponse)));
    }

    [Fact]
    public async Task Cancel_on_logout_is_remembered_over_a_restart_and_can_be_taken_back()
    {
        var first = await RestingAsync();
        await using (var member = await TestMember.SignOnAsync(first, Cm))
        {
            await member.SendAsync(_ => CancelOnLogout("1"));
            await member.ExpectAsync(TransactionCode.CancelOnLogoutResponse);
        }

        await first.DisposeAsync();
        var second = await RestingAsync();
        await using (var member = await TestMember.SignOnAsync(second, Cm))
        {
            await TradingTests.EnterAsync(member, Cm);
            await member.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
            await member.ExpectAsync(TransactionCode.CancelConfirmed);
        }

        await using var again = await TestMember.SignOnAsync(second, Cm);
        await again.SendAsync(_ => CancelOnLogout("0"));
        await again.ExpectAsync(TransactionCode.CancelOnLogoutResponse);
        await TradingTests.EnterAsync(again, Cm);
        await again.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
        await again.ExpectAsync(TransactionCode.SignOffResponse);
        Assert.Single(second.Floor.Look((_, book, _) => book.Orders.Where(order => order.IsOpen).ToArray()));
    }

    private Task<SimulatorHost> RestingAsync() => _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });

    private static byte[] Kill(int user, string symbol = "")
    {
        var message = new byte[CmFullOrder.Layout.Size];
        CmFullOrder.Layout.Begin(message, TransactionCode.KillSwitch, TestMember.User);
        CmFullOrder.TraderId.Write(message, user);
        CmFullOrder.Symbol.Write(message, symbol);
        CmFullOrder.Series.Write(message, symbol.Length == 0 ? "" : "EQ");
        return message;
    }

    private static byte[] Quick(byte[] answer)
    {
        var message = Orders.Cancel(Fo, answer);
        MessageHeader.TransactionCode.Write(message, TransactionCode.QuickCancel);
        return message;
    }

    private static byte[] CancelOnLogout(string bit)
    {
        var message = new byte[CancelOnLogoutRequest.Layout.Size];
        CancelOnLogoutRequest.Layout.Begin(message, TransactionCode.CancelOnLogoutRequest, TestMember.User);
        CancelOnLogoutRequest.UserId.Write(message, TestMember.User);
        CancelOnLogoutRequest.ColUserBit.Write(message, bit);
        return message;
    }

    private static short Code(byte[] message) => MessageHeader.TransactionCode.Read(message);
}
