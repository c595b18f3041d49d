using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Answers beyond confirmed and refused: price confirmations, quick acknowledgements, remainders.</summary>
public class AnswerTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;
    private const Segment Fo = Segment.FuturesAndOptions;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Cm, TransactionCode.PriceConfirmation, true)]
    [InlineData(Cm, TransactionCode.PriceConfirmation, false)]
    [InlineData(Fo, TransactionCode.FullPriceConfirmation, true)]
    public async Task The_rest_of_a_market_order_is_told_its_price_and_either_reference_cancels_it(Segment segment, short code, bool oldReference)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.Partial, FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, segment);
        await member.SendAsync(_ => segment == Cm ? Orders.Cash(BuySell.Buy, 100, 0) : Orders.Future(BuySell.Buy, 130, 0), sequence: 0);
        var confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
        var trade = await member.ExpectAsync(TransactionCode.Trade);
        var price = await member.ExpectAsync(code);
        var form = OrderForm.Find(segment, price.Length)!;
        Assert.Equal(segment == Cm ? (152555, 50) : (2600010, 65), (form.Price.Read(price), form.Remaining.Read(price)));
        Assert.True(form.LastActivityReference.Read(price) > TradeForm.Find(segment, trade.Length)!.LastActivityReference.Read(trade));

        var current = Orders.After(segment, confirmed, trade);
        if (!oldReference)
        {
            CmOrderAnswer.LastActivityReference.Write(current, form.LastActivityReference.Read(price));
            CmOrderAnswer.LastModified.Write(current, form.LastModified.Read(price));
        }

        await member.SendAsync(_ => Orders.Cancel(segment, current));
        var cancelled = await member.ExpectAsync(TransactionCode.CancelConfirmed);
        Assert.Equal(segment == Cm ? 50 : 65, OrderForm.Find(segment, cancelled.Length)!.Remaining.Read(cancelled));
    }

    [Fact]
    public async Task A_market_order_that_trades_completely_is_told_no_price()
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 100, 0));
        await member.SendAsync(buffer => SessionMessages.SystemInformation(buffer, Cm, TestMember.User));
        var heard = await FaultTests.ReadAsync(member, 3);
        Assert.Equal([TransactionCode.OrderConfirmed, TransactionCode.Trade, TransactionCode.SystemInformation], heard.Select(Code));
    }

    [Fact]
    public async Task A_price_confirmation_comes_back_with_a_restart()
    {
        var first = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        byte[] confirmed, price;
        await using (var member = await TestMember.SignOnAsync(first, Cm))
        {
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 100, 0));
            confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
            price = await member.ExpectAsync(TransactionCode.PriceConfirmation);
        }

        await first.DisposeAsync();
        var second = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var again = await TestMember.SignOnAsync(second, Cm);
        Assert.Contains(await again.DownloadAsync((1594 % 2) + 1), message => Code(message) == TransactionCode.FullPriceConfirmation);
        await again.SendAsync(_ => Orders.Cancel(Cm, price));
        await again.ExpectAsync(TransactionCode.CancelConfirmed);
        Assert.NotEqual(CmOrderAnswer.LastActivityReference.Read(confirmed), CmOrderAnswer.LastActivityReference.Read(price));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task The_rest_of_an_immediate_order_is_cancelled_by_the_exchange(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.Partial, FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var order = segment == Cm ? Orders.Cash(BuySell.Buy, 100, 152900) : Orders.Future(BuySell.Buy, 130, 2610000);
        (segment == Cm ? CmOrderEntry.OrderFlags : FoOrderEntry.OrderFlags).WriteNumber(order, segment == Cm ? CmOrderFlags.Ioc : FoOrderFlags.Ioc);
        await member.SendAsync(_ => order);
        var heard = await FaultTests.ReadAsync(member, 3);
        Assert.Equal([TransactionCode.OrderConfirmed, TransactionCode.Trade, TransactionCode.CancelConfirmed], heard.Select(Code));
        var form = OrderForm.Find(segment, heard[2].Length)!;
        Assert.Equal((ExchangeError.SystemCancelled, "C"), (form.ErrorCode.Read(heard[2]), form.ModifiedBy.Read(heard[2])));
    }

    [Fact]
    public async Task A_futures_gateway_acknowledges_quick_messages_before_they_are_answered()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await member.SendAsync(_ => With(TransactionCode.QuickOrderEntry, Orders.Future(BuySell.Buy, 65, 2600000)));
        var heard = await FaultTests.ReadAsync(member, 2);
        Assert.Equal([TransactionCode.QuickOrderEntryTaken, TransactionCode.OrderConfirmed], heard.Select(Code));
        Assert.Equal((TestMember.User, 700001), (FoQuickAck.TraderId.Read(heard[0]), FoQuickAck.Reference.Read(heard[0])));
        await member.SendAsync(_ => With(TransactionCode.QuickOrderModify, Orders.Modify(Fo, heard[1], 130, 2600000)));
        heard = await FaultTests.ReadAsync(member, 2);
        Assert.Equal([TransactionCode.QuickOrderModifyTaken, TransactionCode.ModifyConfirmed], heard.Select(Code));
        await member.SendAsync(_ => With(TransactionCode.QuickOrderCancel, Orders.Cancel(Fo, heard[1])));
        heard = await FaultTests.ReadAsync(member, 2);
        Assert.Equal([TransactionCode.QuickOrderCancelTaken, TransactionCode.CancelConfirmed], heard.Select(Code));
    }

    private static byte[] With(short code, byte[] message)
    {
        MessageHeader.TransactionCode.Write(message, code);
        return message;
    }

    private static short Code(byte[] message) => MessageHeader.TransactionCode.Read(message);
}
