using System.Net.Sockets;

namespace Backup.Drills.Proxy;

/// <summary>One connection through the proxy, both directions.</summary>
internal sealed class Passage
{
    private const int TcpUserTimeout = 18;
    private readonly Socket _client;
    private readonly Socket _exchange;
    private readonly LineRules _rules;
    private readonly CancellationTokenSource _ended = new();
    private int _isEnded;
    private bool _losesAnswer;

    internal Passage(Socket client, Socket exchange, LineRules rules)
    {
        (_client, _exchange, _rules) = (client, exchange, rules);
        client.NoDelay = exchange.NoDelay = true;

        // A member whose line is dead is noticed here as its own side notices: else the exchange would keep the box signed on for a minute.
        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
        client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
        client.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(3000));
        Done = Task.Run(RunAsync);
    }

    internal Task Done { get; }

    internal void End(CutKind kind)
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
        {
            return;
        }

        foreach (var socket in new[] { _client, _exchange })
        {
            try
            {
                if (kind == CutKind.Reset)
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                else
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Its own end was faster.
            }

            socket.Close();
        }

        _ended.Cancel();
    }

    private async Task RunAsync()
    {
        await Task.WhenAll(
            PumpAsync(_client, _exchange, Direction.ToExchange),
            PumpAsync(_exchange, _client, Direction.FromExchange));
        End(CutKind.Finish);
    }

    private async Task PumpAsync(Socket from, Socket to, Direction direction)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var count)
            {
                await HoldUpAsync(direction, count);
                _rules.Touch(direction, buffer.AsSpan(0, count));
                if (IsFatal(direction, buffer.AsSpan(0, count)))
                {
                    End(CutKind.Reset);
                    return;
                }

                await SendAllAsync(to, buffer.AsMemory(0, count));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end broke: the other learns it the same way.
            End(CutKind.Reset);
        }
    }

    /// <summary>Whether these bytes are lost, and the connection with them.</summary>
    private bool IsFatal(Direction direction, ReadOnlySpan<byte> bytes)
    {
        if (direction == Direction.FromExchange)
        {
            return Volatile.Read(ref _losesAnswer);
        }

        var moment = _rules.MomentOf(direction, bytes);
        if (moment == CutMoment.BeforeTheAnswer)
        {
            Volatile.Write(ref _losesAnswer, true);
        }

        return moment == CutMoment.BeforeItArrives;
    }

    private async Task HoldUpAsync(Direction direction, int count)
    {
        if (_rules.Delay is { Ticks: > 0 } delay)
        {
            await Task.Delay(delay, _ended.Token);
        }

        if (_rules.BytesPerSecond is > 0 and var speed)
        {
            await Task.Delay(TimeSpan.FromSeconds((double)count / speed), _ended.Token);
        }

        while (_rules.IsStalled(direction))
        {
            await Task.Delay(5, _ended.Token);
        }
    }

    private async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, _ended.Token)..];
        }
    }
}
