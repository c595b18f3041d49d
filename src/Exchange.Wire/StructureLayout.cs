using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>A structure of the wire as a list of its fields, so that one declaration serves encoders, decoders and people.</summary>
public sealed class StructureLayout
{
    private readonly byte[] _blank;
    private readonly ConcurrentDictionary<StructureLayout, ImmutableArray<(int From, int To, int Size)>> _copies = new();

    internal StructureLayout(string name, int size, ImmutableArray<FieldInfo> fields)
    {
        Name = name;
        Size = size;
        Fields = fields;
        _blank = new byte[size];
        foreach (var field in fields)
        {
            if (field.Kind == FieldKind.Text || field.Name == "Hdr.AlphaChar")
            {
                _blank.AsSpan(field.Offset, field.Size).Fill((byte)' ');
            }
        }
    }

    /// <summary>The name in the exchange's document.</summary>
    public string Name { get; }

    /// <summary>Bytes of the whole structure, without the packet header.</summary>
    public int Size { get; }

    /// <summary>All fields by offset, without gaps; those of the header first, as <c>Hdr.…</c>.</summary>
    public ImmutableArray<FieldInfo> Fields { get; }

    /// <summary>Blanks in text, zero everywhere else (NSE-TAP.md N2).</summary>
    public void Clear(Span<byte> message) => _blank.CopyTo(message);

    /// <summary>Clears the message and fills its 40-byte header: code, user and length.</summary>
    public Span<byte> Begin(Span<byte> message, short code, int traderId)
    {
        Clear(message);
        MessageHeader.TransactionCode.Write(message, code);
        MessageHeader.TraderId.Write(message, traderId);
        MessageHeader.MessageLength.Write(message, (short)Size);
        return message[..Size];
    }

    /// <summary>Copies every field that both structures have under the same name, type and size. Reserved fields are left alone.</summary>
    public void CopyShared(ReadOnlySpan<byte> source, StructureLayout target, Span<byte> destination)
    {
        foreach (var (from, to, size) in _copies.GetOrAdd(target, Shared))
        {
            source.Slice(from, size).CopyTo(destination[to..]);
        }
    }

    private ImmutableArray<(int From, int To, int Size)> Shared(StructureLayout target)
    {
        var shared = from mine in Fields
                     join theirs in target.Fields on (mine.Name, mine.Kind, mine.Size) equals (theirs.Name, theirs.Kind, theirs.Size)
                     where !mine.Name.StartsWith("Reserved", StringComparison.Ordinal)
                     select (mine.Offset, theirs.Offset, mine.Size);
        return [.. shared];
    }
}

/// <summary>Collects the fields of a structure while its static class is being initialised.</summary>
internal sealed class StructureBuilder(string name, StructureLayout? header = null)
{
    private readonly List<FieldInfo> _fields =
        header is null ? [] : [.. header.Fields.Select(field => field with { Name = "Hdr." + field.Name })];

    public Int16Field I16(int offset, [CallerMemberName] string field = "") => new(Add(field, offset, 2, FieldKind.I16));

    public UInt16Field U16(int offset, [CallerMemberName] string field = "") => new(Add(field, offset, 2, FieldKind.U16));

    public Int32Field I32(int offset, [CallerMemberName] string field = "") => new(Add(field, offset, 4, FieldKind.I32));

    public UInt32Field U32(int offset, [CallerMemberName] string field = "") => new(Add(field, offset, 4, FieldKind.U32));

    public Int64Field I64(int offset, [CallerMemberName] string field = "") => new(Add(field, offset, 8, FieldKind.I64));

    public DoubleInteger Wide(int offset, [CallerMemberName] string field = "") => new(Add(field, offset, 8, FieldKind.Wide));

    public TextField Text(int offset, int size, [CallerMemberName] string field = "") => new(Add(field, offset, size, FieldKind.Text), size);

    public RawField Raw(int offset, int size, [CallerMemberName] string field = "") => new(Add(field, offset, size, FieldKind.Raw), size);

    public StructureLayout Build(int size)
    {
        var at = 0;
        foreach (var field in _fields)
        {
            if (field.Offset != at)
            {
                throw new InvalidOperationException($"{name}.{field.Name}: expected offset {at}, found {field.Offset}.");
            }

            at += field.Size;
        }

        return at == size
            ? new StructureLayout(name, size, [.. _fields])
            : throw new InvalidOperationException($"{name}: expected {size} bytes, found {at}.");
    }

    private int Add(string field, int offset, int size, FieldKind kind)
    {
        _fields.Add(new FieldInfo(field, offset, size, kind));
        return offset;
    }
}
