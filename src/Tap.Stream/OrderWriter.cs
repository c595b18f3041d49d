using System.Diagnostics;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>Writes orders and cancels as the exchange wants them: trimmed, regular-lot book, day validity, client orders (NSE-TAP.md 5).</summary>
public sealed class OrderWriter(TapSessionOptions options)
{
    /// <summary>The largest message written here.</summary>
    public const int MaxLength = 186;

    /// <summary>Fills the front of the buffer and returns that part of it.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, TapRequest request) => request switch
    {
        TapRequest.Enter { Order: var order } => options.Segment == Segment.CapitalMarket ? CashEntry(buffer, order) : ContractEntry(buffer, order),
        TapRequest.Cancel { Order: var order, Reference: var reference } =>
            options.Segment == Segment.CapitalMarket ? CashCancel(buffer, order, reference) : ContractCancel(buffer, order, reference),
        _ => throw new UnreachableException($"No wire form for {request.GetType().Name}."),
    };

    private Span<byte> CashEntry(Span<byte> buffer, TapOrder order)
    {
        CmOrderEntry.Layout.Clear(buffer);
        CmOrderEntry.TransactionCode.Write(buffer, TransactionCode.OrderEntry);
        CmOrderEntry.TraderId.Write(buffer, options.UserId);
        CmOrderEntry.Symbol.Write(buffer, order.Instrument.Symbol);
        CmOrderEntry.Series.Write(buffer, order.Instrument.Series);
        CmOrderEntry.AccountNumber.Write(buffer, order.Account);
        CmOrderEntry.BookType.Write(buffer, 1);
        CmOrderEntry.BuySell.Write(buffer, (short)order.Side);
        CmOrderEntry.Volume.Write(buffer, order.Quantity);
        CmOrderEntry.Price.Write(buffer, order.PricePaise);
        CmOrderEntry.OrderFlags.WriteNumber(buffer, CmOrderFlags.Day);
        CmOrderEntry.BranchId.Write(buffer, options.BranchId);
        CmOrderEntry.UserId.Write(buffer, options.UserId);
        CmOrderEntry.BrokerId.Write(buffer, options.BrokerId);
        CmOrderEntry.Settlor.Write(buffer, options.BrokerId);
        CmOrderEntry.ProClient.Write(buffer, 1);
        CmOrderEntry.NNFField.Write(buffer, options.NnfField);
        CmOrderEntry.TransactionId.Write(buffer, order.ClientReference);
        CmOrderEntry.PAN.Write(buffer, order.Pan);
        return buffer[..CmOrderEntry.Layout.Size];
    }

    private Span<byte> CashCancel(Span<byte> buffer, TapOrder order, ExchangeOrderReference reference)
    {
        CmOrderChange.Layout.Clear(buffer);
        CmOrderChange.TransactionCode.Write(buffer, TransactionCode.OrderCancel);
        CmOrderChange.UserId.Write(buffer, options.UserId);
        CmOrderChange.ModCxlBy.Write(buffer, "T");
        CmOrderChange.Symbol.Write(buffer, order.Instrument.Symbol);
        CmOrderChange.Series.Write(buffer, order.Instrument.Series);
        CmOrderChange.OrderNumber.Write(buffer, reference.OrderNumber);
        CmOrderChange.AccountNumber.Write(buffer, order.Account);
        CmOrderChange.BookType.Write(buffer, 1);
        CmOrderChange.BuySell.Write(buffer, (short)order.Side);
        CmOrderChange.TotalVolRemaining.Write(buffer, reference.TotalVolumeRemaining);
        CmOrderChange.Volume.Write(buffer, reference.Volume);
        CmOrderChange.VolumeFilledToday.Write(buffer, reference.VolumeFilledToday);
        CmOrderChange.Price.Write(buffer, reference.PricePaise);
        CmOrderChange.EntryDateTime.Write(buffer, reference.EntryDateTime);
        CmOrderChange.LastModified.Write(buffer, reference.LastModified);
        CmOrderChange.OrderFlags.WriteNumber(buffer, reference.OrderFlags);
        CmOrderChange.BranchId.Write(buffer, options.BranchId);
        CmOrderChange.TraderId.Write(buffer, options.UserId);
        CmOrderChange.BrokerId.Write(buffer, options.BrokerId);
        CmOrderChange.Settlor.Write(buffer, options.BrokerId);
        CmOrderChange.ProClient.Write(buffer, 1);
        CmOrderChange.NNFField.Write(buffer, options.NnfField);
        CmOrderChange.TransactionId.Write(buffer, order.ClientReference);
        CmOrderChange.PAN.Write(buffer, order.Pan);
        CmOrderChange.LastActivityReference.Write(buffer, reference.LastActivityReference);
        return buffer[..CmOrderChange.Layout.Size];
    }

