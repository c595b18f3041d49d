using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

public sealed class SessionTests : IDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly ManualClock _clock = new();
    private readonly RecordingDesk _desk = new();
    private readonly ScriptedExchange _exchange = new(Cm);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TapEvent> _events = [];

    public static TapSessionOptions Options(Segment segment = Cm) => new()
    {
        Segment = segment,
        RouterHost = "exchange",
        RouterPort = 9601,
        BoxId = 101,
        BrokerId = "90123",
        BranchId = 7,
        UserId = 40521,
        Password = "Trade@26",
        MessagesPerSecond = 20,
        FirstSessionEpoch = 1 << 20,
    };

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_session_signs_on_in_the_exchanges_order_and_trades_only_after_every_stream_is_downloaded()
    {
        var (session, running) = Start();
        session.Offer(Ticket("A", "A1"));
        var peer = await _clock.RunUntilAsync(_exchange.SignOnAsync());
        Assert.Equal(0, await _clock.RunUntilAsync(peer.DownloadAsync(1)));
        Assert.Equal(TapSessionState.Downloading, session.Status.State);
        Assert.Empty(_desk.Authorized);
        Assert.Equal(0, await _clock.RunUntilAsync(peer.DownloadAsync(2)));
        Assert.Equal("recovered 1048576", await _clock.RunUntilAsync(_desk.NextAsync()));
        var order = await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        Assert.Equal("A", CmOrderEntry.AccountNumber.Read(order));
        Assert.Equal(TapSessionState.Trading, session.Status.State);

        await _stop.CancelAsync();
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOffRequest));
        await peer.SayAsync(ScriptedExchange.Bare(HeaderOnly.Layout, TransactionCode.SignOffResponse));
        await _clock.RunUntilAsync(running);
        Assert.Equal("lost 1048576: Signed off.", await _desk.NextAsync());
        Assert.Equal((TapSessionState.Stopped, "Signed off.", 0), (session.Status.State, session.Status.LastBreak, session.Status.Breaks));
    }

    [Fact]
    public async Task The_settle_delay_passes_before_the_download_begins()
    {
        var (session, _) = Start();
        var signing = _exchange.SignOnAsync();
        await _clock.RunUntilAsync(signing);
        var signedOn = _clock.GetUtcNow();
        var peer = await signing;
        await _clock.RunUntilAsync(peer.DownloadAsync(1));
        Assert.True(_clock.GetUtcNow() - signedOn >= TimeSpan.FromMilliseconds(950));
        Assert.Equal(TapSessionState.Downloading, session.Status.State);
    }

    [Fact]
    public async Task A_lost_session_is_told_once_and_the_next_one_has_a_higher_epoch_and_resumes_from_the_mark()
    {
        var (session, _) = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        Assert.Equal("recovered 1048576", await _clock.RunUntilAsync(_desk.NextAsync()));
        session.Offer(Ticket("A", "A1"));
        var order = await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await peer.SayAsync(peer.Confirm(order, 1100000000000001, 2, 96969249922970));
        Assert.Equal("applied Confirmed A", await _clock.RunUntilAsync(_desk.NextAsync()));
        peer.HangUp();
        Assert.Equal("lost 1048576: The exchange closed the connection.", await _clock.RunUntilAsync(_desk.NextAsync()));

        var (_, marks) = await _exchange.OpenAsync(_clock);
        Assert.Equal([0, 96969249922970], marks);
        Assert.Equal("recovered 1048577", await _clock.RunUntilAsync(_desk.NextAsync()));
        Assert.Equal(1, session.Status.Breaks);
        Assert.Equal(96969249922970, session.Status.Streams.Single(stream => stream.Stream == 2).TimeStamp1);
    }

    [Fact]
    public async Task A_report_that_could_not_be_applied_breaks_the_session_and_is_asked_for_again()
    {
        var (session, _) = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        session.Offer(Ticket("A", "A1"));
        var order = await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        _desk.BeforeApply = _ => throw new InvalidOperationException("journal away");
        await peer.SayAsync(peer.Confirm(order, 1100000000000001, 1, 5000));
        Assert.StartsWith("lost 1048576: The accounts could not apply a report: journal away", await _clock.RunUntilAsync(_desk.NextAsync()), StringComparison.Ordinal);
        _desk.BeforeApply = null;
        var again = await _clock.RunUntilAsync(_exchange.SignOnAsync());
        var full = FullForm.FromTrimmed(Cm, peer.Confirm(order, 1100000000000001, 1, 5000));
        Assert.Equal(0, await _clock.RunUntilAsync(again.DownloadAsync(1, full)));
        await _clock.RunUntilAsync(again.DownloadAsync(2));
        Assert.Equal("applied Confirmed A", await _clock.RunUntilAsync(_desk.NextAsync()));
        Assert.True(Assert.Single(_desk.Applied).FromDownload);
    }

    [Fact]
    public async Task Recovery_is_completed_only_when_the_downloaded_reports_are_applied()
    {
        Start();
        var gate = new TaskCompletionSource();
        _desk.BeforeApply = _ => gate.Task;
        var peer = await _clock.RunUntilAsync(_exchange.SignOnAsync());
        var entry = new byte[CmOrderEntry.Layout.Size];
        new OrderWriter(Options()).Write(entry, new TapRequest.Enter(RecordingDesk.Order("A", Cm)));
        await _clock.RunUntilAsync(peer.DownloadAsync(1, FullForm.FromTrimmed(Cm, peer.Confirm(entry, 1100000000000001, 1, 5000))));
        await _clock.RunUntilAsync(peer.DownloadAsync(2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_desk.HasMore);
        gate.SetResult();
        Assert.Equal("applied Confirmed A", await _clock.RunUntilAsync(_desk.NextAsync()));
        Assert.Equal("recovered 1048576", await _clock.RunUntilAsync(_desk.NextAsync()));
    }

    [Fact]
    public async Task A_stream_outage_in_the_download_is_told_after_the_reports_before_it_and_moves_the_mark()
    {
        Start();
        var outage = Outage(place: 7000);
        var peer = await _clock.RunUntilAsync(_exchange.SignOnAsync());
        await _clock.RunUntilAsync(peer.DownloadAsync(1, outage));
        await _clock.RunUntilAsync(peer.DownloadAsync(2));
        Assert.Equal("stream 0 lost at 7000", await _clock.RunUntilAsync(_desk.NextAsync()));
        Assert.Equal("recovered 1048576", await _clock.RunUntilAsync(_desk.NextAsync()));
        peer.HangUp();
        await _clock.RunUntilAsync(_desk.NextAsync());
        var (_, marks) = await _exchange.OpenAsync(_clock);
        Assert.Equal(7000, marks[0]);
    }

    [Fact]
    public async Task A_stream_outage_live_ends_the_session_and_the_day_is_read_anew()
    {
        Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        Assert.Equal("recovered 1048576", await _clock.RunUntilAsync(_desk.NextAsync()));
        await peer.SayAsync(Outage(place: 7000));
        Assert.StartsWith("lost 1048576", await _clock.RunUntilAsync(_desk.NextAsync()), StringComparison.Ordinal);

        var next = await _clock.RunUntilAsync(_exchange.SignOnAsync());
        Assert.Equal(0, await _clock.RunUntilAsync(next.DownloadAsync(1, Outage(place: 7000))));
        await _clock.RunUntilAsync(next.DownloadAsync(2));
        Assert.Equal("stream 0 lost at 7000", await _clock.RunUntilAsync(_desk.NextAsync()));
        Assert.Equal("recovered 1048577", await _clock.RunUntilAsync(_desk.NextAsync()));

        // Told once more, as an exchange may at every sign-on, it is no news.
        await next.SayAsync(Outage(place: 7000));
        for (var i = 0; i < 50; i++)
        {
            await Task.Yield();
        }

        Assert.False(_desk.HasMore);
    }

    private static byte[] Outage(long place)
    {
        var outage = ScriptedExchange.Bare(ContingencyMessage.Layout, TransactionCode.Contingency);
        ContingencyMessage.Status.Write(outage, 1);
        FullHeader.Stream.WriteNumber(outage, 1);
        FullHeader.TimeStamp1.Write(outage, place);
        return outage;
    }

    [Fact]
    public async Task A_new_trading_day_is_downloaded_from_its_start()
    {
        var (session, _) = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        session.Offer(Ticket("A", "A1"));
        var order = await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await peer.SayAsync(peer.Confirm(order, 1100000000000001, 2, 9000));
        await _clock.RunUntilAsync(_desk.NextAsync());
        peer.HangUp();
        await _clock.RunUntilAsync(_desk.NextAsync());
        _exchange.EndTime += 86400;
        var (_, marks) = await _exchange.OpenAsync(_clock);
        Assert.Equal([0, 0], marks);
    }

    [Fact]
    public async Task A_wrong_password_is_tried_twice_and_then_only_when_somebody_resumes()
    {
        var (session, _) = Start();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var routing = _exchange.RouteAsync();
            await _clock.RunUntilAsync(routing, TimeSpan.FromMilliseconds(500));
            var peer = await routing;
            await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.BoxSignOnRequest));
            await peer.SayAsync(ScriptedExchange.Bare(BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse));
            await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOnRequest));
            await peer.SayAsync(_exchange.SignOnRefusal(ExchangeError.SignOnDataWrong));
            await _clock.RunUntilAsync(_desk.NextAsync());
        }

        var next = _exchange.AcceptAsync();
        for (var minute = 0; minute < 60; minute++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.False(next.IsCompleted);
        Assert.Contains("16006", session.Status.LastBreak, StringComparison.Ordinal);
        Assert.Contains("Given up after 2 tries", session.Status.LastBreak, StringComparison.Ordinal);
        Assert.DoesNotContain("Trade@26", string.Join(' ', _events.Select(happening => happening.Text)), StringComparison.Ordinal);
        session.Resume();
        await _clock.RunUntilAsync(next);
    }

    [Fact]
    public async Task A_login_answer_that_does_not_come_breaks_the_session_with_its_name()
    {
        Start();
        var peer = await _clock.RunUntilAsync(_exchange.RouteAsync());
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.BoxSignOnRequest));
        Assert.Equal("lost 1048576: In vain waited for the box sign-on answer (23001).", await _clock.RunUntilAsync(_desk.NextAsync()));
    }

    [Fact]
    public async Task Silence_brings_a_heartbeat_and_a_dead_exchange_a_break()
    {
        Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        var before = _clock.GetUtcNow();
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.Heartbeat), TimeSpan.FromMilliseconds(500));
        Assert.InRange((_clock.GetUtcNow() - before).TotalSeconds, 28, 33);
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.Heartbeat), TimeSpan.FromMilliseconds(500));
        var lost = _desk.NextAsync();
        await _clock.RunUntilAsync(lost, TimeSpan.FromMilliseconds(500));
        Assert.Equal("lost 1048576: Nothing heard from the exchange for 65 s.", await lost);
    }

    [Theory]
    [InlineData("length")]
    [InlineData("checksum")]
    [InlineData("sign-off")]
    public async Task Damage_and_a_sign_off_by_the_exchange_break_the_session_with_their_reason(string how)
    {
        Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        var packet = new byte[62];
        FrameWriter.Write(packet, SessionMessages.HeartbeatMessage(new byte[40]));
        switch (how)
        {
            case "length":
                await peer.SayRawAsync([0, 5]);
                break;
            case "checksum":
                packet[^1] ^= 1;
                await peer.SayRawAsync(packet);
                break;
            default:
                var off = ScriptedExchange.Bare(BoxSignOff.Layout, TransactionCode.BoxSignOff);
                MessageHeader.ErrorCode.Write(off, ExchangeError.HeartbeatMissing);
                await peer.SayAsync(off);
                break;
        }

        var reason = how switch
        {
            "length" => "The exchange sent a packet of a length that none can have.",
            "checksum" => "The exchange sent a packet with a wrong checksum.",
            _ => "The exchange ended the session: 17102 heartbeat not received.",
        };
        Assert.Equal($"lost 1048576: {reason}", await _clock.RunUntilAsync(_desk.NextAsync()));
    }

    [Fact]
    public async Task Messages_without_a_meaning_are_counted_and_change_nothing()
    {
        var (session, _) = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        await peer.SayAsync([0x3a, 0x98, 0, 1]);
        await peer.SayAsync(ScriptedExchange.Bare(TraderMessage.Layout, TransactionCode.TraderMessage));
        await peer.SayAsync(ScriptedExchange.Bare(HeaderOnly.Layout, 12345));
        session.Offer(Ticket("A", "A1"));
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        await _clock.RunUntilAsync(Until(() => session.Ignored == 3));
        Assert.Equal(TapSessionState.Trading, session.Status.State);
    }

    [Fact]
    public void Options_that_cannot_be_used_are_named()
    {
        var refused = Assert.Throws<ArgumentException>(() => new TapSession(Options() with { Password = "short" }, _desk, _clock, new Random(1)));
        Assert.StartsWith("Password: expected exactly 8 characters, found 5.", refused.Message, StringComparison.Ordinal);
    }

    private static async Task Until(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(1);
        }
    }

    private static TapTicket Ticket(string account, string key, TapPriority priority = TapPriority.Exit) => new(Cm, account, key, priority);

    private (TapSession Session, Task Running) Start()
    {
        var session = new TapSession(Options(), _desk, _clock, new Random(1), _events.Add, _exchange);
        return (session, session.RunAsync(_stop.Token));
    }
}
