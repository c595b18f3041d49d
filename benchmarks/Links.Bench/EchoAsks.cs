using System.Diagnostics;
using System.Net.WebSockets;
using Backup.Journal.Bench;

namespace Backup.Links.Bench;

/// <summary>
/// The control: a bare WebSocket whose other end sends every frame back. What many askers have to say while a frame leaves goes into the next one.
/// Each waits for its own message; nothing is decoded, refused, timed or limited.
/// </summary>
internal sealed class EchoAsks : ISide
{
    private readonly Loopback _server;
    private readonly WebSocket _socket;
    private readonly TaskCompletionSource?[] _waiting;
    private readonly Task _receiving;
    private readonly Lock _gate = new();
    private byte[] _forming;
    private byte[] _leaving;
    private int _formed;
    private bool _isSending;

    private EchoAsks(Loopback server, WebSocket socket, int inFlight)
    {
        (_server, _socket) = (server, socket);
        _waiting = new TaskCompletionSource?[inFlight];
        _forming = new byte[inFlight * Message.Bytes];
        _leaving = new byte[inFlight * Message.Bytes];
        _receiving = ReceiveAsync();
    }

    public string Name => $"bare WebSocket echo of shared frames, {_waiting.Length} askers";

    internal static async Task<EchoAsks> StartAsync(int inFlight)
    {
        var server = await Loopback.StartAsync(Loopback.EchoAsync);
        return new EchoAsks(server, await server.DialAsync(), inFlight);
    }

    public async Task<Reading> RunAsync(TimeSpan time)
    {
        var watch = new Stopwatches();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, _waiting.Length).Select(asker => Task.Run(() => AskUntilAsync(asker, until, watch))));
        return watch.Read();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        await _server.DisposeAsync();
    }

    private async Task AskUntilAsync(int asker, long until, Stopwatches watch)
    {
        while (Stopwatch.GetTimestamp() is var at && at < until)
        {
            var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _waiting[asker], answered);
            Send(asker);
            await answered.Task;
            watch.Add(at);
        }
    }

    private void Send(int asker)
    {
        lock (_gate)
        {
            Message.Fill(asker, _forming.AsSpan(_formed, Message.Bytes));
            _formed += Message.Bytes;
            if (_isSending)
            {
                return;
            }

            _isSending = true;
        }

        _ = SendFramesAsync();
    }

    private async Task SendFramesAsync()
    {
        await Task.Yield();
        while (NextFrame() is { IsEmpty: false } frame)
        {
            await Loopback.SendAsync(_socket, frame);
        }
    }

    private ReadOnlyMemory<byte> NextFrame()
    {
        lock (_gate)
        {
            var count = _formed;
            _formed = 0;
            (_forming, _leaving) = (_leaving, _forming);
            _isSending = count > 0;
            return _leaving.AsMemory(0, count);
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            var frame = new byte[_forming.Length];
            while (await Loopback.ReceiveAsync(_socket, frame) is > 0 and var count)
            {
                for (var i = 0; i < count; i += Message.Bytes)
                {
                    Volatile.Read(ref _waiting[Message.Read(frame.AsSpan(i, Message.Bytes))])!.SetResult();
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // Disposed.
        }
    }
}
