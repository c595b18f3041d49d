using System.Net;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

public class SessionTests : IAsyncDisposable
{
    private readonly Simulators _simulators = new();

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(Segment.CapitalMarket)]
    [InlineData(Segment.FuturesAndOptions)]
    public async Task A_member_signs_on_step_by_step_and_off_again(Segment segment)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, segment);

        await member.SendAsync(buffer => SessionMessages.SystemInformation(buffer, segment, TestMember.User));
        var information = await member.ExpectAsync(TransactionCode.SystemInformation);
        Assert.Equal(2, MessageHeader.AlphaChar.Read(information)[0]);
        Assert.Equal(1, CmSystemInformation.Normal.Read(information));

        await member.SendAsync(buffer => SessionMessages.LocalDatabase(buffer, segment, TestMember.User, information));
        await member.ExpectAsync(TransactionCode.LocalDatabaseHeader);
        await member.ExpectAsync(TransactionCode.LocalDatabaseTrailer);

        Assert.Single(await member.DownloadAsync(1));
        Assert.Empty(await member.DownloadAsync(2));

        await member.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
        await member.ExpectAsync(TransactionCode.SignOffResponse);
    }

    [Fact]
    public async Task The_router_refuses_an_unknown_box_and_an_unknown_member()
    {
        var host = await _simulators.StartAsync();
        Assert.Equal(ExchangeError.BoxInvalid, Error(await TestMember.AskRouterAsync(host.RouterCm, Segment.CapitalMarket, box: 999)));
        Assert.Equal(ExchangeError.SignOnDataWrong, Error(await TestMember.AskRouterAsync(host.RouterCm, Segment.CapitalMarket, member: "11111")));
    }

    [Fact]
    public async Task The_router_answers_busy_while_a_session_of_the_box_is_open()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.BoxOnAsync(host, Segment.CapitalMarket);
        Assert.Equal(ExchangeError.RouterBusy, Error(await TestMember.AskRouterAsync(host.RouterCm, Segment.CapitalMarket)));
    }

    [Fact]
    public async Task The_router_names_the_address_that_stands_in_for_the_gateway()
    {
        var host = await _simulators.StartAsync(settings => settings with { AdvertisedGatewayFo = new IPEndPoint(IPAddress.Parse("10.1.2.3"), 9700) });
        var answer = await TestMember.AskRouterAsync(host.RouterFo, Segment.FuturesAndOptions);
        Assert.Equal(("10.1.2.3", 9700), (RouterResponseClear.IpAddress.Read(answer), RouterResponseClear.Port.Read(answer)));
        var other = await TestMember.AskRouterAsync(host.RouterCm, Segment.CapitalMarket);
        Assert.Equal(host.GatewayPort(Segment.CapitalMarket), RouterResponseClear.Port.Read(other));
    }

    [Fact]
    public async Task Listening_on_every_address_the_router_names_the_one_where_it_was_found()
    {
        var host = await _simulators.StartAsync(settings => settings with { Listen = IPAddress.Any });
        var answer = await TestMember.AskRouterAsync(host.RouterCm, Segment.CapitalMarket);
        Assert.Equal("127.0.0.1", RouterResponseClear.IpAddress.Read(answer));
    }

    [Fact]
    public async Task A_wrong_key_does_not_open_the_box()
    {
        var host = await _simulators.StartAsync();
        await TestMember.AskRouterAsync(host.RouterCm, Segment.CapitalMarket);
        await using var member = await TestMember.ConnectAsync(host.GatewayPort(Segment.CapitalMarket), Segment.CapitalMarket);
        Assert.Equal(ExchangeError.SignOnDataWrong, Error(await member.SignBoxOnAsync(new byte[8])));
        Assert.True(await member.IsEndedAsync());
    }

    [Fact]
    public async Task A_second_connection_with_the_valid_key_ends_the_older_session()
    {
        var host = await _simulators.StartAsync();
        await using var older = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        await using var newer = await TestMember.ConnectAsync(host.GatewayPort(Segment.CapitalMarket), Segment.CapitalMarket);
        Assert.Equal(0, Error(await newer.SignBoxOnAsync(older.SessionKey)));
        await older.ExpectAsync(TransactionCode.BoxSignOff);
        Assert.True(await older.IsEndedAsync());
        Assert.Equal(0, Error(await newer.SignUserOnAsync("Trade@26")));
    }

    [Fact]
    public async Task A_second_box_sign_on_ends_its_own_connection()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.BoxOnAsync(host, Segment.CapitalMarket);
        await member.SendAsync(buffer => SessionMessages.BoxSignOn(buffer, 101, "90123", member.SessionKey));
        await member.ExpectAsync(TransactionCode.BoxSignOff);
        Assert.True(await member.IsEndedAsync());
    }

    [Theory]
    [InlineData(Segment.CapitalMarket, 180)]
    [InlineData(Segment.FuturesAndOptions, 182)]
    public async Task Three_wrong_passwords_lock_the_user(Segment segment, int size)
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.BoxOnAsync(host, segment);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var refused = await member.SignUserOnAsync("Wrong@26");
            Assert.Equal(ExchangeError.SignOnDataWrong, Error(refused));
            Assert.Equal(size, refused.Length);
        }

        Assert.Equal(ExchangeError.UserDisabled, Error(await member.SignUserOnAsync("Trade@26")));
        Assert.Equal(ExchangeError.UserUnknown, Error(await member.SignUserOnAsync("Trade@26", user: 1)));
    }

    [Fact]
    public async Task Anything_but_a_box_sign_on_ends_a_fresh_connection()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.ConnectAsync(host.GatewayPort(Segment.CapitalMarket), Segment.CapitalMarket);
        await member.SendAsync(buffer => SessionMessages.HeartbeatMessage(buffer));
        Assert.Equal(ExchangeError.PacketInvalid, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
        Assert.True(await member.IsEndedAsync());
    }

    [Fact]
    public async Task A_packet_with_a_wrong_checksum_is_dropped_without_a_word_and_reading_goes_on()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        var spoiled = TestMember.Packet(SessionMessages.SystemInformation(new byte[64], Segment.CapitalMarket, TestMember.User));
        spoiled[^1] ^= 1;
        await member.SendRawAsync(spoiled);
        await member.SendAsync(buffer => SessionMessages.SignOff(buffer, TestMember.User));
        Assert.Equal(TransactionCode.SignOffResponse, MessageHeader.TransactionCode.Read(await member.ReadAsync()));
    }

    [Fact]
    public async Task A_message_of_the_wrong_length_comes_back_as_2322()
    {
        var host = await _simulators.StartAsync();
        await using var member = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        await member.SendAsync(buffer => Orders.Cash(BuySell.Buy, 1, 152550).AsSpan(0, 100));
        var answer = await member.ExpectAsync(TransactionCode.InvalidMessageLength);
        Assert.Equal(ExchangeError.InvalidLength, Error(answer));
        Assert.Equal(40, answer.Length);
    }

    [Fact]
    public async Task A_silent_exchange_says_a_heartbeat_and_a_silent_member_is_signed_off()
    {
        var host = await _simulators.StartAsync(settings => settings with
        {
            HeartbeatAfter = TimeSpan.FromMilliseconds(100),
            DeadAfter = TimeSpan.FromMilliseconds(350),
        });
        await using var member = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        await member.ExpectAsync(TransactionCode.Heartbeat);
        Assert.Equal(ExchangeError.HeartbeatMissing, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
        Assert.True(await member.IsEndedAsync());
    }

    [Fact]
    public async Task Messages_over_the_contracted_rate_are_refused_and_many_of_them_end_the_session()
    {
        var host = await _simulators.StartAsync(settings => settings with { MessagesPerSecond = 10, Liquidity = Settings.LiquidityMode.None });
        await using var member = await TestMember.SignOnAsync(host, Segment.CapitalMarket);
        for (var sent = 0; sent < 30; sent++)
        {
            await member.SendAsync(_ => Orders.Cash(BuySell.Buy, 1, 152000, reference: sent));
        }

        var refused = await member.ExpectAsync(TransactionCode.OrderRejected);
        Assert.Equal(ExchangeError.RateExceeded, CmOrderAnswer.ErrorCode.Read(refused));
        Assert.Equal(ExchangeError.RateExceeded, Error(await member.ExpectAsync(TransactionCode.BoxSignOff)));
        Assert.True(await member.IsEndedAsync());
    }

    private static short Error(byte[] message) => MessageHeader.ErrorCode.Read(message);
}
