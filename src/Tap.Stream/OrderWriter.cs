using System.Diagnostics;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>
/// Writes orders, cancels and changes as the exchange wants them: trimmed, regular-lot book, day validity, client orders (NSE-TAP.md 5);
/// what was entered as a stop order elsewhere is cancelled and changed in the full-size form (5.1).
/// </summary>
public sealed class OrderWriter(TapSessionOptions options)
{
    /// <summary>The largest message written here.</summary>
    public const int MaxLength = 316;

    private readonly FullOrderWriter _full = new(options);

    // What is the same in every message of a box is written once.
    private readonly byte[] _cashEntry = CashEntryForm(options);
    private readonly byte[] _cashCancel = CashCancelForm(options);
    private readonly byte[] _contractEntry = ContractEntryForm(options);
    private readonly byte[] _contractCancel = ContractCancelForm(options);

    /// <summary>Fills the front of the buffer and returns that part of it.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, TapRequest request) => request switch
    {
        TapRequest.Enter { Order: var order } => options.Segment == Segment.CapitalMarket ? CashEntry(buffer, order) : ContractEntry(buffer, order),
        TapRequest.Cancel { Reference.IsFullSize: true } cancel => _full.Cancel(buffer, cancel.Order, cancel.Reference),
        TapRequest.Modify { Reference.IsFullSize: true } modify => _full.Modify(buffer, modify),
        TapRequest.Cancel { Order: var order, Reference: var reference } =>
            options.Segment == Segment.CapitalMarket ? CashCancel(buffer, order, reference) : ContractCancel(buffer, order, reference),
        TapRequest.Modify modify => options.Segment == Segment.CapitalMarket ? CashModify(buffer, modify) : ContractModify(buffer, modify),
        _ => throw new UnreachableException($"No wire form for {request.GetType().Name}."),
    };

    private Span<byte> CashEntry(Span<byte> buffer, TapOrder order)
    {
        _cashEntry.CopyTo(buffer);
        CmOrderEntry.Symbol.Write(buffer, order.Instrument.Symbol);
        CmOrderEntry.Series.Write(buffer, order.Instrument.Series);
        CmOrderEntry.AccountNumber.Write(buffer, order.Account);
        CmOrderEntry.BuySell.Write(buffer, (short)order.Side);
        CmOrderEntry.Volume.Write(buffer, order.Quantity);
        CmOrderEntry.Price.Write(buffer, order.PricePaise);
        CmOrderEntry.TransactionId.Write(buffer, order.ClientReference);
        CmOrderEntry.PAN.Write(buffer, order.Pan);
        return buffer[.._cashEntry.Length];
    }

    private Span<byte> CashCancel(Span<byte> buffer, TapOrder order, ExchangeOrderReference reference)
    {
        _cashCancel.CopyTo(buffer);
        CmOrderChange.Symbol.Write(buffer, order.Instrument.Symbol);
        CmOrderChange.Series.Write(buffer, order.Instrument.Series);
        CmOrderChange.OrderNumber.Write(buffer, reference.OrderNumber);
        CmOrderChange.AccountNumber.Write(buffer, order.Account);
        CmOrderChange.BuySell.Write(buffer, (short)order.Side);
        CmOrderChange.TotalVolRemaining.Write(buffer, reference.TotalVolumeRemaining);
        CmOrderChange.Volume.Write(buffer, reference.Volume);
        CmOrderChange.VolumeFilledToday.Write(buffer, reference.VolumeFilledToday);
        CmOrderChange.Price.Write(buffer, reference.PricePaise);
        CmOrderChange.EntryDateTime.Write(buffer, reference.EntryDateTime);
        CmOrderChange.LastModified.Write(buffer, reference.LastModified);
        CmOrderChange.OrderFlags.WriteNumber(buffer, reference.OrderFlags);
        CmOrderChange.TransactionId.Write(buffer, order.ClientReference);
        CmOrderChange.PAN.Write(buffer, order.Pan);
        CmOrderChange.LastActivityReference.Write(buffer, reference.LastActivityReference);
        return buffer[.._cashCancel.Length];
    }

