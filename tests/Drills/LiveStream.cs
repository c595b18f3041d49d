using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>The browser's live connection, spoken by hand: SignalR's JSON protocol over one WebSocket.</summary>
internal sealed class LiveStream : IAsyncDisposable
{
    private const char End = '\u001e';
    private readonly ClientWebSocket _socket = new();
    private readonly StringBuilder _text = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Connects and follows the portfolio, from the start or after a sequence.</summary>
    internal static async Task<LiveStream> OpenAsync(Uri gateway, string token, long? afterSequence = null, string? streamId = null)
    {
        var stream = new LiveStream();
        await stream._socket.ConnectAsync(new Uri($"ws://{gateway.Authority}/hub/portfolio?access_token={token}"), default);
        await stream.SendAsync(new JsonObject { ["protocol"] = "json", ["version"] = 1 });
        await stream.ReceiveAsync(TimeSpan.FromSeconds(10));
        await stream.SendAsync(new JsonObject
        {
            ["type"] = 4,
            ["invocationId"] = "1",
            ["target"] = "Portfolio",
            ["arguments"] = new JsonArray(afterSequence, streamId),
        });
        return stream;
    }

    /// <summary>The next update that fits; others are passed over.</summary>
    internal async Task<JsonNode> NextAsync(string what, Func<JsonNode, bool> fits)
    {
        var until = DateTime.UtcNow + TimeSpan.FromSeconds(30);
        while (DateTime.UtcNow < until)
        {
            var message = await ReceiveAsync(until - DateTime.UtcNow);
            if ((int?)message["type"] == 3 && message["error"] is { } error)
            {
                throw new DrillFailedException($"the live stream ended: {error}");
            }

            if ((int?)message["type"] == 2 && fits(message["item"]!))
            {
                return message["item"]!;
            }
        }

        throw new DrillFailedException($"expected on the live stream within 30 s: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_socket.State == WebSocketState.Open)
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        }

        _socket.Dispose();
    }

    private Task SendAsync(JsonObject message) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString() + End), WebSocketMessageType.Text, true, default);

    private async Task<JsonNode> ReceiveAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            var text = _text.ToString();
            var end = text.IndexOf(End, StringComparison.Ordinal);
            if (end >= 0)
            {
                _text.Remove(0, end + 1);
                return JsonNode.Parse(text[..end])!;
            }

            var received = await _socket.ReceiveAsync(_buffer, limit.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                throw new DrillFailedException($"the live connection was closed: {received.CloseStatusDescription}");
            }

            _text.Append(Encoding.UTF8.GetString(_buffer, 0, received.Count));
        }
    }
}
