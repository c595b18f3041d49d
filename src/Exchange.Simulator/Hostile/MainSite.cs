using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Hostile;

/// <summary>An order as the broker's main site enters it for a client.</summary>
/// <param name="Price">Paise; 0 for a market order.</param>
/// <param name="Trigger">Paise; null for a plain order.</param>
public sealed record MainSiteOrder(Segment Segment, int Token, string Account, string Pan, BuySell Side, int Quantity, int Price, int? Trigger);

/// <summary>The broker's main site at the same exchange: enters orders that the box's user did not send and hears of all the same. Used under the floor's gate.</summary>
/// <remarks>
/// They are a dealer's in the body and the box's user's in the header (NSE-TAP.md 5.6, TraderId): live and in the download they reach the
/// box, which may change and cancel them. A stop order is entered full size, a plain one trimmed (5.1).
/// </remarks>
public sealed class MainSite(SimulatorSettings settings, PriceBoard board, OrderBook book, OrderDesk desk, Matcher matcher)
{
    /// <summary>The dealer of the main site; nobody signs on as him here.</summary>
    public const int Dealer = 40001;

    private readonly EntryRules _rules = new(settings);

    /// <summary>The number of the order that is in the book, or why the exchange would not have it; then nobody hears of it.</summary>
    public (long Number, short Error) Enter(MainSiteOrder wish, DateTimeOffset now)
    {
        if (board.Find(wish.Segment, wish.Token) is not { } quote)
        {
            return (0, ExchangeError.SymbolInvalid);
        }

        var (code, request) = Request(wish, quote.Instrument);
        var answer = Answers.FromRequest(wish.Segment, code, request);
        var stop = wish.Trigger is null ? BookNumber.RegularLot : BookNumber.StopLoss;
        var error = book.IsDown(wish.Segment, book.NextStamp(wish.Segment, quote, now).Stream)
            ? ExchangeError.TryAgain
            : _rules.Check(Answers.Form(wish.Segment, code), answer, stop, quote).Error;
        if (error != 0 || desk.Enter(wish.Segment, code, request, 0, now) is not { } order)
        {
            return (0, error);
        }

        matcher.Arrive(order, now);
        return (order.Number, 0);
    }

    private (short Code, byte[] Request) Request(MainSiteOrder wish, Instrument instrument)
    {
        var full = FullSize(wish, instrument);
        if (wish.Trigger is not null)
        {
            return (TransactionCode.FullOrderEntry, full);
        }

        var isCash = wish.Segment == Segment.CapitalMarket;
        var (form, layout) = isCash ? (OrderForm.CmFull, CmOrderEntry.Layout) : (OrderForm.FoFull, FoOrderEntry.Layout);
        var trimmed = new byte[layout.Size];
        layout.Clear(trimmed);
        form.Layout.CopyShared(full, layout, trimmed);
        MessageHeader.TransactionCode.Write(trimmed, TransactionCode.OrderEntry);
        (isCash ? CmOrderEntry.TraderId : FoOrderEntry.UserId).Write(trimmed, BoxUser(wish.Segment));
        return (TransactionCode.OrderEntry, trimmed);
    }

    private byte[] FullSize(MainSiteOrder wish, Instrument instrument)
    {
        var isCash = wish.Segment == Segment.CapitalMarket;
        var form = isCash ? OrderForm.CmFull : OrderForm.FoFull;
        var message = new byte[form.Layout.Size];
        form.Layout.Begin(message, TransactionCode.FullOrderEntry, BoxUser(wish.Segment));
        form.Symbol.Write(message, instrument.Symbol);
        MessageHeader.AlphaChar.Write(message, message.AsSpan(form.Symbol.Offset, MessageHeader.AlphaChar.Size));
        form.Account.Write(message, wish.Account);
        form.Pan.Write(message, wish.Pan);
        form.BookType.Write(message, wish.Trigger is null ? BookNumber.RegularLot : BookNumber.StopLoss);
        form.BuySell.Write(message, (short)wish.Side);
        form.Remaining.Write(message, wish.Quantity);
        form.Volume.Write(message, wish.Quantity);
        form.Price.Write(message, wish.Price);
        form.Trigger!.Value.Write(message, wish.Trigger ?? 0);
        form.Flags.WriteNumber(message, (isCash ? CmOrderFlags.Day : FoOrderFlags.Day) | (wish.Trigger is null ? 0 : FormFields.StopLossFlag));
        (isCash ? CmFullOrder.BranchId : FoFullOrder.BranchId).Write(message, settings.Branch);
        (isCash ? CmFullOrder.TraderId : FoFullOrder.TraderId).Write(message, Dealer);
        (isCash ? CmFullOrder.BrokerId : FoFullOrder.BrokerId).Write(message, settings.Member);
        (isCash ? CmFullOrder.Settlor : FoFullOrder.Settlor).Write(message, settings.Member);
        (isCash ? CmFullOrder.ProClient : FoFullOrder.ProClient).Write(message, 1);
        if (isCash)
        {
            CmFullOrder.Series.Write(message, instrument.Series);
            return message;
        }

        FoFullOrder.TokenNo.Write(message, instrument.Token);
        FoFullOrder.InstrumentName.Write(message, instrument.InstrumentName);
        FoFullOrder.ExpiryDate.Write(message, instrument.ExpirySeconds);
        FoFullOrder.StrikePrice.Write(message, instrument.StrikePaise);
        FoFullOrder.OptionType.Write(message, instrument.OptionType);
        FoFullOrder.OpenClose.Write(message, "C");
        return message;
    }

    private int BoxUser(Segment segment) => settings.Box(segment).Passwords.Keys.Min();
}
