using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>
/// The fields that an answer about an order has in every form: trimmed or full size, cash or F&amp;O. Whoever writes or reads
/// answers does it once, through this.
/// </summary>
public sealed record OrderForm
{
    /// <summary>How far a full-size code lies below its trimmed one: 20073 and 2073, 20222 and 2222 (NSE-TAP.md 5.2).</summary>
    public const short TrimmedOffset = 18000;

    public required Segment Segment { get; init; }

    public required bool IsTrimmed { get; init; }

    public required StructureLayout Layout { get; init; }

    public required Int32Field LogTime { get; init; }

    /// <summary>The signed-on user to whom the message belongs.</summary>
    public required Int32Field UserId { get; init; }

    public required Int16Field ErrorCode { get; init; }

    public required Int16Field ReasonCode { get; init; }

    public required TextField ModifiedBy { get; init; }

    /// <summary>Jiffies.</summary>
    public required Int64Field TimeStamp1 { get; init; }

    public required RawField Stream { get; init; }

    /// <summary>Matching engine time, nanoseconds since 1980.</summary>
    public required Int64Field EngineTime { get; init; }

    public required TextField Symbol { get; init; }

    /// <summary>Cash segment only.</summary>
    public TextField? Series { get; init; }

    /// <summary>F&amp;O only.</summary>
    public Int32Field? Token { get; init; }

    public required DoubleInteger OrderNumber { get; init; }

    public required TextField Account { get; init; }

    public required TextField Pan { get; init; }

    public required Int16Field BookType { get; init; }

    public required Int16Field BuySell { get; init; }

    public required Int32Field Volume { get; init; }

    public required Int32Field Remaining { get; init; }

    public required Int32Field FilledToday { get; init; }

    public required Int32Field DisclosedRemaining { get; init; }

    public required Int32Field Price { get; init; }

    /// <summary>In paise; only full-size orders have one, of a stop order (NSE-TAP.md 5.1).</summary>
    public Int32Field? Trigger { get; init; }

    public required Int32Field EntryDateTime { get; init; }

    public required Int32Field LastModified { get; init; }

    public required RawField Flags { get; init; }

    public required Int64Field LastActivityReference { get; init; }

    /// <summary>TransactionId or Filler; the full-size form of the cash segment has none (NSE-TAP.md 5.3).</summary>
    public Int32Field? ClientReference { get; init; }

    /// <summary>The exchange's stream, from 1; 0 for a message outside any.</summary>
    /// <exception cref="WireFormatException">No stream has this number.</exception>
    public byte ReadStream(ReadOnlySpan<byte> message) => StreamNumber(Stream.ReadNumber(message));

    internal static byte StreamNumber(long number) => number is >= 0 and <= byte.MaxValue
        ? (byte)number
        : throw new WireFormatException($"Expected a stream number from 0 to {byte.MaxValue}, found {number}.");

    public static readonly OrderForm CmTrimmed = new()
    {
        Segment = Segment.CapitalMarket,
        IsTrimmed = true,
        Layout = CmOrderAnswer.Layout,
        LogTime = CmOrderAnswer.LogTime,
        UserId = CmOrderAnswer.UserId,
        ErrorCode = CmOrderAnswer.ErrorCode,
        ReasonCode = CmOrderAnswer.ReasonCode,
        ModifiedBy = CmOrderAnswer.ModCxlBy,
        TimeStamp1 = CmOrderAnswer.TimeStamp1,
        Stream = CmOrderAnswer.TimeStamp2,
        EngineTime = CmOrderAnswer.Timestamp,
        Symbol = CmOrderAnswer.Symbol,
        Series = CmOrderAnswer.Series,
        OrderNumber = CmOrderAnswer.OrderNumber,
        Account = CmOrderAnswer.AccountNumber,
        Pan = CmOrderAnswer.PAN,
        BookType = CmOrderAnswer.BookType,
        BuySell = CmOrderAnswer.BuySell,
        Volume = CmOrderAnswer.Volume,
        Remaining = CmOrderAnswer.TotalVolRemaining,
        FilledToday = CmOrderAnswer.VolumeFilledToday,
        DisclosedRemaining = CmOrderAnswer.DisclosedVolRemaining,
        Price = CmOrderAnswer.Price,
        EntryDateTime = CmOrderAnswer.EntryDateTime,
        LastModified = CmOrderAnswer.LastModified,
        Flags = CmOrderAnswer.OrderFlags,
        LastActivityReference = CmOrderAnswer.LastActivityReference,
        ClientReference = CmOrderAnswer.TransactionId,
    };

