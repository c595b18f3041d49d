using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Matching engines that go down and come back, and the move to the disaster site.</summary>
public class OutageTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;
    private const Segment Fo = Segment.FuturesAndOptions;

    /// <summary>The streams of INFY and of the NIFTY future.</summary>
    private const byte CmStream = (1594 % 2) + 1;
    private const byte FoStream = (58072 % 2) + 1;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Cm, CmStream)]
    [InlineData(Fo, FoStream)]
    [InlineData(Fo, 0)]
    public async Task A_stream_that_goes_down_takes_its_orders_along_without_a_word_about_them(Segment segment, byte stream)
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, segment);
        var confirmed = await TradingTests.EnterAsync(member, segment);
        Assert.Equal(1, await OutageAsync(host, segment, stream, down: true));
        var down = await member.ReadAsync();
        Assert.Equal(TransactionCode.Contingency, Code(down));
        Assert.Equal(((short)stream, (short)1), (ContingencyMessage.StreamNumber.Read(down), ContingencyMessage.Status.Read(down)));

        await member.SendAsync(_ => Orders.Cancel(segment, confirmed));
        Assert.Equal(ExchangeError.OrderNotFound, Error(segment, await member.ReadAsync()));
        await member.SendAsync(_ => segment == Cm ? Orders.Cash(BuySell.Buy, 65, 152000) : Orders.Future(BuySell.Buy, 65, 2600000));
        Assert.Equal(ExchangeError.TryAgain, Error(segment, await member.ReadAsync()));

        Assert.Equal(0, await OutageAsync(host, segment, stream, down: false));
        Assert.Equal(0, ContingencyMessage.Status.Read(await member.ExpectAsync(TransactionCode.Contingency)));
        await TradingTests.EnterAsync(member, segment);
        var inner = await member.DownloadAsync(Math.Max(stream, (byte)1));
        Assert.Equal([1, 0], inner.Where(message => Code(message) == TransactionCode.Contingency).Select(message => (int)ContingencyMessage.Status.Read(message)));
        var number = OrderForm.Find(segment, confirmed.Length)!.OrderNumber.Read(confirmed);
        Assert.Contains(host.Floor.Look((_, _, ledger) => ledger.Read(0, 1000)), line => line.Contains("ORDERS_LOST", StringComparison.Ordinal) && line.Contains($"{number}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_other_stream_goes_on()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await TradingTests.EnterAsync(member, Fo);
        Assert.Equal(0, await OutageAsync(host, Fo, (byte)(3 - FoStream), down: true));
        await member.ExpectAsync(TransactionCode.Contingency);
        await TradingTests.EnterAsync(member, Fo);
        Assert.Equal(2, host.Floor.Look((_, book, _) => book.Orders.Count(order => order.IsOpen)));
    }

    [Fact]
    public async Task A_restart_brings_neither_the_lost_orders_nor_the_stream_back()
    {
        var first = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        byte[] confirmed;
        await using (var member = await TestMember.SignOnAsync(first, Cm))
        {
            confirmed = await TradingTests.EnterAsync(member, Cm);
            await OutageAsync(first, Cm, CmStream, down: true);
        }

        await first.DisposeAsync();
        var second = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var again = await TestMember.SignOnAsync(second, Cm);
        Assert.Contains(await again.DownloadAsync(CmStream), message => Code(message) == TransactionCode.Contingency);
        await again.SendAsync(_ => Orders.Cancel(Cm, confirmed));
        Assert.Equal(ExchangeError.OrderNotFound, Error(Cm, await again.ExpectAsync(TransactionCode.CancelRejected)));
        await again.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152000));
        Assert.Equal(ExchangeError.TryAgain, Error(Cm, await again.ExpectAsync(TransactionCode.OrderRejected)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_move_to_the_disaster_site_only_the_outage_and_the_last_trades_can_be_downloaded(bool restarts)
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        int fill;
        byte[] resting;
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            await using var other = await TestMember.SignOnAsync(host, Fo);
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152900));
            fill = CmTrade.FillNumber.Read(await member.ExpectAsync(TransactionCode.Trade));
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 150000));
            resting = await member.ExpectAsync(TransactionCode.OrderConfirmed);
            var answer = await FaultTests.PostAsync(host, "/control/disaster", new { segment = "cm" });
            var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((1, 1), (told.GetProperty("lost").GetInt32(), told.GetProperty("dropped").GetInt32()));
            Assert.True(await member.IsEndedAsync());
            await other.SendAsync(buffer => SessionMessages.SystemInformation(buffer, Fo, TestMember.User));
            await other.ExpectAsync(TransactionCode.SystemInformation);
        }

        if (restarts)
        {
            await host.DisposeAsync();
            host = await _simulators.StartAsync();
        }

        await using var again = await TestMember.SignOnAsync(host, Cm);
        var inner = await again.DownloadAsync(1);
        Assert.Equal(
            [TransactionCode.Contingency, TransactionCode.TraderMessage, TransactionCode.TraderMessage, TransactionCode.Contingency, TransactionCode.SignOnResponse],
            inner.Select(Code));
        Assert.Equal((0, 1), (ContingencyMessage.StreamNumber.Read(inner[0]), ContingencyMessage.Status.Read(inner[0])));
        Assert.Equal($"STREAM {CmStream} LAST VALID TRADE NUMBER {fill}", TraderMessage.Msg.Read(inner[CmStream]));
        Assert.Equal(0, ContingencyMessage.Status.Read(inner[3]));
        Assert.Empty(await again.DownloadAsync(2));
        await again.SendAsync(_ => Orders.Cancel(Cm, resting));
        Assert.Equal(ExchangeError.OrderNotFound, Error(Cm, await again.ExpectAsync(TransactionCode.CancelRejected)));
        await again.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152900));
        Assert.True(CmTrade.FillNumber.Read(await again.ExpectAsync(TransactionCode.Trade)) > fill);
    }

    [Theory]
    [InlineData("/control/stream-outage", "{\"segment\":\"cm\",\"stream\":3,\"down\":true}")]
    [InlineData("/control/stream-outage", "{\"segment\":\"cm\",\"stream\":1}")]
    [InlineData("/control/disaster", "{}")]
    public async Task An_outage_that_cannot_be_is_explained(string path, string body)
    {
        var host = await _simulators.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.HttpPort}") };
        using var content = new StringContent(body);
        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync(path, content)).StatusCode);
    }

    private static async Task<int> OutageAsync(SimulatorHost host, Segment segment, byte stream, bool down)
    {
        var answer = await FaultTests.PostAsync(host, "/control/stream-outage", new { segment = segment == Cm ? "cm" : "fo", stream, down });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("lost").GetInt32();
    }

    private static short Code(byte[] message) => MessageHeader.TransactionCode.Read(message);

    private static short Error(Segment segment, byte[] message) => OrderForm.Find(segment, message.Length)!.ErrorCode.Read(message);
}
