using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Backup.Actor.Kernel.Journal;
using Xunit;

namespace Backup.Actor.Kernel.Tests;

public sealed class HashChainTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 4, 51, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("DEMO01", 0)]
    [InlineData("DEMO01", 200)]
    [InlineData("ÜMLAUT-१", 900)]
    [InlineData("DEMO01", 100_000)]
    public void A_link_is_the_hash_of_the_previous_link_and_every_field_of_the_record(string entity, int length)
    {
        var previous = SHA256.HashData("previous"u8);
        var payload = new byte[length];
        Array.Fill(payload, (byte)7);

        Assert.Equal(Plainly(previous, entity, 42, 3, 2, payload), HashChain.Next(previous, entity, 42, At, 3, 2, payload));
    }

    [Fact]
    public void The_first_link_of_a_known_record_never_changes() => Assert.Equal(
        "301c2f13fc02cbdcbb85bdd1d56ce767edce9301088c4d6b7a0b45441413fdfb",
        Convert.ToHexStringLower(HashChain.Next(HashChain.Origin.Span, "DEMO01", 1, At, 1, 1, "{}"u8)));

    /// <summary>The rule once more, written for reading.</summary>
    private static byte[] Plainly(byte[] previous, string entity, long sequence, short type, short version, byte[] payload)
    {
        using var bytes = new MemoryStream();
        bytes.Write(previous);
        var name = Encoding.UTF8.GetBytes(entity);
        var fixedPart = new byte[24];
        BinaryPrimitives.WriteInt32BigEndian(fixedPart, name.Length);
        bytes.Write(fixedPart.AsSpan(0, 4));
        bytes.Write(name);
        BinaryPrimitives.WriteInt64BigEndian(fixedPart, sequence);
        BinaryPrimitives.WriteInt64BigEndian(fixedPart.AsSpan(8), (At - DateTimeOffset.UnixEpoch).Ticks / 10);
        BinaryPrimitives.WriteInt16BigEndian(fixedPart.AsSpan(16), type);
        BinaryPrimitives.WriteInt16BigEndian(fixedPart.AsSpan(18), version);
        BinaryPrimitives.WriteInt32BigEndian(fixedPart.AsSpan(20), payload.Length);
        bytes.Write(fixedPart);
        bytes.Write(payload);
        return SHA256.HashData(bytes.ToArray());
    }
}
