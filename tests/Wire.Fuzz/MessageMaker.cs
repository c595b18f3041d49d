using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Wire.Fuzz;

/// <summary>Makes messages of every structure, with values that are good, at an edge, or nonsense.</summary>
internal sealed class MessageMaker(Chance chance)
{
    private const int Longest = FrameReader.MaxFrameLength - FrameReader.HeaderLength;

    private static readonly MessageKind[] Kinds = [.. MessageCatalogue.Messages.Where(kind => kind.Layout.Size <= Longest)];
    private static readonly long[] Edges = [0, 1, 2, -1, short.MinValue, short.MaxValue, int.MinValue, int.MaxValue, long.MinValue, long.MaxValue, 1L << 53];

    /// <summary>Fills the front of the buffer and returns that part; the name says what it is for the counts.</summary>
    public ReadOnlySpan<byte> Make(Span<byte> buffer) => chance.Below(10) switch
    {
        0 => Noise(buffer),
        1 => Envelope(buffer),
        2 => Cut(buffer),
        _ => Structured(buffer),
    };

    private Span<byte> Noise(Span<byte> buffer)
    {
        var message = buffer[..(1 + chance.Below(Longest))];
        chance.Fill(message);
        if (message.Length >= 2 && chance.OneIn(2))
        {
            MessageHeader.TransactionCode.Write(message, Kinds[chance.Below(Kinds.Length)].Code);
        }

        return message;
    }

    /// <summary>7021 or 7304 around another message, in either header order, or around nothing good.</summary>
    private Span<byte> Envelope(Span<byte> buffer)
    {
        var header = MessageHeader.Layout.Size;
        MessageHeader.Layout.Begin(buffer, chance.OneIn(4) ? TransactionCode.LocalDatabaseData : TransactionCode.DownloadMessage, 40521);
        var inner = Structured(buffer[header..]);
        var length = Math.Min(header + inner.Length, Longest);
        if (chance.OneIn(3) && inner.Length >= header)
        {
            var code = MessageHeader.TransactionCode.Read(inner);
            InnerMessageHeader.TraderId.Write(inner, 40521);
            InnerMessageHeader.TransactionCode.Write(inner, code);
        }

        return buffer[..(chance.OneIn(8) ? 2 + chance.Below(length - 1) : length)];
    }

    /// <summary>A known code with a length that is not its own.</summary>
    private Span<byte> Cut(Span<byte> buffer)
    {
        Structured(buffer);
        return buffer[..(2 + chance.Below(Longest - 1))];
    }

    private Span<byte> Structured(Span<byte> buffer)
    {
        var kind = Kinds[chance.Below(Kinds.Length)];
        var message = buffer[..Math.Min(kind.Layout.Size, buffer.Length)];
        if (message.Length < kind.Layout.Size)
        {
            chance.Fill(message);
            return message;
        }

        kind.Layout.Clear(message);
        MessageHeader.TransactionCode.Write(message, chance.OneIn(20) ? unchecked((short)chance.Next()) : kind.Code);
        var nonsense = chance.Below(4);
        foreach (var field in kind.Layout.Fields)
        {
            if (field.Offset >= 2)
            {
                Set(message, field, nonsense);
            }
        }

        return message;
    }

    /// <param name="nonsense">0 keeps every field good; 3 spoils about one in three.</param>
    private void Set(Span<byte> message, FieldInfo field, int nonsense)
    {
        var target = message.Slice(field.Offset, field.Size);
        if (nonsense > 0 && chance.Below(9) < nonsense)
        {
            chance.Fill(target);
            return;
        }

        if (field.Name.EndsWith("ErrorCode", StringComparison.Ordinal) && chance.OneIn(2))
        {
            return;
        }

        var number = nonsense == 0 ? 1 + chance.Below(2) : chance.OneIn(3) ? Edges[chance.Below(Edges.Length)] : chance.Below(100_000);
        switch (field.Kind)
        {
            case FieldKind.Text:
                target.Fill((byte)('A' + chance.Below(26)));
                break;
            case FieldKind.Wide:
                new DoubleInteger(field.Offset).Write(message, Math.Clamp(number, -DoubleInteger.Limit, DoubleInteger.Limit));
                break;
            case FieldKind.Raw when field.Size > 8:
                chance.Fill(target);
                break;
            default:
                new RawField(field.Offset, field.Size).WriteNumber(message, number);
                break;
        }
    }
}
