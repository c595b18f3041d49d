using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

public class ModifyTests : IAsyncDisposable
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
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_modified_order_is_confirmed_with_its_new_terms_and_cancelled_with_them(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await TradingTests.EnterAsync(member, segment);
        var price = segment == Cm ? 151000 : 2590000;
        await member.SendAsync(_ => Orders.Modify(segment, confirmed, 130, price), sequence: 9);
        var modified = await member.ExpectAsync(TransactionCode.ModifyConfirmed);
        var form = OrderForm.Find(segment, modified.Length)!;
        Assert.Equal(form.OrderNumber.Read(confirmed), form.OrderNumber.Read(modified));
        Assert.Equal((130, 130, 0, price), (form.Volume.Read(modified), form.Remaining.Read(modified), form.FilledToday.Read(modified), form.Price.Read(modified)));
        Assert.Equal(("T", 700002), (form.ModifiedBy.Read(modified), form.ClientReference!.Value.Read(modified)));
        Assert.True(form.LastActivityReference.Read(modified) > form.LastActivityReference.Read(confirmed));
        Assert.Equal(segment == Cm ? CmOrderFlags.Day | CmOrderFlags.Modified : FoOrderFlags.Day | FoOrderFlags.Modified, form.Flags.ReadNumber(modified));

        await member.SendAsync(_ => Orders.Cancel(segment, modified));
        Assert.Equal(130, form.Remaining.Read(await member.ExpectAsync(TransactionCode.CancelConfirmed)));

        await member.SendAsync(_ => Orders.Modify(segment, modified, 195, price));
        Assert.Equal(ExchangeError.OrderNotFound, Error(segment, await RefusedAsync(member)));
    }

    [Theory]
    [InlineData(Cm, ExchangeError.ModifyRefused)]
    [InlineData(Fo, ExchangeError.FoOrderChanged)]
    public async Task A_stale_modify_is_refused_with_the_quantities_of_the_book_and_its_own_references(Segment segment, short error)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await TradingTests.EnterAsync(member, segment);
        var form = OrderForm.Find(segment, confirmed.Length)!;
        var stale = form.LastActivityReference.Read(confirmed) - 1;
        form.LastActivityReference.Write(confirmed, stale);
        await member.SendAsync(_ => Orders.Modify(segment, confirmed, 130, form.Price.Read(confirmed)));
        var refused = await RefusedAsync(member);
        var refusedForm = OrderForm.Find(segment, refused.Length)!;
        Assert.Equal((error, 65, stale), (Error(segment, refused), refusedForm.Volume.Read(refused), refusedForm.LastActivityReference.Read(refused)));
        Assert.Equal(65, host.Floor.Look((_, book, _) => book.Orders.Single().Volume));
    }

    [Theory]
    [InlineData(Cm, 130, 152001, ExchangeError.PriceNotTickMultiple)]
    [InlineData(Cm, 130, 300000, ExchangeError.PriceOutsideRange)]
    [InlineData(Cm, 0, 152000, ExchangeError.ModifyRefused)]
    [InlineData(Fo, 66, 2600000, ExchangeError.QuantityNotLotMultiple)]
    [InlineData(Fo, 65 * 101, 2600000, ExchangeError.QuantityFreeze)]
    public async Task New_terms_are_held_against_the_rules_of_entry(Segment segment, int volume, int price, short error)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await TradingTests.EnterAsync(member, segment);
        await member.SendAsync(_ => Orders.Modify(segment, confirmed, volume, price));
        Assert.Equal(error, Error(segment, await RefusedAsync(member)));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_modify_that_changes_what_an_order_keeps_for_life_is_refused(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await TradingTests.EnterAsync(member, segment);
        var form = OrderForm.Find(segment, confirmed.Length)!;
        form.Account.Write(confirmed, "CLI0002");
        await member.SendAsync(_ => Orders.Modify(segment, confirmed, 65, form.Price.Read(confirmed)));
        Assert.Equal(ExchangeError.CannotModify, Error(segment, await RefusedAsync(member)));
        await member.SendAsync(_ => Orders.Cancel(segment, confirmed));
        var refused = await member.ExpectAsync(segment == Cm ? TransactionCode.CancelRejected : TransactionCode.FullCancelRejected);
        Assert.Equal(ExchangeError.CannotCancel, Error(segment, refused));
    }

    [Theory]
    [InlineData(Cm, 152900)]
    [InlineData(Fo, 2610000)]
    public async Task A_price_that_now_crosses_trades_for_the_new_total(Segment segment, int price)
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, segment);
        await member.SendAsync(_ => segment == Cm ? Orders.Cash(BuySell.Buy, 65, 150000) : Orders.Future(BuySell.Buy, 65, 2590000));
        var confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
        await member.SendAsync(_ => Orders.Modify(segment, confirmed, 195, price));
        await member.ExpectAsync(TransactionCode.ModifyConfirmed);
        var trade = await member.ExpectAsync(TransactionCode.Trade);
        var form = TradeForm.Find(segment, trade.Length)!;
        Assert.Equal((195, 195, 0), (form.FillQuantity.Read(trade), form.Volume.Read(trade), form.Remaining.Read(trade)));
        Assert.Equal(segment == Cm ? 152555 : 2600010, form.FillPrice.Read(trade));
    }

    [Fact]
    public async Task A_partly_filled_order_cannot_shrink_to_what_has_traded_and_keeps_its_fills_when_it_changes()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.Partial, FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 100, 152000));
        var confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
        var current = Orders.After(Cm, confirmed, await member.ExpectAsync(TransactionCode.Trade));

        await member.SendAsync(_ => Orders.Modify(Cm, confirmed, 60, 152000));
        Assert.Equal(ExchangeError.ModifyRefused, Error(Cm, await RefusedAsync(member)));
        await member.SendAsync(_ => Orders.Modify(Cm, current, 50, 152000));
        Assert.Equal(ExchangeError.ModifyRefused, Error(Cm, await RefusedAsync(member)));
        await member.SendAsync(_ => Orders.Modify(Cm, current, 60, 152000));
        var modified = await member.ExpectAsync(TransactionCode.ModifyConfirmed);
        Assert.Equal((10, 50), (CmOrderAnswer.TotalVolRemaining.Read(modified), CmOrderAnswer.VolumeFilledToday.Read(modified)));
        Assert.Equal(CmOrderFlags.Day | CmOrderFlags.Modified | CmOrderFlags.Traded, CmOrderAnswer.OrderFlags.ReadNumber(modified));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_restart_keeps_the_new_terms(Segment segment)
    {
        byte[] modified;
        var first = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using (var member = await TestMember.SignOnAsync(first, segment))
        {
            var confirmed = await TradingTests.EnterAsync(member, segment);
            await member.SendAsync(_ => Orders.Modify(segment, confirmed, 195, segment == Cm ? 151000 : 2590000));
            modified = await member.ExpectAsync(TransactionCode.ModifyConfirmed);
        }

        await first.DisposeAsync();
        var second = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var again = await TestMember.SignOnAsync(second, segment);
        var inner = await again.DownloadAsync((byte)OrderForm.Find(segment, modified.Length)!.Stream.ReadNumber(modified));
        Assert.Contains(inner, message => MessageHeader.TransactionCode.Read(message) == TransactionCode.FullModifyConfirmed);
        await again.SendAsync(_ => Orders.Cancel(segment, modified));
        var cancelled = await again.ExpectAsync(TransactionCode.CancelConfirmed);
        Assert.Equal(195, OrderForm.Find(segment, cancelled.Length)!.Remaining.Read(cancelled));
    }

    private static Task<byte[]> RefusedAsync(TestMember member) =>
        member.ExpectAsync(member.Segment == Cm ? TransactionCode.ModifyRejected : TransactionCode.FullModifyRejected);

    private static short Error(Segment segment, byte[] message) => OrderForm.Find(segment, message.Length)!.ErrorCode.Read(message);
}
