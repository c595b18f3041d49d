using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Backup.Exchange.Wire.Ciphers;

/// <summary>The AES-256 side of GCM: counter blocks under one key, many with one call, into buffers of its own.</summary>
/// <remarks>Not safe for threads. .NET's own <see cref="AesGcm"/> takes IVs of 12 bytes only; the exchange's have 16.</remarks>
internal sealed class CounterBlocks : IDisposable
{
    public const int Block = 16;

    private readonly Aes _aes = Aes.Create();
    private readonly ICryptoTransform _encryptor;
    private readonly byte[] _counters;
    private readonly byte[] _output;

    /// <param name="blocksMax">How many blocks one call makes at most.</param>
    public CounterBlocks(ReadOnlySpan<byte> key, int blocksMax)
    {
        _aes.SetKey(key);
#pragma warning disable CA5358 // The counter mode is built here from single blocks; nothing is sent as this mode gives it.
        _aes.Mode = CipherMode.ECB;
#pragma warning restore CA5358
        _aes.Padding = PaddingMode.None;

        // One transform for life: Aes.EncryptEcb makes and frees a native context at every call.
        _encryptor = _aes.CreateEncryptor();
        _counters = new byte[blocksMax * Block];
        _output = new byte[blocksMax * Block];
    }

    /// <summary>The zero block under AES: the H of <see cref="Ghash"/>.</summary>
    public byte[] HashKey()
    {
        var block = new byte[Block];
        _aes.EncryptEcb(block, block, PaddingMode.None);
        return block;
    }

    /// <summary>Sets the twelve bytes that all counter blocks share.</summary>
    public void SetPrefix(UInt128 start)
    {
        Span<byte> block = stackalloc byte[Block];
        BinaryPrimitives.WriteUInt128BigEndian(block, start);
        for (var at = 0; at < _counters.Length; at += Block)
        {
            block[..12].CopyTo(_counters.AsSpan(at));
        }
    }

    /// <summary>Encrypts <paramref name="count"/> counter blocks, the first with <paramref name="counter"/> in its last four bytes.</summary>
    /// <returns>A window into this object's buffer: it dies at the next call.</returns>
    public ReadOnlySpan<byte> Make(uint counter, int count)
    {
        for (var block = 0; block < count; block++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(_counters.AsSpan((block * Block) + 12), unchecked(counter + (uint)block));
        }

        _encryptor.TransformBlock(_counters, 0, count * Block, _output, 0);
        return _output.AsSpan(0, count * Block);
    }

    /// <summary>As <see cref="Make(uint, int)"/>, for a start block that changes with every message.</summary>
    public ReadOnlySpan<byte> Make(UInt128 start, int count)
    {
        var counter = unchecked((uint)start);
        var prefix = start & ~(UInt128)uint.MaxValue;
        for (var block = 0; block < count; block++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(_counters.AsSpan(block * Block), prefix | unchecked(counter + (uint)block));
        }

        _encryptor.TransformBlock(_counters, 0, count * Block, _output, 0);
        return _output.AsSpan(0, count * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Xor(Span<byte> data, ReadOnlySpan<byte> mask)
    {
        var at = 0;
        for (; at <= data.Length - Block; at += Block)
        {
            (Vector128.Create<byte>(data[at..]) ^ Vector128.Create(mask[at..])).CopyTo(data[at..]);
        }

        for (; at < data.Length; at++)
        {
            data[at] ^= mask[at];
        }
    }

    public void Dispose()
    {
        _encryptor.Dispose();
        _aes.Dispose();
        CryptographicOperations.ZeroMemory(_output);
    }
}
