using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>The fields that a trade has in every form, as <see cref="OrderForm"/> does for orders.</summary>
public sealed record TradeForm
{
    public required Segment Segment { get; init; }

    public required bool IsTrimmed { get; init; }

    public required StructureLayout Layout { get; init; }

    public required Int32Field LogTime { get; init; }

    public required Int32Field UserId { get; init; }

    public required Int64Field EngineTime { get; init; }

    public required DoubleInteger OrderNumber { get; init; }

    public required TextField Account { get; init; }

    public required TextField Pan { get; init; }

    public required Int16Field BuySell { get; init; }

    public required Int32Field Volume { get; init; }

    public required Int32Field Remaining { get; init; }

    public required Int32Field FilledToday { get; init; }

    public required Int32Field Price { get; init; }

    public required RawField Flags { get; init; }

    public required Int32Field FillNumber { get; init; }

    public required Int32Field FillQuantity { get; init; }

    public required Int32Field FillPrice { get; init; }

    public required TextField ActivityType { get; init; }

    public required Int32Field ActivityTime { get; init; }

    public required TextField Symbol { get; init; }

    public TextField? Series { get; init; }

    public Int32Field? Token { get; init; }

    public required Int64Field LastActivityReference { get; init; }

    public static readonly TradeForm CmTrimmed = new()
    {
        Segment = Segment.CapitalMarket,
        IsTrimmed = true,
        Layout = CmTrade.Layout,
        LogTime = CmTrade.LogTime,
        UserId = CmTrade.UserId,
        EngineTime = CmTrade.Timestamp,
        OrderNumber = CmTrade.ResponseOrderNumber,
        Account = CmTrade.AccountNum,
        Pan = CmTrade.PAN,
        BuySell = CmTrade.BuySell,
        Volume = CmTrade.OriginalVol,
        Remaining = CmTrade.RemainingVol,
        FilledToday = CmTrade.VolFilledToday,
        Price = CmTrade.Price,
        Flags = CmTrade.OrderFlags,
        FillNumber = CmTrade.FillNumber,
        FillQuantity = CmTrade.FillQty,
        FillPrice = CmTrade.FillPrice,
        ActivityType = CmTrade.ActivityType,
        ActivityTime = CmTrade.ActivityTime,
        Symbol = CmTrade.Symbol,
        Series = CmTrade.Series,
        LastActivityReference = CmTrade.LastActivityReference,
    };

    public static readonly TradeForm FoTrimmed = new()
    {
        Segment = Segment.FuturesAndOptions,
        IsTrimmed = true,
        Layout = FoTrade.Layout,
        LogTime = FoTrade.LogTime,
        UserId = FoTrade.TraderId,
        EngineTime = FoTrade.Timestamp,
        OrderNumber = FoTrade.ResponseOrderNumber,
        Account = FoTrade.AccountNumber,
        Pan = FoTrade.PAN,
        BuySell = FoTrade.BuySell,
        Volume = FoTrade.OriginalVolume,
        Remaining = FoTrade.RemainingVolume,
        FilledToday = FoTrade.VolumeFilledToday,
        Price = FoTrade.Price,
        Flags = FoTrade.OrderFlags,
        FillNumber = FoTrade.FillNumber,
        FillQuantity = FoTrade.FillQuantity,
        FillPrice = FoTrade.FillPrice,
        ActivityType = FoTrade.ActivityType,
        ActivityTime = FoTrade.ActivityTime,
        Symbol = FoTrade.Symbol,
        Token = FoTrade.Token,
        LastActivityReference = FoTrade.LastActivityReference,
    };