    /// <summary>The same structure as a cancel, all it echoes included; the new terms are in two fields (NSE-TAP.md 5.3).</summary>
    private Span<byte> CashModify(Span<byte> buffer, TapRequest.Modify modify)
    {
        var message = CashCancel(buffer, modify.Order, modify.Reference);
        CmOrderChange.TransactionCode.Write(message, TransactionCode.OrderModify);
        CmOrderChange.Volume.Write(message, modify.Quantity);
        CmOrderChange.Price.Write(message, modify.PricePaise);
        return message;
    }

    private Span<byte> ContractModify(Span<byte> buffer, TapRequest.Modify modify)
    {
        var message = ContractCancel(buffer, modify.Order, modify.Reference);
        FoOrderChange.TransactionCode.Write(message, TransactionCode.OrderModify);
        FoOrderChange.Volume.Write(message, modify.Quantity);
        FoOrderChange.Price.Write(message, modify.PricePaise);
        return message;
    }

    private Span<byte> ContractEntry(Span<byte> buffer, TapOrder order)
    {
        _contractEntry.CopyTo(buffer);
        FoOrderEntry.TokenNo.Write(buffer, order.Instrument.Token);
        FoOrderEntry.InstrumentName.Write(buffer, order.Instrument.InstrumentName);
        FoOrderEntry.Symbol.Write(buffer, order.Instrument.Symbol);
        FoOrderEntry.ExpiryDate.Write(buffer, order.Instrument.ExpirySeconds);
        FoOrderEntry.StrikePrice.Write(buffer, order.Instrument.StrikePaise);
        FoOrderEntry.OptionType.Write(buffer, order.Instrument.OptionType);
        FoOrderEntry.AccountNumber.Write(buffer, order.Account);
        FoOrderEntry.BuySell.Write(buffer, (short)order.Side);
        FoOrderEntry.Volume.Write(buffer, order.Quantity);
        FoOrderEntry.Price.Write(buffer, order.PricePaise);
        FoOrderEntry.Filler.Write(buffer, order.ClientReference);
        FoOrderEntry.PAN.Write(buffer, order.Pan);
        return buffer[.._contractEntry.Length];
    }

    private Span<byte> ContractCancel(Span<byte> buffer, TapOrder order, ExchangeOrderReference reference)
    {
        _contractCancel.CopyTo(buffer);
        FoOrderChange.TokenNo.Write(buffer, order.Instrument.Token);
        FoOrderChange.InstrumentName.Write(buffer, order.Instrument.InstrumentName);
        FoOrderChange.Symbol.Write(buffer, order.Instrument.Symbol);
        FoOrderChange.ExpiryDate.Write(buffer, order.Instrument.ExpirySeconds);
        FoOrderChange.StrikePrice.Write(buffer, order.Instrument.StrikePaise);
        FoOrderChange.OptionType.Write(buffer, order.Instrument.OptionType);
        FoOrderChange.OrderNumber.Write(buffer, reference.OrderNumber);
        FoOrderChange.AccountNumber.Write(buffer, order.Account);
        FoOrderChange.BuySell.Write(buffer, (short)order.Side);
        FoOrderChange.TotalVolumeRemaining.Write(buffer, reference.TotalVolumeRemaining);
        FoOrderChange.Volume.Write(buffer, reference.Volume);
        FoOrderChange.VolumeFilledToday.Write(buffer, reference.VolumeFilledToday);
        FoOrderChange.Price.Write(buffer, reference.PricePaise);
        FoOrderChange.EntryDateTime.Write(buffer, reference.EntryDateTime);
        FoOrderChange.LastModified.Write(buffer, reference.LastModified);
        FoOrderChange.OrderFlags.WriteNumber(buffer, reference.OrderFlags);
        FoOrderChange.Filler.Write(buffer, order.ClientReference);
        FoOrderChange.PAN.Write(buffer, order.Pan);
        FoOrderChange.LastActivityReference.Write(buffer, reference.LastActivityReference);
        return buffer[.._contractCancel.Length];
    }

