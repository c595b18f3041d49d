namespace Backup.Exchange.Wire.Layouts;

/// <summary>The 22 bytes in front of every message: length, sequence and checksum (NSE-TAP.md 2.1).</summary>
public static class PacketHeader
{
    private static readonly StructureBuilder S = new("PACKET_HEADER");

    public static readonly UInt16Field Length = S.U16(0);
    public static readonly UInt32Field SequenceNumber = S.U32(2);
    public static readonly RawField Checksum = S.Raw(6, 16);

    public static readonly StructureLayout Layout = S.Build(22);
}

/// <summary>The packet header of the first TAP generation, kept to describe old captures (NSE-TAP.md 2.4).</summary>
public static class LegacyPacketHeader
{
    private static readonly StructureBuilder S = new("LEGACY_PACKET_HEADER_26");

    public static readonly UInt16Field Length = S.U16(0);
    public static readonly UInt32Field SequenceNumber = S.U32(2);
    public static readonly RawField ReservedSeq = S.Raw(6, 2);
    public static readonly RawField Checksum = S.Raw(8, 16);
    public static readonly UInt16Field MessageCount = S.U16(24);

    public static readonly StructureLayout Layout = S.Build(26);
}

/// <summary>The 40 bytes that open every message which is not trimmed (NSE-TAP.md 3.7).</summary>
public static class MessageHeader
{
    private static readonly StructureBuilder S = new("MESSAGE_HEADER");

    public static readonly Int16Field TransactionCode = S.I16(0);
    public static readonly Int32Field LogTime = S.I32(2);
    public static readonly RawField AlphaChar = S.Raw(6, 2);
    public static readonly Int32Field TraderId = S.I32(8);
    public static readonly Int16Field ErrorCode = S.I16(12);
    public static readonly Int64Field TimeStamp = S.I64(14);
    public static readonly RawField TimeStamp1 = S.Raw(22, 8);
    public static readonly RawField TimeStamp2 = S.Raw(30, 8);
    public static readonly Int16Field MessageLength = S.I16(38);

    public static readonly StructureLayout Layout = S.Build(40);
}

/// <summary>The other order of the 40 header bytes, documented for messages inside 7021 and 7304 (NSE-TAP.md 3.7, N6).</summary>
public static class InnerMessageHeader
{
    private static readonly StructureBuilder S = new("INNER_MESSAGE_HEADER");

    public static readonly Int32Field TraderId = S.I32(0);
    public static readonly Int32Field LogTime = S.I32(4);
    public static readonly RawField AlphaChar = S.Raw(8, 2);
    public static readonly Int16Field TransactionCode = S.I16(10);
    public static readonly Int16Field ErrorCode = S.I16(12);
    public static readonly Int64Field TimeStamp = S.I64(14);
    public static readonly RawField TimeStamp1 = S.Raw(22, 8);
    public static readonly RawField TimeStamp2 = S.Raw(30, 8);
    public static readonly Int16Field MessageLength = S.I16(38);

    public static readonly StructureLayout Layout = S.Build(40);
}

/// <summary>The 40 bytes that open a broadcast message (NSE-TAP.md 8).</summary>
public static class BroadcastHeader
{
    private static readonly StructureBuilder S = new("BCAST_HEADER");

    public static readonly RawField Reserved = S.Raw(0, 4);
    public static readonly Int32Field LogTime = S.I32(4);
    public static readonly RawField AlphaChar = S.Raw(8, 2);
    public static readonly Int16Field TransactionCode = S.I16(10);
    public static readonly Int16Field ErrorCode = S.I16(12);
    public static readonly Int32Field BCSeqNo = S.I32(14);
    public static readonly RawField Reserved2 = S.Raw(18, 4);
    public static readonly RawField TimeStamp2 = S.Raw(22, 8);
    public static readonly RawField Filler2 = S.Raw(30, 8);
    public static readonly Int16Field MessageLength = S.I16(38);

    public static readonly StructureLayout Layout = S.Build(40);
}

/// <summary>Messages that are nothing but their header: 1600 (cash), 2320, 2321, 7011, 7031.</summary>
public static class HeaderOnly
{
    private static readonly StructureBuilder S = new("HEADER_ONLY", MessageHeader.Layout);

    public static readonly StructureLayout Layout = S.Build(40);
}

/// <summary>23506: said after 30 s of silence by either side (NSE-TAP.md 3.3).</summary>
public static class Heartbeat
{
    private static readonly StructureBuilder S = new("HEARTBEAT", MessageHeader.Layout);

    public static readonly StructureLayout Layout = S.Build(40);
}
