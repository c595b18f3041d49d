using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Backup.Tap.Stream;

/// <summary>Dials TCP: no delay, and a dead peer is noticed in seconds instead of the kernel's minutes. The router's line is TLS when a CA file is set.</summary>
public sealed class SocketDial(TimeSpan userTimeout, string routerCaFile = "", bool checksHostName = false) : ITapDial
{
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    /// <summary>As a session's options say.</summary>
    public static SocketDial By(TapSessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SocketDial(options.TcpUserTimeout, options.RouterCaFile, options.RouterCheckHostName);
    }

    public async ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken) =>
        new StreamLine(await ConnectAsync(host, port, cancellationToken), isProtected: false);

    public async ValueTask<ITapLine> DialRouterAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (routerCaFile.Length == 0)
        {
            return await DialAsync(host, port, cancellationToken);
        }

        // The file is read at every attempt, so that a corrected one is taken without a restart.
        var trusted = RouterTls.Load(routerCaFile);
        var plain = await ConnectAsync(host, port, cancellationToken);
        return new StreamLine(await RouterTls.OpenAsync(plain, host, trusted, routerCaFile, checksHostName, cancellationToken), isProtected: true);
    }

    private async ValueTask<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
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
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class StreamLine : ITapLine
    {
        private readonly System.IO.Stream _stream;

        public StreamLine(System.IO.Stream stream, bool isProtected)
        {
            (_stream, IsProtected) = (stream, isProtected);
            Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16_384));
            Output = PipeWriter.Create(stream);
        }

        public PipeReader Input { get; }

        public PipeWriter Output { get; }

        public bool IsProtected { get; }

        public void Close() => _stream.Dispose();
    }
}