    private static byte[] CashEntryForm(TapSessionOptions options)
    {
        var form = new byte[CmOrderEntry.Layout.Size];
        CmOrderEntry.Layout.Clear(form);
        CmOrderEntry.TransactionCode.Write(form, TransactionCode.OrderEntry);
        CmOrderEntry.TraderId.Write(form, options.UserId);
        CmOrderEntry.BookType.Write(form, 1);
        CmOrderEntry.OrderFlags.WriteNumber(form, CmOrderFlags.Day);
        CmOrderEntry.BranchId.Write(form, options.BranchId);
        CmOrderEntry.UserId.Write(form, options.UserId);
        CmOrderEntry.BrokerId.Write(form, options.BrokerId);
        CmOrderEntry.Settlor.Write(form, options.BrokerId);
        CmOrderEntry.ProClient.Write(form, 1);
        CmOrderEntry.NNFField.Write(form, options.NnfField);
        return form;
    }

    private static byte[] CashCancelForm(TapSessionOptions options)
    {
        var form = new byte[CmOrderChange.Layout.Size];
        CmOrderChange.Layout.Clear(form);
        CmOrderChange.TransactionCode.Write(form, TransactionCode.OrderCancel);
        CmOrderChange.UserId.Write(form, options.UserId);
        CmOrderChange.ModCxlBy.Write(form, "T");
        CmOrderChange.BookType.Write(form, 1);
        CmOrderChange.BranchId.Write(form, options.BranchId);
        CmOrderChange.TraderId.Write(form, options.UserId);
        CmOrderChange.BrokerId.Write(form, options.BrokerId);
        CmOrderChange.Settlor.Write(form, options.BrokerId);
        CmOrderChange.ProClient.Write(form, 1);
        CmOrderChange.NNFField.Write(form, options.NnfField);
        return form;
    }

    private static byte[] ContractEntryForm(TapSessionOptions options)
    {
        var form = new byte[FoOrderEntry.Layout.Size];
        FoOrderEntry.Layout.Clear(form);
        FoOrderEntry.TransactionCode.Write(form, TransactionCode.OrderEntry);
        FoOrderEntry.UserId.Write(form, options.UserId);
        FoOrderEntry.BookType.Write(form, 1);
        FoOrderEntry.OrderFlags.WriteNumber(form, FoOrderFlags.Day);
        FoOrderEntry.BranchId.Write(form, options.BranchId);
        FoOrderEntry.TraderId.Write(form, options.UserId);
        FoOrderEntry.BrokerId.Write(form, options.BrokerId);
        FoOrderEntry.OpenClose.Write(form, "C");
        FoOrderEntry.Settlor.Write(form, options.BrokerId);
        FoOrderEntry.ProClient.Write(form, 1);
        FoOrderEntry.NnfField.Write(form, options.NnfField);
        return form;
    }

    private static byte[] ContractCancelForm(TapSessionOptions options)
    {
        var form = new byte[FoOrderChange.Layout.Size];
        FoOrderChange.Layout.Clear(form);
        FoOrderChange.TransactionCode.Write(form, TransactionCode.OrderCancel);
        FoOrderChange.UserId.Write(form, options.UserId);
        FoOrderChange.ModCxlBy.Write(form, "T");
        FoOrderChange.BookType.Write(form, 1);
        FoOrderChange.BranchId.Write(form, options.BranchId);
        FoOrderChange.TraderId.Write(form, options.UserId);
        FoOrderChange.BrokerId.Write(form, options.BrokerId);
        FoOrderChange.OpenClose.Write(form, "C");
        FoOrderChange.Settlor.Write(form, options.BrokerId);
        FoOrderChange.ProClient.Write(form, 1);
        FoOrderChange.NnfField.Write(form, options.NnfField);
        return form;
    }
}
