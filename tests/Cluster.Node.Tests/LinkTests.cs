using System.Buffers;
using System.Net.WebSockets;
using Backup.Actor.Kernel.Cluster;
using Backup.Cluster.Node.Exchange;
using Backup.Cluster.Node.Links;
using Backup.Exchange.Wire;
using Backup.Gateway.Api;
using Backup.Tap.Stream;
using Xunit;

namespace Backup.Cluster.Node.Tests;

/// <summary>How nodes let each other in, over real WebSocket framing, and what they ask each other about the exchange.</summary>
public sealed class LinkTests
{
    private static readonly NodeId A = new("a", 3);
    private static readonly NodeId B = new("b", 1);
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] Other = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    [Fact]
    public async Task Two_nodes_with_one_secret_let_each_other_in()
    {
        var (here, there) = Pair();

        await Task.WhenAll(new LinkHandshake(Secret).OpenAsync(here, A, B, default), new LinkHandshake(Secret).AcceptAsync(there, B, A, default));
    }

    [Fact]
    public async Task A_node_with_another_secret_is_not_let_in_and_both_sides_say_why()
    {
        var (here, there) = Pair();
        var opening = new LinkHandshake(Other).OpenAsync(here, A, B, default);

        var refused = await Assert.ThrowsAsync<IOException>(() => new LinkHandshake(Secret).AcceptAsync(there, B, A, default));
        await there.DisposeAsync();

        Assert.Equal("a#3 does not have this cluster's secret: every node needs the same cluster.secret-file", refused.Message);
        await Assert.ThrowsAsync<IOException>(() => opening);
    }

    [Fact]
    public async Task A_proof_made_for_another_life_of_a_node_is_worth_nothing()
    {
        var (here, there) = Pair();
        var opening = new LinkHandshake(Secret).OpenAsync(here, A, B, default);

        await Assert.ThrowsAsync<IOException>(() => new LinkHandshake(Secret).AcceptAsync(there, B with { Incarnation = 2 }, A, default));
        await there.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => opening);
    }

    [Fact]
    public async Task A_frame_larger_than_the_first_buffer_arrives_whole_and_one_beyond_the_bound_breaks_the_connection()
    {
        var (here, there) = Pair(frameBytesMax: 200_000);
        var large = Enumerable.Range(0, 150_000).Select(i => (byte)(i % 251)).ToArray();

        var sent = here.SendAsync(large, default).AsTask();
        Assert.Equal(large, (await there.ReceiveAsync(default))!.Value.ToArray());
        await sent;

        var tooLarge = here.SendAsync(new byte[300_000], default).AsTask();
        var broken = await Assert.ThrowsAsync<IOException>(async () => await there.ReceiveAsync(default));
        Assert.Equal("a frame is longer than 200000 bytes", broken.Message);
        await there.DisposeAsync();
        await Task.WhenAny(tooLarge);
    }

    [Fact]
    public void Tickets_and_their_fates_survive_the_way()
    {
        IReadOnlyList<TapTicket> tickets =
        [
            new(Segment.CapitalMarket, "DEMO01", "DEMO01-1", TapPriority.Exit), new(Segment.FuturesAndOptions, "DEMO02", "DEMO02-77", TapPriority.Cancel),
        ];

        Assert.Equal(tickets, ExchangeCalls.Tickets.ReadQuestion(Written(tickets, ExchangeCalls.Tickets.WriteQuestion)));
        IReadOnlyList<TicketFate> fates = [TicketFate.Queued, TicketFate.NotNow];
        Assert.Equal(fates, ExchangeCalls.Tickets.ReadAnswer(Written(fates, ExchangeCalls.Tickets.WriteAnswer)));
    }

    [Fact]
    public void How_the_sessions_stand_survives_the_way()
    {
        var sight = new ExchangeSight(
            [new ExchangeLinkState("CM", "Trading", true, new DateTimeOffset(2026, 11, 28, 4, 0, 0, TimeSpan.Zero), null), new ExchangeLinkState("FO", "Down", false, null, "no answer")],
            [("DEMO01-1", 17, 425)]);

        var read = ExchangeCalls.Look.ReadAnswer(Written(sight, ExchangeCalls.Look.WriteAnswer));

        Assert.Equal(sight.States, read.States);
        Assert.Equal(sight.Places, read.Places);
        Assert.Equal(["k1", "k2"], ExchangeCalls.Look.ReadQuestion(Written(new ExchangeLook(["k1", "k2"]), ExchangeCalls.Look.WriteQuestion)).Keys);
    }

    private static byte[] Written<T>(T what, Action<T, IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(what, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static (WebSocketConnection Here, WebSocketConnection There) Pair(int frameBytesMax = 1_000_000)
    {
        var toThere = new System.IO.Pipelines.Pipe();
        var toHere = new System.IO.Pipelines.Pipe();
        return (Over(toHere.Reader, toThere.Writer, isServer: false), Over(toThere.Reader, toHere.Writer, isServer: true));

        WebSocketConnection Over(System.IO.Pipelines.PipeReader reader, System.IO.Pipelines.PipeWriter writer, bool isServer) => new(
            WebSocket.CreateFromStream(new TwoWay(reader.AsStream(), writer.AsStream()), new WebSocketCreationOptions { IsServer = isServer }), frameBytesMax);
    }

    /// <summary>Reads from one stream and writes to another.</summary>
    private sealed class TwoWay(Stream reading, Stream writing) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => writing.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => writing.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => reading.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => writing.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            reading.Dispose();
            writing.Dispose();
            base.Dispose(disposing);
        }
    }
}
