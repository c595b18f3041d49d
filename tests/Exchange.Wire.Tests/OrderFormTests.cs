namespace Backup.Exchange.Wire.Tests;

public class OrderFormTests
{
    [Theory]
    [InlineData("order_confirmation_tr_cm", Segment.CapitalMarket, 1100000000000457)]
    [InlineData("order_error_tr_cm", Segment.CapitalMarket, 0)]
    [InlineData("ioc_remainder_cancelled_tr_cm", Segment.CapitalMarket, 1100000000000457)]
    [InlineData("fo_order_confirmation_tr", Segment.FuturesAndOptions, 1200000000000891)]
    public void A_trimmed_answer_and_its_full_size_twin_say_the_same(string name, Segment segment, long number)
    {
        var trimmed = Vectors.Named(name).Message;
        var full = FullForm.FromTrimmed(segment, trimmed);
        var (small, large) = (OrderForm.Find(segment, trimmed.Length)!, OrderForm.Find(segment, full.Length)!);
        Assert.True(small.IsTrimmed && !large.IsTrimmed);
        Assert.Equal(Vectors.Named(name).Code - OrderForm.TrimmedOffset, Layouts.MessageHeader.TransactionCode.Read(full));
        Assert.Equal(full.Length, Layouts.MessageHeader.MessageLength.Read(full));
        Assert.Equal(number, large.OrderNumber.Read(full));
        Assert.Equal(small.UserId.Read(trimmed), large.UserId.Read(full));
        Assert.Equal(small.ErrorCode.Read(trimmed), large.ErrorCode.Read(full));
        Assert.Equal(small.TimeStamp1.Read(trimmed), large.TimeStamp1.Read(full));
        Assert.Equal(small.Stream.ReadNumber(trimmed), large.Stream.ReadNumber(full));
        Assert.Equal(small.EngineTime.Read(trimmed), large.EngineTime.Read(full));
        Assert.Equal(small.Account.Read(trimmed), large.Account.Read(full));
        Assert.Equal(small.Volume.Read(trimmed), large.Volume.Read(full));
        Assert.Equal(small.Remaining.Read(trimmed), large.Remaining.Read(full));
        Assert.Equal(small.LastActivityReference.Read(trimmed), large.LastActivityReference.Read(full));
        Assert.Equal(small.Flags.ReadNumber(trimmed), large.Flags.ReadNumber(full));
        Assert.Equal(segment == Segment.CapitalMarket, large.ClientReference is null);
    }

    [Theory]
    [InlineData(Segment.CapitalMarket)]
    [InlineData(Segment.FuturesAndOptions)]
    public void A_trimmed_trade_and_its_full_size_twin_say_the_same(Segment segment)
    {
        var small = segment == Segment.CapitalMarket ? TradeForm.CmTrimmed : TradeForm.FoTrimmed;
        var trimmed = new byte[small.Layout.Size];
        small.Layout.Clear(trimmed);
        Layouts.MessageHeader.TransactionCode.Write(trimmed, TransactionCode.Trade);
        small.OrderNumber.Write(trimmed, 1100000000000457);
        small.Account.Write(trimmed, "CLI0001");
        small.BuySell.Write(trimmed, 2);
        small.Volume.Write(trimmed, 100);
        small.Remaining.Write(trimmed, 60);
        small.FillNumber.Write(trimmed, 75001234);
        small.FillQuantity.Write(trimmed, 40);
        small.FillPrice.Write(trimmed, 152495);
        small.ActivityTime.Write(trimmed, 1479633337);
        small.LastActivityReference.Write(trimmed, 1479633337300000002);
        small.WritePosition(trimmed, 96969250530918, 2);

        var full = FullForm.FromTrimmed(segment, trimmed);
        var large = TradeForm.Find(segment, full.Length)!;
        Assert.Equal(TransactionCode.FullTrade, Layouts.MessageHeader.TransactionCode.Read(full));
        Assert.Equal((96969250530918, (byte)2), large.ReadPosition(full));
        Assert.Equal(1100000000000457, large.OrderNumber.Read(full));
        Assert.Equal("CLI0001", large.Account.Read(full));
        Assert.Equal((2, 100, 60), (large.BuySell.Read(full), large.Volume.Read(full), large.Remaining.Read(full)));
        Assert.Equal((75001234, 40, 152495), (large.FillNumber.Read(full), large.FillQuantity.Read(full), large.FillPrice.Read(full)));
        Assert.Equal(1479633337, large.ActivityTime.Read(full));
        Assert.Equal(1479633337300000002, large.LastActivityReference.Read(full));
    }
}
