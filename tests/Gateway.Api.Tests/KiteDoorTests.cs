using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Backup.Account.Domain;
using Backup.Gateway.Api.Login;
using Xunit;

namespace Backup.Gateway.Api.Tests;

/// <summary>What Kite's own clients rely on. The official one runs against a real node in tests/EndToEnd.</summary>
public sealed class KiteDoorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private TradersDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await TradersDoor.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task An_app_opens_a_session_renews_it_and_cannot_use_one_token_for_another()
    {
        var request = await KiteApp.RequestTokenAsync(_door);
        var session = (await _door.SendAsync("POST", "/session/token", null, KiteApp.Fields("request_token", request))).Data;
        var (access, refresh) = ((string)session["access_token"]!, (string)session["refresh_token"]!);

        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", access)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendWithTokenAsync("GET", "/orders", request)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendWithTokenAsync("GET", "/orders", refresh)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendAsync("POST", "/session/token", null, KiteApp.Fields("request_token", request))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendAsync("POST", "/session/token", null, KiteApp.Fields("request_token", access))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendAsync("POST", "/session/refresh_token", null, KiteApp.Fields("refresh_token", access))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendAsync("POST", "/session/refresh_token", null, KiteApp.Fields("refresh_token", refresh, "guessed"))).Status);

        _door.World.Clock.Advance(_door.World.Options.TokenLifetime);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendWithTokenAsync("GET", "/orders", access)).Status);
        var renewed = (await _door.SendAsync("POST", "/session/refresh_token", null, KiteApp.Fields("refresh_token", refresh))).Data;
        Assert.Equal(HttpStatusCode.OK, (await _door.SendWithTokenAsync("GET", "/orders", (string)renewed["access_token"]!)).Status);

        _door.World.Clock.Advance(_door.World.Options.SessionLifetime);
        Assert.Equal(HttpStatusCode.Forbidden, (await _door.SendAsync("POST", "/session/refresh_token", null, KiteApp.Fields("refresh_token", refresh))).Status);
    }

    [Fact]
    public async Task The_instrument_master_is_csv_with_kites_columns_and_may_be_had_by_exchange()
    {
        var all = (string)(await _door.SendAsync("GET", "/instruments", "DEMO01")).Body["text"]!;
        var cash = await _door.SendAsync("GET", "/instruments/NSE", "DEMO01");

        Assert.StartsWith("instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange", all, StringComparison.Ordinal);
        Assert.Contains("13906434,54321,NIFTY30DEC26000CE,NIFTY,110,2030-12-31,26000,0.05,75,CE,NFO-OPT,NFO", all, StringComparison.Ordinal);
        Assert.Contains("408065,1594,ACOMPANY,\"A company, with a comma\",1500,,0,0.05,1,EQ,NSE,NSE", (string)cash.Body["text"]!, StringComparison.Ordinal);
        Assert.Equal("text/csv", cash.Headers["Content-Type"]);
        Assert.DoesNotContain("NFO-OPT", (string)cash.Body["text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shares_in_the_depository_and_shares_on_their_way_are_told_apart()
    {
        await _door.World.OpenSharesAsync("DEMO01", 100, 20);
        _door.World.Prices.Set(MarketSegment.Cash, AccountWorld.Share.ExchangeToken, 155000, _door.World.Clock.GetUtcNow(), "test");

        var holding = (await _door.SendAsync("GET", "/portfolio/holdings", "DEMO01")).Data.AsArray().Single()!;

        Assert.Equal((100L, 20L, 120L), ((long)holding["quantity"]!, (long)holding["t1_quantity"]!, (long)holding["opening_quantity"]!));
        Assert.Equal((1550m, 150m * 120, 50m), ((decimal)holding["last_price"]!, (decimal)holding["pnl"]!, (decimal)holding["day_change"]!));
        Assert.Equal("test", (string)holding["source"]!);
    }

    [Fact]
    public async Task The_last_price_of_what_is_not_known_is_left_out()
    {
        var prices = (await _door.SendAsync("GET", "/quote/ltp?i=NFO:NIFTY30DEC26000CE&i=NSE:ACOMPANY&i=NSE:NOBODY&i=x", "DEMO01")).Data.AsObject();

        var only = Assert.Single(prices);
        Assert.Equal(("NFO:NIFTY30DEC26000CE", 110m, 13906434L), (only.Key, (decimal)only.Value!["last_price"]!, (long)only.Value["instrument_token"]!));
    }

    [Fact]
    public async Task The_ticker_tells_prices_in_three_modes_and_orders_as_text()
    {
        var madeAt = _door.World.Prices.Find(AccountWorld.Option)!.At;
        using var socket = await ConnectAsync(_door.TokenOf("DEMO01"));
        await SendAsync(socket, """{"a":"subscribe","v":[13906434]}""");
        Assert.Equal(44, PacketOf(await NextAsync(socket, message => message.Bytes.Length > 1)).Length);
        await SendAsync(socket, """{"a":"mode","v":["ltp",[13906434]]}""");
        Assert.Equal(8, PacketOf(await NextAsync(socket, message => message.Bytes.Length > 1)).Length);
        await SendAsync(socket, """{"a":"mode","v":["full",[13906434]]}""");
        var full = PacketOf(await NextAsync(socket, message => message.Bytes.Length > 1));
        Assert.Equal((184, 13906434, 11000, 11000), (full.Length, Number(full, 0), Number(full, 4), Number(full, 40)));
        Assert.Equal(madeAt.ToUnixTimeSeconds(), Number(full, 60));

        _door.World.SetPrice(11105);
        Assert.Equal(11105, Number(PacketOf(await NextAsync(socket, message => message.Bytes.Length > 1)), 4));

        await _door.World.ExitAsync("DEMO01", 75, "one");
        var update = JsonNode.Parse((await NextAsync(socket, message => message.IsText)).Bytes)!;
        Assert.Equal(("order", "SELL", 75L), ((string)update["type"]!, (string)update["data"]!["transaction_type"]!, (long)update["data"]!["quantity"]!));
    }

    [Theory]
    [InlineData("{", "expected {")]
    [InlineData("""{"a":"buy","v":[1]}""", "expected subscribe, unsubscribe or mode, found \"buy\"")]
    [InlineData("""{"a":"subscribe","v":[1,2]}""", "2 instruments are not known today, the first is 1")]
    [InlineData("""{"a":"mode","v":["all",[1]]}""", "expected ltp, quote or full, found \"all\"")]
    public async Task The_ticker_says_what_is_wrong_with_a_request_and_goes_on(string request, string expected)
    {
        using var socket = await ConnectAsync(_door.TokenOf("DEMO01"));
        await SendAsync(socket, request);

        var error = JsonNode.Parse((await NextAsync(socket, message => message.IsText)).Bytes)!;

        Assert.Equal("error", (string)error["type"]!);
        Assert.Contains(expected, (string)error["data"]!, StringComparison.Ordinal);
        await SendAsync(socket, """{"a":"subscribe","v":[13906434]}""");
        await NextAsync(socket, message => message.Bytes.Length > 1);
    }

    [Fact]
    public async Task The_ticker_ends_with_its_token_and_is_open_to_no_other_kind_of_token()
    {
        using var socket = await ConnectAsync(TokenOfAMinute());
        ExpireTokenOfAMinute();
        var last = await NextAsync(socket, message => message.IsClose);
        Assert.True(last.IsClose);
        Assert.Equal((WebSocketCloseStatus.PolicyViolation, "TokenException: your session has expired."), (socket.CloseStatus, socket.CloseStatusDescription));

        var refresh = _door.Tokens.Issue("DEMO01", TradersDoor.SessionOf("DEMO01"), TimeSpan.FromMinutes(1), _door.World.Clock.GetUtcNow(), TokenUse.KiteRefresh);
        Assert.Equal(HttpStatusCode.Forbidden, await RefusedAsync(refresh));
    }

    [Fact]
    public async Task A_client_has_a_few_tickers_and_room_again_when_one_is_closed()
    {
        var token = _door.TokenOf("DEMO01");
        var open = new List<ClientWebSocket>();
        for (var i = 0; i < _door.World.Options.TickersPerClient; i++)
        {
            open.Add(await ConnectAsync(token));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await RefusedAsync(token));
        await open[0].CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Patience);
        using var again = await EventuallyAsync(() => ConnectAsync(token));

        Assert.Equal(WebSocketState.Open, again.State);
        open.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task Expired_connections_make_room_although_their_clients_never_answer_the_close()
    {
        var token = TokenOfAMinute();
        var silent = await Task.WhenAll(Enumerable.Range(0, _door.World.Options.TickersPerClient).Select(_ => ConnectAsync(token)));
        ExpireTokenOfAMinute();
        foreach (var socket in silent)
        {
            Assert.True((await NextAsync(socket, message => message.IsClose)).IsClose);
        }

        using var again = await EventuallyAsync(() =>
        {
            _door.World.Clock.Advance(TimeSpan.FromMilliseconds(200));
            return ConnectAsync(_door.TokenOf("DEMO01"));
        });

        Assert.Equal(WebSocketState.Open, again.State);
        Array.ForEach(silent, socket => socket.Dispose());
    }

    private sealed record Message(byte[] Bytes, bool IsText, bool IsClose);

    private string TokenOfAMinute() => _door.Tokens.Issue("DEMO01", TradersDoor.SessionOf("DEMO01"), TimeSpan.FromMinutes(1), _door.World.Clock.GetUtcNow());

    /// <summary>
    /// Not a moment longer than the minute: in one long step of the clock the server would send its reason, wait its five seconds for an answer and
    /// cut the connection, all before the reason has left.
    /// </summary>
    private void ExpireTokenOfAMinute() => _door.World.Clock.Advance(TimeSpan.FromMinutes(1));

    private Uri TickerAddress(string token) => new(new UriBuilder(_door.Address) { Scheme = "ws", Path = "/ws", Query = $"api_key=app&access_token={token}" }.ToString());

    private async Task<ClientWebSocket> ConnectAsync(string token)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(TickerAddress(token), CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    private async Task<HttpStatusCode> RefusedAsync(string token)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(TickerAddress(token), CancellationToken.None).WaitAsync(Patience));
        return socket.HttpStatusCode;
    }

    /// <summary>The server counts a connection out a moment after its close.</summary>
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> attempt)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await attempt();
            }
            catch (WebSocketException) when (tries < 200)
            {
                await Task.Delay(20);
            }
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string request) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(request), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message of a kind. The test's clock stands still, so it is moved while one is waited for.</summary>
    private async Task<Message> NextAsync(ClientWebSocket socket, Func<Message, bool> isWanted)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var receiving = socket.ReceiveAsync(buffer, CancellationToken.None);
            for (var waited = 0; !receiving.IsCompleted && waited < Patience.TotalMilliseconds; waited += 5)
            {
                _door.World.Clock.Advance(TimeSpan.FromMilliseconds(20));
                await Task.WhenAny(receiving, Task.Delay(5));
            }

            var received = await receiving.WaitAsync(Patience);
            var message = new Message(buffer[..received.Count], received.MessageType == WebSocketMessageType.Text, received.MessageType == WebSocketMessageType.Close);
            if (message.IsClose || isWanted(message))
            {
                return message;
            }
        }
    }

    /// <summary>The one packet of a message of ticks.</summary>
    private static byte[] PacketOf(Message message)
    {
        Assert.Equal(1, BinaryPrimitives.ReadUInt16BigEndian(message.Bytes));
        Assert.Equal(message.Bytes.Length - 4, BinaryPrimitives.ReadUInt16BigEndian(message.Bytes.AsSpan(2)));
        return message.Bytes[4..];
    }

    private static int Number(byte[] packet, int at) => BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(at));
}
