using System.Diagnostics;
using System.Net.WebSockets;
using Backup.Journal.Bench;

namespace Backup.Links.Bench;

/// <summary>
/// The limit of the transport: full frames go round and nobody waits for a message. As many messages are under way as with askers, in two frames, so
/// that both ends have something to do.
/// </summary>
internal sealed class EchoFrames : ISide
{
    private const int Frames = 2;
    private readonly Loopback _server;
    private readonly WebSocket _socket;
    private readonly int _inFlight;

    private EchoFrames(Loopback server, WebSocket socket, int inFlight) => (_server, _socket, _inFlight) = (server, socket, inFlight);

    public string Name => $"bare WebSocket echo of {Frames} frames of {_inFlight / Frames} messages, no askers";

    internal static async Task<EchoFrames> StartAsync(int inFlight)
    {
        var server = await Loopback.StartAsync(Loopback.EchoAsync);
        return new EchoFrames(server, await server.DialAsync(), inFlight);
    }

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var frame = new byte[_inFlight / Frames * Message.Bytes];
        var sentAt = new Queue<long>(Frames);
        for (var i = 0; i < Frames; i++)
        {
            await SendAsync(frame, sentAt);
        }

        while (sentAt.TryDequeue(out var at))
        {
            var count = await Loopback.ReceiveAsync(_socket, frame);
            for (var i = 0; i < count; i += Message.Bytes)
            {
                _ = Message.Read(frame.AsSpan(i, Message.Bytes));
                watch.Add(at);
            }

            if (at < until)
            {
                await SendAsync(frame, sentAt);
            }
        }

        return watch.Read();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        await _server.DisposeAsync();
    }

    private async Task SendAsync(byte[] frame, Queue<long> sentAt)
    {
        sentAt.Enqueue(Stopwatch.GetTimestamp());
        for (var i = 0; i < frame.Length; i += Message.Bytes)
        {
            Message.Fill(i / Message.Bytes, frame.AsSpan(i, Message.Bytes));
        }

        await Loopback.SendAsync(_socket, frame);
    }
}
