using System.Collections.Concurrent;
using System.Threading.Channels;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>The product's own session against this exchange, over real sockets and the real clock.</summary>
public class TapSessionTests : IAsyncDisposable
{
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
    [InlineData(Segment.CapitalMarket)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task An_order_is_signed_on_for_sent_confirmed_and_filled(Segment segment)
    {
        var host = await _simulators.StartAsync();
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        session.Offer(new TapTicket(segment, "CLI0001", "exit-1", TapPriority.Exit));
        var confirmed = await desk.UntilAsync("Confirmed");
        Assert.Equal(700001, confirmed!.ClientReference);
        ExchangeReport trade;
        do
        {
            trade = (await desk.UntilAsync("Traded"))!;
            Assert.Equal(confirmed.Order.OrderNumber, trade.Order.OrderNumber);
        }
        while (trade.Order.TotalVolumeRemaining > 0);

        Assert.Equal((65, "CLI0001", BuySell.Sell), (trade.Order.VolumeFilledToday, trade.Account, trade.Side));
        Assert.Equal(TapSessionState.Trading, session.Status.State);
        Assert.Equal($"127.0.0.1:{host.GatewayPort(segment)}", session.Status.Gateway);
    }

    [Theory]
    [InlineData(Segment.CapitalMarket)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task A_resting_order_is_cancelled_with_the_references_of_its_confirmation(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        session.Offer(new TapTicket(segment, "CLI0001", "exit-1", TapPriority.Exit));
        desk.Reference = (await desk.UntilAsync("Confirmed"))!.Order;
        session.Offer(new TapTicket(segment, "CLI0001", "exit-1", TapPriority.Cancel));
        var cancelled = await desk.UntilAsync("Cancelled");
        Assert.Equal('T', cancelled!.ModifiedBy);
        Assert.Equal(65, cancelled.Order.TotalVolumeRemaining);
    }

    [Theory]
    [InlineData(Segment.CapitalMarket)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task An_answer_that_was_lost_with_the_link_is_found_in_the_download_of_the_next_session(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        host.Floor.Swallow(1);
        session.Offer(new TapTicket(segment, "CLI0001", "exit-1", TapPriority.Exit));
        await desk.UntilAsync("lost");
        var found = await desk.UntilAsync("Confirmed");
        Assert.True(found!.FromDownload);
        Assert.Equal(segment == Segment.CapitalMarket ? 0 : 700001, found.ClientReference);
        await desk.UntilAsync("recovered");
        Assert.Single(host.Floor.Look((_, book, _) => book.Orders.ToArray()));
        Assert.Equal(1, session.Status.Breaks);
    }

    [Fact]
    public async Task A_restarted_exchange_is_found_again_and_the_day_goes_on()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, Segment.FuturesAndOptions);
        await desk.UntilAsync("recovered");
        session.Offer(new TapTicket(Segment.FuturesAndOptions, "CLI0001", "exit-1", TapPriority.Exit));
        desk.Reference = (await desk.UntilAsync("Confirmed"))!.Order;
        await host.DisposeAsync();
        await desk.UntilAsync("lost");
        await _simulators.StartAsync(settings => settings with { RouterPortFo = host.RouterFo, Liquidity = LiquidityMode.None });
        await desk.UntilAsync("recovered");
        session.Offer(new TapTicket(Segment.FuturesAndOptions, "CLI0001", "exit-1", TapPriority.Cancel));
        Assert.Equal(desk.Reference.OrderNumber, (await desk.UntilAsync("Cancelled"))!.Order.OrderNumber);
    }

    [Fact]
    public async Task A_burst_stays_inside_the_contracted_rate_so_that_nothing_is_refused()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None, MessagesPerSecond = 20 });
        var (session, desk) = Start(host, Segment.FuturesAndOptions);
        await desk.UntilAsync("recovered");
        for (var n = 0; n < 50; n++)
        {
            session.Offer(new TapTicket(Segment.FuturesAndOptions, $"CLI{n % 3}", $"exit-{n}", TapPriority.Exit));
        }

        for (var n = 0; n < 50; n++)
        {
            await desk.UntilAsync("Confirmed");
        }

        Assert.DoesNotContain(desk.Reports, report => report.Kind == ReportKind.Rejected);
    }

    private (TapSession Session, Desk Desk) Start(SimulatorHost host, Segment segment)
    {
        var isCash = segment == Segment.CapitalMarket;
        var desk = new Desk();
        var options = new TapSessionOptions
        {
            Segment = segment,
            RouterHost = "127.0.0.1",
            RouterPort = isCash ? host.RouterCm : host.RouterFo,
            BoxId = isCash ? (short)101 : (short)201,
            BrokerId = "90123",
            BranchId = 7,
            UserId = TestMember.User,
            Password = "Trade@26",
            MessagesPerSecond = 20,
            FirstSessionEpoch = 1 << 20,
            SettleDelay = TimeSpan.FromMilliseconds(50),
            TickInterval = TimeSpan.FromMilliseconds(10),
        };
        var session = new TapSession(options, desk, TimeProvider.System, new Random(1));
        _running.Add(session.RunAsync(_stop.Token));
        return (session, desk);
    }

    private sealed class Desk : ITapDesk
    {
        private readonly Channel<(string What, ExchangeReport? Report)> _told = Channel.CreateBounded<(string, ExchangeReport?)>(1000);

        public ConcurrentQueue<ExchangeReport> Reports { get; } = new();

        public ExchangeOrderReference? Reference { get; set; }

        public ValueTask<TapRequest?> AuthorizeAsync(TapTicket ticket, long sessionEpoch, CancellationToken cancellationToken)
        {
            var isCash = ticket.Segment == Segment.CapitalMarket;
            var instrument = isCash
                ? new TapInstrument(ticket.Segment, 1594, "", "INFY", "EQ", 0, 0, "")
                : new TapInstrument(ticket.Segment, 58072, "FUTIDX", "NIFTY", "", NnfTime.ToSeconds(new DateTimeOffset(2026, 12, 29, 14, 30, 0, NnfTime.IndiaOffset)), -1, "XX");
            var order = new TapOrder(ticket.Account, "ABCDE1234F", instrument, BuySell.Sell, 65, isCash ? 152000 : 2599000, 700001);
            return ValueTask.FromResult<TapRequest?>(
                ticket.Priority == TapPriority.Cancel ? new TapRequest.Cancel(order, Reference!) : new TapRequest.Enter(order));
        }

        public ValueTask ApplyAsync(ExchangeReport report, CancellationToken cancellationToken)
        {
            Reports.Enqueue(report);
            _told.Writer.TryWrite((report.Kind.ToString(), report));
            return ValueTask.CompletedTask;
        }

        public ValueTask SessionLostAsync(Segment segment, long sessionEpoch, string reason)
        {
            _told.Writer.TryWrite(($"lost: {reason}", null));
            return ValueTask.CompletedTask;
        }

        public ValueTask RecoveryCompletedAsync(Segment segment, long sessionEpoch, bool streamOutage, CancellationToken cancellationToken)
        {
            _told.Writer.TryWrite(("recovered", null));
            return ValueTask.CompletedTask;
        }

        public void RoomAvailable(Segment segment) => _told.Writer.TryWrite(("room", null));

        public async Task<ExchangeReport?> UntilAsync(string what)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
            while (true)
            {
                var (told, report) = await _told.Reader.ReadAsync(patience.Token);
                if (told.StartsWith(what, StringComparison.Ordinal))
                {
                    return report;
                }
            }
        }
    }
}
