using System.Buffers;

namespace Backup.Exchange.Wire.Tests;

public class FrameReaderTests
{
    private static readonly byte[] First = Vectors.Named("heartbeat").Packet;
    private static readonly byte[] Second = Vectors.Named("order_entry_tr_cm").Packet;

    [Fact]
    public void Two_frames_read_the_same_however_the_bytes_are_split()
    {
        byte[] stream = [.. First, .. Second];
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            var buffer = Sequences.Split(stream, cut);
            AssertTwoFrames(buffer);
        }
    }

    [Fact]
    public void Frames_read_the_same_byte_by_byte()
    {
        byte[] stream = [.. First, .. Second];
        AssertTwoFrames(Sequences.Of([.. stream.Select(one => new[] { one })]));
    }

    [Fact]
    public void A_cut_frame_takes_nothing_off_the_buffer()
    {
        var reader = new FrameReader();
        for (var length = 0; length < Second.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(Second, 0, length);
            Assert.Equal(FrameReadStatus.NeedMoreData, reader.TryRead(ref buffer, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(1025)]
    [InlineData(65535)]
    public void A_length_no_frame_can_have_is_malformed_before_its_payload_arrives(int length)
    {
        var buffer = new ReadOnlySequence<byte>([(byte)(length >> 8), (byte)(length & 0xFF)]);
        Assert.Equal(FrameReadStatus.Malformed, new FrameReader().TryRead(ref buffer, out _));
    }

    [Fact]
    public void The_largest_frame_is_read()
    {
        var packet = new byte[FrameReader.MaxFrameLength];
        FrameWriter.Write(packet, new byte[FrameReader.MaxFrameLength - FrameReader.HeaderLength]);
        var buffer = Sequences.Split(packet, 100);
        Assert.Equal(FrameReadStatus.Frame, new FrameReader().TryRead(ref buffer, out var frame));
        Assert.Equal(packet, frame.Packet.ToArray());
    }

    [Fact]
    public void A_frame_changed_in_any_one_byte_of_its_message_is_noticed_and_the_next_one_is_read()
    {
        var reader = new FrameReader();
        for (var at = 6; at < First.Length; at++)
        {
            byte[] stream = [.. First, .. Second];
            stream[at] ^= 0x40;
            var buffer = new ReadOnlySequence<byte>(stream);
            Assert.Equal(FrameReadStatus.BadChecksum, reader.TryRead(ref buffer, out _));
            Assert.Equal(FrameReadStatus.Frame, reader.TryRead(ref buffer, out var frame));
            Assert.Equal(TransactionCode.OrderEntry, frame.Code);
        }
    }

    [Fact]
    public void A_message_too_long_for_a_frame_is_not_written()
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.Throws<WireFormatException>(() => FrameWriter.Write(output, new byte[1003]));
        Assert.Throws<WireFormatException>(() => FrameWriter.Write(output, []));
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(7);
        var reader = new FrameReader();
        var bytes = new byte[300];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(random.Next(2) == 0 ? 0 : bytes[0]);
            var buffer = new ReadOnlySequence<byte>(bytes);
            Assert.NotEqual(FrameReadStatus.Frame, reader.TryRead(ref buffer, out _));
        }
    }

    private static void AssertTwoFrames(ReadOnlySequence<byte> buffer)
    {
        var reader = new FrameReader();
        Assert.Equal(FrameReadStatus.Frame, reader.TryRead(ref buffer, out var frame));
        Assert.Equal(First, frame.Packet.ToArray());
        Assert.Equal(FrameReadStatus.Frame, reader.TryRead(ref buffer, out frame));
        Assert.Equal(Second, frame.Packet.ToArray());
        Assert.Equal(FrameReadStatus.NeedMoreData, reader.TryRead(ref buffer, out _));
    }
}
