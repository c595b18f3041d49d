using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Orders and cancels as a member writes them.</summary>
internal static class Orders
{
    public static byte[] Cash(BuySell side, int quantity, int price, int reference = 700001, string symbol = "INFY", string account = "CLI0001", string pan = "ABCDE1234F")
    {
        var message = new byte[CmOrderEntry.Layout.Size];
        CmOrderEntry.Layout.Clear(message);
        CmOrderEntry.TransactionCode.Write(message, TransactionCode.OrderEntry);
        CmOrderEntry.TraderId.Write(message, TestMember.User);
        CmOrderEntry.UserId.Write(message, TestMember.User);
        CmOrderEntry.Symbol.Write(message, symbol);
        CmOrderEntry.Series.Write(message, "EQ");
        CmOrderEntry.AccountNumber.Write(message, account);
        CmOrderEntry.BookType.Write(message, 1);
        CmOrderEntry.BuySell.Write(message, (short)side);
        CmOrderEntry.Volume.Write(message, quantity);
        CmOrderEntry.Price.Write(message, price);
        CmOrderEntry.OrderFlags.WriteNumber(message, CmOrderFlags.Day);
        CmOrderEntry.BranchId.Write(message, 7);
        CmOrderEntry.BrokerId.Write(message, "90123");
        CmOrderEntry.Settlor.Write(message, "90123");
        CmOrderEntry.ProClient.Write(message, 1);
        CmOrderEntry.NNFField.Write(message, 111111111111000);
        CmOrderEntry.TransactionId.Write(message, reference);
        CmOrderEntry.PAN.Write(message, pan);
        return message;
    }

    public static byte[] Future(BuySell side, int quantity, int price, int reference = 700001, int token = 58072)
    {
        var message = new byte[FoOrderEntry.Layout.Size];
        FoOrderEntry.Layout.Clear(message);
        FoOrderEntry.TransactionCode.Write(message, TransactionCode.OrderEntry);
        FoOrderEntry.UserId.Write(message, TestMember.User);
        FoOrderEntry.TraderId.Write(message, TestMember.User);
        FoOrderEntry.TokenNo.Write(message, token);
        FoOrderEntry.InstrumentName.Write(message, "FUTIDX");
        FoOrderEntry.Symbol.Write(message, "NIFTY");
        FoOrderEntry.ExpiryDate.Write(message, NnfTime.ToSeconds(new DateTimeOffset(2026, 12, 29, 14, 30, 0, NnfTime.IndiaOffset)));
        FoOrderEntry.StrikePrice.Write(message, -1);
        FoOrderEntry.OptionType.Write(message, "XX");
        FoOrderEntry.AccountNumber.Write(message, "CLI0001");
        FoOrderEntry.BookType.Write(message, 1);
        FoOrderEntry.BuySell.Write(message, (short)side);
        FoOrderEntry.Volume.Write(message, quantity);
        FoOrderEntry.Price.Write(message, price);
        FoOrderEntry.OrderFlags.WriteNumber(message, FoOrderFlags.Day);
        FoOrderEntry.BrokerId.Write(message, "90123");
        FoOrderEntry.OpenClose.Write(message, "O");
        FoOrderEntry.ProClient.Write(message, 1);
        FoOrderEntry.Filler.Write(message, reference);
        FoOrderEntry.PAN.Write(message, "ABCDE1234F");
        return message;
    }

    /// <summary>The cancel of an order from its last answer, as members make it: by copying.</summary>
    public static byte[] Cancel(Segment segment, byte[] answer) => Change(segment, answer, TransactionCode.OrderCancel);

    /// <summary>A stop order in its full-size form: the entry, as an answer would look, with book, flag and trigger.</summary>
    public static byte[] Stop(Segment segment, BuySell side, int quantity, int price, int trigger)
    {
        var trimmed = segment == Segment.CapitalMarket ? Cash(side, quantity, price) : Future(side, quantity, price);
        var (from, form) = segment == Segment.CapitalMarket ? (CmOrderEntry.Layout, OrderForm.CmFull) : (FoOrderEntry.Layout, OrderForm.FoFull);
        var message = new byte[form.Layout.Size];
        form.Layout.Begin(message, TransactionCode.FullOrderEntry, TestMember.User);
        from.CopyShared(trimmed, form.Layout, message);
        MessageHeader.AlphaChar.Write(message, message.AsSpan(form.Symbol.Offset, 2));
        form.Flags.WriteNumber(message, form.Flags.ReadNumber(message) | CmOrderFlags.StopLoss);
        (segment == Segment.CapitalMarket ? CmFullOrder.BookType : FoFullOrder.BookType).Write(message, 3);
        (segment == Segment.CapitalMarket ? CmFullOrder.TriggerPrice : FoFullOrder.TriggerPrice).Write(message, trigger);
        return message;
    }

    /// <summary>The order with another total quantity and price, the rest copied from its last answer.</summary>
    public static byte[] Modify(Segment segment, byte[] answer, int volume, int price, int reference = 700002)
    {
        var message = Change(segment, answer, TransactionCode.OrderModify);
        if (segment == Segment.CapitalMarket)
        {
            CmOrderChange.Volume.Write(message, volume);
            CmOrderChange.Price.Write(message, price);
            CmOrderChange.TransactionId.Write(message, reference);
        }
        else
        {
            FoOrderChange.Volume.Write(message, volume);
            FoOrderChange.Price.Write(message, price);
            FoOrderChange.Filler.Write(message, reference);
        }

        return message;
    }

    /// <summary>An answer as a trade after it has made it: the reference and the time that the next request must carry.</summary>
    public static byte[] After(Segment segment, byte[] answer, byte[] trade)
    {
        var (form, fill) = segment == Segment.CapitalMarket ? (OrderForm.CmTrimmed, TradeForm.CmTrimmed) : (OrderForm.FoTrimmed, TradeForm.FoTrimmed);
        var copy = answer.ToArray();
        form.LastActivityReference.Write(copy, fill.LastActivityReference.Read(trade));
        form.LastModified.Write(copy, fill.ActivityTime.Read(trade));
        return copy;
    }

    private static byte[] Change(Segment segment, byte[] answer, short code)
    {
        var (form, layout) = segment == Segment.CapitalMarket ? (OrderForm.CmTrimmed, CmOrderChange.Layout) : (OrderForm.FoTrimmed, FoOrderChange.Layout);
        var message = new byte[layout.Size];
        layout.Clear(message);
        form.Layout.CopyShared(answer, layout, message);
        MessageHeader.TransactionCode.Write(message, code);
        return message;
    }
}
