using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Line;

/// <summary>One TCP connection of a member, to a router or a gateway. What it may do is decided on the floor; here are only its bytes.</summary>
/// <param name="id">Counts the connections.</param>
/// <param name="segment">Whose gateway or router it leads to.</param>
/// <param name="isRouter">It leads to the router.</param>
/// <param name="socket">Null for a member in this process, who fetches his packets with <see cref="TryTake"/>.</param>
/// <param name="now">The time.</param>
public sealed class MemberLink(long id, Segment segment, bool isRouter, Socket? socket, DateTimeOffset now) : IDisposable
{
    /// <summary>Packets that may wait for a slow member before the connection is given up.</summary>
    /// <remarks>The download of a day with 200,000 fills must fit.</remarks>
    private const int OutgoingLimit = 500_000;

    /// <summary>So many bytes go out with one call when they are there.</summary>
    private const int WriteSize = 64 * 1024;

    private readonly Channel<byte[]> _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(OutgoingLimit) { SingleReader = true });
    private LinkCipher _incomingCipher = LinkCipher.Clear;
    private LinkCipher _outgoingCipher = LinkCipher.Clear;
    private int _closed;

    public long Id { get; } = id;

    public Segment Segment { get; } = segment;

    public bool IsRouter { get; } = isRouter;

    /// <summary>Our own address as this member sees it; null when he has gone already.</summary>
    public IPAddress? LocalAddress
    {
        get
        {
            try
            {
                return (socket?.LocalEndPoint as IPEndPoint)?.Address;
            }
            catch (Exception failure) when (failure is ObjectDisposedException or SocketException)
            {
                return null;
            }
        }
    }

    /// <summary>The box is signed on over this connection.</summary>
    public bool IsBoxOn { get; set; }

    /// <summary>The key under which the box is signed on.</summary>
    public byte[]? SessionKey { get; set; }

    /// <summary>Users signed on over this connection.</summary>
    public HashSet<int> Users { get; } = [];

    /// <summary>Order messages no longer reach the member: a drill loses them.</summary>
    public bool IsMuted { get; set; }

    /// <summary>Order messages that the member may still send, where the exchange hands out invitations.</summary>
    public int Credit { get; set; }

    public RateGauge Rate { get; } = new();

    public DateTimeOffset LastReceived { get; set; } = now;

    public DateTimeOffset LastSent { get; set; } = now;

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>The box is registered, and everything but the answer to that travels sealed.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>From the next message on, both directions are sealed. Under the floor's gate, in the turn of the registration.</summary>
    public void StartCiphers(LinkKeys keys)
    {
        (_incomingCipher, _outgoingCipher) = (keys.ToExchange(), keys.FromExchange());
        IsSealed = true;
    }

    /// <summary>Puts a packet in its clear form on the wire as the link wants it. Under the floor's gate: the cipher counts on the order.</summary>
    public void Send(byte[] packet, Damage damage = Damage.None)
    {
        var message = packet.AsSpan(FrameReader.HeaderLength);
        if (IsSealed && MessageHeader.TransactionCode.Read(message) != TransactionCode.BoxRegistrationResponse)
        {
            packet = [.. packet];
            FrameWriter.Write(packet, message, PacketHeader.SequenceNumber.Read(packet), _outgoingCipher);
        }

        if (damage != Damage.None)
        {
            packet = [.. packet];
            damage.Inflict(packet);
        }

        if (!_outgoing.Writer.TryWrite(packet))
        {
            Break();
        }
    }

    /// <summary>Closes after everything said so far is on its way.</summary>
    public void Finish() => _outgoing.Writer.TryComplete();

    /// <summary>Nothing more will be said, and everything that was has been fetched.</summary>
    public bool IsFinished => _outgoing.Reader.Completion.IsCompleted;

    /// <summary>The next packet on its way to a member in this process.</summary>
    public bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out byte[] packet) => _outgoing.Reader.TryRead(out packet);

    /// <summary>Closes at once with a reset; what was not sent is lost.</summary>
    public void Break()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _outgoing.Writer.TryComplete();
            if (socket is null)
            {
                return;
            }

            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                // The other end was faster.
            }

            socket.Close();
        }
    }

    public void Dispose()
    {
        socket?.Dispose();
        _incomingCipher.Dispose();
        _outgoingCipher.Dispose();
    }

    /// <summary>Reads and writes until either side ends it.</summary>
    /// <param name="certificate">With one the connection is TLS.</param>
    public async Task RunAsync(Action<MemberLink, FrameReadStatus, ReadOnlyMemory<byte>> received, X509Certificate2? certificate, CancellationToken stopping)
    {
        await using var onStop = stopping.Register(Break);
        await using var stream = await OpenAsync(certificate, stopping);
        if (stream is null)
        {
            Break();
            return;
        }

        var reading = ReadAsync(stream, received, stopping);
        var writing = WriteAsync(stream);
        await Task.WhenAny(reading, LingerAsync(writing, stopping));
        Finish();
        await writing;
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            socket!.Close();
        }

        await reading;
    }

    /// <summary>Null when the member does not manage TLS within five seconds.</summary>
    private async Task<Stream?> OpenAsync(X509Certificate2? certificate, CancellationToken stopping)
    {
        SslStream? secured = null;
        try
        {
            var plain = new NetworkStream(socket!, ownsSocket: false);
            if (certificate is null)
            {
                return plain;
            }

            secured = new SslStream(plain);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            patience.CancelAfter(TimeSpan.FromSeconds(5));
            var options = new SslServerAuthenticationOptions { ServerCertificate = certificate, EnabledSslProtocols = SslProtocols.Tls13 };
            await secured.AuthenticateAsServerAsync(options, patience.Token);
            return secured;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // He speaks no TLS, does not know our CA, or has gone: he will say so on his side.
            await (secured?.DisposeAsync() ?? ValueTask.CompletedTask);
            return null;
        }
    }

    /// <summary>A member to whom everything was said has two seconds to leave by himself.</summary>
    private static async Task LingerAsync(Task writing, CancellationToken stopping)
    {
        await writing;
        await Task.Delay(TimeSpan.FromSeconds(2), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadAsync(Stream stream, Action<MemberLink, FrameReadStatus, ReadOnlyMemory<byte>> received, CancellationToken stopping)
    {
        try
        {
            await ReadFramesAsync(stream, received, stopping);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The member has gone; the floor is told by the caller.
        }
    }

    private async Task ReadFramesAsync(Stream stream, Action<MemberLink, FrameReadStatus, ReadOnlyMemory<byte>> received, CancellationToken stopping)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var frames = new FrameReader();
        while (true)
        {
            var result = await reader.ReadAsync(stopping);
            var buffer = result.Buffer;
            while (Next(frames, ref buffer, received))
            {
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted || IsClosed)
            {
                return;
            }
        }
    }

    private bool Next(FrameReader frames, ref ReadOnlySequence<byte> buffer, Action<MemberLink, FrameReadStatus, ReadOnlyMemory<byte>> received)
    {
        // What the floor did with the message before may have started the cipher.
        frames.Cipher = _incomingCipher;
        var status = frames.TryRead(ref buffer, out var frame);
        if (status == FrameReadStatus.NeedMoreData || IsClosed)
        {
            return false;
        }

        received(this, status, status == FrameReadStatus.Malformed ? buffer.Slice(0, Math.Min(buffer.Length, 64)).ToArray() : ClearForm(frame, status));
        return status != FrameReadStatus.Malformed;
    }

    /// <summary>The floor and its ledger know packets in their clear form only, whatever the link.</summary>
    private static byte[] ClearForm(Frame frame, FrameReadStatus status)
    {
        var packet = frame.Packet.ToArray();
        if (status == FrameReadStatus.Frame)
        {
            FrameWriter.Write(packet, frame.Message, frame.Sequence);
        }

        return packet;
    }

    private async Task WriteAsync(Stream stream)
    {
        try
        {
            var bytes = new ArrayBufferWriter<byte>(WriteSize);
            while (await _outgoing.Reader.WaitToReadAsync())
            {
                while (bytes.WrittenCount < WriteSize && _outgoing.Reader.TryRead(out var packet))
                {
                    bytes.Write(packet);
                }

                await stream.WriteAsync(bytes.WrittenMemory);
                bytes.ResetWrittenCount();
            }

            if (stream is SslStream secured)
            {
                await secured.ShutdownAsync();
            }

            socket!.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Whoever waits at the other end is gone; the reading side notices too.
        }
    }
}