    public static readonly TradeForm CmFull = new()
    {
        Segment = Segment.CapitalMarket,
        IsTrimmed = false,
        Layout = CmFullTrade.Layout,
        LogTime = MessageHeader.LogTime,
        UserId = MessageHeader.TraderId,
        EngineTime = MessageHeader.TimeStamp,
        OrderNumber = CmFullTrade.ResponseOrderNumber,
        Account = CmFullTrade.AccountNum,
        Pan = CmFullTrade.PAN,
        BuySell = CmFullTrade.BuySell,
        Volume = CmFullTrade.OriginalVol,
        Remaining = CmFullTrade.RemainingVol,
        FilledToday = CmFullTrade.VolFilledToday,
        Price = CmFullTrade.Price,
        Flags = CmFullTrade.OrderFlags,
        FillNumber = CmFullTrade.FillNumber,
        FillQuantity = CmFullTrade.FillQty,
        FillPrice = CmFullTrade.FillPrice,
        ActivityType = CmFullTrade.ActivityType,
        ActivityTime = CmFullTrade.ActivityTime,
        Symbol = CmFullTrade.Symbol,
        Series = CmFullTrade.Series,
        LastActivityReference = CmFullTrade.LastActivityReference,
    };

    public static readonly TradeForm FoFull = new()
    {
        Segment = Segment.FuturesAndOptions,
        IsTrimmed = false,
        Layout = FoFullTrade.Layout,
        LogTime = MessageHeader.LogTime,
        UserId = MessageHeader.TraderId,
        EngineTime = MessageHeader.TimeStamp,
        OrderNumber = FoFullTrade.ResponseOrderNumber,
        Account = FoFullTrade.AccountNumber,
        Pan = FoFullTrade.PAN,
        BuySell = FoFullTrade.BuySell,
        Volume = FoFullTrade.OriginalVolume,
        Remaining = FoFullTrade.RemainingVolume,
        FilledToday = FoFullTrade.VolumeFilledToday,
        Price = FoFullTrade.Price,
        Flags = FoFullTrade.OrderFlags,
        FillNumber = FoFullTrade.FillNumber,
        FillQuantity = FoFullTrade.FillQuantity,
        FillPrice = FoFullTrade.FillPrice,
        ActivityType = FoFullTrade.ActivityType,
        ActivityTime = FoFullTrade.ActivityTime,
        Symbol = FoFullTrade.Symbol,
        Token = FoFullTrade.Token,
        LastActivityReference = FoFullTrade.LastActivityReference,
    };

    /// <summary>The form of a trade of this segment and length, or null when it is none.</summary>
    public static TradeForm? Find(Segment segment, int messageLength)
    {
        var (trimmed, full) = segment == Segment.CapitalMarket ? (CmTrimmed, CmFull) : (FoTrimmed, FoFull);
        return messageLength == trimmed.Layout.Size ? trimmed : messageLength == full.Layout.Size ? full : null;
    }

    /// <summary>TimeStamp1 in jiffies and the stream, which the trimmed F&amp;O form carries as doubles.</summary>
    public (long TimeStamp1, byte Stream) ReadPosition(ReadOnlySpan<byte> message)
    {
        if (!IsTrimmed)
        {
            return (FullHeader.TimeStamp1.Read(message), message[FullHeader.Stream.Offset]);
        }

        return Segment == Segment.CapitalMarket
            ? (CmTrade.TimeStamp1.ReadNumber(message), message[CmTrade.TimeStamp2.Offset])
            : (FoTrade.Timestamp1.Read(message), OrderForm.StreamNumber(FoTrade.Timestamp2.Read(message)));
    }

    public void WritePosition(Span<byte> message, long timeStamp1, byte stream)
    {
        if (!IsTrimmed)
        {
            FullHeader.TimeStamp1.Write(message, timeStamp1);
            FullHeader.Stream.WriteNumber(message, stream);
        }
        else if (Segment == Segment.CapitalMarket)
        {
            CmTrade.TimeStamp1.WriteNumber(message, timeStamp1);
            CmTrade.TimeStamp2.WriteNumber(message, stream);
        }
        else
        {
            FoTrade.Timestamp1.Write(message, timeStamp1);
            FoTrade.Timestamp2.Write(message, stream);
        }
    }
}
