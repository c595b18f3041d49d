using System.IO.Pipelines;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream.Tests;

/// <summary>The exchange as a test wants it: every connection is a pair of pipes, every message is answered by hand.</summary>
internal sealed class ScriptedExchange(Segment segment) : ITapDial
{
    public const int GatewayPort = 20001;

    private readonly System.Threading.Channels.Channel<Peer> _arrived = System.Threading.Channels.Channel.CreateBounded<Peer>(100);

    public byte Streams { get; set; } = 2;

    public int EndTime { get; set; } = 1479655800;

    /// <summary>What the router gives out for the link.</summary>
    public LinkKeys Keys { get; set; } = LinkKeys.None;

    /// <summary>The router's line counts as TLS.</summary>
    public bool IsProtected { get; set; } = true;

    /// <summary>When set, dialling fails with it.</summary>
    public Exception? Refusal { get; set; }

    public ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            return ValueTask.FromException<ITapLine>(Refusal);
        }

        var (toExchange, toMember) = (new Pipe(), new Pipe());
        _arrived.Writer.TryWrite(new Peer(segment, port, toExchange.Reader, toMember.Writer));
        return ValueTask.FromResult<ITapLine>(new PipeLine(toMember.Reader, toExchange.Writer, IsProtected));
    }

    public async Task<Peer> AcceptAsync() => await _arrived.Reader.ReadAsync();

    /// <summary>Answers the router and accepts the gateway connection.</summary>
    public async Task<Peer> RouteAsync()
    {
        var router = await AcceptAsync();
        await router.ExpectAsync(TransactionCode.RouterRequest);
        var answer = Bare(Keys.ResponseLayout, TransactionCode.RouterResponse);
        Keys.Write(answer);
        RouterResponseClear.IpAddress.Write(answer, "127.0.0.1");
        RouterResponseClear.Port.Write(answer, GatewayPort);
        RouterResponseClear.SessionKey.Write(answer, "8BYTEKEY"u8);
        await router.SayAsync(answer);
        var gateway = await AcceptAsync();
        Assert.Equal(GatewayPort, gateway.Port);
        return gateway;
    }

    /// <summary>As <see cref="RouteAsync"/>, and the box registered where the link has a cipher.</summary>
    public async Task<Peer> RegisterAsync()
    {
        var peer = await RouteAsync();
        if (Keys.Mode != LinkMode.Clear)
        {
            await peer.ExpectAsync(TransactionCode.BoxRegistrationRequest);
            await peer.SayAsync(Bare(BoxRegistrationResponse.Layout, TransactionCode.BoxRegistrationResponse));
            peer.StartCiphers(Keys);
        }

        return peer;
    }

    /// <summary>The whole login, up to the first download request.</summary>
    public async Task<Peer> SignOnAsync()
    {
        var peer = await RegisterAsync();
        await peer.ExpectAsync(TransactionCode.BoxSignOnRequest);
        await peer.SayAsync(Bare(BoxSignOnResponse.Layout, TransactionCode.BoxSignOnResponse));
        await peer.ExpectAsync(TransactionCode.SignOnRequest);
        await peer.SayAsync(SignOnAnswer());
        await peer.ExpectAsync(TransactionCode.SystemInformationRequest);
        var information = Bare(segment == Segment.CapitalMarket ? CmSystemInformation.Layout : FoSystemInformation.Layout, TransactionCode.SystemInformation);
        MessageHeader.AlphaChar.Write(information, [Streams, 32]);
        await peer.SayAsync(information);
        await peer.ExpectAsync(TransactionCode.UpdateLocalDatabase);
        await peer.SayAsync(Bare(LocalDatabaseMark.Layout, TransactionCode.LocalDatabaseHeader));
        await peer.SayAsync(Bare(LocalDatabaseMark.Layout, TransactionCode.LocalDatabaseTrailer));
        return peer;
    }

    /// <summary>The whole login with empty downloads: the member may trade. Returns the marks that it asked from.</summary>
    public async Task<(Peer Peer, List<long> Marks)> OpenAsync(ManualClock clock)
    {
        var peer = await clock.RunUntilAsync(SignOnAsync());
        var marks = new List<long>();
        for (byte stream = 1; stream <= Streams; stream++)
        {
            marks.Add(await clock.RunUntilAsync(peer.DownloadAsync(stream)));
        }

        return (peer, marks);
    }

    public byte[] SignOnAnswer()
    {
        var answer = Bare(segment == Segment.CapitalMarket ? CmSignOnResponse.Layout : FoSignOn.Layout, TransactionCode.SignOnResponse);
        CmSignOnResponse.EndTime.Write(answer, EndTime);
        return answer;
    }

    public byte[] SignOnRefusal(short error)
    {
        var answer = Bare(segment == Segment.CapitalMarket ? CmErrorResponse.Layout : FoErrorResponse.Layout, TransactionCode.SignOnResponse);
        MessageHeader.ErrorCode.Write(answer, error);
        return answer;
    }

    public static byte[] Bare(StructureLayout layout, short code)
    {
        var message = new byte[layout.Size];
        layout.Begin(message, code, 40521);
        return message;
    }

    private sealed class PipeLine(PipeReader input, PipeWriter output, bool isProtected) : ITapLine
    {
        public bool IsProtected => isProtected;

        public PipeReader Input => input;

        public PipeWriter Output => output;

        public void Close()
        {
            output.CancelPendingFlush();
            input.CancelPendingRead();
            output.Complete();
        }
    }
}

