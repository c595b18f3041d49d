using System.Security.Cryptography;

namespace Backup.Exchange.Wire.Ciphers;

/// <summary>One direction of a link with the existing cipher: a keystream that goes on from message to message, MD5 over the plain text (NSE-TAP.md 2.2).</summary>
/// <remarks>A message skipped or taken twice makes everything after it unreadable; so does a message that failed its checksum.</remarks>
internal sealed class ExistingCipher : LinkCipher
{
    /// <summary>Keystream is made ahead in pieces of one kibibyte, so that a message rarely waits for AES.</summary>
    private const int Blocks = 64;

    private readonly CounterBlocks _blocks;
    private readonly byte[] _keystream = new byte[Blocks * CounterBlocks.Block];
    private uint _counter;
    private int _used;

    public ExistingCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        _blocks = new CounterBlocks(key, Blocks);
        HashKey = _blocks.HashKey();
        Start = StartBlock(new Ghash(HashKey), iv);
        _blocks.SetPrefix(Start);
        _counter = unchecked((uint)Start + 1);
        _used = _keystream.Length;
    }

    internal byte[] HashKey { get; }

    /// <summary>J0: the counter block before the first one used.</summary>
    internal UInt128 Start { get; }

    /// <summary>J0 of an IV of 16 bytes: hashed together with its length in bits, because it is not 12 bytes long (NIST SP 800-38D 7.1).</summary>
    internal static UInt128 StartBlock(Ghash hash, ReadOnlySpan<byte> iv) => hash.Absorb(hash.Absorb(0, iv), (UInt128)128);

    public override void Seal(Span<byte> message, Span<byte> checksum)
    {
        FrameChecksum.Compute(message, checksum);
        Apply(message);
    }

    public override FrameReadStatus Open(Span<byte> message, ReadOnlySpan<byte> checksum)
    {
        Apply(message);
        return FrameChecksum.Matches(checksum, message) ? FrameReadStatus.Frame : FrameReadStatus.BadChecksum;
    }

    /// <summary>Lays the next keystream over the data; the same operation hides and shows.</summary>
    internal void Apply(Span<byte> data)
    {
        while (!data.IsEmpty)
        {
            if (_used == _keystream.Length)
            {
                _blocks.Make(_counter, Blocks).CopyTo(_keystream);
                _counter = unchecked(_counter + Blocks);
                _used = 0;
            }

            var length = Math.Min(data.Length, _keystream.Length - _used);
            CounterBlocks.Xor(data[..length], _keystream.AsSpan(_used, length));
            _used += length;
            data = data[length..];
        }
    }

    private protected override void Dispose(bool isDisposing)
    {
        _blocks.Dispose();
        CryptographicOperations.ZeroMemory(_keystream);
        base.Dispose(isDisposing);
    }
}
