using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>A plain member of the exchange for tests: says one thing at a time and waits for what it names.</summary>
internal sealed class TestMember : IAsyncDisposable
{
    public const int User = 40521;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly PipeReader _reader;
    private readonly FrameReader _frames = new();
    private readonly Queue<byte[]> _unread = new();
    private LinkCipher _sender = LinkCipher.Clear;
    private uint _sequence;

    private TestMember(Socket socket, Stream stream, Segment segment)
    {
        (_socket, _stream, Segment) = (socket, stream, segment);
        _reader = PipeReader.Create(stream);
    }

    public Segment Segment { get; }

    public byte[] SessionKey { get; private set; } = [];

    public static async Task<TestMember> ConnectAsync(int port, Segment segment)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        return new TestMember(socket, new NetworkStream(socket), segment);
    }

    /// <summary>A connection under TLS, whoever the other end is.</summary>
    public static async Task<TestMember> ConnectSecuredAsync(int port, Segment segment)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var stream = new SslStream(new NetworkStream(socket), false, (_, certificate, _, _) => certificate?.Subject == "CN=Gateway Router");
        await stream.AuthenticateAsClientAsync("localhost");
        return new TestMember(socket, stream, segment);
    }

    /// <summary>Asks a router with TLS; returns its answer and a connection to the gateway that it named.</summary>
    public static async Task<(TestMember Member, byte[] Answer)> AskSecuredRouterAsync(SimulatorHost host, Segment segment)
    {
        await using var router = await ConnectSecuredAsync(segment == Segment.CapitalMarket ? host.RouterCm : host.RouterFo, segment);
        await router.SendAsync(buffer => SessionMessages.Router(buffer, 101, "90123"));
        var answer = await router.ExpectAsync(TransactionCode.RouterResponse);
        var member = await ConnectAsync(RouterResponseClear.Port.Read(answer), segment);
        member.SessionKey = RouterResponseClear.SessionKey.Read(answer).ToArray();
        return (member, answer);
    }

    /// <summary>23008 and 23009 in clear; everything after them under the keys of the router's answer.</summary>
    public async Task<byte[]> RegisterAsync(byte[] answer)
    {
        await SendAsync(buffer => SessionMessages.BoxRegistration(buffer, 101), ++_sequence);
        var registered = await ExpectAsync(TransactionCode.BoxRegistrationResponse);
        var keys = LinkKeys.Read(answer)!;
        (_sender, _frames.Cipher) = (keys.ToExchange(), keys.FromExchange());
        return registered;
    }

    /// <summary>Seals and counts; <paramref name="spoil"/> turns a bit of what travels.</summary>
    public async Task SendSealedAsync(Fill fill, bool spoil = false)
    {
        var message = fill(new byte[1000]).ToArray();
        var packet = new byte[22 + message.Length];
        FrameWriter.Write(packet, message, ++_sequence, _sender);
        packet[^1] ^= spoil ? (byte)1 : (byte)0;
        await SendRawAsync(packet);
    }

    /// <summary>Asks the router; returns its whole answer.</summary>
    public static async Task<byte[]> AskRouterAsync(int port, Segment segment, short? box = null, string member = "90123")
    {
        await using var router = await ConnectAsync(port, segment);
        var boxId = box ?? (segment == Segment.CapitalMarket ? (short)101 : (short)201);
        await router.SendAsync(buffer => SessionMessages.Router(buffer, boxId, member));
        return await router.ExpectAsync(TransactionCode.RouterResponse);
    }

    /// <summary>Router, gateway, box: the connection is then ready for users.</summary>
    public static async Task<TestMember> BoxOnAsync(SimulatorHost host, Segment segment)
    {
        var port = segment == Segment.CapitalMarket ? host.RouterCm : host.RouterFo;
        var answer = await AskRouterAsync(port, segment);
        while (MessageHeader.ErrorCode.Read(answer) == ExchangeError.RouterBusy)
        {
            // The exchange has not noticed yet that the last member has gone.
            answer = await AskRouterAsync(port, segment);
        }

        Assert.Equal(0, MessageHeader.ErrorCode.Read(answer));
        var member = await ConnectAsync(RouterResponseClear.Port.Read(answer), segment);
        member.SessionKey = RouterResponseClear.SessionKey.Read(answer).ToArray();
        var on = await member.SignBoxOnAsync(member.SessionKey);
        Assert.Equal(0, MessageHeader.ErrorCode.Read(on));
        return member;
    }

    /// <summary>A whole login, up to the point where orders may go.</summary>
    public static async Task<TestMember> SignOnAsync(SimulatorHost host, Segment segment)
    {
        var member = await BoxOnAsync(host, segment);
        var answer = await member.SignUserOnAsync("Trade@26");
        Assert.Equal(0, MessageHeader.ErrorCode.Read(answer));
        return member;
    }

    public async Task<byte[]> SignBoxOnAsync(byte[] key)
    {
        var box = Segment == Segment.CapitalMarket ? (short)101 : (short)201;
        await SendAsync(buffer => SessionMessages.BoxSignOn(buffer, box, "90123", key));
        return await ExpectAsync(TransactionCode.BoxSignOnResponse);
    }

    public async Task<byte[]> SignUserOnAsync(string password, int user = User, string next = "")
    {
        var identity = new SignOnIdentity(user, password, next, "90123", 7, 10001, "1234501");
        await SendAsync(buffer => SessionMessages.SignOn(buffer, Segment, identity));
        return await ExpectAsync(TransactionCode.SignOnResponse);
    }

    /// <summary>Downloads one stream and returns the inner messages.</summary>
    public async Task<List<byte[]>> DownloadAsync(byte stream, long after = 0)
    {
        await SendAsync(buffer => SessionMessages.Download(buffer, User, stream, after));
        await ExpectAsync(TransactionCode.DownloadHeader);
        var inner = new List<byte[]>();
        while (true)
        {
            var message = await ReadAsync();
            var code = MessageHeader.TransactionCode.Read(message);
            if (code == TransactionCode.DownloadTrailer)
            {
                return inner;
            }

            Assert.Equal(TransactionCode.DownloadMessage, code);
            inner.Add(InnerMessage.Read(message, new byte[1024]).ToArray());
        }
    }

    public delegate ReadOnlySpan<byte> Fill(Span<byte> buffer);

    public Task SendAsync(Fill fill, uint sequence = 0) => SendRawAsync(Packet(fill(new byte[1000]), sequence));

    public async Task SendRawAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public static byte[] Packet(ReadOnlySpan<byte> message, uint sequence = 0)
    {
        var packet = new byte[22 + message.Length];
        FrameWriter.Write(packet, message, sequence);
        return packet;
    }

    /// <summary>The next message with this code; other messages wait for those who ask for them.</summary>
    public async Task<byte[]> ExpectAsync(short code)
    {
        for (var left = _unread.Count; left > 0; left--)
        {
            var waiting = _unread.Dequeue();
            if (MessageHeader.TransactionCode.Read(waiting) == code)
            {
                return waiting;
            }

            _unread.Enqueue(waiting);
        }

        while (true)
        {
            var message = await ReadAsync();
            if (MessageHeader.TransactionCode.Read(message) == code)
            {
                return message;
            }

            _unread.Enqueue(message);
        }
    }

    /// <summary>True when the exchange ends the connection and says nothing more.</summary>
    public async Task<bool> IsEndedAsync()
    {
        try
        {
            while (true)
            {
                await ReadAsync();
            }
        }
        catch (IOException)
        {
            return true;
        }
    }

    public async Task<byte[]> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var result = await _reader.ReadAsync(patience.Token);
            var buffer = result.Buffer;
            var message = Take(ref buffer);
            _reader.AdvanceTo(buffer.Start, message is null ? buffer.End : buffer.Start);
            if (message is not null)
            {
                return message;
            }

            if (result.IsCompleted)
            {
                throw new IOException("The exchange has closed the connection.");
            }
        }
    }

    /// <summary>What the next packet is when it is not a good one.</summary>
    public async Task<FrameReadStatus> ReadDamagedAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var result = await _reader.ReadAsync(patience.Token);
            var buffer = result.Buffer;
            var status = _frames.TryRead(ref buffer, out _);
            _reader.AdvanceTo(buffer.Start, status == FrameReadStatus.NeedMoreData ? buffer.End : buffer.Start);
            if (status != FrameReadStatus.NeedMoreData)
            {
                return status;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync();
        _sender.Dispose();
        _frames.Cipher.Dispose();
        _socket.Dispose();
    }

    private byte[]? Take(ref ReadOnlySequence<byte> buffer)
    {
        var status = _frames.TryRead(ref buffer, out var frame);
        Assert.True(status is FrameReadStatus.Frame or FrameReadStatus.NeedMoreData, $"The exchange sent a {status} packet.");
        return status == FrameReadStatus.Frame ? frame.Message.ToArray() : null;
    }
}