/// <summary>The contracted message rate of a box as a token bucket (NSE-TAP.md N17).</summary>
public sealed class RateGauge
{
    private long _tokensMilli = -1;
    private DateTimeOffset _at;
    private readonly Queue<DateTimeOffset> _refusals = new();

    /// <summary>Counts one message; false when the box is over its rate.</summary>
    public bool Take(int perSecond, DateTimeOffset now)
    {
        // A twentieth more than contracted: the network squeezes messages that were sent at the right distance.
        var full = (perSecond + Math.Max(perSecond / 20, 1)) * 1000L;
        var gained = _tokensMilli < 0 ? full : (now - _at).Ticks * perSecond / TimeSpan.TicksPerMillisecond;
        _tokensMilli = Math.Min(full, Math.Max(_tokensMilli, 0) + gained);
        _at = now;
        if (_tokensMilli < 1000)
        {
            _refusals.Enqueue(now);
            return false;
        }

        _tokensMilli -= 1000;
        return true;
    }

    /// <summary>Ten refusals within one second end the session.</summary>
    public bool IsHopeless(DateTimeOffset now)
    {
        while (_refusals.Count > 0 && now - _refusals.Peek() >= TimeSpan.FromSeconds(1))
        {
            _refusals.Dequeue();
        }

        return _refusals.Count >= 10;
    }
}
