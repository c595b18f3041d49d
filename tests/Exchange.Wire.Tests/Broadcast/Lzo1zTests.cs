using System.Text.Json;
using Backup.Exchange.Wire.Broadcast;

namespace Backup.Exchange.Wire.Tests.Broadcast;

/// <summary>
/// The vectors were packed by <c>lzo1z_999_compress</c> of liblzo2 2.10 (Debian) and between them use every instruction of the form.
/// </summary>
public class Lzo1zTests
{
    private static readonly List<(string Name, byte[] Plain, byte[] Packed)> Vectors = ReadVectors();

    public static TheoryData<string> Names => [.. Vectors.Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_library_packed_comes_out_as_it_was(string name)
    {
        var (_, plain, packed) = Vectors.Single(vector => vector.Name == name);
        var target = new byte[plain.Length];

        Assert.Equal(LzoStatus.Done, Lzo1z.Decompress(packed, target, out var read, out var written));
        Assert.Equal((packed.Length, plain.Length), (read, written));
        Assert.Equal(plain, target);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_stream_cut_anywhere_is_cut_and_one_that_goes_on_is_noticed(string name)
    {
        var (_, plain, packed) = Vectors.Single(vector => vector.Name == name);
        var target = new byte[plain.Length];
        for (var length = 0; length < packed.Length; length++)
        {
            Assert.Equal(LzoStatus.Cut, Lzo1z.Decompress(packed.AsSpan(0, length), target, out _, out _));
        }

        Assert.Equal(LzoStatus.BytesAfterEnd, Lzo1z.Decompress([.. packed, 0], target, out var read, out _));
        Assert.Equal(packed.Length, read);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_target_one_byte_too_short_is_filled_at_most_to_its_end(string name)
    {
        var (_, plain, packed) = Vectors.Single(vector => vector.Name == name);

        Assert.Equal(LzoStatus.TooLong, Lzo1z.Decompress(packed, new byte[plain.Length - 1], out _, out var written));
        Assert.InRange(written, 0, plain.Length - 1);
    }

    /// <summary>18: one literal. 0x40, 4: three bytes from two back. 0x5C: three bytes from the last distance, of which there is none. 0x11: far back.</summary>
    [Theory]
    [InlineData("1241400411")]
    [InlineData("12415C11")]
    [InlineData("110400")]
    public void A_copy_from_before_the_beginning_is_refused(string packed) =>
        Assert.Equal(LzoStatus.BadDistance, Lzo1z.Decompress(Convert.FromHexString(packed), new byte[100], out _, out _));

    [Fact]
    public void A_length_without_end_does_not_overflow()
    {
        var packed = new byte[20_000_000];
        (packed[0], packed[1], packed[2]) = (0x12, 0x41, 0x20);

        Assert.Equal(LzoStatus.TooLong, Lzo1z.Decompress(packed, new byte[2048], out var read, out _));
        Assert.InRange(read, 1, 20);
    }

    [Fact]
    public void What_we_pack_comes_out_as_it_was()
    {
        var random = new Random(11);
        for (var round = 0; round < 3000; round++)
        {
            var plain = new byte[random.Next(0, 5000)];
            var letters = random.Next(1, 257);
            for (var at = 0; at < plain.Length; at++)
            {
                plain[at] = at > 40 && random.Next(3) > 0 ? plain[at - random.Next(1, 40)] : (byte)random.Next(letters);
            }

            AssertReturns(plain);
        }
    }

    [Fact]
    public void What_we_pack_never_outgrows_the_room_it_asks_for()
    {
        // The worst case: three bytes seen before, then four new ones, over and over.
        var plain = new byte[4000];
        new Random(3).NextBytes(plain);
        for (var at = 2007; at + 7 < plain.Length; at += 7)
        {
            plain.AsSpan(at - 2000, 3).CopyTo(plain.AsSpan(at));
        }

        AssertReturns(plain);
        Assert.Throws<WireFormatException>(() => Lzo1zPacker.Pack(plain, new byte[plain.Length]));
    }

    [Fact]
    public void A_depth_packet_becomes_smaller()
    {
        var plain = Vectors.Single(vector => vector.Name == "the depth message of the reference").Plain;
        Assert.InRange(Lzo1zPacker.Pack(plain, new byte[Lzo1zPacker.SizeMax(plain.Length)]), 50, 200);
    }

    private static void AssertReturns(byte[] plain)
    {
        var packed = new byte[Lzo1zPacker.SizeMax(plain.Length)];
        var length = Lzo1zPacker.Pack(plain, packed);
        var target = new byte[plain.Length];

        Assert.Equal(LzoStatus.Done, Lzo1z.Decompress(packed.AsSpan(0, length), target, out _, out var written));
        Assert.Equal(plain.Length, written);
        Assert.Equal(plain, target);
    }

    private static List<(string Name, byte[] Plain, byte[] Packed)> ReadVectors()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Broadcast", "lzo1z-vectors.json")));
        return [.. file.RootElement.EnumerateArray().Select(vector => (
            vector.GetProperty("name").GetString()!,
            vector.GetProperty("plain").EnumerateArray().SelectMany(part => Enumerable
                .Repeat(Convert.FromHexString(part.GetProperty("hex").GetString()!), part.GetProperty("times").GetInt32()).SelectMany(bytes => bytes)).ToArray(),
            Convert.FromHexString(vector.GetProperty("packed").GetString()!)))];
    }
}
