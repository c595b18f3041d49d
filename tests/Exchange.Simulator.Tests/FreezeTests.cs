using System.Net.Http.Json;
using System.Text.Json;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Orders above the freeze quantity that wait for a person's word.</summary>
public class FreezeTests : IAsyncDisposable
{
    private const Segment Fo = Segment.FuturesAndOptions;
    private const int TooMuch = 65 * 101;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_approved_order_is_confirmed_late_and_then_trades()
    {
        var host = await StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await member.SendAsync(_ => Orders.Future(BuySell.Buy, TooMuch, 2610000));
        var frozen = await member.ReadAsync();
        Assert.Equal((TransactionCode.FreezeToControl, 316), (Code(frozen), frozen.Length));
        Assert.Equal(FoOrderFlags.Day | FoOrderFlags.Frozen, FoFullOrder.OrderFlags.ReadNumber(frozen));
        host.Floor.SetPrice(Fo, 58072, 2600000);
        Assert.Equal(1, await DecideAsync(host, approve: true));
        var confirmed = await member.ReadAsync();
        Assert.Equal(TransactionCode.FullOrderConfirmed, Code(confirmed));
        Assert.Equal((FoFullOrder.OrderNumber.Read(frozen), 700001), (FoFullOrder.OrderNumber.Read(confirmed), FoFullOrder.Filler.Read(confirmed)));
        Assert.Equal(TooMuch, FoTrade.FillQuantity.Read(await member.ExpectAsync(TransactionCode.Trade)));
    }

    [Fact]
    public async Task A_refused_order_comes_back_as_2231_with_its_number_also_after_a_restart()
    {
        var first = await StartAsync();
        byte[] frozen;
        await using (var member = await TestMember.SignOnAsync(first, Fo))
        {
            await member.SendAsync(_ => Orders.Future(BuySell.Buy, TooMuch, 2610000));
            frozen = await member.ExpectAsync(TransactionCode.FreezeToControl);
        }

        await first.DisposeAsync();
        var second = await StartAsync();
        await using var again = await TestMember.SignOnAsync(second, Fo);
        Assert.Equal(1, await DecideAsync(second, approve: false));
        var refused = await again.ExpectAsync(TransactionCode.FullOrderRejected);
        Assert.Equal((ExchangeError.QuantityFreeze, FoFullOrder.OrderNumber.Read(frozen)), (MessageHeader.ErrorCode.Read(refused), FoFullOrder.OrderNumber.Read(refused)));
        Assert.Equal(0, await DecideAsync(second, approve: true));
        await second.DisposeAsync();
        var third = await StartAsync();
        Assert.DoesNotContain(third.Floor.Look((_, book, _) => book.Orders.ToArray()), order => order.IsOpen);
    }

    [Fact]
    public async Task An_order_approved_before_a_restart_is_changed_in_its_own_form_after_it()
    {
        var first = await StartAsync();
        byte[] confirmed;
        await using (var member = await TestMember.SignOnAsync(first, Fo))
        {
            await member.SendAsync(_ => Orders.Future(BuySell.Buy, TooMuch, 2590000));
            await member.ExpectAsync(TransactionCode.FreezeToControl);
            await DecideAsync(first, approve: true);
            confirmed = await member.ExpectAsync(TransactionCode.FullOrderConfirmed);
        }

        await first.DisposeAsync();
        var second = await StartAsync();
        await using var again = await TestMember.SignOnAsync(second, Fo);
        var cancel = new byte[FoOrderChange.Layout.Size];
        FoOrderChange.Layout.Clear(cancel);
        FoFullOrder.Layout.CopyShared(confirmed, FoOrderChange.Layout, cancel);
        FoOrderChange.TransactionCode.Write(cancel, TransactionCode.OrderCancel);
        FoOrderChange.UserId.Write(cancel, TestMember.User);
        await again.SendAsync(_ => cancel);
        Assert.Equal(TooMuch, FoOrderAnswer.TotalVolumeRemaining.Read(await again.ExpectAsync(TransactionCode.CancelConfirmed)));
    }

    private Task<SimulatorHost> StartAsync() => _simulators.StartAsync(settings => settings with { FreezeApproval = true, FillPartsMax = 1 });

    private static async Task<int> DecideAsync(SimulatorHost host, bool approve)
    {
        var answer = await FaultTests.PostAsync(host, "/control/freeze", new { approve });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("decided").GetInt32();
    }

    private static short Code(byte[] message) => MessageHeader.TransactionCode.Read(message);
}