    private Span<byte> ContractEntry(Span<byte> buffer, TapOrder order)
    {
        FoOrderEntry.Layout.Clear(buffer);
        FoOrderEntry.TransactionCode.Write(buffer, TransactionCode.OrderEntry);
        FoOrderEntry.UserId.Write(buffer, options.UserId);
        FoOrderEntry.TokenNo.Write(buffer, order.Instrument.Token);
        FoOrderEntry.InstrumentName.Write(buffer, order.Instrument.InstrumentName);
        FoOrderEntry.Symbol.Write(buffer, order.Instrument.Symbol);
        FoOrderEntry.ExpiryDate.Write(buffer, order.Instrument.ExpirySeconds);
        FoOrderEntry.StrikePrice.Write(buffer, order.Instrument.StrikePaise);
        FoOrderEntry.OptionType.Write(buffer, order.Instrument.OptionType);
        FoOrderEntry.AccountNumber.Write(buffer, order.Account);
        FoOrderEntry.BookType.Write(buffer, 1);
        FoOrderEntry.BuySell.Write(buffer, (short)order.Side);
        FoOrderEntry.Volume.Write(buffer, order.Quantity);
        FoOrderEntry.Price.Write(buffer, order.PricePaise);
        FoOrderEntry.OrderFlags.WriteNumber(buffer, FoOrderFlags.Day);
        FoOrderEntry.BranchId.Write(buffer, options.BranchId);
        FoOrderEntry.TraderId.Write(buffer, options.UserId);
        FoOrderEntry.BrokerId.Write(buffer, options.BrokerId);
        FoOrderEntry.OpenClose.Write(buffer, "C");
        FoOrderEntry.Settlor.Write(buffer, options.BrokerId);
        FoOrderEntry.ProClient.Write(buffer, 1);
        FoOrderEntry.Filler.Write(buffer, order.ClientReference);
        FoOrderEntry.NnfField.Write(buffer, options.NnfField);
        FoOrderEntry.PAN.Write(buffer, order.Pan);
        return buffer[..FoOrderEntry.Layout.Size];
    }

    private Span<byte> ContractCancel(Span<byte> buffer, TapOrder order, ExchangeOrderReference reference)
    {
        FoOrderChange.Layout.Clear(buffer);
        FoOrderChange.TransactionCode.Write(buffer, TransactionCode.OrderCancel);
        FoOrderChange.UserId.Write(buffer, options.UserId);
        FoOrderChange.ModCxlBy.Write(buffer, "T");
        FoOrderChange.TokenNo.Write(buffer, order.Instrument.Token);
        FoOrderChange.InstrumentName.Write(buffer, order.Instrument.InstrumentName);
        FoOrderChange.Symbol.Write(buffer, order.Instrument.Symbol);
        FoOrderChange.ExpiryDate.Write(buffer, order.Instrument.ExpirySeconds);
        FoOrderChange.StrikePrice.Write(buffer, order.Instrument.StrikePaise);
        FoOrderChange.OptionType.Write(buffer, order.Instrument.OptionType);
        FoOrderChange.OrderNumber.Write(buffer, reference.OrderNumber);
        FoOrderChange.AccountNumber.Write(buffer, order.Account);
        FoOrderChange.BookType.Write(buffer, 1);
        FoOrderChange.BuySell.Write(buffer, (short)order.Side);
        FoOrderChange.TotalVolumeRemaining.Write(buffer, reference.TotalVolumeRemaining);
        FoOrderChange.Volume.Write(buffer, reference.Volume);
        FoOrderChange.VolumeFilledToday.Write(buffer, reference.VolumeFilledToday);
        FoOrderChange.Price.Write(buffer, reference.PricePaise);
        FoOrderChange.EntryDateTime.Write(buffer, reference.EntryDateTime);
        FoOrderChange.LastModified.Write(buffer, reference.LastModified);
        FoOrderChange.OrderFlags.WriteNumber(buffer, reference.OrderFlags);
        FoOrderChange.BranchId.Write(buffer, options.BranchId);
        FoOrderChange.TraderId.Write(buffer, options.UserId);
        FoOrderChange.BrokerId.Write(buffer, options.BrokerId);
        FoOrderChange.OpenClose.Write(buffer, "C");
        FoOrderChange.Settlor.Write(buffer, options.BrokerId);
        FoOrderChange.ProClient.Write(buffer, 1);
        FoOrderChange.Filler.Write(buffer, order.ClientReference);
        FoOrderChange.NnfField.Write(buffer, options.NnfField);
        FoOrderChange.PAN.Write(buffer, order.Pan);
        FoOrderChange.LastActivityReference.Write(buffer, reference.LastActivityReference);
        return buffer[..FoOrderChange.Layout.Size];
    }
}
