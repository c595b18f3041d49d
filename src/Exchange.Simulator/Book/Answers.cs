using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>When and where a message was made: the exchange stamps every one with it.</summary>
public sealed record Stamp(DateTimeOffset At, byte Stream, long TimeStamp1);

/// <summary>Fills the exchange's order messages, in the form of the request (NSE-TAP.md 5.1, 5.8).</summary>
public static class Answers
{
    /// <summary>The form in which a request of this code is answered.</summary>
    public static OrderForm Form(Segment segment, short code) => (segment, code < OrderForm.TrimmedOffset) switch
    {
        (Segment.CapitalMarket, false) => OrderForm.CmTrimmed,
        (Segment.CapitalMarket, true) => OrderForm.CmFull,
        (_, false) => OrderForm.FoTrimmed,
        (_, true) => OrderForm.FoFull,
    };

    /// <summary>An answer that repeats the request's fields; everything the exchange decides is still open.</summary>
    public static byte[] FromRequest(Segment segment, short code, ReadOnlySpan<byte> request)
    {
        var form = Form(segment, code);
        var answer = new byte[form.Layout.Size];
        form.Layout.Clear(answer);
        RequestLayout(form, code).CopyShared(request, form.Layout, answer);
        form.UserId.Write(answer, RequestUser(segment, code, request));
        if (segment == Segment.CapitalMarket)
        {
            (form.IsTrimmed ? CmOrderAnswer.SettlementType : CmFullOrder.SettlementType).Write(answer, 1);
        }

        if (!form.IsTrimmed)
        {
            MessageHeader.MessageLength.Write(answer, (short)answer.Length);
            MessageHeader.AlphaChar.Write(answer, request.Slice(form.Symbol.Offset, 2));
        }

        return answer;
    }

    /// <summary>The signed-on user in whose name a request comes.</summary>
    public static int RequestUser(Segment segment, short code, ReadOnlySpan<byte> request) => code < OrderForm.TrimmedOffset
        ? MessageHeader.TraderId.Read(request)
        : (segment, code) switch
        {
            (Segment.CapitalMarket, TransactionCode.OrderEntry) => CmOrderEntry.TraderId.Read(request),
            (Segment.CapitalMarket, _) => CmOrderChange.UserId.Read(request),
            (_, TransactionCode.OrderEntry) => FoOrderEntry.UserId.Read(request),
            _ => FoOrderChange.UserId.Read(request),
        };

    /// <param name="code">The trimmed code; the full form carries its twin.</param>
    public static void Write(OrderForm form, Span<byte> answer, short code, short error, short reason, char modifiedBy, Stamp stamp)
    {
        MessageHeader.TransactionCode.Write(answer, form.IsTrimmed ? code : (short)(code - OrderForm.TrimmedOffset));
        form.LogTime.Write(answer, NnfTime.ToSeconds(stamp.At));
        form.ErrorCode.Write(answer, error);
        form.ReasonCode.Write(answer, reason);
        form.ModifiedBy.Write(answer, [modifiedBy]);
        form.TimeStamp1.Write(answer, stamp.TimeStamp1);
        form.Stream.WriteNumber(answer, stamp.Stream);
        form.EngineTime.Write(answer, NnfTime.ToNanoseconds(stamp.At));
    }

    /// <summary>20042 or 20072 for an order in the book: the book's quantities, the request's stale references (N21).</summary>
    public static void WriteBookQuantities(ExchangeOrder order, OrderForm form, Span<byte> answer)
    {
        form.Volume.Write(answer, order.Volume);
        form.Remaining.Write(answer, order.Remaining);
        form.FilledToday.Write(answer, order.Filled);
        form.EntryDateTime.Write(answer, order.Form.EntryDateTime.Read(order.Answer));
    }

    /// <summary>One fill, in the form of the order.</summary>
    public static byte[] Trade(ExchangeOrder order, int number, int quantity, int price, Stamp stamp)
    {
        var form = TradeForm(order.Form);
        var trade = Activity(order, form, form.IsTrimmed ? TransactionCode.Trade : TransactionCode.FullTrade, stamp);
        form.Flags.WriteNumber(trade, order.Form.Flags.ReadNumber(order.Answer) | TradedFlag(order.Form.Segment));
        form.FillNumber.Write(trade, number);
        form.FillQuantity.Write(trade, quantity);
        form.FillPrice.Write(trade, price);
        return trade;
    }

