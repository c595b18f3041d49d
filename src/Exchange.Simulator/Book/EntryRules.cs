using System.Text;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Book;

/// <summary>What an order must be to enter the book (NSE-TAP.md 5.4, 7, N28).</summary>
/// <remarks>Works on the order's answer, into which the request's fields have been copied.</remarks>
public sealed class EntryRules(SimulatorSettings settings)
{
    public const short ReasonSecurity = 5;
    public const short ReasonUser = 8;
    public const short ReasonOrderNumber = 11;
    public const short ReasonOrderType = 16;
    public const short ReasonQuantityFreeze = 18;

    /// <summary>0 when the order may enter, or change so, else the error code and the reason code.</summary>
    /// <param name="book">The book for which it is.</param>
    public (short Error, short Reason) Check(OrderForm form, ReadOnlySpan<byte> answer, short book, Quote? quote)
    {
        var isCash = form.Segment == Segment.CapitalMarket;
        if (form.BookType.Read(answer) != book)
        {
            return (ExchangeError.BookInvalid(form.Segment), ReasonOrderType);
        }

        if (quote is null || (!isCash && !SameContract(quote.Instrument, form, answer)))
        {
            return (ExchangeError.SymbolInvalid, ReasonSecurity);
        }

        if (form.BuySell.Read(answer) is not (1 or 2))
        {
            return (isCash ? (short)16418 : (short)16419, ReasonOrderType);
        }

        if (form.Account.ReadBytes(answer).IsEmpty)
        {
            return (ExchangeError.AccountMandatory, ReasonUser);
        }

        if (!Ascii.IsValid(form.Account.ReadBytes(answer)))
        {
            return (ExchangeError.AccountInvalid, ReasonUser);
        }

        if (!IsPan(form.Pan.ReadBytes(answer)))
        {
            return (ExchangeError.PanInvalid, ReasonUser);
        }

        var numbers = CheckNumbers(quote.Instrument, form.Volume.Read(answer), form.Price.Read(answer));
        return numbers.Error == 0 && book == BookNumber.StopLoss ? (CheckTrigger(quote.Instrument, form, answer), ReasonOrderType) : numbers;
    }

    private static short CheckTrigger(Instrument instrument, OrderForm form, ReadOnlySpan<byte> answer)
    {
        var trigger = form.Trigger!.Value.Read(answer);
        var price = form.Price.Read(answer);
        var isBuy = form.BuySell.Read(answer) == (short)BuySell.Buy;
        return (form.Flags.ReadNumber(answer) & FormFields.StopLossFlag) == 0
                ? form.Segment == Segment.CapitalMarket ? ExchangeError.BookAndFlagsDiffer : ExchangeError.FoInstructionsInvalid
            : trigger <= 0 ? ExchangeError.TriggerInvalid
            : trigger % instrument.TickPaise != 0 ? ExchangeError.TriggerNotTickMultiple
            : price != 0 && (isBuy ? trigger > price : trigger < price) ? ExchangeError.LimitWorseThanTrigger
            : (short)0;
    }

    private (short Error, short Reason) CheckNumbers(Instrument instrument, int volume, int price)
    {
        if (volume <= 0 || volume % instrument.LotSize != 0)
        {
            return (ExchangeError.QuantityNotLotMultiple, ReasonSecurity);
        }

        if (price < 0)
        {
            return (ExchangeError.PriceInvalid, ReasonSecurity);
        }

        if (price % instrument.TickPaise != 0)
        {
            return (ExchangeError.PriceNotTickMultiple, ReasonSecurity);
        }

        if (price != 0 && (price < instrument.LowPaise(settings.BandPercent) || price > instrument.HighPaise(settings.BandPercent)))
        {
            return (ExchangeError.PriceOutsideRange, ReasonSecurity);
        }

        return instrument.FreezeQuantity > 0 && volume > instrument.FreezeQuantity
            ? (ExchangeError.QuantityFreeze, ReasonQuantityFreeze)
            : ((short)0, (short)0);
    }

    private static bool SameContract(Instrument instrument, OrderForm form, ReadOnlySpan<byte> answer)
    {
        // The time of day in the expiry date differs between sources of masters; the day does not.
        var contract = FormFields.Contract(form, answer);
        return form.Symbol.Read(answer) == instrument.Symbol
            && contract.InstrumentName == instrument.InstrumentName
            && contract.StrikePaise == instrument.StrikePaise
            && contract.OptionType == instrument.OptionType
            && DateOnly.FromDateTime(NnfTime.FromSeconds(contract.ExpirySeconds).DateTime) == instrument.Expiry;
    }

    /// <summary>Five letters, four digits, a letter.</summary>
    private static bool IsPan(ReadOnlySpan<byte> pan)
    {
        if (pan.Length != 10)
        {
            return false;
        }

        for (var at = 0; at < pan.Length; at++)
        {
            var isDigitPlace = at is >= 5 and <= 8;
            if (isDigitPlace ? !char.IsAsciiDigit((char)pan[at]) : !char.IsAsciiLetterUpper((char)pan[at]))
            {
                return false;
            }
        }

        return true;
    }
}
