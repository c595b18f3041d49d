using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Backup.Exchange.Wire.Ciphers;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire.Tests;

public class CipherTests
{
    private const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private static readonly LinkKeys ExistingKeys = LinkKeys.Existing(Hex(Key), Hex("404142434445464748494a4b4c4d4e4f"));
    private static readonly LinkKeys NewKeys = LinkKeys.New(Hex(Key), Hex("a0a1a2a3a4a5a6a7"), 0, Hex("b0b1b2b3b4b5b6b7b8b9babb"));

    private static readonly string[] ExistingToExchange =
        ["enc_existing_box_sign_on_request", "enc_existing_sign_on_request", "enc_existing_order_entry"];

    public static TheoryData<string> Modes => ["existing", "new"];

    [Fact]
    public void The_existing_cipher_has_the_check_values_of_the_reference()
    {
        using var cipher = new ExistingCipher(Hex(Key), Hex("404142434445464748494a4b4c4d4e4f"));
        Assert.Equal("f29000b62a499fd0a9f39a6add2e7780", Convert.ToHexStringLower(cipher.HashKey));
        Assert.Equal(UInt128.Parse("c1183192ba46eb67f176794a90f3e3af", System.Globalization.NumberStyles.HexNumber), cipher.Start);
        var keystream = new byte[64];
        cipher.Apply(keystream);
        Assert.Equal(
            "358216db9c5f570b990b63f59e6ce6a27a4a17d65f5e38fda059d9aaf15305d6f8563ee8b3879102a0ae7d454be956527f0e187f322997ee0a2edcbf9e60be8a",
            Convert.ToHexStringLower(keystream));
    }

    [Fact]
    public void The_new_cipher_has_the_start_block_of_the_reference()
    {
        using var cipher = new NewCipher(Hex(Key), Hex("a0a1a2a3a4a5a6a7"), 0, Hex("b0b1b2b3b4b5b6b7b8b9babb"), +1);
        Assert.Equal(UInt128.Parse("7003372535ab6e1fddc1f01113353615", System.Globalization.NumberStyles.HexNumber), cipher.NextStart());
    }

    [Fact]
    public void The_existing_ciphers_examples_are_written_and_read_byte_for_byte_in_both_directions()
    {
        AssertStream(ExistingKeys.ToExchange, ExistingToExchange);
        AssertStream(ExistingKeys.FromExchange, "enc_existing_box_sign_on_response");
    }