    /// <summary>2212: a stop order has become a regular one.</summary>
    public static byte[] Triggered(ExchangeOrder order, Stamp stamp) => Activity(order, TradeForm(order.Form), TransactionCode.StopLossTriggered, stamp);

    public static long TradedFlag(Segment segment) => segment == Segment.CapitalMarket ? CmOrderFlags.Traded : FoOrderFlags.Traded;

    public static long ModifiedFlag(Segment segment) => segment == Segment.CapitalMarket ? CmOrderFlags.Modified : FoOrderFlags.Modified;

    private static byte[] Activity(ExchangeOrder order, TradeForm form, short code, Stamp stamp)
    {
        var trade = new byte[form.Layout.Size];
        form.Layout.Clear(trade);
        order.Form.Layout.CopyShared(order.Answer, form.Layout, trade);
        MessageHeader.TransactionCode.Write(trade, code);
        if (!form.IsTrimmed)
        {
            MessageHeader.ErrorCode.Write(trade, 0);
            MessageHeader.MessageLength.Write(trade, (short)trade.Length);
        }

        form.LogTime.Write(trade, NnfTime.ToSeconds(stamp.At));
        form.UserId.Write(trade, order.UserId);
        form.EngineTime.Write(trade, NnfTime.ToNanoseconds(stamp.At));
        form.WritePosition(trade, stamp.TimeStamp1, stamp.Stream);
        form.OrderNumber.Write(trade, order.Number);
        form.Account.Write(trade, order.Account);
        form.Volume.Write(trade, order.Volume);
        form.Remaining.Write(trade, order.Volume - order.Filled);
        form.FilledToday.Write(trade, order.Filled);
        form.ActivityType.Write(trade, order.IsBuy ? "B" : "S");
        form.ActivityTime.Write(trade, NnfTime.ToSeconds(stamp.At));
        form.LastActivityReference.Write(trade, order.LastActivityReference);
        WriteSegmentPart(order, form, trade);
        return trade;
    }

    private static void WriteSegmentPart(ExchangeOrder order, TradeForm form, Span<byte> trade)
    {
        if (order.Form.Segment == Segment.CapitalMarket)
        {
            (form.IsTrimmed ? CmTrade.TraderNum : CmFullTrade.TraderNum).Write(trade, order.UserId);
            return;
        }

        form.Token!.Value.Write(trade, order.Form.Token!.Value.Read(order.Answer));
        (form.IsTrimmed ? FoTrade.BookType : FoFullTrade.BookType).Write(trade, "1");
        var (settlor, participant) = form.IsTrimmed ? (FoOrderAnswer.Settlor, FoTrade.Participant) : (FoFullOrder.Settlor, FoFullTrade.Participant);
        order.Answer.AsSpan(settlor.Offset, settlor.Size).CopyTo(trade[participant.Offset..]);
        if (!form.IsTrimmed)
        {
            FoFullTrade.TraderNumber.Write(trade, order.UserId);
        }
    }

    private static TradeForm TradeForm(OrderForm form) => (form.Segment, form.IsTrimmed) switch
    {
        (Segment.CapitalMarket, true) => Wire.TradeForm.CmTrimmed,
        (Segment.CapitalMarket, false) => Wire.TradeForm.CmFull,
        (_, true) => Wire.TradeForm.FoTrimmed,
        (_, false) => Wire.TradeForm.FoFull,
    };

    private static StructureLayout RequestLayout(OrderForm form, short code) => (form.Segment, form.IsTrimmed, code == TransactionCode.OrderEntry) switch
    {
        (_, false, _) => form.Layout,
        (Segment.CapitalMarket, true, true) => CmOrderEntry.Layout,
        (Segment.CapitalMarket, true, false) => CmOrderChange.Layout,
        (_, true, true) => FoOrderEntry.Layout,
        (_, true, false) => FoOrderChange.Layout,
    };
}
