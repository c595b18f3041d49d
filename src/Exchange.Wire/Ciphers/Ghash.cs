using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Backup.Exchange.Wire.Ciphers;

/// <summary>The hash of GCM under one key: multiplication by H in GF(2^128) (NSE-TAP.md 2.2, 2.3; NIST SP 800-38D 6.4).</summary>
/// <remarks>
/// A state is a block read as a big-endian number. With PCLMULQDQ four blocks share one reduction, in the byte-reversed
/// representation that needs no shift (POLYVAL, RFC 8452 appendix A); otherwise a table of the 16 multiples of H is used.
/// Both are safe for threads.
/// </remarks>
internal sealed class Ghash
{
    private const int Block = 16;

    private readonly bool _usesHardware;
    private readonly Vector128<ulong> _h1;
    private readonly Vector128<ulong> _h2;
    private readonly Vector128<ulong> _h3;
    private readonly Vector128<ulong> _h4;
    private readonly UInt128[] _multiples = [];

    /// <param name="h">The zero block under AES.</param>
    /// <param name="mayUseHardware">False keeps to the table, so that a test can hold the two against each other.</param>
    public Ghash(ReadOnlySpan<byte> h, bool mayUseHardware = true)
    {
        var key = BinaryPrimitives.ReadUInt128BigEndian(h);
        _usesHardware = mayUseHardware && Pclmulqdq.IsSupported && Ssse3.IsSupported;
        if (_usesHardware)
        {
            // Times x, so that the products need no shift afterwards.
            var carry = key >> 127 != 0 ? ((UInt128)0xC200_0000_0000_0000 << 64) | 1 : 0;
            _h1 = ToVector((key << 1) ^ carry);
            _h2 = Multiply(_h1, _h1);
            _h3 = Multiply(_h2, _h1);
            _h4 = Multiply(_h3, _h1);
        }
        else
        {
            _multiples = Multiples(key);
        }
    }

    /// <summary>Takes data into the state; a last block that is not full counts as filled with zeros.</summary>
    public UInt128 Absorb(UInt128 state, ReadOnlySpan<byte> data)
    {
        if (_usesHardware)
        {
            return AbsorbByHardware(state, data);
        }

        for (; data.Length >= Block; data = data[Block..])
        {
            state = MultiplyByTable(state ^ BinaryPrimitives.ReadUInt128BigEndian(data));
        }

        return data.IsEmpty ? state : MultiplyByTable(state ^ Padded(data));
    }

    /// <summary>Takes one block, given as a number, into the state.</summary>
    public UInt128 Absorb(UInt128 state, UInt128 block) =>
        _usesHardware ? ToNumber(Multiply(ToVector(state ^ block), _h1)) : MultiplyByTable(state ^ block);

    private UInt128 AbsorbByHardware(UInt128 start, ReadOnlySpan<byte> data)
    {
        var state = ToVector(start);
        while (data.Length >= 4 * Block)
        {
            Vector128<ulong> low = default, middle = default, high = default;
            Add(state ^ Load(data), _h4, ref low, ref middle, ref high);
            Add(Load(data[Block..]), _h3, ref low, ref middle, ref high);
            Add(Load(data[(2 * Block)..]), _h2, ref low, ref middle, ref high);
            Add(Load(data[(3 * Block)..]), _h1, ref low, ref middle, ref high);
            state = Reduce(low, middle, high);
            data = data[(4 * Block)..];
        }

        for (; data.Length >= Block; data = data[Block..])
        {
            state = Multiply(state ^ Load(data), _h1);
        }

        return data.IsEmpty ? ToNumber(state) : ToNumber(Multiply(state ^ ToVector(Padded(data)), _h1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> right)
    {
        Vector128<ulong> low = default, middle = default, high = default;
        Add(left, right, ref low, ref middle, ref high);
        return Reduce(low, middle, high);
    }

    /// <summary>Adds the 256-bit product to a sum of products that is not reduced yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector128<ulong> left, Vector128<ulong> right, ref Vector128<ulong> low, ref Vector128<ulong> middle, ref Vector128<ulong> high)
    {
        low ^= Pclmulqdq.CarrylessMultiply(left, right, 0x00);
        high ^= Pclmulqdq.CarrylessMultiply(left, right, 0x11);
        middle ^= Pclmulqdq.CarrylessMultiply(left, right, 0x01) ^ Pclmulqdq.CarrylessMultiply(left, right, 0x10);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        var polynomial = Vector128.Create(1UL, 0xC200_0000_0000_0000UL);
        low ^= Sse2.ShiftLeftLogical128BitLane(middle, 8);
        high ^= Sse2.ShiftRightLogical128BitLane(middle, 8);
        low = Swapped(low) ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x10);
        low = Swapped(low) ^ Pclmulqdq.CarrylessMultiply(low, polynomial, 0x10);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Swapped(Vector128<ulong> value) => Sse2.Shuffle(value.AsUInt32(), 0x4E).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Load(ReadOnlySpan<byte> block)
    {
        var reversed = Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        return Ssse3.Shuffle(Vector128.Create(block), reversed).AsUInt64();
    }

    private static UInt128 Padded(ReadOnlySpan<byte> data)
    {
        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        data.CopyTo(block);
        return BinaryPrimitives.ReadUInt128BigEndian(block);
    }

    private static Vector128<ulong> ToVector(UInt128 number) => Vector128.Create(unchecked((ulong)number), (ulong)(number >> 64));

    private static UInt128 ToNumber(Vector128<ulong> vector) => new(vector.GetElement(1), vector.GetElement(0));

    private UInt128 MultiplyByTable(UInt128 value)
    {
        UInt128 product = 0;
        for (var nibble = 0; nibble < 32; nibble++)
        {
            product = (product >> 4) ^ Overflow[(int)(product & 15)] ^ _multiples[(int)((value >> (4 * nibble)) & 15)];
        }

        return product;
    }

    /// <summary>What four bits that leave at the low end add to the high end.</summary>
    private static readonly UInt128[] Overflow = [.. Enumerable.Range(0, 16).Select(bits => TimesX(TimesX(TimesX(TimesX((UInt128)bits)))))];

    private static UInt128[] Multiples(UInt128 h)
    {
        // The highest bit is the coefficient of 1: times x is a shift to the right.
        var multiples = new UInt128[16];
        multiples[8] = h;
        multiples[4] = TimesX(multiples[8]);
        multiples[2] = TimesX(multiples[4]);
        multiples[1] = TimesX(multiples[2]);
        for (var high = 2; high <= 8; high *= 2)
        {
            for (var low = 1; low < high; low++)
            {
                multiples[high + low] = multiples[high] ^ multiples[low];
            }
        }

        return multiples;
    }

    private static UInt128 TimesX(UInt128 value) => (value & 1) == 0 ? value >> 1 : (value >> 1) ^ ((UInt128)0xE1 << 120);
}