    public static readonly OrderForm FoTrimmed = new()
    {
        Segment = Segment.FuturesAndOptions,
        IsTrimmed = true,
        Layout = FoOrderAnswer.Layout,
        LogTime = FoOrderAnswer.LogTime,
        UserId = FoOrderAnswer.UserId,
        ErrorCode = FoOrderAnswer.ErrorCode,
        ReasonCode = FoOrderAnswer.ReasonCode,
        ModifiedBy = FoOrderAnswer.ModCxlBy,
        TimeStamp1 = FoOrderAnswer.TimeStamp1,
        Stream = FoOrderAnswer.TimeStamp2,
        EngineTime = FoOrderAnswer.Timestamp,
        Symbol = FoOrderAnswer.Symbol,
        Token = FoOrderAnswer.TokenNo,
        OrderNumber = FoOrderAnswer.OrderNumber,
        Account = FoOrderAnswer.AccountNumber,
        Pan = FoOrderAnswer.PAN,
        BookType = FoOrderAnswer.BookType,
        BuySell = FoOrderAnswer.BuySell,
        Volume = FoOrderAnswer.Volume,
        Remaining = FoOrderAnswer.TotalVolumeRemaining,
        FilledToday = FoOrderAnswer.VolumeFilledToday,
        DisclosedRemaining = FoOrderAnswer.DisclosedVolumeRemaining,
        Price = FoOrderAnswer.Price,
        EntryDateTime = FoOrderAnswer.EntryDateTime,
        LastModified = FoOrderAnswer.LastModified,
        Flags = FoOrderAnswer.OrderFlags,
        LastActivityReference = FoOrderAnswer.LastActivityReference,
        ClientReference = FoOrderAnswer.Filler,
    };

    public static readonly OrderForm CmFull = new()
    {
        Segment = Segment.CapitalMarket,
        IsTrimmed = false,
        Layout = CmFullOrder.Layout,
        LogTime = MessageHeader.LogTime,
        UserId = MessageHeader.TraderId,
        ErrorCode = MessageHeader.ErrorCode,
        ReasonCode = CmFullOrder.ReasonCode,
        ModifiedBy = CmFullOrder.ModCxlBy,
        TimeStamp1 = FullHeader.TimeStamp1,
        Stream = FullHeader.Stream,
        EngineTime = MessageHeader.TimeStamp,
        Symbol = CmFullOrder.Symbol,
        Series = CmFullOrder.Series,
        OrderNumber = CmFullOrder.OrderNumber,
        Account = CmFullOrder.AccountNumber,
        Pan = CmFullOrder.PAN,
        BookType = CmFullOrder.BookType,
        BuySell = CmFullOrder.BuySell,
        Volume = CmFullOrder.Volume,
        Remaining = CmFullOrder.TotalVolRemaining,
        FilledToday = CmFullOrder.VolumeFilledToday,
        DisclosedRemaining = CmFullOrder.DisclosedVolRemaining,
        Price = CmFullOrder.Price,
        Trigger = CmFullOrder.TriggerPrice,
        EntryDateTime = CmFullOrder.EntryDateTime,
        LastModified = CmFullOrder.LastModified,
        Flags = CmFullOrder.OrderFlags,
        LastActivityReference = CmFullOrder.LastActivityReference,
    };

    public static readonly OrderForm FoFull = new()
    {
        Segment = Segment.FuturesAndOptions,
        IsTrimmed = false,
        Layout = FoFullOrder.Layout,
        LogTime = MessageHeader.LogTime,
        UserId = MessageHeader.TraderId,
        ErrorCode = MessageHeader.ErrorCode,
        ReasonCode = FoFullOrder.ReasonCode,
        ModifiedBy = FoFullOrder.ModCxlBy,
        TimeStamp1 = FullHeader.TimeStamp1,
        Stream = FullHeader.Stream,
        EngineTime = MessageHeader.TimeStamp,
        Symbol = FoFullOrder.Symbol,
        Token = FoFullOrder.TokenNo,
        OrderNumber = FoFullOrder.OrderNumber,
        Account = FoFullOrder.AccountNumber,
        Pan = FoFullOrder.PAN,
        BookType = FoFullOrder.BookType,
        BuySell = FoFullOrder.BuySell,
        Volume = FoFullOrder.Volume,
        Remaining = FoFullOrder.TotalVolumeRemaining,
        FilledToday = FoFullOrder.VolumeFilledToday,
        DisclosedRemaining = FoFullOrder.DisclosedVolumeRemaining,
        Price = FoFullOrder.Price,
        Trigger = FoFullOrder.TriggerPrice,
        EntryDateTime = FoFullOrder.EntryDateTime,
        LastModified = FoFullOrder.LastModified,
        Flags = FoFullOrder.OrderFlags,
        LastActivityReference = FoFullOrder.LastActivityReference,
        ClientReference = FoFullOrder.Filler,
    };

    /// <summary>The form of an answer of this segment and length, or null when it is none.</summary>
    public static OrderForm? Find(Segment segment, int messageLength)
    {
        var (trimmed, full) = segment == Segment.CapitalMarket ? (CmTrimmed, CmFull) : (FoTrimmed, FoFull);
        return messageLength == trimmed.Layout.Size ? trimmed : messageLength == full.Layout.Size ? full : null;
    }
}

/// <summary>The two raw time fields of the 40-byte header as numbers (NSE-TAP.md N3).</summary>
public static class FullHeader
{
    /// <summary>Jiffies.</summary>
    public static readonly Int64Field TimeStamp1 = new(MessageHeader.TimeStamp1.Offset);

    /// <summary>The stream number, which lies in the last byte of TimeStamp2.</summary>
    public static readonly RawField Stream = new(MessageHeader.TimeStamp2.Offset + 7, 1);

    public static byte StreamOf(ReadOnlySpan<byte> message) => message[Stream.Offset];
}
