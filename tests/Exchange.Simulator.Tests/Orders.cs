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
    public static byte[] Cancel(Segment segment, byte[] answer)
    {
        var (form, layout) = segment == Segment.CapitalMarket ? (OrderForm.CmTrimmed, CmOrderChange.Layout) : (OrderForm.FoTrimmed, FoOrderChange.Layout);
        var message = new byte[layout.Size];
        layout.Clear(message);
        form.Layout.CopyShared(answer, layout, message);
        MessageHeader.TransactionCode.Write(message, TransactionCode.OrderCancel);
        return message;
    }
}
