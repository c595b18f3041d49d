using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

/// <summary>What the operator reads when a session does not come about or ends (NSE-TAP.md 3).</summary>
public sealed class SessionFailureTests : IDisposable
{
    private const Segment Cm = Segment.CapitalMarket;

    private readonly ManualClock _clock = new();
    private readonly RecordingDesk _desk = new();
    private readonly ScriptedExchange _exchange = new(Cm);
    private readonly CancellationTokenSource _stop = new();

    public static TheoryData<LinkMode> Modes => [.. Enum.GetValues<LinkMode>()];

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(16006, "16006 sign-on data of box or user wrong.")]
    [InlineData(16134, "16134 user disabled; have the exchange's member desk enable the user, then resume the session.")]
    [InlineData(16004, "16004 user already signed on; another session of this user is open and must end first, which the exchange does by itself when it is silent.")]
    [InlineData(16053, "16053 password expired; set tap.cm.new-password and start again, and it is changed at the next sign-on.")]
    [InlineData(16100, "16100 client version differs from the host; this program says version 10001, the exchange expects 09.50.01.")]
    public async Task A_refused_user_is_told_with_the_exchanges_words_and_what_to_do(short error, string words)
    {
        var session = Start();
        var peer = await _clock.RunUntilAsync(_exchange.RouteAsync());
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.BoxSignOnRequest));
        await peer.SayAsync(ScriptedExchange.Bare(BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse));
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.SignOnRequest));
        var refusal = _exchange.SignOnRefusal(error);
        CmErrorResponse.ErrorMessage.Write(refusal, new string('.', 95) + "09.50.01");
        await peer.SayAsync(refusal);
        await BreakAsync(session, $"The exchange refused user 40521: {words}");
        Assert.DoesNotContain("Trade@26", session.Status.LastBreak, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_session_key_is_said_and_the_router_is_asked_for_a_new_one_at_once()
    {
        var session = Start();
        var peer = await _clock.RunUntilAsync(_exchange.RouteAsync());
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.BoxSignOnRequest));
        await peer.SayAsync(WithError(BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse, ExchangeError.SignOnDataWrong));
        await BreakAsync(
            session, "The exchange refused the box sign-on: 16006 sign-on data of box or user wrong; the session key was an old one, or the broker id is wrong.");
        var before = _clock.GetUtcNow();
        await _clock.RunUntilAsync(_exchange.RouteAsync());
        Assert.True(_clock.GetUtcNow() - before < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(19029, "19029 several Gateway Router queries; a session of this box is still open, here or on another machine; it must end first.")]
    [InlineData(17104, "17104 box id invalid; check tap.cm.box-id.")]
    [InlineData(19028, "19028 checksum wrong at the Gateway Router.")]
    public async Task A_router_that_refuses_the_box_is_told_with_what_to_do(short error, string words)
    {
        var session = Start();
        var router = await _clock.RunUntilAsync(_exchange.AcceptAsync());
        await _clock.RunUntilAsync(router.ExpectAsync(TransactionCode.RouterRequest));
        await router.SayAsync(WithError(RouterResponseClear.Layout, TransactionCode.RouterResponse, error));
        await BreakAsync(session, $"The Gateway Router refused the box: {words}");
    }

    [Theory]
    [InlineData(0, "No connection to the exchange: it did not answer in time.")]
    [InlineData(1, "In vain waited for the box registration answer (23009).")]
    [InlineData(2, "In vain waited for the box sign-on answer (23001).")]
    [InlineData(3, "In vain waited for the sign-on answer (2301).")]
    [InlineData(4, "In vain waited for system information (1601).")]
    [InlineData(5, "In vain waited for the end of the local database (7308).")]
    [InlineData(6, "In vain waited for the download of stream 1 (7031).")]
    public async Task An_exchange_that_falls_silent_is_told_with_the_answer_that_is_missing(int answers, string words)
    {
        _exchange.Keys = Keys(LinkMode.New);
        var session = Start();
        await _clock.RunUntilAsync(AnswerAsync(answers));
        await BreakAsync(session, words);
    }

    [Fact]
    public async Task A_link_that_takes_our_bytes_and_brings_none_is_given_up()
    {
        var session = Start(orderAnswerTimeout: TimeSpan.FromHours(1));
        await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        for (var n = 0; n < 2000; n++)
        {
            // More than the pipe holds: the last flush never ends, as with a peer that is gone.
            session.Offer(new TapTicket(Cm, $"A{n}", $"A{n}", TapPriority.Exit));
        }

        await BreakAsync(session, "Nothing heard from the exchange for 65 s.", TimeSpan.FromMilliseconds(500));
    }

    [Theory]
    [InlineData(17102, "17102 heartbeat not received.")]
    [InlineData(17106, "17106 message rate of the box exceeded.")]
    [InlineData(19031, "19031 checksum wrong.")]
    [InlineData(19030, "19030 encryption setting mismatch; the exchange has the box down for another encryption; ask the exchange, and see tap.router-ca-file.")]
    [InlineData(0, "0 no error.")]
    public async Task A_forced_sign_off_is_told_with_its_reason_and_the_session_begins_again(short error, string words)
    {
        var session = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await peer.SayAsync(WithError(BoxSignOff.Layout, TransactionCode.BoxSignOff, error));
        await BreakAsync(session, $"The exchange ended the session: {words}");
        await _exchange.OpenAsync(_clock);
    }

    [Fact]
    public async Task A_key_that_came_over_a_line_without_tls_is_not_used()
    {
        (_exchange.Keys, _exchange.IsProtected) = (Keys(LinkMode.Existing), false);
        var session = Start();
        var router = await _clock.RunUntilAsync(_exchange.AcceptAsync());
        await _clock.RunUntilAsync(router.ExpectAsync(TransactionCode.RouterRequest));
        var answer = ScriptedExchange.Bare(_exchange.Keys.ResponseLayout, TransactionCode.RouterResponse);
        _exchange.Keys.Write(answer);
        await router.SayAsync(answer);
        await BreakAsync(session, "The Gateway Router gave the link's key over a line without TLS; set tap.router-ca-file to the exchange's CA file.");
    }

    [Fact]
    public async Task A_refused_registration_is_told()
    {
        _exchange.Keys = Keys(LinkMode.New);
        var session = Start();
        var peer = await _clock.RunUntilAsync(_exchange.RouteAsync());
        await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.BoxRegistrationRequest));
        await peer.SayAsync(WithError(BoxRegistrationResponse.Layout, TransactionCode.BoxRegistrationResponse, ExchangeError.BoxInvalid));
        await BreakAsync(session, "The exchange refused the box registration: 17104 box id invalid; check tap.cm.box-id.");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_packet_spoiled_on_the_way_ends_the_session_with_its_name(LinkMode mode)
    {
        _exchange.Keys = Keys(mode);
        var session = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        var packet = new byte[62];
        FrameWriter.Write(packet, SessionMessages.HeartbeatMessage(new byte[40]));
        packet[40] ^= 1;
        await peer.SayRawAsync(packet);
        await BreakAsync(
            session,
            mode == LinkMode.New ? "The exchange sent a packet that was changed under way or sealed with another key." : "The exchange sent a packet with a wrong checksum.");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_session_trades_in_every_mode_counts_its_packets_and_begins_anew_with_new_keys(LinkMode mode)
    {
        _exchange.Keys = Keys(mode);
        var session = Start();
        for (var round = 0; round < 2; round++)
        {
            var (peer, _) = await _exchange.OpenAsync(_clock);
            session.Offer(new TapTicket(Cm, "A", $"A{round}", TapPriority.Exit));
            await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
            uint[] counted = mode == LinkMode.Clear ? [0] : [.. Enumerable.Range(1, peer.Sequences.Count).Select(count => (uint)count)];
            Assert.Equal(counted, peer.Sequences.Distinct());
            _exchange.Keys = Keys(mode, seed: 2);
            peer.HangUp();
            await BreakAsync(session, "The exchange closed the connection.");
        }
    }

    [Fact]
    public async Task A_report_with_a_field_that_cannot_be_ends_the_session_and_what_came_before_it_is_applied()
    {
        var session = Start();
        var (peer, _) = await _exchange.OpenAsync(_clock);
        await _clock.RunUntilAsync(_desk.NextAsync());
        session.Offer(new TapTicket(Cm, "A", "A1", TapPriority.Exit));
        var order = await _clock.RunUntilAsync(peer.ExpectAsync(TransactionCode.OrderEntry));
        var good = peer.Confirm(order, 1100000000000001, 1, 5000);
        byte[] bad = [.. good];
        OrderForm.CmTrimmed.BuySell.Write(bad, 7);
        var both = new byte[2 * (FrameReader.HeaderLength + good.Length)];
        FrameWriter.Write(both, good);
        FrameWriter.Write(both.AsSpan(both.Length / 2), bad);
        await peer.SayRawAsync(both);
        Assert.Equal("applied Confirmed A", await _clock.RunUntilAsync(_desk.NextAsync()));
        await BreakAsync(session, "The exchange sent a report that cannot be: Expected side 1 or 2, found 7.");
    }

    private static LinkKeys Keys(LinkMode mode, byte seed = 1)
    {
        byte[] Of(int length) => [.. Enumerable.Range(seed, length).Select(one => (byte)one)];
        return mode switch
        {
            LinkMode.Existing => LinkKeys.Existing(Of(32), Of(16)),
            LinkMode.New => LinkKeys.New(Of(32), Of(8), 0, Of(12)),
            _ => LinkKeys.None,
        };
    }

    private static byte[] WithError(StructureLayout layout, short code, short error)
    {
        var message = ScriptedExchange.Bare(layout, code);
        MessageHeader.ErrorCode.Write(message, error);
        return message;
    }

    /// <summary>Gives so many answers of the login, then no more.</summary>
    private async Task AnswerAsync(int answers)
    {
        if (answers == 0)
        {
            return;
        }

        var peer = await _exchange.RouteAsync();
        await peer.ExpectAsync(TransactionCode.BoxRegistrationRequest);
        byte[][] said =
        [
            ScriptedExchange.Bare(BoxRegistrationResponse.Layout, TransactionCode.BoxRegistrationResponse),
            ScriptedExchange.Bare(BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse),
            _exchange.SignOnAnswer(),
            ScriptedExchange.Bare(CmSystemInformation.Layout, TransactionCode.SystemInformation),
            ScriptedExchange.Bare(LocalDatabaseMark.Layout, TransactionCode.LocalDatabaseTrailer),
        ];
        for (var answer = 0; answer < answers - 1; answer++)
        {
            await peer.SayAsync(said[answer]);
            if (answer == 0)
            {
                peer.StartCiphers(_exchange.Keys);
            }

            await peer.ReadAsync();
        }
    }

    private TapSession Start(TimeSpan? orderAnswerTimeout = null)
    {
        var options = SessionTests.Options();
        var session = new TapSession(options with { OrderAnswerTimeout = orderAnswerTimeout ?? options.OrderAnswerTimeout }, _desk, _clock, new Random(1), null, _exchange);
        _ = session.RunAsync(_stop.Token);
        return session;
    }

    private async Task BreakAsync(TapSession session, string reason, TimeSpan? step = null)
    {
        var breaks = session.Status.Breaks;
        await _clock.RunUntilAsync(UntilAsync(() => session.Status.LastBreak is not null && (session.Status.Breaks > breaks || session.Status.State == TapSessionState.Disconnected)), step ?? TimeSpan.FromMilliseconds(100));
        Assert.Equal(reason, session.Status.LastBreak);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
        {
            await Task.Delay(1);
        }
    }
}
