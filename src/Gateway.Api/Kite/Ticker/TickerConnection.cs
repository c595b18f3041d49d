using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Backup.Account.Domain;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Regions;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Login.Sessions;

namespace Backup.Gateway.Api.Kite.Ticker;

/// <summary>
/// One connection of Kite's ticker. Prices are joined, newest wins; order updates go out one by one, each from a state that is stored. One message
/// is made when the last one has gone, so a slow client costs one message of memory; one that takes none for a while is closed.
/// </summary>
internal sealed class TickerConnection(
    WebSocket socket, string client, TokenLife life, IEntityRegion<AccountCommand, AccountReply, AccountState> accounts, IInstrumentMaster master, PortfolioSources sources)
{
    private const int RequestLengthMax = 64 * 1024;
    private const int ErrorsWaitingMax = 16;
    private static readonly TimeSpan SendTime = TimeSpan.FromSeconds(5);

    /// <summary>Kite's clients take a second of silence after a second for a dead connection.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    private static readonly byte[] SignOfLife = [0];

    private readonly Subscriptions _subscriptions = new(master);
    private readonly Channel<string> _errors = Channel.CreateBounded<string>(new BoundedChannelOptions(ErrorsWaitingMax) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ArrayBufferWriter<byte> _message = new();
    private long _seen = -1;
    private long _lastSent;

    /// <summary>Until the client leaves, his token expires, or the server stops.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var listening = ListenAsync(leaving.Token);
        var speaking = SpeakAsync(leaving.Token);
        await Task.WhenAny(listening, speaking);
        if (speaking.IsCompletedSuccessfully)
        {
            // The reason has been sent; the client's own close is waited for, but not for ever.
            await Task.WhenAny(listening, Task.Delay(SendTime, sources.Clock, stop));
        }

        await leaving.CancelAsync();
        await Task.WhenAll(listening, speaking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (socket.State == WebSocketState.CloseReceived)
        {
            using var closing = new CancellationTokenSource(SendTime);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, closing.Token);
        }
    }

    private async Task ListenAsync(CancellationToken leaving)
    {
        var buffer = new byte[4096];
        var request = new ArrayBufferWriter<byte>();
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), leaving);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            request.Write(buffer.AsSpan(0, received.Count));
            if (request.WrittenCount > RequestLengthMax)
            {
                _errors.Writer.TryWrite($"a request is at most {RequestLengthMax} bytes long.");
                return;
            }

            if (received.EndOfMessage)
            {
                if (_subscriptions.Take(request.WrittenSpan) is { } wrong)
                {
                    _errors.Writer.TryWrite(wrong);
                }

                request.ResetWrittenCount();
            }
        }
    }

    private async Task SpeakAsync(CancellationToken leaving)
    {
        try
        {
            _lastSent = sources.Clock.GetTimestamp();
            await foreach (var view in WatchedAccount.FollowAsync(accounts, client, sources.Options.PricesInterval, sources.Clock, leaving))
            {
                leaving.ThrowIfCancellationRequested();
                if (life.WhyOver() is { } reason)
                {
                    await CloseAsync(WebSocketCloseStatus.PolicyViolation, reason);
                    return;
                }

                if (view is { } newer)
                {
                    await TellOrdersAsync(newer);
                }

                await TellTicksAsync();
            }
        }
        catch (EntityUnavailableException)
        {
            await CloseAsync(WebSocketCloseStatus.InternalServerError, "Your account is not served at the moment; connect again.");
        }
    }

    /// <summary>Orders that changed since the last state; the first state only says from where on.</summary>
    private async Task TellOrdersAsync(WatchedView<AccountState> view)
    {
        foreach (var order in view.View.Orders.Values.Where(order => _seen >= 0 && order.ChangedAt > _seen).OrderBy(order => order.ChangedAt))
        {
            await SendTextAsync(new { Type = "order", Data = OrderView.Of(view.View, order, sources.Links) });
        }

        _seen = view.Sequence;
    }

    private async Task TellTicksAsync()
    {
        while (_errors.Reader.TryRead(out var error))
        {
            await SendTextAsync(new { Type = "error", Data = error });
        }

        if (_subscriptions.WriteNews(_message, sources.Prices) > 0)
        {
            await SendAsync(_message.WrittenMemory, WebSocketMessageType.Binary);
        }
        else if (sources.Clock.GetElapsedTime(_lastSent) >= Heartbeat)
        {
            await SendAsync(SignOfLife, WebSocketMessageType.Binary);
        }
    }

    private Task SendTextAsync<T>(T message) => SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, GatewayJson.Options), WebSocketMessageType.Text);

    /// <summary>A client that takes nothing for a while loses the connection, and comes back when it can.</summary>
    private async Task SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        using var patience = new CancellationTokenSource(SendTime);
        await socket.SendAsync(message, type, endOfMessage: true, patience.Token);
        _lastSent = sources.Clock.GetTimestamp();
    }

    private async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        using var patience = new CancellationTokenSource(SendTime);
        await socket.CloseOutputAsync(status, reason, patience.Token);
    }
}
