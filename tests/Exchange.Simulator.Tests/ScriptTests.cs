using System.Collections.Immutable;
using Backup.Exchange.Simulator.Scripted;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Scripts as the other side of the wire.</summary>
public class ScriptTests : IAsyncDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-script-test-").FullName;
    private readonly List<ScriptedHost> _hosts = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_script_plays_a_cancel_that_loses_against_a_fill()
    {
        var host = Start(Cm, """
            # A cancel on its way meets a fill on its own.
            login
            expect BOARD_LOT_IN_TR Symbol=INFY Volume=100     # the order
            answer ORDER_CONFIRMATION_TR OrderNumber=1100000000000001
            expect ORDER_CANCEL_IN_TR OrderNumber=$4.OrderNumber LastActivityReference=$4.LastActivityReference
            answer TRADE_CONFIRMATION_TR FillQty=100 VolFilledToday=100 FillNumber=77
            answer ORDER_CANCEL_REJECT_TR ErrorCode=16060 ReasonCode=11
            close
            expect LINK_CLOSED
            """);
        await using var member = await SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 100, 152000));
        var confirmed = await member.ExpectAsync(TransactionCode.OrderConfirmed);
        Assert.Equal((TestMember.User, 700001, 100), (CmOrderAnswer.UserId.Read(confirmed), CmOrderAnswer.TransactionId.Read(confirmed), CmOrderAnswer.TotalVolRemaining.Read(confirmed)));
        await member.SendAsync(_ => Orders.Cancel(Cm, confirmed));
        var trade = await member.ExpectAsync(TransactionCode.Trade);
        Assert.Equal(("CLI0001", 77, 100, "S"), (CmTrade.AccountNum.Read(trade), CmTrade.FillNumber.Read(trade), CmTrade.FillQty.Read(trade), CmTrade.ActivityType.Read(trade)));
        Assert.Equal(1100000000000001, CmTrade.ResponseOrderNumber.Read(trade));
        Assert.Equal(ExchangeError.OrderNotFound, CmOrderAnswer.ErrorCode.Read(await member.ExpectAsync(TransactionCode.CancelRejected)));
        Assert.True(await member.IsEndedAsync());
        await member.DisposeAsync();
        await host.Ended.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(8, host.Steps);
    }

    [Fact]
    public async Task An_expectation_that_fails_says_where_what_and_what_came()
    {
        var host = Start(Cm, """
            login

            expect BOARD_LOT_IN_TR Volume=100
            """);
        await using var member = await SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 50, 152000));
        var failed = await Assert.ThrowsAsync<ScriptException>(() => host.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal($"{Path.Combine(_folder, "script.txt")}:3: expected BOARD_LOT_IN_TR with Volume=100, found Volume=50", failed.Message);
    }

    [Fact]
    public async Task Another_message_than_the_one_expected_is_named()
    {
        var host = Start(Cm, "login\nexpect ORDER_CANCEL_IN_TR");
        await using var member = await SignOnAsync(host, Cm);
        await member.SendAsync(_ => Orders.Cash(BuySell.Sell, 50, 152000));
        var failed = await Assert.ThrowsAsync<ScriptException>(() => host.Ended.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains(":2: expected ORDER_CANCEL_IN_TR, found BOARD_LOT_IN_TR", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_can_be_the_whole_exchange_and_repeat_itself()
    {
        var host = Start(Segment.FuturesAndOptions, """
            expect GR_REQUEST BoxId=201
            answer GR_RESPONSE IpAddress=127.0.0.1 Port=9 SessionKey=0102030405060708
            repeat 2
              corrupt
              send HEARTBEAT
              send BCAST_CONT_MSG StreamNumber=2 Status=1
            end
            wait 10ms
            reset
            """);
        await using var member = await TestMember.ConnectAsync(host.RouterFo, Segment.FuturesAndOptions);
        await member.SendAsync(buffer => SessionMessages.Router(buffer, 201, "90123"));
        var answer = await member.ExpectAsync(TransactionCode.RouterResponse);
        Assert.Equal((9, 201), (RouterResponseClear.Port.Read(answer), RouterResponseClear.BoxId.Read(answer)));
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(FrameReadStatus.BadChecksum, await member.ReadDamagedAsync());
            Assert.Equal(2, ContingencyMessage.StreamNumber.Read(await member.ExpectAsync(TransactionCode.Contingency)));
        }

        Assert.True(await member.IsEndedAsync());
        await host.Ended.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(10, host.Steps);
    }

    [Theory]
    [InlineData("expect NO_SUCH_MESSAGE", ":1: expected the name of a message of this segment, found 'NO_SUCH_MESSAGE'")]
    [InlineData("login\nexpect HEARTBEAT Price=1", ":2: expected a field of HEARTBEAT (HEARTBEAT), found 'Price'")]
    [InlineData("repeat 2\nlogin", ":1: expected an end behind this repeat, found none")]
    [InlineData("wait long", ":1: expected a time such as 200ms or 2s, found 'long'")]
    [InlineData("dance", ":1: expected expect, send, answer")]
    public void A_line_that_is_no_step_is_named_before_anything_starts(string text, string message)
    {
        var path = Path.Combine(_folder, "script.txt");
        File.WriteAllText(path, text);
        Assert.Contains(message, Assert.Throws<ScriptException>(() => Script.Read(path, Cm)).Message, StringComparison.Ordinal);
    }

    private ScriptedHost Start(Segment segment, string text)
    {
        var path = Path.Combine(_folder, "script.txt");
        File.WriteAllText(path, text);
        var users = ImmutableDictionary<int, string>.Empty.Add(TestMember.User, "Trade@26");
        var settings = new SimulatorSettings { DataFolder = _folder, Cm = new BoxSettings(Cm, 101, users), Fo = new BoxSettings(Segment.FuturesAndOptions, 201, users) };
        var host = ScriptedHost.Start(settings, path, segment, TimeProvider.System);
        _hosts.Add(host);
        return host;
    }

    /// <summary>A whole login with its downloads, as members make it.</summary>
    private static async Task<TestMember> SignOnAsync(ScriptedHost host, Segment segment)
    {
        var answer = await TestMember.AskRouterAsync(segment == Cm ? host.RouterCm : host.RouterFo, segment);
        var member = await TestMember.ConnectAsync(RouterResponseClear.Port.Read(answer), segment);
        Assert.Equal(0, MessageHeader.ErrorCode.Read(await member.SignBoxOnAsync(RouterResponseClear.SessionKey.Read(answer).ToArray())));
        Assert.Equal(0, MessageHeader.ErrorCode.Read(await member.SignUserOnAsync("Trade@26")));
        Assert.Single(await member.DownloadAsync(1));
        Assert.Empty(await member.DownloadAsync(2));
        return member;
    }
}
