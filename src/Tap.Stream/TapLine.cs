using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Backup.Tap.Stream;

/// <summary>An open connection to the exchange, as two pipes.</summary>
public interface ITapLine : IDuplexPipe
{
    /// <summary>Closes at once; both pipes end. May be called more than once, from anywhere.</summary>
    void Close();
}

/// <summary>Opens connections. The product dials TCP; a simulated cluster hands out pipes.</summary>
public interface ITapDial
{
    ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken);
}

/// <summary>Dials TCP: no delay, and a dead peer is noticed in seconds instead of the kernel's minutes.</summary>
public sealed class SocketDial(TimeSpan userTimeout) : ITapDial
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    public async ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 1);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 1);
            if (OperatingSystem.IsLinux())
            {
                var milliseconds = new byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(milliseconds, (int)userTimeout.TotalMilliseconds);
                socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, milliseconds);
            }

            await socket.ConnectAsync(host, port, cancellationToken);
            return new SocketLine(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class SocketLine : ITapLine
    {
        private readonly Socket _socket;

        public SocketLine(Socket socket)
        {
            _socket = socket;
            var stream = new NetworkStream(socket, ownsSocket: true);
            Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16_384));
            Output = PipeWriter.Create(stream);
        }

        public PipeReader Input { get; }

        public PipeWriter Output { get; }

        public void Close() => _socket.Dispose();
    }
}
