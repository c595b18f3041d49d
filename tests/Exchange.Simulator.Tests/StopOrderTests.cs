using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>The stop-loss book, which speaks the full-size forms.</summary>
public class StopOrderTests : IAsyncDisposable
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
    public async Task A_stop_order_waits_triggers_and_trades_in_the_full_size_form(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await EnterAsync(member, segment);
        var form = OrderForm.Find(segment, confirmed.Length)!;
        Assert.False(form.IsTrimmed);
        Assert.Equal((65, 65), (form.Volume.Read(confirmed), form.Remaining.Read(confirmed)));
        Assert.True(host.Floor.Look((_, book, _) => book.Orders.Single().IsStop));

        Assert.True(host.Floor.SetPrice(segment, segment == Cm ? 1594 : 58072, segment == Cm ? 149900 : 2549000));
        var triggered = await member.ReadAsync();
        Assert.Equal(TransactionCode.StopLossTriggered, Code(triggered));
        var trade = await member.ReadAsync();
        Assert.Equal(TransactionCode.FullTrade, Code(trade));
        var fill = TradeForm.Find(segment, trade.Length)!;
        Assert.Equal((form.OrderNumber.Read(confirmed), 65, "CLI0001"), (fill.OrderNumber.Read(trade), fill.FillQuantity.Read(trade), fill.Account.Read(trade)));
        Assert.Equal(trade.Length, MessageHeader.MessageLength.Read(trade));
        Assert.True(fill.LastActivityReference.Read(trade) > fill.LastActivityReference.Read(triggered));
        var inner = await member.DownloadAsync((byte)form.Stream.ReadNumber(confirmed));
        Assert.Equal(
            [TransactionCode.FullOrderConfirmed, TransactionCode.StopLossTriggered, TransactionCode.FullTrade],
            inner.Select(Code).Where(code => code != TransactionCode.SignOnResponse));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_stop_order_is_modified_and_cancelled_in_the_full_size_form(Segment segment)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await EnterAsync(member, segment);
        var form = OrderForm.Find(segment, confirmed.Length)!;
        var modify = With(TransactionCode.FullOrderModify, confirmed);
        form.Volume.Write(modify, 130);
        await member.SendAsync(_ => modify);
        var modified = await member.ExpectAsync(TransactionCode.FullModifyConfirmed);
        Assert.Equal((130, "T"), (form.Remaining.Read(modified), form.ModifiedBy.Read(modified)));
        await member.SendAsync(_ => With(TransactionCode.FullOrderCancel, confirmed));
        Assert.Equal(
            segment == Cm ? ExchangeError.OrderToCancelChanged : ExchangeError.FoOrderChanged,
            MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullCancelRejected)));
        await member.SendAsync(_ => With(TransactionCode.FullOrderCancel, modified));
        Assert.Equal(130, form.Remaining.Read(await member.ExpectAsync(TransactionCode.FullCancelConfirmed)));
    }

    [Theory]
    [InlineData(Cm, 3, 152000, 0, ExchangeError.TriggerInvalid)]
    [InlineData(Cm, 3, 152000, 150001, ExchangeError.TriggerNotTickMultiple)]
    [InlineData(Cm, 3, 152000, 151000, ExchangeError.LimitWorseThanTrigger)]
    [InlineData(Cm, 1, 149000, 150000, 16422)]
    [InlineData(Fo, 1, 2540000, 2550000, 16406)]
    public async Task A_stop_order_against_the_rules_is_refused(Segment segment, short book, int price, int trigger, short error)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, segment);
        var order = Orders.Stop(segment, BuySell.Sell, 65, price, trigger);
        (segment == Cm ? CmFullOrder.BookType : FoFullOrder.BookType).Write(order, book);
        await member.SendAsync(_ => order);
        Assert.Equal(error, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullOrderRejected)));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_restart_knows_waiting_and_triggered_stop_orders_and_a_triggered_one_can_still_be_cancelled(Segment segment)
    {
        var first = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        byte[] waiting, triggered, current;
        await using (var member = await TestMember.SignOnAsync(first, segment))
        {
            waiting = await EnterAsync(member, segment);
            triggered = await EnterAsync(member, segment, isDeep: false);
            first.Floor.SetPrice(segment, segment == Cm ? 1594 : 58072, segment == Cm ? 150900 : 2569000);
            current = await member.ExpectAsync(TransactionCode.StopLossTriggered);
        }

        await first.DisposeAsync();
        var second = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        Assert.Equal([true, false], second.Floor.Look((_, book, _) => book.Orders.OrderBy(order => order.Number).Select(order => order.IsStop).ToArray()));
        await using var again = await TestMember.SignOnAsync(second, segment);
        await again.SendAsync(_ => With(TransactionCode.FullOrderCancel, waiting));
        await again.ExpectAsync(TransactionCode.FullCancelConfirmed);

        // The member copies its first answer, which still says book 3 (N34).
        var form = OrderForm.Find(segment, triggered.Length)!;
        var activity = TradeForm.Find(segment, current.Length)!;
        var cancel = With(TransactionCode.FullOrderCancel, triggered);
        form.LastActivityReference.Write(cancel, activity.LastActivityReference.Read(current));
        form.LastModified.Write(cancel, activity.ActivityTime.Read(current));
        await again.SendAsync(_ => cancel);
        Assert.Equal(form.OrderNumber.Read(triggered), form.OrderNumber.Read(await again.ExpectAsync(TransactionCode.FullCancelConfirmed)));
    }

    /// <summary>Sells below the market: deep at 1500.00 and 25500.00, else at 1510.00 and 25700.00.</summary>
    private static async Task<byte[]> EnterAsync(TestMember member, Segment segment, bool isDeep = true)
    {
        var trigger = (segment, isDeep) switch { (Cm, true) => 150000, (Cm, _) => 151000, (_, true) => 2550000, _ => 2570000 };
        await member.SendAsync(_ => Orders.Stop(segment, BuySell.Sell, 65, trigger - 10000, trigger));
        return await member.ExpectAsync(TransactionCode.FullOrderConfirmed);
    }

    private static byte[] With(short code, byte[] answer)
    {
        var message = answer.ToArray();
        MessageHeader.TransactionCode.Write(message, code);
        return message;
    }

    private static short Code(byte[] message) => MessageHeader.TransactionCode.Read(message);
}