    [Fact]
    public void The_new_ciphers_examples_are_written_and_read_byte_for_byte_in_both_directions()
    {
        AssertStream(NewKeys.ToExchange, "enc_new_box_sign_on_request");
        AssertStream(NewKeys.FromExchange, "enc_new_box_sign_on_response");
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Frames_of_a_cipher_read_the_same_however_the_bytes_are_split(string mode)
    {
        var (stream, messages) = Conversation(mode, count: 5, seed: 3);
        for (var cut = 0; cut <= stream.Length; cut++)
        {
            AssertReads(mode, Sequences.Split(stream, cut), messages);
        }

        AssertReads(mode, Sequences.Of([.. stream.Select(one => new[] { one })]), messages);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Messages_of_every_length_come_back(string mode)
    {
        var (stream, messages) = Conversation(mode, count: 1002, seed: 5, message => message + 1);
        AssertReads(mode, new ReadOnlySequence<byte>(stream), messages);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_message_changed_in_any_one_byte_has_the_name_of_its_damage(string mode)
    {
        var (stream, _) = Conversation(mode, count: 1, seed: 9, _ => 60);
        for (var at = PacketHeader.Checksum.Offset; at < stream.Length; at++)
        {
            byte[] spoiled = [.. stream];
            spoiled[at] ^= 0x10;
            using var cipher = Keys(mode).ToExchange();
            var buffer = new ReadOnlySequence<byte>(spoiled);
            var status = new FrameReader { Cipher = cipher }.TryRead(ref buffer, out _);
            Assert.Equal(mode == "new" ? FrameReadStatus.BadTag : FrameReadStatus.BadChecksum, status);
            Assert.True(buffer.IsEmpty);
        }
    }

    [Fact]
    public void A_message_lost_under_the_existing_cipher_makes_the_next_unreadable()
    {
        var (stream, messages) = Conversation("existing", count: 2, seed: 11, _ => 60);
        using var cipher = ExistingKeys.ToExchange();
        var buffer = new ReadOnlySequence<byte>(stream, FrameReader.HeaderLength + messages[0].Length, FrameReader.HeaderLength + 60);
        Assert.Equal(FrameReadStatus.BadChecksum, new FrameReader { Cipher = cipher }.TryRead(ref buffer, out _));
    }

    [Fact]
    public void The_new_ciphers_messages_are_no_good_in_another_place_another_direction_or_under_another_key()
    {
        var (stream, _) = Conversation("new", count: 2, seed: 13, _ => 60);
        AssertBadTag(NewKeys.ToExchange(), stream.AsMemory(82));
        AssertBadTag(NewKeys.FromExchange(), stream);
        AssertBadTag(LinkKeys.New(Hex(Key), Hex("a0a1a2a3a4a5a6a7"), 0, Hex("b0b1b2b3b4b5b6b7b8b9babc")).ToExchange(), stream);
        AssertBadTag(LinkKeys.New(Hex(Key), Hex("a0a1a2a3a4a5a6a8"), 0, Hex("b0b1b2b3b4b5b6b7b8b9babb")).ToExchange(), stream);
    }

    [Fact]
    public void The_hash_by_table_and_by_instruction_agree()
    {
        var random = new Random(17);
        var data = new byte[400];
        var key = new byte[16];
        for (var length = 0; length < data.Length; length++)
        {
            random.NextBytes(data);
            random.NextBytes(key);
            var (fast, plain) = (new Ghash(key), new Ghash(key, mayUseHardware: false));
            Assert.Equal(plain.Absorb((UInt128)length, data.AsSpan(0, length)), fast.Absorb((UInt128)length, data.AsSpan(0, length)));
        }
    }

    [Fact]
    public void The_pieces_agree_with_the_platforms_gcm_where_that_can_serve()
    {
        // .NET takes IVs of 12 bytes: their start block is the IV and a counter of 1, everything else is the same.
        var (key, nonce, additional, plain) = (Hex(Key), Hex("a0a1a2a3a4a5a6a7a8a9aaab"), Hex("b0b1b2b3b4b5b6b7b8b9babb"), new byte[333]);
        new Random(19).NextBytes(plain);
        var (expected, tag) = (new byte[plain.Length], new byte[16]);
        using var platform = new AesGcm(key, 16);
        platform.Encrypt(nonce, plain, expected, tag, additional);

        using var blocks = new CounterBlocks(key, 64);
        var start = new byte[16];
        nonce.CopyTo(start, 0);
        start[15] = 1;
        var keystream = blocks.Make(BinaryPrimitives.ReadUInt128BigEndian(start), 22);
        CounterBlocks.Xor(plain, keystream[16..]);
        Assert.Equal(expected, plain);
        var hash = new Ghash(blocks.HashKey());
        var state = hash.Absorb(hash.Absorb(0, additional), plain);
        state = hash.Absorb(state, ((UInt128)(8 * 12) << 64) | (8 * 333)) ^ BinaryPrimitives.ReadUInt128BigEndian(keystream);
        Assert.Equal(BinaryPrimitives.ReadUInt128BigEndian(tag), state);
    }

    [Fact]
    public void The_last_four_bytes_of_a_start_block_wrap_without_touching_the_others()
    {
        using var blocks = new CounterBlocks(Hex(Key), 64);
        var start = ((UInt128)7 << 32) | uint.MaxValue;
        var wrapped = blocks.Make(start, 2)[16..].ToArray();
        Assert.Equal(blocks.Make((UInt128)7 << 32, 1).ToArray(), wrapped);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Sealing_and_opening_allocate_nothing(string mode)
    {
        using LinkCipher sender = Keys(mode).ToExchange(), receiver = Keys(mode).ToExchange();
        var packet = new byte[200];
        var message = new byte[136];
        var reader = new FrameReader { Cipher = receiver };
        var read = 0;
        void Round()
        {
            var length = FrameWriter.Write(packet, message, 1, sender);
            var buffer = new ReadOnlySequence<byte>(packet, 0, length);
            read += reader.TryRead(ref buffer, out _) == FrameReadStatus.Frame ? 1 : 0;
        }

        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1001, read);
    }

    [Theory]
    [InlineData(76, LinkMode.Clear)]
    [InlineData(124, LinkMode.Existing)]
    [InlineData(136, LinkMode.New)]
    [InlineData(48, null)]
    [InlineData(137, null)]
    public void The_size_of_the_routers_answer_decides_the_mode(int size, LinkMode? mode) =>
        Assert.Equal(mode, LinkKeys.Read(new byte[size])?.Mode);

    [Theory]
    [InlineData("gr_response_124")]
    [InlineData("gr_response_136")]
    public void The_keys_are_read_from_the_routers_answer_and_written_into_it(string name)
    {
        var response = Vectors.Named(name).Message;
        var keys = LinkKeys.Read(response)!;
        byte[] written = [.. response.AsSpan(0, 76), .. new byte[response.Length - 76]];
        keys.Write(written);
        Assert.Equal(response, written);
        Assert.Equal(response.Length, keys.ResponseLayout.Size);
        Assert.DoesNotContain("00", keys.ToString(), StringComparison.Ordinal);
    }

    private static void AssertStream(Func<LinkCipher> create, params string[] names)
    {
        using LinkCipher sender = create(), receiver = create();
        var reader = new FrameReader { Cipher = receiver };
        foreach (var name in names)
        {
            var vector = Vectors.Named(name);
            var sequence = PacketHeader.SequenceNumber.Read(vector.Packet);
            var packet = new byte[vector.Packet.Length];
            Assert.Equal(packet.Length, FrameWriter.Write(packet, vector.Message, sequence, sender));
            Assert.Equal(Convert.ToHexStringLower(vector.Packet), Convert.ToHexStringLower(packet));
            var buffer = new ReadOnlySequence<byte>(packet);
            Assert.Equal(FrameReadStatus.Frame, reader.TryRead(ref buffer, out var frame));
            Assert.Equal(vector.Message, frame.Message.ToArray());
            Assert.Equal((vector.Code, sequence), (frame.Code, frame.Sequence));
        }
    }

    private static void AssertReads(string mode, ReadOnlySequence<byte> stream, List<byte[]> messages)
    {
        using var cipher = Keys(mode).ToExchange();
        var reader = new FrameReader { Cipher = cipher };
        foreach (var message in messages)
        {
            Assert.Equal(FrameReadStatus.Frame, reader.TryRead(ref stream, out var frame));
            Assert.Equal(message, frame.Message.ToArray());
        }

        Assert.Equal(FrameReadStatus.NeedMoreData, reader.TryRead(ref stream, out _));
        Assert.True(stream.IsEmpty);
    }

    private static void AssertBadTag(LinkCipher cipher, ReadOnlyMemory<byte> stream)
    {
        using (cipher)
        {
            var buffer = new ReadOnlySequence<byte>(stream);
            Assert.Equal(FrameReadStatus.BadTag, new FrameReader { Cipher = cipher }.TryRead(ref buffer, out _));
        }
    }

    private static (byte[] Stream, List<byte[]> Messages) Conversation(string mode, int count, int seed, Func<int, int>? length = null)
    {
        var random = new Random(seed);
        using var cipher = Keys(mode).ToExchange();
        var output = new ArrayBufferWriter<byte>();
        var messages = new List<byte[]>();
        for (var n = 0; n < count; n++)
        {
            var message = new byte[length?.Invoke(n) ?? random.Next(1, 300)];
            random.NextBytes(message);
            messages.Add(message);
            FrameWriter.Write(output, message, (uint)n, cipher);
        }

        return (output.WrittenSpan.ToArray(), messages);
    }

    private static LinkKeys Keys(string mode) => mode == "new" ? NewKeys : ExistingKeys;

    private static byte[] Hex(string text) => Convert.FromHexString(text);
}
