using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Backup.Account.Domain;
using Backup.Cluster.Node.Prices;
using Backup.Cluster.Node.Settings;
using Backup.Exchange.Simulator;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Broadcast;
using Backup.Gateway.Api.Prices;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using BoxOfExchange = Backup.Exchange.Simulator.Settings.BoxSettings;
using SimulatorSettings = Backup.Exchange.Simulator.Settings.SimulatorSettings;

namespace Backup.Cluster.Node.Tests.Prices;

/// <summary>The simulator's broadcast over real sockets on the loopback, into a node's price book.</summary>
public sealed class BroadcastPriceFeedTests : IAsyncLifetime
{
    private const int Infosys = 1594;
    private const int Future = 58072;

    private readonly string _folder = Directory.CreateTempSubdirectory("broadcast-").FullName;
    private readonly PriceBook _book = new();
    private readonly BroadcastPriceFeed _cash;
    private readonly BroadcastPriceFeed _derivatives;

    public BroadcastPriceFeedTests() =>
        (_cash, _derivatives) = (Feed(Segment.CapitalMarket, null, 0), Feed(Segment.FuturesAndOptions, null, 0));

    public async ValueTask InitializeAsync()
    {
        await StartAsync(_cash);
        await StartAsync(_derivatives);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var feed in new[] { _cash, _derivatives })
        {
            await feed.StopAsync(CancellationToken.None);
            feed.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_price_arrives_over_a_network_that_loses_doubles_and_reorders()
    {
        await using var cash = new RoughNetwork(() => _cash.LocalEndPoint);
        await using var derivatives = new RoughNetwork(() => _derivatives.LocalEndPoint);
        await using var exchange = await StartExchangeAsync(cash.Entrance, derivatives.Entrance);
        var at = DateTimeOffset.UtcNow;
        for (var step = 0; step < 60; step++)
        {
            at = DateTimeOffset.UtcNow;
            Move(exchange, Segment.CapitalMarket, Infosys, 152_000 + step, at);
            Move(exchange, Segment.FuturesAndOptions, Future, 2_600_000 + (10 * step), at);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await HoldsAsync("the last prices", () =>
            _book.Find(MarketSegment.Cash, Infosys)?.Paise == 152_059 && _book.Find(MarketSegment.Derivatives, Future)?.Paise == 2_600_590);
        var shown = _book.Find(MarketSegment.Cash, Infosys)!;
        Assert.Equal("NSE broadcast", shown.Source);
        Assert.Equal(at.ToUnixTimeSeconds(), shown.At.ToUnixTimeSeconds());
        Assert.Null(_book.Find(MarketSegment.Derivatives, Infosys));

        await HoldsAsync("every danger", () => cash is { Lost: > 0, Doubled: > 0, Overtaken: > 0 } && ((BroadcastTally)_cash.Status.Received!).LatePackets > 0);
        Assert.Equal((152_059, true), (_book.Find(MarketSegment.Cash, Infosys)!.Paise, _cash.Status.IsHeard));
        Assert.Equal((0, 0), (_cash.Status.Intake.Ahead, ((BroadcastTally)_cash.Status.Received!).Malformed));
    }

    [Fact]
    public async Task Datagrams_that_are_bad_late_or_of_another_segment_are_counted_and_change_nothing()
    {
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var now = DateTimeOffset.UtcNow;
        var good = Datagram(Segment.CapitalMarket, Infosys, 152_000, now, 1);
        byte[][] bad =
        [
            Datagram(Segment.FuturesAndOptions, Infosys, 1, now, 2),
            good[..^1],
            new byte[3000],
            Datagram(Segment.CapitalMarket, Infosys, 0, now, 3),
            Datagram(Segment.CapitalMarket, Infosys, -5, now, 4),
            Datagram(Segment.CapitalMarket, Infosys, 7, now.AddHours(5.5), 5),
            Datagram(Segment.CapitalMarket, Infosys, 151_000, now, 1),
        ];
        foreach (var datagram in bad.Prepend(good))
        {
            await sender.SendToAsync(datagram, SocketFlags.None, _cash.LocalEndPoint!, TestContext.Current.CancellationToken);
        }

        var tally = (BroadcastTally)_cash.Status.Received!;
        await HoldsAsync("all datagrams", () => tally.Datagrams == 8 && _cash.Status.Intake is { Shown: 1, Ahead: 1, Old: 1 });
        Assert.Equal((2, 1, 2, 3, 1), (tally.Malformed, tally.OtherSegment, tally.WithoutTrade, tally.Prices, tally.LatePackets));
        Assert.Equal((152_000, 1), (_book.Find(MarketSegment.Cash, Infosys)!.Paise, _book.Version));
    }

    [Fact]
    public async Task A_multicast_group_is_heard_on_the_interface_that_is_named()
    {
        var group = IPAddress.Parse("239.60.60.21");
        using var feed = Feed(Segment.CapitalMarket, group, 0);
        await StartAsync(feed);
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
        var target = new IPEndPoint(group, feed.LocalEndPoint!.Port);

        await HoldsAsync("the price", () =>
        {
            sender.SendTo(Datagram(Segment.CapitalMarket, Infosys, 152_000, DateTimeOffset.UtcNow, 1), target);
            return _book.Find(MarketSegment.Cash, Infosys)?.Paise == 152_000;
        });
        await feed.StopAsync(CancellationToken.None);
    }

    private static byte[] Datagram(Segment segment, int token, int paise, DateTimeOffset at, int sequence)
    {
        var form = BroadcastForm.Find(segment, 7208)!;
        var message = BroadcastComposer.Begin(new byte[BroadcastDecoder.PacketMax], form, 1, sequence, at);
        var record = BroadcastComposer.Record(message, form, 0);
        form.Token.Write(record, token);
        form.Market.Write(record, 1);
        form.Price.Write(record, paise);
        form.Time!.Value.Write(record, NnfTime.ToSeconds(at));
        var datagram = new byte[BroadcastDecoder.DatagramMax];
        var length = BroadcastComposer.BeginDatagram(datagram, segment, 1);
        length += BroadcastComposer.AddPacket(datagram.AsSpan(length), segment, message, isCompressed: true);
        return datagram[..length];
    }

    private static void Move(SimulatorHost exchange, Segment segment, int token, int paise, DateTimeOffset at) => exchange.Floor.Look((board, _, _) =>
    {
        var quote = board.Find(segment, token)!;
        quote.SetAround(paise, at);
        board.Announce(quote);
        return 0;
    });

    private static async Task HoldsAsync(string what, Func<bool> condition)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(30), $"{what} did not come within 30 s");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task StartAsync(BroadcastPriceFeed feed)
    {
        await feed.StartAsync(TestContext.Current.CancellationToken);
        await HoldsAsync("the feed's socket", () => feed.LocalEndPoint is not null);
    }

    private BroadcastPriceFeed Feed(Segment segment, IPAddress? group, int port) => new(
        new BroadcastSettings(segment, group, port, IPAddress.Loopback), "NSE broadcast", _book, TimeProvider.System, NullLogger<BroadcastPriceFeed>.Instance);

    private async Task<SimulatorHost> StartExchangeAsync(IPEndPoint cash, IPEndPoint derivatives)
    {
        var instruments = Path.Combine(_folder, "instruments.csv");
        await File.WriteAllTextAsync(
            instruments,
            """
            instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange
            408065,1594,INFY,INFOSYS,1525.5,,0,0.05,1,EQ,NSE,NSE
            14866434,58072,NIFTY26DECFUT,NIFTY,26000,2026-12-29,0,0.1,65,FUT,NFO-FUT,NFO

            """);
        var users = ImmutableDictionary<int, string>.Empty;
        return await SimulatorHost.StartAsync(
            new SimulatorSettings
            {
                DataFolder = Path.Combine(_folder, "data"),
                InstrumentsFile = instruments,
                Cm = new BoxOfExchange(Segment.CapitalMarket, 101, users),
                Fo = new BoxOfExchange(Segment.FuturesAndOptions, 201, users),
                PriceInterval = TimeSpan.FromHours(1),
                BroadcastCm = cash,
                BroadcastFo = derivatives,
                BroadcastRound = TimeSpan.FromMilliseconds(100),
            },
            TimeProvider.System);
    }
}
