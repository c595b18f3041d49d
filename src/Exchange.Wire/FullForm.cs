using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Wire;

/// <summary>Turns trimmed answers and trades into their full-size forms, in which downloads and F&amp;O refusals travel (NSE-TAP.md N9, 6.3).</summary>
public static class FullForm
{
    /// <summary>The full-size twin of a trimmed answer or trade; the code is 18000 lower.</summary>
    public static byte[] FromTrimmed(Segment segment, ReadOnlySpan<byte> trimmed)
    {
        var code = MessageHeader.TransactionCode.Read(trimmed);
        return code == TransactionCode.Trade ? FromTrade(segment, trimmed) : FromAnswer(segment, trimmed, code);
    }

    private static byte[] FromAnswer(Segment segment, ReadOnlySpan<byte> trimmed, short code)
    {
        var (small, large) = segment == Segment.CapitalMarket
            ? (OrderForm.CmTrimmed, OrderForm.CmFull)
            : (OrderForm.FoTrimmed, OrderForm.FoFull);
        var full = new byte[large.Layout.Size];
        large.Layout.Begin(full, (short)(code - OrderForm.TrimmedOffset), small.UserId.Read(trimmed));
        small.Layout.CopyShared(trimmed, large.Layout, full);
        large.LogTime.Write(full, small.LogTime.Read(trimmed));
        large.ErrorCode.Write(full, small.ErrorCode.Read(trimmed));
        large.EngineTime.Write(full, small.EngineTime.Read(trimmed));
        large.TimeStamp1.Write(full, small.TimeStamp1.Read(trimmed));
        large.Stream.Write(full, small.Stream.Read(trimmed));
        MessageHeader.AlphaChar.Write(full, trimmed.Slice(small.Symbol.Offset, 2));
        return full;
    }

    private static byte[] FromTrade(Segment segment, ReadOnlySpan<byte> trimmed)
    {
        var (small, large) = segment == Segment.CapitalMarket
            ? (TradeForm.CmTrimmed, TradeForm.CmFull)
            : (TradeForm.FoTrimmed, TradeForm.FoFull);
        var full = new byte[large.Layout.Size];
        large.Layout.Begin(full, TransactionCode.FullTrade, small.UserId.Read(trimmed));
        small.Layout.CopyShared(trimmed, large.Layout, full);
        if (segment == Segment.FuturesAndOptions)
        {
            FoFullTrade.TraderNumber.Write(full, FoTrade.TraderId.Read(trimmed));
        }

        large.LogTime.Write(full, small.LogTime.Read(trimmed));
        large.EngineTime.Write(full, small.EngineTime.Read(trimmed));
        var (timeStamp1, stream) = small.ReadPosition(trimmed);
        large.WritePosition(full, timeStamp1, stream);
        MessageHeader.AlphaChar.Write(full, trimmed.Slice(small.Symbol.Offset, 2));
        return full;
    }
}
