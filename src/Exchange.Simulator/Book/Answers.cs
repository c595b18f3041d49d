using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>When and where a message was made: the exchange stamps every one with it.</summary>
public sealed record Stamp(DateTimeOffset At, byte Stream, long TimeStamp1);

/// <summary>Fills the exchange's order messages in their trimmed form (NSE-TAP.md 5.8).</summary>
public static class Answers
{
    public static OrderForm Form(Segment segment) => segment == Segment.CapitalMarket ? OrderForm.CmTrimmed : OrderForm.FoTrimmed;

    /// <summary>An answer that repeats the request's fields; everything the exchange decides is still open.</summary>
    public static byte[] FromRequest(Segment segment, StructureLayout requestLayout, ReadOnlySpan<byte> request)
    {
        var form = Form(segment);
        var answer = new byte[form.Layout.Size];
        form.Layout.Clear(answer);
        requestLayout.CopyShared(request, form.Layout, answer);
        if (segment == Segment.CapitalMarket)
        {
            CmOrderAnswer.SettlementType.Write(answer, 1);
        }

        return answer;
    }

    public static void Write(OrderForm form, Span<byte> answer, short code, short error, short reason, char modifiedBy, Stamp stamp)
    {
        MessageHeader.TransactionCode.Write(answer, code);
        form.LogTime.Write(answer, NnfTime.ToSeconds(stamp.At));
        form.ErrorCode.Write(answer, error);
        form.ReasonCode.Write(answer, reason);
        form.ModifiedBy.Write(answer, [modifiedBy]);
        form.TimeStamp1.Write(answer, stamp.TimeStamp1);
        form.Stream.WriteNumber(answer, stamp.Stream);
        form.EngineTime.Write(answer, NnfTime.ToNanoseconds(stamp.At));
    }

    /// <summary>20042 or 20072 for an order in the book: the book's quantities, the request's stale references (N21).</summary>
    public static void WriteBookQuantities(ExchangeOrder order, Span<byte> answer)
    {
        order.Form.Volume.Write(answer, order.Volume);
        order.Form.Remaining.Write(answer, order.Remaining);
        order.Form.FilledToday.Write(answer, order.Filled);
        order.Form.EntryDateTime.Write(answer, order.Form.EntryDateTime.Read(order.Answer));
    }

    public static byte[] Trade(ExchangeOrder order, int number, int quantity, int price, Stamp stamp)
    {
        var form = order.Form.Segment == Segment.CapitalMarket ? TradeForm.CmTrimmed : TradeForm.FoTrimmed;
        var trade = new byte[form.Layout.Size];
        form.Layout.Clear(trade);
        order.Form.Layout.CopyShared(order.Answer, form.Layout, trade);
        MessageHeader.TransactionCode.Write(trade, TransactionCode.Trade);
        form.LogTime.Write(trade, NnfTime.ToSeconds(stamp.At));
        form.UserId.Write(trade, order.UserId);
        form.EngineTime.Write(trade, NnfTime.ToNanoseconds(stamp.At));
        form.WritePosition(trade, stamp.TimeStamp1, stamp.Stream);
        form.OrderNumber.Write(trade, order.Number);
        form.Account.Write(trade, order.Account);
        form.Volume.Write(trade, order.Volume);
        form.Remaining.Write(trade, order.Volume - order.Filled);
        form.FilledToday.Write(trade, order.Filled);
        form.Flags.WriteNumber(trade, order.Form.Flags.ReadNumber(order.Answer) | TradedFlag(order.Form.Segment));
        form.FillNumber.Write(trade, number);
        form.FillQuantity.Write(trade, quantity);
        form.FillPrice.Write(trade, price);
        form.ActivityType.Write(trade, order.IsBuy ? "B" : "S");
        form.ActivityTime.Write(trade, NnfTime.ToSeconds(stamp.At));
        form.LastActivityReference.Write(trade, order.LastActivityReference);
        WriteSegmentPart(order, trade);
        return trade;
    }

    private static void WriteSegmentPart(ExchangeOrder order, Span<byte> trade)
    {
        if (order.Form.Segment == Segment.CapitalMarket)
        {
            CmTrade.TraderNum.Write(trade, order.UserId);
        }
        else
        {
            FoTrade.Token.Write(trade, FoOrderAnswer.TokenNo.Read(order.Answer));
            FoTrade.BookType.Write(trade, "1");
            order.Answer.AsSpan(FoOrderAnswer.Settlor.Offset, FoOrderAnswer.Settlor.Size).CopyTo(trade[FoTrade.Participant.Offset..]);
        }
    }

    public static long TradedFlag(Segment segment) => segment == Segment.CapitalMarket ? CmOrderFlags.Traded : FoOrderFlags.Traded;

    public static long ModifiedFlag(Segment segment) => segment == Segment.CapitalMarket ? CmOrderFlags.Modified : FoOrderFlags.Modified;

    public static Int32Field Disclosed(Segment segment) => segment == Segment.CapitalMarket ? CmOrderAnswer.DisclosedVol : FoOrderAnswer.DisclosedVolume;
}