/// <summary>The exchange's end of one connection.</summary>
internal sealed class Peer(Segment segment, int port, PipeReader input, PipeWriter output)
{
    private readonly FrameReader _frames = new();
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private LinkCipher _sender = LinkCipher.Clear;

    public Segment Segment { get; } = segment;

    public int Port { get; } = port;

    /// <summary>Sequences of the packets read, in order.</summary>
    public List<uint> Sequences { get; } = [];

    public void StartCiphers(LinkKeys keys) => (_sender, _frames.Cipher) = (keys.FromExchange(), keys.ToExchange());

    public async Task SayAsync(byte[] message)
    {
        FrameWriter.Write(output, message, 0, _sender);
        await output.FlushAsync();
    }

    public async Task SayRawAsync(byte[] bytes) => await output.WriteAsync(bytes);

    /// <summary>The connection ends from the exchange's side.</summary>
    public void HangUp() => output.Complete();

    public async Task<byte[]> ExpectAsync(short code)
    {
        var message = await ReadAsync();
        Assert.True(message is not null, $"The member closed; expected {code}.");
        Assert.Equal(code, MessageHeader.TransactionCode.Read(message));
        return message;
    }

    /// <summary>The next message, or null when the member has closed.</summary>
    public async Task<byte[]?> ReadAsync()
    {
        while (true)
        {
            var result = await input.ReadAsync().AsTask().WaitAsync(_patience);
            var buffer = result.Buffer;
            var status = _frames.TryRead(ref buffer, out var frame);
            Assert.True(status is FrameReadStatus.Frame or FrameReadStatus.NeedMoreData, $"The member sent a {status} packet.");
            var message = status == FrameReadStatus.Frame ? frame.Message.ToArray() : null;
            if (message is not null)
            {
                Sequences.Add(frame.Sequence);
            }

            input.AdvanceTo(buffer.Start, message is null ? buffer.End : buffer.Start);
            if (message is not null || result.IsCompleted)
            {
                return message;
            }
        }
    }

    /// <summary>Answers the download of one stream with these inner messages; returns the mark asked from.</summary>
    public async Task<long> DownloadAsync(byte stream, params byte[][] inner)
    {
        var request = await ExpectAsync(TransactionCode.DownloadRequest);
        Assert.Equal(stream, MessageHeader.AlphaChar.Read(request)[0]);
        await SayAsync(Marked(TransactionCode.DownloadHeader, stream));
        foreach (var message in inner)
        {
            var outer = new byte[40 + message.Length];
            Marked(TransactionCode.DownloadMessage, stream).CopyTo(outer, 0);
            MessageHeader.MessageLength.Write(outer, (short)outer.Length);
            message.CopyTo(outer, 40);
            await SayAsync(outer);
        }

        await SayAsync(Marked(TransactionCode.DownloadTrailer, stream));
        return DownloadRequest.SequenceNumber.Read(request);
    }

    /// <summary>A confirmation of the order in the request, in the trimmed form.</summary>
    public byte[] Confirm(byte[] request, long number, byte stream, long timeStamp1)
    {
        var (entry, form) = Segment == Segment.CapitalMarket
            ? (CmOrderEntry.Layout, OrderForm.CmTrimmed)
            : (FoOrderEntry.Layout, OrderForm.FoTrimmed);
        var answer = new byte[form.Layout.Size];
        form.Layout.Clear(answer);
        entry.CopyShared(request, form.Layout, answer);
        MessageHeader.TransactionCode.Write(answer, TransactionCode.OrderConfirmed);
        form.OrderNumber.Write(answer, number);
        form.Remaining.Write(answer, form.Volume.Read(answer));
        form.Stream.WriteNumber(answer, stream);
        form.TimeStamp1.Write(answer, timeStamp1);
        form.LastActivityReference.Write(answer, timeStamp1);
        return answer;
    }

    private static byte[] Marked(short code, byte stream)
    {
        var message = ScriptedExchange.Bare(HeaderOnly.Layout, code);
        MessageHeader.AlphaChar.Write(message, [stream, 32]);
        return message;
    }
}
