using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>Turns captured bytes into JSON that a person can read: by field name, secrets masked, times shown in India time.</summary>
public static class FrameDescriber
{
    private const string Masked = "***";

    private static readonly FrozenSet<string> Seconds = FrozenSet.ToFrozenSet(
        ["LogTime", "EntryDateTime", "LastModified", "ActivityTime", "EndTime", "LastPasswordChange", "ExpiryDate", "LastTradeTime", "GoodTillDate"],
        StringComparer.Ordinal);

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Describes a whole packet, or a message without its packet header.</summary>
    /// <param name="segment">Null lets the size decide; the answer says which was taken and how.</param>
    /// <exception cref="WireFormatException">The bytes are neither; the text says what was expected and what was found.</exception>
    public static string Describe(ReadOnlySpan<byte> packet, Segment? segment)
    {
        var isPacket = packet.Length > FrameReader.HeaderLength && PacketHeader.Length.Read(packet) == packet.Length;
        var message = isPacket ? packet[FrameReader.HeaderLength..] : packet;
        var kind = Identify(packet, message, segment, isPacket);
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, Readable))
        {
            json.WriteStartObject();
            if (isPacket)
            {
                WritePacketHeader(json, packet, message);
            }

            WriteMessage(json, message, kind, segment);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static MessageKind Identify(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> message, Segment? segment, bool isPacket)
    {
        var code = message.Length < 2 ? (short)0 : BinaryPrimitives.ReadInt16BigEndian(message);
        var kind = Kind(message, code, segment);
        if (kind is not null)
        {
            return kind;
        }

        if (packet.Length < FrameReader.HeaderLength)
        {
            throw new WireFormatException($"Expected at least {FrameReader.HeaderLength} bytes, found {packet.Length}.");
        }

        var known = MessageCatalogue.Find(code).Where(other => segment is null || other.Segment is null || other.Segment == segment).ToArray();
        if (known.Length > 0)
        {
            var sizes = string.Join(" or ", known.Select(other => other.Layout.Size).Distinct().Order());
            throw new WireFormatException($"Expected {sizes} message bytes for code {code} ({known[0].Name}), found {message.Length}.");
        }

        throw new WireFormatException(isPacket
            ? $"Expected a known transaction code, found {code} in a message of {message.Length} bytes."
            : $"Expected a packet of {packet.Length} bytes to say so in its first two bytes, found {BinaryPrimitives.ReadUInt16BigEndian(packet)}; and {code} is no known transaction code either.");
    }

    private static MessageKind? Kind(ReadOnlySpan<byte> message, short code, Segment? segment)
    {
        var isEnvelope = code is TransactionCode.DownloadMessage or TransactionCode.LocalDatabaseData;
        if (isEnvelope && message.Length >= 2 * MessageHeader.Layout.Size)
        {
            var name = code == TransactionCode.DownloadMessage ? "DOWNLOAD_MESSAGE" : "UPDATE_LOCALDB_DATA";
            return new MessageKind(code, name, MessageDirection.FromExchange, null, MessageHeader.Layout);
        }

        return MessageCatalogue.Find(segment, code, message.Length);
    }

    private static void WritePacketHeader(Utf8JsonWriter json, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> message)
    {
        json.WriteStartObject("packet");
        json.WriteNumber("length", packet.Length);
        json.WriteNumber("sequence", PacketHeader.SequenceNumber.Read(packet));
        json.WriteBoolean("checksumOk", FrameChecksum.Matches(PacketHeader.Checksum.Read(packet), message));
        json.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter json, ReadOnlySpan<byte> message, MessageKind kind, Segment? given)
    {
        json.WriteNumber("code", kind.Code);
        json.WriteString("name", kind.Name);
        json.WriteString("direction", Words(kind.Direction));
        json.WriteString("segment", Words(kind.Segment ?? given));
        json.WriteString("segmentFrom", given is not null ? "given" : kind.Segment is null ? "same in both" : "size");
        json.WriteString("structure", kind.Layout.Name);
        json.WriteNumber("bytes", message.Length);
        WriteFields(json, message, kind.Layout);
        if (kind.Code is TransactionCode.DownloadMessage or TransactionCode.LocalDatabaseData)
        {
            WriteInner(json, message, given);
        }
    }

    private static void WriteInner(Utf8JsonWriter json, ReadOnlySpan<byte> message, Segment? given)
    {
        Span<byte> buffer = stackalloc byte[FrameReader.MaxFrameLength];
        var inner = message.Length <= buffer.Length ? InnerMessage.Read(message, buffer) : [];
        var kind = inner.IsEmpty ? null : MessageCatalogue.Find(given, MessageHeader.TransactionCode.Read(inner), inner.Length);
        if (kind is null)
        {
            json.WriteString("innerHex", Convert.ToHexStringLower(message[MessageHeader.Layout.Size..]));
            return;
        }

        json.WriteStartObject("inner");
        WriteMessage(json, inner, kind, given);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, ReadOnlySpan<byte> message, StructureLayout layout)
    {
        json.WriteStartObject("fields");
        foreach (var field in layout.Fields)
        {
            WriteField(json, message, field);
        }

        json.WriteEndObject();
        json.WriteStartObject("times");
        foreach (var field in layout.Fields)
        {
            WriteTime(json, message, field);
        }

        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, ReadOnlySpan<byte> message, FieldInfo field)
    {
        if (SecretMask.Covers(field.Name))
        {
            json.WriteString(field.Name, Masked);
            return;
        }

        switch (field.Kind)
        {
            case FieldKind.Text:
                json.WriteString(field.Name, new TextField(field.Offset, field.Size).Read(message));
                break;
            case FieldKind.Raw:
                json.WriteString(field.Name, Convert.ToHexStringLower(message.Slice(field.Offset, field.Size)));
                break;
            default:
                if (TryReadNumber(message, field, out var number))
                {
                    json.WriteNumber(field.Name, number);
                }
                else
                {
                    json.WriteString(field.Name, $"not a whole number: {Convert.ToHexStringLower(message.Slice(field.Offset, field.Size))}");
                }

                break;
        }
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> message, FieldInfo field)
    {
        var name = field.Name.StartsWith("Hdr.", StringComparison.Ordinal) ? field.Name[4..] : field.Name;
        if (!TryReadNumber(message, field, out var number) || number <= 0)
        {
            return;
        }

        DateTimeOffset? time = name switch
        {
            _ when Seconds.Contains(name) => NnfTime.FromSeconds(number),
            "TimeStamp" or "Timestamp" or "ExecTimeStamp" => NnfTime.FromNanoseconds(number),
            "TimeStamp1" or "Timestamp1" when number < 1L << 48 => NnfTime.FromJiffies(number),
            _ => null,
        };
        if (time is not null)
        {
            json.WriteString(field.Name, time.Value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"));
        }
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> message, FieldInfo field, out long number)
    {
        number = 0;
        switch (field.Kind)
        {
            case FieldKind.I16:
                number = new Int16Field(field.Offset).Read(message);
                return true;
            case FieldKind.U16:
                number = new UInt16Field(field.Offset).Read(message);
                return true;
            case FieldKind.I32:
                number = new Int32Field(field.Offset).Read(message);
                return true;
            case FieldKind.U32:
                number = new UInt32Field(field.Offset).Read(message);
                return true;
            case FieldKind.I64:
                number = new Int64Field(field.Offset).Read(message);
                return true;
            case FieldKind.Wide:
                return new DoubleInteger(field.Offset).TryRead(message, out number);
            case FieldKind.Raw when field.Size == 8:
                number = new RawField(field.Offset, field.Size).ReadNumber(message);
                return true;
            default:
                return false;
        }
    }

    private static string Words(MessageDirection direction) => direction switch
    {
        MessageDirection.ToExchange => "member to exchange",
        MessageDirection.FromExchange => "exchange to member",
        _ => "both ways",
    };

    private static string Words(Segment? segment) => segment switch
    {
        Segment.CapitalMarket => "CM",
        Segment.FuturesAndOptions => "FO",
        _ => "CM or FO",
    };
}
