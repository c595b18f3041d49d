using System.Buffers.Binary;

namespace Backup.Exchange.Wire.Ciphers;

/// <summary>One direction of a link with the new cipher: each message is a GCM operation of its own, its tag stands in the checksum field (NSE-TAP.md 2.3).</summary>
/// <remarks>The counter half of the IV counts up for the member's messages and down for the exchange's, little-endian.</remarks>
internal sealed class NewCipher : LinkCipher
{
    private readonly CounterBlocks _blocks;
    private readonly Ghash _hash;
    private readonly UInt128 _additional;
    private readonly UInt128 _additionalBits;
    private readonly ulong _staticIv;
    private readonly long _step;
    private long _counter;

    /// <param name="start">The counter before the first message.</param>
    /// <param name="step">+1 for messages to the exchange, -1 for messages from it.</param>
    public NewCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> staticIv, long start, ReadOnlySpan<byte> additional, int step)
    {
        _blocks = new CounterBlocks(key, 1 + ((FrameReader.MaxFrameLength + CounterBlocks.Block - 1) / CounterBlocks.Block));
        _hash = new Ghash(_blocks.HashKey());
        _additional = _hash.Absorb(0, additional);
        _additionalBits = (UInt128)(8 * (ulong)additional.Length) << 64;
        _staticIv = BinaryPrimitives.ReadUInt64BigEndian(staticIv);
        (_counter, _step) = (start, step);
    }

    public override void Seal(Span<byte> message, Span<byte> checksum)
    {
        var blocks = NextBlocks(message.Length);
        CounterBlocks.Xor(message, blocks[CounterBlocks.Block..]);
        WriteTag(message, blocks, checksum);
    }

    public override FrameReadStatus Open(Span<byte> message, ReadOnlySpan<byte> checksum)
    {
        var blocks = NextBlocks(message.Length);
        Span<byte> tag = stackalloc byte[CounterBlocks.Block];
        WriteTag(message, blocks, tag);
        if (!FrameChecksum.AreEqual(tag, checksum))
        {
            return FrameReadStatus.BadTag;
        }

        CounterBlocks.Xor(message, blocks[CounterBlocks.Block..]);
        return FrameReadStatus.Frame;
    }

    /// <summary>J0 of the next message.</summary>
    internal UInt128 NextStart()
    {
        _counter = unchecked(_counter + _step);
        var iv = ((UInt128)_staticIv << 64) | BinaryPrimitives.ReverseEndianness(unchecked((ulong)_counter));
        return _hash.Absorb(_hash.Absorb(0, iv), (UInt128)128);
    }

    /// <summary>The block that hides the tag, then the keystream.</summary>
    private ReadOnlySpan<byte> NextBlocks(int length) =>
        _blocks.Make(NextStart(), 1 + ((length + CounterBlocks.Block - 1) / CounterBlocks.Block));

    private void WriteTag(ReadOnlySpan<byte> hidden, ReadOnlySpan<byte> blocks, Span<byte> tag)
    {
        var state = _hash.Absorb(_hash.Absorb(_additional, hidden), _additionalBits | (8 * (ulong)hidden.Length));
        BinaryPrimitives.WriteUInt128BigEndian(tag, state ^ BinaryPrimitives.ReadUInt128BigEndian(blocks));
    }

    private protected override void Dispose(bool isDisposing)
    {
        _blocks.Dispose();
        base.Dispose(isDisposing);
    }
}
