using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>Writes 2070 and 2040, the cancel and the change of an order that was entered into the stop-loss book (NSE-TAP.md 5.1, 5.6, 5.7, N34).</summary>
/// <remarks>
/// 290 bytes in the cash segment, 316 in F&amp;O. The requests repeat what the reference says; what it does not say (branch, broker, settlor,
/// pro/client, NNF field) is as in the orders of this box. Allocates nothing.
/// </remarks>
internal sealed class FullOrderWriter(TapSessionOptions options)
{
    private readonly OrderForm _form = options.Segment == Segment.CapitalMarket ? OrderForm.CmFull : OrderForm.FoFull;

    // What is the same in every message of a box is written once.
    private readonly byte[] _blank = options.Segment == Segment.CapitalMarket ? CashForm(options) : ContractForm(options);

    /// <summary>2070: the order as it was last reported.</summary>
    public Span<byte> Cancel(Span<byte> buffer, TapOrder order, ExchangeOrderReference reference)
    {
        _blank.CopyTo(buffer);
        var message = buffer[.._blank.Length];
        WriteInstrument(message, order);
        _form.OrderNumber.Write(message, reference.OrderNumber);
        _form.Account.Write(message, order.Account);
        _form.BookType.Write(message, reference.IsStop ? BookNumber.StopLoss : BookNumber.RegularLot);
        _form.BuySell.Write(message, (short)order.Side);
        _form.Remaining.Write(message, reference.TotalVolumeRemaining);
        _form.Volume.Write(message, reference.Volume);
        _form.FilledToday.Write(message, reference.VolumeFilledToday);
        _form.Price.Write(message, reference.PricePaise);
        _form.Trigger!.Value.Write(message, reference.TriggerPaise);
        _form.EntryDateTime.Write(message, reference.EntryDateTime);
        _form.LastModified.Write(message, reference.LastModified);
        _form.Flags.WriteNumber(message, reference.OrderFlags);
        _form.ClientReference?.Write(message, order.ClientReference);
        _form.Pan.Write(message, order.Pan);
        _form.LastActivityReference.Write(message, reference.LastActivityReference);
        return message;
    }

    /// <summary>2040: all that a cancel repeats; the new terms are in three fields (NSE-TAP.md 5.3).</summary>
    public Span<byte> Modify(Span<byte> buffer, TapRequest.Modify modify)
    {
        var message = Cancel(buffer, modify.Order, modify.Reference);
        MessageHeader.TransactionCode.Write(message, TransactionCode.FullOrderModify);
        _form.Volume.Write(message, modify.Quantity);
        _form.Price.Write(message, modify.PricePaise);
        if (modify.TriggerPaise != 0)
        {
            _form.Trigger!.Value.Write(message, modify.TriggerPaise);
        }

        return message;
    }

    private void WriteInstrument(Span<byte> message, TapOrder order)
    {
        var instrument = order.Instrument;
        _form.Symbol.Write(message, instrument.Symbol);

        // In orders the header repeats the first two characters of the symbol (NSE-TAP.md 3.7).
        MessageHeader.AlphaChar.Write(message, message.Slice(_form.Symbol.Offset, MessageHeader.AlphaChar.Size));
        if (_form.Series is { } series)
        {
            series.Write(message, instrument.Series);
            return;
        }

        FoFullOrder.TokenNo.Write(message, instrument.Token);
        FoFullOrder.InstrumentName.Write(message, instrument.InstrumentName);
        FoFullOrder.ExpiryDate.Write(message, instrument.ExpirySeconds);
        FoFullOrder.StrikePrice.Write(message, instrument.StrikePaise);
        FoFullOrder.OptionType.Write(message, instrument.OptionType);
    }

    private static byte[] CashForm(TapSessionOptions options)
    {
        var form = new byte[CmFullOrder.Layout.Size];
        CmFullOrder.Layout.Begin(form, TransactionCode.FullOrderCancel, options.UserId);
        CmFullOrder.ModCxlBy.Write(form, "T");
        CmFullOrder.BranchId.Write(form, options.BranchId);
        CmFullOrder.TraderId.Write(form, options.UserId);
        CmFullOrder.BrokerId.Write(form, options.BrokerId);
        CmFullOrder.Settlor.Write(form, options.BrokerId);
        CmFullOrder.ProClient.Write(form, 1);
        CmFullOrder.NNFField.Write(form, options.NnfField);
        return form;
    }

    private static byte[] ContractForm(TapSessionOptions options)
    {
        var form = new byte[FoFullOrder.Layout.Size];
        FoFullOrder.Layout.Begin(form, TransactionCode.FullOrderCancel, options.UserId);
        FoFullOrder.ModCxlBy.Write(form, "T");
        FoFullOrder.BranchId.Write(form, options.BranchId);
        FoFullOrder.TraderId.Write(form, options.UserId);
        FoFullOrder.BrokerId.Write(form, options.BrokerId);
        FoFullOrder.OpenClose.Write(form, "C");
        FoFullOrder.Settlor.Write(form, options.BrokerId);
        FoFullOrder.ProClient.Write(form, 1);
        FoFullOrder.NnfField.Write(form, options.NnfField);
        return form;
    }
}
