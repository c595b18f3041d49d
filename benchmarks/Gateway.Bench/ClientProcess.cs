using System.Globalization;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace Backup.Gateway.Bench;

/// <summary>
/// Many browsers' live connections in a process of their own, told what to do on its standard input: until COUNT, which answers when so many messages
/// have arrived; stall and resume, which stop and continue the reading of those that may stall; ages, which tells and forgets how old what was shown was.
/// </summary>
internal sealed class ClientProcess(string kind, Uri server, string[] tokens, int stalling)
{
    private const int ConnectingMax = 64;
    private static readonly byte[] PricesMark = "\"kind\":\"prices\""u8.ToArray();
    private static readonly byte[] ServerTimeMark = "\"as_of\":\""u8.ToArray();
    private readonly Lock _gate = new();
    private readonly List<double> _ages = [];
    private TaskCompletionSource _going = Completed();
    private long _messages;
    private long _open;
    private volatile Awaited? _awaited;

    private sealed record Awaited(long Count, TaskCompletionSource Reached);

    internal async Task<int> RunAsync()
    {
        using var usual = new HttpMessageInvoker(new SocketsHttpHandler());
        using var narrow = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = ConnectNarrowAsync });
        using var connecting = new SemaphoreSlim(ConnectingMax);
        await Task.WhenAll(Enumerable.Range(0, tokens.Length).Select(async client =>
        {
            await connecting.WaitAsync();
            try
            {
                var socket = await ConnectAsync(client, client < stalling ? narrow : usual);
                _ = ReadAsync(socket, client < stalling);
            }
            finally
            {
                connecting.Release();
            }
        }));
        await Console.Out.WriteLineAsync("connected");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await Console.Out.WriteLineAsync(await ObeyAsync(line.Split(' ')));
        }

        return 0;
    }

    private async Task<string> ObeyAsync(string[] words)
    {
        switch (words)
        {
            case ["until", var count]:
                await UntilAsync(long.Parse(count, CultureInfo.InvariantCulture));
                return Interlocked.Read(ref _messages).ToString(CultureInfo.InvariantCulture);
            case ["count"]:
                return Interlocked.Read(ref _messages).ToString(CultureInfo.InvariantCulture);
            case ["open"]:
                return Interlocked.Read(ref _open).ToString(CultureInfo.InvariantCulture);
            case ["stall"]:
                _going = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return "stalled";
            case ["resume"]:
                _going.TrySetResult();
                return "going";
            case ["ages"]:
                return Ages();
            default:
                throw new ArgumentException($"found {string.Join(' ', words)}");
        }
    }

    private Task UntilAsync(long count)
    {
        var awaited = new Awaited(count, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _awaited = awaited;
        return Interlocked.Read(ref _messages) >= count ? Task.CompletedTask : awaited.Reached.Task;
    }

    private string Ages()
    {
        lock (_gate)
        {
            var sorted = _ages.Order().ToArray();
            _ages.Clear();
            return sorted.Length == 0
                ? "0 0 0"
                : string.Create(CultureInfo.InvariantCulture, $"{sorted.Length} {sorted[sorted.Length / 2]:F3} {sorted[(int)(sorted.Length * 0.99)]:F3}");
        }
    }

    private async Task<ClientWebSocket> ConnectAsync(int client, HttpMessageInvoker invoker)
    {
        var socket = new ClientWebSocket();
        var path = kind switch
        {
            "ours" => $"/hub/portfolio?access_token={tokens[client]}",
            "hub" => $"{PlainHub.Path}?client={client}",
            _ => $"{RawSockets.Path}?client={client}",
        };
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}{path}"), invoker, CancellationToken.None);
        if (kind != "raw")
        {
            await SayAsync(socket, """{"protocol":"json","version":1}""");
            var answer = new byte[256];
            var length = (await socket.ReceiveAsync(answer.AsMemory(), CancellationToken.None)).Count;
            if (!answer.AsSpan(0, length).StartsWith("{}"u8))
            {
                throw new InvalidOperationException($"the hub said {Encoding.UTF8.GetString(answer, 0, length)}");
            }
        }

        if (kind == "ours")
        {
            await SayAsync(socket, """{"type":4,"invocationId":"1","target":"Portfolio","arguments":[null,null]}""");

            // Who has his snapshot is connected: prices that are pushed before it are in it, and come in no message of their own.
            var snapshot = new byte[16 * 1024];
            while (!(await socket.ReceiveAsync(snapshot.AsMemory(), CancellationToken.None)).EndOfMessage)
            {
            }
        }

        Interlocked.Increment(ref _open);
        return socket;
    }

    private static Task SayAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text + '\u001e'), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task ReadAsync(ClientWebSocket socket, bool mayStall)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                if (mayStall)
                {
                    await _going.Task;
                }

                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                Take(buffer.AsSpan(0, length), mayStall);
            }
        }
        catch (WebSocketException)
        {
            // Cut off: that it is not open any more is what is told.
        }

        Interlocked.Decrement(ref _open);
        socket.Dispose();
    }

    private void Take(ReadOnlySpan<byte> frame, bool mayStall)
    {
        for (var at = frame.IndexOf(PricesMark); at >= 0; at = frame.IndexOf(PricesMark))
        {
            frame = frame[(at + PricesMark.Length)..];
            var count = Interlocked.Increment(ref _messages);
            if (_awaited is { } awaited && count >= awaited.Count)
            {
                awaited.Reached.TrySetResult();
            }

            if (!mayStall && frame.IndexOf(ServerTimeMark) is >= 0 and var time)
            {
                var text = frame[(time + ServerTimeMark.Length)..];
                var asOf = DateTimeOffset.Parse(Encoding.ASCII.GetString(text[..text.IndexOf((byte)'"')]), CultureInfo.InvariantCulture);
                lock (_gate)
                {
                    _ages.Add((DateTimeOffset.UtcNow - asOf).TotalMilliseconds);
                }
            }
        }
    }

    /// <summary>A browser on a thin line has room for little.</summary>
    private static async ValueTask<Stream> ConnectNarrowAsync(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096, NoDelay = true };
        await socket.ConnectAsync(context.DnsEndPoint, stop);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static TaskCompletionSource Completed()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
