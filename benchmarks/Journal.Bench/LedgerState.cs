using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Bench;

/// <summary>A ledger's state on as many bytes as an account of 5 positions has after 200 events: measured, 25,581.</summary>
internal sealed class LedgerState : IStateCodec<Ledger>
{
    private static readonly byte[] Rest = MakeRest(25_581 - 8);

    public short Version => 1;

    public void Encode(Ledger state, IBufferWriter<byte> payload)
    {
        Span<byte> orders = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(orders, state.Orders);
        payload.Write(orders);
        payload.Write(Rest);
    }

    public Ledger Decode(ReadOnlySpan<byte> payload) => new(BinaryPrimitives.ReadInt64BigEndian(payload));

    /// <summary>Digits without an order, so that the server cannot press them to nothing.</summary>
    private static byte[] MakeRest(int length)
    {
        var chance = new Chance(7);
        return Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length).Select(_ => (char)('0' + chance.Next(10)))));
    }
}
