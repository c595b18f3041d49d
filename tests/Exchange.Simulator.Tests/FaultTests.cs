using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>What the exchange does wrong when a drill tells it to.</summary>
public class FaultTests : IAsyncDisposable
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
    public async Task Reports_sent_twice_are_the_same_to_the_byte_and_stand_in_the_ledger_once(Segment segment)
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, segment);
        await FaultAsync(host, new { kind = "duplicate", count = 2 });
        await member.SendAsync(_ => segment == Cm ? Orders.Cash(BuySell.Buy, 65, 152900) : Orders.Future(BuySell.Buy, 65, 2610000));
        var heard = await ReadAsync(member, 4);
        Assert.Equal(
            [TransactionCode.OrderConfirmed, TransactionCode.OrderConfirmed, TransactionCode.Trade, TransactionCode.Trade],
            heard.Select(Code));
        Assert.Equal(heard[0], heard[1]);
        Assert.Equal(heard[2], heard[3]);
        Assert.Single(host.Floor.Look((_, book, _) => book.Trades.ToArray()));
        Assert.Equal(2, Notes(host, "FAULT_DONE").Count);
    }

    [Fact]
    public async Task A_report_out_of_turn_comes_behind_the_next_one_or_alone_after_a_while()
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await FaultAsync(host, new { kind = "reorder", count = 2, segment = "cm" });
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152900));
        Assert.Equal([TransactionCode.Trade, TransactionCode.OrderConfirmed], (await ReadAsync(member, 2)).Select(Code));
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 150000));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
    }

    [Fact]
    public async Task With_trade_first_the_confirmation_waits_for_the_first_trade_and_an_order_that_rests_is_not_counted()
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1, FillDelay = TimeSpan.FromMilliseconds(30) });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await FaultAsync(host, new { kind = "trade-first" });
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 150000));
        Assert.Equal([TransactionCode.OrderConfirmed], (await ReadAsync(member, 1)).Select(Code));
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152900));
        Assert.Equal([TransactionCode.Trade, TransactionCode.OrderConfirmed], (await ReadAsync(member, 2)).Select(Code));
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152900));
        Assert.Equal([TransactionCode.OrderConfirmed, TransactionCode.Trade], (await ReadAsync(member, 2)).Select(Code));
    }

    [Fact]
    public async Task The_last_reports_are_replayed_also_into_the_next_session_and_a_restart_counts_them_once()
    {
        var host = await _simulators.StartAsync(settings => settings with { FillPartsMax = 1 });
        List<byte[]> heard;
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 65, 152900));
            heard = await ReadAsync(member, 2);
        }

        await using (var again = await TestMember.SignOnAsync(host, Cm))
        {
            Assert.Equal(2, await FaultAsync(host, new { kind = "replay", count = 5 }));
            Assert.Equal(heard, await ReadAsync(again, 2));
        }

        await host.DisposeAsync();
        var second = await _simulators.StartAsync();
        Assert.Single(second.Floor.Look((_, book, _) => book.Trades.ToArray()));
    }

    [Fact]
    public async Task A_link_closed_unread_leaves_no_order_and_one_closed_unanswered_leaves_one()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await FaultAsync(host, new { kind = "close-unread" });
        await FaultAsync(host, new { kind = "close-unanswered" });
        await EnterAndLoseAsync(host);
        Assert.Empty(host.Floor.Look((_, book, _) => book.Orders.ToArray()));
        await EnterAndLoseAsync(host);
        Assert.Single(host.Floor.Look((_, book, _) => book.Orders.ToArray()));
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await TradingTests.EnterAsync(member, Cm);
    }

    [Fact]
    public async Task An_ignored_order_is_in_the_ledger_alone()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await FaultAsync(host, new { kind = "ignore", count = 1 });
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000, reference: 1));
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000, reference: 2));
        Assert.Equal(2, CmOrderAnswer.TransactionId.Read(await member.ExpectAsync(TransactionCode.OrderConfirmed)));
        Assert.Contains("dropped: ignored", string.Concat(host.Floor.Look((_, _, ledger) => ledger.Read(0, 1000))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_corrupt_report_and_an_impossible_length_reach_the_member_as_such()
    {
        var host = await _simulators.StartAsync();
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            await FaultAsync(host, new { kind = "corrupt" });
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
            Assert.Equal(FrameReadStatus.BadChecksum, await member.ReadDamagedAsync());
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
            await member.ExpectAsync(TransactionCode.OrderConfirmed);
            await FaultAsync(host, new { kind = "bad-length", segment = "cm" });
            await member.SendAsync(buffer => SessionMessages.SystemInformation(buffer, Cm, TestMember.User));
            Assert.Equal(FrameReadStatus.Malformed, await member.ReadDamagedAsync());
        }
    }

    [Fact]
    public async Task On_a_sealed_link_a_corrupt_report_has_a_wrong_tag()
    {
        var host = await _simulators.StartAsync(settings => settings with { Link = Wire.Ciphers.LinkMode.New });
        var (member, answer) = await TestMember.AskSecuredRouterAsync(host, Cm);
        await using (member)
        {
            await member.RegisterAsync(answer);
            await member.SendSealedAsync(buffer => SessionMessages.BoxSignOn(buffer, 101, "90123", member.SessionKey));
            await member.ExpectAsync(TransactionCode.BoxSignOnResponse);
            var identity = new SignOnIdentity(TestMember.User, "Trade@26", "", "90123", 7, 10001, "1234501");
            await member.SendSealedAsync(buffer => SessionMessages.SignOn(buffer, Cm, identity));
            await member.ExpectAsync(TransactionCode.SignOnResponse);
            await FaultAsync(host, new { kind = "corrupt" });
            await member.SendSealedAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
            Assert.Equal(FrameReadStatus.BadTag, await member.ReadDamagedAsync());
        }
    }

    [Fact]
    public async Task Silence_keeps_everything_back_for_its_time()
    {
        var host = await _simulators.StartAsync(settings => settings with { HeartbeatAfter = TimeSpan.FromMilliseconds(50) });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        var clock = Stopwatch.StartNew();
        await FaultAsync(host, new { kind = "silence", milliseconds = 400 });
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 150000));
        var beats = 0;
        while (MessageHeader.TransactionCode.Read(await member.ReadAsync()) != TransactionCode.OrderConfirmed)
        {
            beats++;
        }

        Assert.True(clock.ElapsedMilliseconds >= 350, $"after {clock.ElapsedMilliseconds} ms");
        Assert.InRange(beats, 0, 20);
    }

    [Fact]
    public async Task A_sign_off_names_its_error_and_a_planned_refusal_its_own()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Fo);
        await FaultAsync(host, new { kind = "reject", error = 16597, count = 1 });
        await member.SendAsync(_ => Orders.Future(BuySell.Buy, 65, 2600000));
        Assert.Equal(16597, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.FullOrderRejected)));
        Assert.Equal(1, await FaultAsync(host, new { kind = "sign-off", error = 17102 }));
        Assert.Equal(17102, MessageHeader.ErrorCode.Read(await member.ExpectAsync(TransactionCode.BoxSignOff)));
        Assert.True(await member.IsEndedAsync());
    }

    [Fact]
    public async Task The_exchange_cancels_by_itself_what_it_is_told_to()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000, account: "CLI0002"));
        await member.ExpectAsync(TransactionCode.OrderConfirmed);
        await TradingTests.EnterAsync(member, Cm);
        var answer = await PostAsync(host, "/control/cancel", new { account = "CLI0002", segment = "cm" });
        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cancelled").GetInt32());
        var cancelled = await member.ExpectAsync(TransactionCode.CancelConfirmed);
        Assert.Equal(("CLI0002", "C", 1), (CmOrderAnswer.AccountNumber.Read(cancelled), CmOrderAnswer.ModCxlBy.Read(cancelled), CmOrderAnswer.TotalVolRemaining.Read(cancelled)));
        Assert.Equal(700001, CmOrderAnswer.TransactionId.Read(cancelled));
        Assert.Single(host.Floor.Look((_, book, _) => book.Orders.Where(order => order.IsOpen).ToArray()));
    }

    [Theory]
    [InlineData("/control/fault", "{\"kind\":\"explode\"}")]
    [InlineData("/control/fault", "{\"kind\":\"reject\"}")]
    [InlineData("/control/fault", "{\"kind\":\"silence\"}")]
    [InlineData("/control/fault", "{\"kind\":\"duplicate\",\"count\":-1}")]
    [InlineData("/control/fault", "{\"kind\":\"duplicate\",\"segment\":\"nse\"}")]
    [InlineData("/control/fault", "{\"kind\":\"duplicate\",\"times\":3}")]
    [InlineData("/control/fault", "{\"kind\":7}")]
    [InlineData("/control/fault", "")]
    [InlineData("/control/cancel", "[]")]
    [InlineData("/control/liquidity", "{\"mode\":\"full\",\"parts\":200001}")]
    [InlineData("/control/swallow", "{\"next\":1e99}")]
    public async Task A_lever_that_is_pulled_the_wrong_way_says_how_it_works(string path, string body)
    {
        var host = await _simulators.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.HttpPort}") };
        using var content = new StringContent(body);
        var answer = await http.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("expected {", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ok", await http.GetStringAsync("/healthz"));
    }

    [Fact]
    public async Task One_order_trades_in_a_hundred_thousand_fills_and_all_of_them_are_in_the_download()
    {
        const int Fills = 100_000;
        var host = await _simulators.StartAsync();
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            Assert.True((await PostAsync(host, "/control/liquidity", new { mode = "full", parts = Fills })).IsSuccessStatusCode);
            var clock = Stopwatch.StartNew();
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 3 * Fills, 152900));
            await member.ExpectAsync(TransactionCode.OrderConfirmed);
            for (var filled = 0; filled < 3 * Fills;)
            {
                var trade = await member.ReadAsync();
                filled += CmTrade.FillQty.Read(trade);
                Assert.Equal((3, filled), (CmTrade.FillQty.Read(trade), CmTrade.VolFilledToday.Read(trade)));
            }

            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"{clock.Elapsed}");
        }

        await using var again = await TestMember.SignOnAsync(host, Cm);
        var inner = await again.DownloadAsync((1594 % 2) + 1);
        Assert.Equal(Fills, inner.Count(message => MessageHeader.TransactionCode.Read(message) == TransactionCode.FullTrade));
    }

    private static async Task EnterAndLoseAsync(SimulatorHost host)
    {
        await using var member = await TestMember.SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000));
        Assert.True(await member.IsEndedAsync());
    }

    private static async Task<int> FaultAsync(SimulatorHost host, object fault)
    {
        var answer = await PostAsync(host, "/control/fault", fault);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("done").GetInt32();
    }

    internal static async Task<HttpResponseMessage> PostAsync(SimulatorHost host, string path, object wish)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.HttpPort}") };
        return await http.PostAsJsonAsync(path, wish);
    }

    internal static async Task<List<byte[]>> ReadAsync(TestMember member, int count)
    {
        var heard = new List<byte[]>();
        while (heard.Count < count)
        {
            heard.Add(await member.ReadAsync());
        }

        return heard;
    }

    private static short Code(byte[] message) => MessageHeader.TransactionCode.Read(message);

    private static List<string> Notes(SimulatorHost host, string name) =>
        [.. host.Floor.Look((_, _, ledger) => ledger.Read(0, 1000)).Where(line => line.Contains($"\"{name}\"", StringComparison.Ordinal))];
}
