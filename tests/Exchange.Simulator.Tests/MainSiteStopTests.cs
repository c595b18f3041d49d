using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Stop orders of the broker's main site, found and taken over by the product's own session (NSE-TAP.md 5.1, 5.5, 6, N34).</summary>
public class MainSiteStopTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;
    private const Segment Fo = Segment.FuturesAndOptions;

    private readonly Simulators _simulators = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _simulators.DisposeAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_stop_found_by_download_is_changed_and_then_cancelled(Segment segment)
    {
        var host = await _simulators.StartAsync();
        var number = Enter(host, Stop(segment) with { Quantity = 130 });
        var (session, desk) = Start(host, segment);
        var found = (await desk.UntilAsync("Confirmed"))!;
        Assert.True(found.FromDownload);
        Assert.Equal((number, 130, Trigger(segment), true), (found.Order.OrderNumber, found.Order.Volume, found.Order.TriggerPaise, found.Order.IsStop));
        await desk.UntilAsync("recovered");

        desk.Reference = found.Order;
        desk.Terms = (65, Trigger(segment) - 20000, Trigger(segment) - 10000);
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Modify));
        var changed = (await desk.UntilAsync("Modified"))!.Order;
        Assert.Equal((65, 65, Trigger(segment) - 20000, Trigger(segment) - 10000, true), (changed.Volume, changed.TotalVolumeRemaining, changed.PricePaise, changed.TriggerPaise, changed.IsStop));
        Assert.True(host.Floor.Look((_, book, _) => book.Orders.Single() is { IsStop: true, IsOpen: true }));

        desk.Reference = changed;
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Cancel));
        var cancelled = (await desk.UntilAsync("Cancelled"))!;
        Assert.Equal((number, 'T', 65), (cancelled.Order.OrderNumber, cancelled.ModifiedBy, cancelled.Order.TotalVolumeRemaining));
        Assert.False(host.Floor.Look((_, book, _) => book.Orders.Single().IsOpen));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_stop_entered_while_the_session_trades_is_heard_of_triggers_and_trades(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        var (_, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        var number = Enter(host, Stop(segment));
        var heard = (await desk.UntilAsync("Confirmed"))!;
        Assert.Equal((number, false, true), (heard.Order.OrderNumber, heard.FromDownload, heard.Order.IsStop));

        SetPrice(host, segment, Trigger(segment));
        var triggered = (await desk.UntilAsync("Triggered"))!;
        Assert.Equal((number, 65, 0L, 0, false), (triggered.Order.OrderNumber, triggered.Order.TotalVolumeRemaining, triggered.TradeNumber, triggered.FillQuantity, triggered.Order.IsStop));
        Assert.True(triggered.Order.LastActivityReference > heard.Order.LastActivityReference);
        var trade = (await desk.UntilAsync("Traded"))!;
        Assert.Equal((number, 65, 0), (trade.Order.OrderNumber, trade.FillQuantity, trade.Order.TotalVolumeRemaining));
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_triggered_stop_is_changed_and_cancelled_in_the_form_it_was_entered_in(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        Enter(host, Stop(segment));
        var entered = (await desk.UntilAsync("Confirmed"))!.Order;
        SetPrice(host, segment, Trigger(segment));
        var triggered = (await desk.UntilAsync("Triggered"))!.Order;

        desk.Reference = triggered with { EntryDateTime = entered.EntryDateTime, TriggerPaise = entered.TriggerPaise };
        desk.Terms = (65, Trigger(segment) - 5000, 0);
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Modify));
        var changed = (await desk.UntilAsync("Modified"))!.Order;
        Assert.Equal((Trigger(segment) - 5000, Trigger(segment), false), (changed.PricePaise, changed.TriggerPaise, changed.IsStop));

        desk.Reference = changed;
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Cancel));
        Assert.Equal(changed.OrderNumber, (await desk.UntilAsync("Cancelled"))!.Order.OrderNumber);
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_trigger_moved_to_where_the_price_is_already_acts_at_once(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        Enter(host, Stop(segment));
        var (session, desk) = Start(host, segment);
        desk.Reference = (await desk.UntilAsync("Confirmed"))!.Order;
        await desk.UntilAsync("recovered");
        desk.Terms = (65, desk.Reference.PricePaise, segment == Cm ? 152550 : 2600000);
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Modify));
        await desk.UntilAsync("Modified");
        await desk.UntilAsync("Triggered");
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Fo)]
    public async Task A_cancel_that_the_trigger_overtook_and_a_trigger_beyond_the_limit_are_refused_in_words_that_the_session_understands(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        Enter(host, Stop(segment));
        desk.Reference = (await desk.UntilAsync("Confirmed"))!.Order;

        // A sell's trigger lies at or above its limit (NSE-TAP.md 5.4).
        desk.Terms = (65, desk.Reference.PricePaise, desk.Reference.PricePaise - 1000);
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Modify));
        var refused = (await desk.UntilAsync("ModifyRejected"))!;
        Assert.Equal((ExchangeError.LimitWorseThanTrigger, desk.Reference.OrderNumber), (refused.ErrorCode, refused.Order.OrderNumber));

        SetPrice(host, segment, Trigger(segment));
        await desk.UntilAsync("Triggered");
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Cancel));
        Assert.Equal(segment == Cm ? ExchangeError.OrderToCancelChanged : ExchangeError.FoOrderChanged, (await desk.UntilAsync("CancelRejected"))!.ErrorCode);
    }

    [Theory]
    [InlineData(Cm, true)]
    [InlineData(Cm, false)]
    [InlineData(Fo, true)]
    [InlineData(Fo, false)]
    public async Task A_cancel_in_the_other_form_than_the_orders_is_refused_and_the_order_stays(Segment segment, bool isStop)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        Enter(host, isStop ? Stop(segment) : Stop(segment) with { Trigger = null });
        var (session, desk) = Start(host, segment);
        var found = (await desk.UntilAsync("Confirmed"))!.Order;
        Assert.Equal(isStop, found.IsFullSize);
        await desk.UntilAsync("recovered");
        desk.Reference = isStop ? found with { IsStop = false, TriggerPaise = 0 } : found with { IsStop = true };
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Cancel));
        Assert.Equal(ExchangeError.BookInvalid(segment), (await desk.UntilAsync("CancelRejected"))!.ErrorCode);
        Assert.True(host.Floor.Look((_, book, _) => book.Orders.Single().IsOpen));

        desk.Reference = found;
        session.Offer(new TapTicket(segment, "CLI0001", "stop-1", TapPriority.Cancel));
        await desk.UntilAsync("Cancelled");
    }

    [Fact]
    public async Task An_order_of_the_main_site_against_the_rules_is_told_to_nobody()
    {
        var host = await _simulators.StartAsync();
        var wish = Stop(Fo);
        Assert.Equal((0L, ExchangeError.LimitWorseThanTrigger), Wish(host, wish with { Price = wish.Price + 20000 }));
        Assert.Equal((0L, ExchangeError.SymbolInvalid), Wish(host, wish with { Token = 1 }));
        Assert.Equal((0L, ExchangeError.QuantityNotLotMultiple), Wish(host, wish with { Quantity = 64 }));
        Assert.Empty(host.Floor.Look((_, book, _) => book.Orders.ToArray()));
        Assert.DoesNotContain(host.Floor.Look((_, _, ledger) => ledger.Read(0, 100)), line => line.Contains("\"out\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restarted_exchange_still_has_the_main_sites_stop()
    {
        var first = await _simulators.StartAsync();
        var number = Enter(first, Stop(Fo));
        await first.DisposeAsync();
        var second = await _simulators.StartAsync();
        var (session, desk) = Start(second, Fo);
        desk.Reference = (await desk.UntilAsync("Confirmed"))!.Order;
        Assert.Equal((number, true), (desk.Reference.OrderNumber, desk.Reference.IsStop));
        await desk.UntilAsync("recovered");
        session.Offer(new TapTicket(Fo, "CLI0001", "stop-1", TapPriority.Cancel));
        await desk.UntilAsync("Cancelled");
    }

    /// <summary>A protective sell below the market, the limit 50.00 under the trigger.</summary>
    private static MainSiteOrder Stop(Segment segment) =>
        new(segment, segment == Cm ? 1594 : 58072, "CLI0001", "ABCDE1234F", BuySell.Sell, 65, Trigger(segment) - 5000, Trigger(segment));

    private static int Trigger(Segment segment) => segment == Cm ? 150000 : 2550000;

    private static void SetPrice(SimulatorHost host, Segment segment, int paise) => Assert.True(host.Floor.SetPrice(segment, segment == Cm ? 1594 : 58072, paise));

    private static (long Number, short Error) Wish(SimulatorHost host, MainSiteOrder order) => host.Floor.Drill((drills, now) => drills.Enter(order, now));

    private static long Enter(SimulatorHost host, MainSiteOrder order)
    {
        var (number, error) = Wish(host, order);
        Assert.Equal(0, error);
        return number;
    }

    private (TapSession Session, SessionDesk Desk) Start(SimulatorHost host, Segment segment)
    {
        var desk = new SessionDesk();
        var session = desk.Session(host, segment);
        _running.Add(session.RunAsync(_stop.Token));
        return (session, desk);
    }
}
