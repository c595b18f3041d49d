using System.Text.Json;
using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

public class RestartTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_member_that_comes_back_downloads_what_it_missed_from_its_mark()
    {
        var host = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        const byte Stream = (1594 % 2) + 1;
        long mark;
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            mark = CmOrderAnswer.TimeStamp1.Read(await TradingTests.EnterAsync(member, Cm));
        }

        host.Floor.SetLiquidity(LiquidityMode.Full, null);
        host.Floor.SetPrice(Cm, 1594, 150000);
        await using var again = await TestMember.SignOnAsync(host, Cm);
        var missed = (await again.DownloadAsync(Stream, mark)).Where(message => MessageHeader.TransactionCode.Read(message) == TransactionCode.FullTrade).ToList();
        Assert.NotEmpty(missed);
        Assert.Equal(65, missed.Sum(message => CmFullTrade.FillQty.Read(message)));
        Assert.All(missed, message => Assert.Equal(Stream, FullHeader.Stream.ReadNumber(message)));
        var all = await again.DownloadAsync(Stream);
        Assert.Contains(all, message => MessageHeader.TransactionCode.Read(message) == TransactionCode.FullOrderConfirmed);
    }

    [Theory]
    [InlineData(Cm)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task A_restart_over_the_same_folder_goes_on_with_the_same_day(Segment segment)
    {
        byte[] confirmed;
        int endTime;
        var first = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using (var member = await TestMember.SignOnAsync(first, segment))
        {
            confirmed = await TradingTests.EnterAsync(member, segment);
            endTime = first.Floor.SignOn.EndTime;
        }

        await first.DisposeAsync();
        var second = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        Assert.Equal(endTime, second.Floor.SignOn.EndTime);
        await using var again = await TestMember.SignOnAsync(second, segment);
        var next = await TradingTests.EnterAsync(again, segment);
        var form = OrderForm.Find(segment, next.Length)!;
        Assert.NotEqual(form.OrderNumber.Read(confirmed), form.OrderNumber.Read(next));
        Assert.True(form.TimeStamp1.Read(next) > form.TimeStamp1.Read(confirmed));

        await again.SendAsync(_ => Orders.Cancel(segment, confirmed));
        var cancelled = await again.ExpectAsync(TransactionCode.CancelConfirmed);
        Assert.Equal(form.OrderNumber.Read(confirmed), form.OrderNumber.Read(cancelled));
        var stream = (byte)form.Stream.ReadNumber(next);
        Assert.Equal(2, (await again.DownloadAsync(stream)).Count(message => MessageHeader.TransactionCode.Read(message) == TransactionCode.FullOrderConfirmed));
    }

    [Fact]
    public async Task The_ledger_tells_every_frame_in_order_and_hides_the_password()
    {
        var host = await _simulators.StartAsync();
        await using (var member = await TestMember.SignOnAsync(host, Cm))
        {
            await TradingTests.EnterAsync(member, Cm);
        }

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{host.HttpPort}") };
        var lines = Parse(await http.GetStringAsync("/ledger"));
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(n => (long)n), lines.Select(line => line.N));
        var names = lines.Where(line => line.Direction is "in").Select(line => line.Name);
        Assert.Equal(["GR_REQUEST", "BOX_SIGN_ON_REQUEST_IN", "SIGN_ON_REQUEST_IN", "BOARD_LOT_IN_TR"], names);
        Assert.Contains(lines, line => line is { Direction: "out", Name: "ORDER_CONFIRMATION_TR", Segment: "cm" });
        var password = Convert.ToHexStringLower("Trade@26"u8);
        Assert.DoesNotContain(lines, line => line.Hex is not null && line.Hex.Contains(password, StringComparison.Ordinal));

        var rest = Parse(await http.GetStringAsync("/ledger?after=3&limit=2"));
        Assert.Equal([4, 5], rest.Select(line => line.N));
    }

    [Fact]
    public async Task A_ledger_cut_by_a_crash_loses_only_its_cut_line()
    {
        var first = await _simulators.StartAsync(settings => settings with { Liquidity = LiquidityMode.None });
        await using (var member = await TestMember.SignOnAsync(first, Cm))
        {
            await TradingTests.EnterAsync(member, Cm);
        }

        await first.DisposeAsync();
        var path = Path.Combine(_simulators.Folder, "data", "ledger.jsonl");
        var whole = (await File.ReadAllLinesAsync(path)).Length;
        await File.AppendAllTextAsync(path, "{\"n\":99,\"at\":1");
        var second = await _simulators.StartAsync();
        Assert.Equal(whole, second.Floor.RestoredLines);
        Assert.Single(second.Floor.Look((_, desk, _) => desk.Orders.ToArray()));
    }

    [Fact]
    public async Task A_second_simulator_over_the_same_folder_is_refused_in_plain_words()
    {
        await _simulators.StartAsync();
        var refused = await Assert.ThrowsAsync<SettingsException>(() => _simulators.StartAsync());
        Assert.Contains("another simulator", refused.Message, StringComparison.Ordinal);
    }

    private static List<LedgerLine> Parse(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<LedgerLine>(line, JsonSerializerOptions.Web)!)];
}
