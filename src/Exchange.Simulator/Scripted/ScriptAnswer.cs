using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Scripted;

/// <summary>Fills a message as the exchange fills its answers, so that a script names only what matters (NSE-TAP.md 5.8).</summary>
public static class ScriptAnswer
{
    private static long _last;

    public static byte[] Blank(MessageKind kind)
    {
        var message = new byte[kind.Layout.Size];
        if (FieldText.Find(kind.Layout, "Hdr.TransactionCode") is not null)
        {
            kind.Layout.Begin(message, kind.Code, 0);
        }
        else
        {
            kind.Layout.Clear(message);
            MessageHeader.TransactionCode.Write(message, kind.Code);
        }

        return message;
    }

    /// <summary>A message that repeats the fields of the member's and carries the present time and a reference of its own.</summary>
    public static byte[] To(ReadOnlySpan<byte> request, StructureLayout requestLayout, MessageKind kind, Segment segment, DateTimeOffset now)
    {
        var answer = Blank(kind);
        requestLayout.CopyShared(request, kind.Layout, answer);
        MessageHeader.TransactionCode.Write(answer, kind.Code);
        var reference = _last = Math.Max(_last + 1, NnfTime.ToNanoseconds(now));
        if (OrderForm.Find(segment, answer.Length) is { } form && form.Layout == kind.Layout)
        {
            FillOrder(request, requestLayout, form, answer, kind.Code, reference, now);
        }
        else if (TradeForm.Find(segment, answer.Length) is { } trade && trade.Layout == kind.Layout)
        {
            FillTrade(request, requestLayout, trade, answer, reference, now);
        }
        else if (FieldText.Find(kind.Layout, "Hdr.TransactionCode") is not null)
        {
            MessageHeader.MessageLength.Write(answer, (short)answer.Length);
            MessageHeader.LogTime.Write(answer, NnfTime.ToSeconds(now));
        }

        return answer;
    }

    private static void FillOrder(
        ReadOnlySpan<byte> request, StructureLayout requestLayout, OrderForm form, byte[] answer, short code, long reference, DateTimeOffset now)
    {
        form.UserId.Write(answer, User(request, requestLayout));
        form.LogTime.Write(answer, NnfTime.ToSeconds(now));
        form.EngineTime.Write(answer, NnfTime.ToNanoseconds(now));
        form.TimeStamp1.Write(answer, NnfTime.ToJiffies(now));
        form.Stream.WriteNumber(answer, 1);
        if (code is TransactionCode.OrderConfirmed or TransactionCode.ModifyConfirmed or TransactionCode.CancelConfirmed
            or TransactionCode.FullOrderConfirmed or TransactionCode.FullModifyConfirmed or TransactionCode.FullCancelConfirmed)
        {
            form.Remaining.Write(answer, form.Volume.Read(answer) - form.FilledToday.Read(answer));
            form.EntryDateTime.Write(answer, NnfTime.ToSeconds(now));
            form.LastModified.Write(answer, NnfTime.ToSeconds(now));
            form.LastActivityReference.Write(answer, reference);
        }
    }

    private static void FillTrade(
        ReadOnlySpan<byte> request, StructureLayout requestLayout, TradeForm form, byte[] answer, long reference, DateTimeOffset now)
    {
        form.UserId.Write(answer, User(request, requestLayout));
        form.LogTime.Write(answer, NnfTime.ToSeconds(now));
        form.EngineTime.Write(answer, NnfTime.ToNanoseconds(now));
        form.WritePosition(answer, NnfTime.ToJiffies(now), 1);
        form.ActivityTime.Write(answer, NnfTime.ToSeconds(now));
        form.ActivityType.Write(answer, form.BuySell.Read(answer) == (short)BuySell.Buy ? "B" : "S");
        form.LastActivityReference.Write(answer, reference);
        form.FillNumber.Write(answer, (int)(reference % 1_000_000_000));
        form.FillPrice.Write(answer, form.Price.Read(answer));
        if (FieldText.Find(requestLayout, "AccountNumber") is { } account)
        {
            form.Account.Write(answer, FieldText.Read(request, account));
        }

        if (FieldText.Find(requestLayout, "OrderNumber") is { } order)
        {
            form.OrderNumber.Write(answer, new DoubleInteger(order.Offset).TryRead(request, out var number) ? number : 0);
        }

        if ((FieldText.Find(requestLayout, "Volume")) is { } volume)
        {
            form.Volume.Write(answer, new Int32Field(volume.Offset).Read(request));
        }

        if (form.Token is { } token && FieldText.Find(requestLayout, "TokenNo") is { } named)
        {
            token.Write(answer, new Int32Field(named.Offset).Read(request));
        }
    }

    /// <summary>The signed-on user: an order names him at its front, whatever the field is called.</summary>
    private static int User(ReadOnlySpan<byte> request, StructureLayout layout)
    {
        var field = layout == CmOrderEntry.Layout ? CmOrderEntry.TraderId
            : FieldText.Find(layout, "Hdr.TraderId") is { } header ? new Int32Field(header.Offset)
            : FieldText.Find(layout, "UserId") is { } user ? new Int32Field(user.Offset)
            : (Int32Field?)null;
        return field?.Read(request) ?? 0;
    }
}
