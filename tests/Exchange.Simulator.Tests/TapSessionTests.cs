using System.Text.Json;
using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;
using Backup.Tap.Stream;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>The product's own session against this exchange, over real sockets and the real clock.</summary>
public class TapSessionTests : IAsyncDisposable
{
    private readonly Simulators _simulators = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private bool _checksHostName = true;
    private string _host = "127.0.0.1";
    private int? _port;

    public static TheoryData<Segment, LinkMode> Links
    {
        get
        {
            var links = new TheoryData<Segment, LinkMode>();
            foreach (var mode in Enum.GetValues<LinkMode>())
            {
                links.Add(Segment.CapitalMarket, mode);
                links.Add(Segment.FuturesAndOptions, mode);
            }

            return links;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _simulators.DisposeAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task An_order_is_signed_on_for_sent_confirmed_and_filled(Segment segment, LinkMode link)
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = link });
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
    [MemberData(nameof(Links))]
    public async Task A_resting_order_is_cancelled_with_the_references_of_its_confirmation(Segment segment, LinkMode link)
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = link, Liquidity = LiquidityMode.None });
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
    [MemberData(nameof(Links))]
    public async Task An_answer_that_was_lost_with_the_link_is_found_in_the_download_of_the_next_session(Segment segment, LinkMode link)
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = link, Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        host.Floor.Drill((drills, now) => drills.Swallow(1, now));
        session.Offer(new TapTicket(segment, "CLI0001", "exit-1", TapPriority.Exit));
        await desk.UntilAsync("lost");
        var found = await desk.UntilAsync("Confirmed");
        Assert.True(found!.FromDownload);
        Assert.Equal(segment == Segment.CapitalMarket ? 0 : 700001, found.ClientReference);
        await desk.UntilAsync("recovered");
        Assert.Single(host.Floor.Look((_, book, _) => book.Orders.ToArray()));
        Assert.Equal(1, session.Status.Breaks);
    }

    [Theory]
    [MemberData(nameof(Links))]
    public async Task Packets_are_counted_from_one_on_an_encrypted_link_and_answers_repeat_the_count(Segment segment, LinkMode link)
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = link, Liquidity = LiquidityMode.None });
        var (session, desk) = Start(host, segment);
        await desk.UntilAsync("recovered");
        session.Offer(new TapTicket(segment, "CLI0001", "exit-1", TapPriority.Exit));
        await desk.UntilAsync("Confirmed");
        var lines = host.Floor.Look((_, _, ledger) => ledger.Read(0, 1000)).Select(line => JsonSerializer.Deserialize<LedgerLine>(line, JsonSerializerOptions.Web)!).ToList();
        var asked = lines.Where(line => line is { Direction: "in", Code: not TransactionCode.RouterRequest }).ToList();
        Assert.Equal(link == LinkMode.Clear ? [0u] : [.. Enumerable.Range(1, asked.Count).Select(count => (uint)count)], asked.Select(Sequence).Distinct());
        Assert.Equal(Sequence(asked[^1]), Sequence(lines.Single(line => line.Code == TransactionCode.OrderConfirmed)));
        Assert.Equal(link == LinkMode.Clear ? TransactionCode.BoxSignOnRequest : TransactionCode.BoxRegistrationRequest, asked[0].Code);
        Assert.All(lines.Where(line => line.Direction == "out" && line.Code != TransactionCode.OrderConfirmed), line => Assert.Equal(0u, Sequence(line)));
        Assert.EndsWith(link == LinkMode.Clear ? "" : "2a2a2a2a", lines.Single(line => line.Code == TransactionCode.RouterResponse).Hex, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ca_file_that_is_missing_or_foreign_or_no_certificate_is_named_with_what_to_do_and_the_right_one_is_taken_without_a_restart()
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = LinkMode.New });
        var file = Path.Combine(_simulators.Folder, "ca.pem");
        var (session, desk) = Start(host, Segment.CapitalMarket, file);
        await BreakAsync(session, $"No connection to the exchange: the file \"{file}\" (tap.router-ca-file) does not exist; put the exchange's CA file (gr_ca_cert1.pem) there.");
        await File.WriteAllTextAsync(file, "what is this");
        await BreakAsync(session, $"No connection to the exchange: the file \"{file}\" (tap.router-ca-file) holds no certificate in PEM form; put the exchange's CA file (gr_ca_cert1.pem) there.");
        await using (var others = new Simulators())
        {
            await others.StartAsync(settings => settings with { Link = LinkMode.New });
            File.Copy(others.CaFile, file, overwrite: true);
        }

        await BreakAsync(session, $"No connection to the exchange: the Gateway Router's certificate (CN=Gateway Router, issued by CN=Exchange Simulator CA) is not good under the CA file \"{file}\" (");
        Assert.Contains("put the CA file that the exchange issued for this router there (tap.router-ca-file)", session.Status.LastBreak, StringComparison.Ordinal);
        File.Copy(_simulators.CaFile, file, overwrite: true);
        await desk.UntilAsync("recovered");
    }

    [Fact]
    public async Task Tls_asked_of_a_plain_router_and_a_plain_question_to_a_tls_router_are_told_apart()
    {
        var sealing = await _simulators.StartAsync(settings => settings with { Link = LinkMode.Existing });
        var (plain, _) = Start(sealing, Segment.CapitalMarket, caFile: "");
        await BreakAsync(plain, "No connection to the exchange: the Gateway Router closed without an answer; if it expects TLS, set tap.router-ca-file.");
        await using var others = new Simulators();
        var clear = await others.StartAsync();
        var (secured, _) = Start(clear, Segment.CapitalMarket, _simulators.CaFile);
        await BreakAsync(secured, "No connection to the exchange: the Gateway Router did not agree to TLS 1.3 (");
        Assert.EndsWith("if its line is plain TCP, leave tap.router-ca-file empty.", secured.Status.LastBreak, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_host_name_in_the_routers_certificate_counts_only_on_wish(bool isWished)
    {
        _checksHostName = isWished;
        _host = "127.0.0.2";
        var host = await _simulators.StartAsync(settings => settings with { Link = LinkMode.New });
        await using var relay = Relay.Start(_host, host.RouterCm);
        _port = relay.Port;
        var (session, desk) = Start(host, Segment.CapitalMarket);
        if (isWished)
        {
            await BreakAsync(session, "No connection to the exchange: the Gateway Router's certificate (CN=Gateway Router) is not made out to 127.0.0.2; correct the router's host, or set tap.router-check-host-name = false.");
        }
        else
        {
            await desk.UntilAsync("recovered");
        }
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

    private (TapSession Session, SessionDesk Desk) Start(SimulatorHost host, Segment segment, string? caFile = null)
    {
        var desk = new SessionDesk();
        var session = desk.Session(host, segment, options => options with
        {
            RouterHost = _host,
            RouterPort = _port ?? options.RouterPort,
            RouterCaFile = caFile ?? _simulators.CaFile,
            RouterCheckHostName = _checksHostName,
        });
        _running.Add(session.RunAsync(_stop.Token));
        return (session, desk);
    }

    private static uint Sequence(LedgerLine line) => PacketHeader.SequenceNumber.Read(Convert.FromHexString(line.Hex!));

    private static async Task BreakAsync(TapSession session, string reason)
    {
        for (var patience = 0; session.Status.LastBreak?.StartsWith(reason, StringComparison.Ordinal) != true; patience++)
        {
            Assert.True(patience < 1500, $"Expected {reason}\nfound {session.Status.LastBreak}");
            await Task.Delay(10);
        }
    }
}
