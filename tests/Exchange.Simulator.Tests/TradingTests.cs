using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

public class TradingTests : IAsyncDisposable
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
    public async Task A_cash_order_that_crosses_is_confirmed_and_filled_completely()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 100, 152000), sequence: 42);

        var confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
        Assert.Equal(700001, CmOrderAnswer.TransactionId.Read(confirmed));
        Assert.Equal("CLI0001", CmOrderAnswer.AccountNumber.Read(confirmed));
        Assert.Equal(100, CmOrderAnswer.TotalVolRemaining.Read(confirmed));

        var filled = 0;
        while (filled < 100)
        {
            var trade = await member.ExpectAsync(TransactionCode.Trade);
            filled += CmTrade.FillQty.Read(trade);
            Assert.Equal(filled, CmTrade.VolFilledToday.Read(trade));
            Assert.Equal(100 - filled, CmTrade.RemainingVol.Read(trade));
            Assert.Equal(CmOrderAnswer.OrderNumber.Read(confirmed), CmTrade.ResponseOrderNumber.Read(trade));
            Assert.InRange(CmTrade.FillPrice.Read(trade), 152000, 152600);
        }
    }

    [Fact]
    public async Task A_futures_order_that_crosses_is_filled_in_lots()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await member.SendAsync(_ => Orders.Future(BuySell.Buy, 650, 2601000));
        var confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
        Assert.Equal(700001, FoOrderAnswer.Filler.Read(confirmed));
        var filled = 0;
        while (filled < 650)
        {
            var trade = await member.ExpectAsync(TransactionCode.Trade);
            filled += FoTrade.FillQuantity.Read(trade);
            Assert.Equal(0, FoTrade.FillQuantity.Read(trade) % 65);
            Assert.Equal(58072, FoTrade.Token.Read(trade));
            Assert.Equal("CLI0001", FoTrade.AccountNumber.Read(trade));
        }
    }

    [Theory]
    [InlineData(0, 152000, "INFY", "CLI0001", "ABCDE1234F", ExchangeError.QuantityNotLotMultiple)]
    [InlineData(10, 152001, "INFY", "CLI0001", "ABCDE1234F", ExchangeError.PriceNotTickMultiple)]
    [InlineData(10, 300000, "INFY", "CLI0001", "ABCDE1234F", ExchangeError.PriceOutsideRange)]
    [InlineData(10, 152000, "NOSUCH", "CLI0001", "ABCDE1234F", ExchangeError.SymbolInvalid)]
    [InlineData(10, 152000, "INFY", "", "ABCDE1234F", ExchangeError.AccountMandatory)]
    [InlineData(10, 152000, "INFY", "CLI0001", "", ExchangeError.PanInvalid)]
    [InlineData(10, -5, "INFY", "CLI0001", "ABCDE1234F", ExchangeError.PriceInvalid)]
    public async Task A_cash_order_against_the_rules_is_refused_in_the_trimmed_form(int quantity, int price, string symbol, string account, string pan, short error)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, quantity, price, symbol: symbol, account: account, pan: pan));
        var refused = await member.ExpectAsync(TransactionCode.OrderRejected);
        Assert.Equal(error, CmOrderAnswer.ErrorCode.Read(refused));
        Assert.Equal(0, CmOrderAnswer.OrderNumber.Read(refused));
        Assert.Equal(700001, CmOrderAnswer.TransactionId.Read(refused));
    }

    [Theory]
    [InlineData(64, ExchangeError.QuantityNotLotMultiple)]
    [InlineData(65 * 101, ExchangeError.QuantityFreeze)]
    public async Task A_futures_order_against_the_rules_is_refused_in_the_full_size_form(int quantity, short error)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await member.SendAsync(_ => Orders.Future(BuySell.Buy, quantity, 2600000));
        var refused = await member.ExpectAsync(TransactionCode.FullOrderRejected);
        Assert.Equal(FoFullOrder.Layout.Size, refused.Length);
        Assert.Equal(error, MessageHeader.ErrorCode.Read(refused));
        Assert.Equal(700001, FoFullOrder.Filler.Read(refused));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_resting_order_is_cancelled(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await EnterAsync(member, segment);
        await member.SendAsync(_ => Orders.Cancel(segment, confirmed));
        var cancelled = await member.ExpectAsync(TransactionCode.CancelConfirmed);
        var form = OrderForm.Find(segment, cancelled.Length)!;
        Assert.Equal("T", form.ModifiedBy.Read(cancelled));
        Assert.Equal(65, form.Remaining.Read(cancelled));

        await member.SendAsync(_ => Orders.Cancel(segment, confirmed));
        var gone = await member.ExpectAsync(segment == Cm ? TransactionCode.CancelRejected : TransactionCode.FullCancelRejected);
        Assert.Equal(ExchangeError.OrderNotFound, OrderForm.Find(segment, gone.Length)!.ErrorCode.Read(gone));
    }

    [Theory]
    [InlineData(Cm, TransactionCode.CancelRejected, ExchangeError.OrderToCancelChanged)]
    [InlineData(Fo, TransactionCode.FullCancelRejected, ExchangeError.FoOrderChanged)]
    public async Task A_cancel_with_a_stale_reference_is_refused_with_the_quantities_of_the_book(Segment segment, short code, short error)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await EnterAsync(member, segment);
        var form = OrderForm.Find(segment, confirmed.Length)!;
        var fresh = form.LastActivityReference.Read(confirmed);
        form.LastActivityReference.Write(confirmed, fresh - 1);
        await member.SendAsync(_ => Orders.Cancel(segment, confirmed));
        var refused = await member.ExpectAsync(code);
        var refusedForm = OrderForm.Find(segment, refused.Length)!;
        Assert.Equal(error, refusedForm.ErrorCode.Read(refused));
        Assert.Equal(65, refusedForm.Remaining.Read(refused));
        Assert.Equal(fresh - 1, refusedForm.LastActivityReference.Read(refused));

        form.LastActivityReference.Write(confirmed, fresh);
        await member.SendAsync(_ => Orders.Cancel(segment, confirmed));
        await member.ExpectAsync(TransactionCode.CancelConfirmed);
    }

    [Fact]
    public async Task In_partial_liquidity_a_share_trades_and_the_rest_waits_until_liquidity_returns()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.Partial, FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 100, 152000));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
        var first = await member.ExpectAsync(TransactionCode.Trade);
        Assert.Equal(50, CmTrade.RemainingVol.Read(first));

        host.Floor.SetLiquidity(LiquidityMode.Full, Cm);
        var second = await member.ExpectAsync(TransactionCode.Trade);
        Assert.Equal(0, CmTrade.RemainingVol.Read(second));
        Assert.Equal(152000, CmTrade.FillPrice.Read(second));
    }

    [Fact]
    public async Task A_resting_order_trades_at_its_own_price_when_the_market_comes_to_it()
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await member.SendAsync(_ => Orders.Future(BuySell.Sell, 65, 2610000));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
        Assert.True(host.Floor.SetPrice(Fo, 58072, 2620000));
        var trade = await member.ExpectAsync(TransactionCode.Trade);
        Assert.Equal(2610000, FoTrade.FillPrice.Read(trade));
    }

    [Fact]
    public async Task An_order_of_a_user_who_is_not_signed_on_is_refused()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.BoxOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152550));
        Assert.Equal(ExchangeError.SignOnDataWrong, CmOrderAnswer.ErrorCode.Read(await member.ExpectAsync(TransactionCode.OrderRejected)));
    }

    [Fact]
    public async Task Held_answers_come_when_they_are_let_go()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        host.Floor.Drill((drills, now) => drills.Hold(true, now));
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
        await member.SendAsync(buffer => SessionMessages.SystemInformation(buffer, Cm, TestMember.User));
        Assert.Equal(TransactionCode.SystemInformation, MessageHeader.TransactionCode.Read(await member.ReadAsync()));
        host.Floor.Drill((drills, now) => drills.Hold(false, now));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
    }

    [Fact]
    public async Task A_swallowed_order_is_in_the_book_and_in_the_download_but_was_never_answered()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            host.Floor.Drill((drills, now) => drills.Swallow(1, now));
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
            Assert.True(await member.IsEndedAsync());
        }

        await using var again = await TestMember.SignOnAsync(host, Cm);
        var inner = await again.DownloadAsync(1594 % 2 + 1);
        Assert.Contains(inner, message => MessageHeader.TransactionCode.Read(message) == TransactionCode.FullOrderConfirmed);
    }

    internal static async Task<byte[]> EnterAsync(TestMember member, Segment segment)
    {
        await member.SendAsync(_ => segment == Cm ? Orders.Cash(BuySell.Buy, 65, 152000) : Orders.Future(BuySell.Buy, 65, 2600000));
        return await member.ExpectAsync(TransactionCode.OrderConfirmed);
    }
}
