using System.Text;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

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

    /// <summary>0 when the order may enter, else the error code and the reason code.</summary>
    public (short Error, short Reason) Check(OrderForm form, ReadOnlySpan<byte> answer, short bookType, Quote? quote)
    {
        var isCash = form.Segment == Segment.CapitalMarket;
        if (bookType != 1)
        {
            return (isCash ? (short)16422 : (short)16406, ReasonOrderType);
        }

        if (quote is null || (!isCash && !SameContract(quote.Instrument, answer)))
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

        return IsPan(form.Pan.ReadBytes(answer))
            ? CheckNumbers(quote.Instrument, form.Volume.Read(answer), form.Price.Read(answer))
            : (ExchangeError.PanInvalid, ReasonUser);
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

    private static bool SameContract(Instrument instrument, ReadOnlySpan<byte> answer)
    {
        // The time of day in the expiry date differs between sources of masters; the day does not.
        var expiry = NnfTime.FromSeconds(FoOrderAnswer.ExpiryDate.Read(answer));
        return FoOrderAnswer.InstrumentName.Read(answer) == instrument.InstrumentName
            && FoOrderAnswer.Symbol.Read(answer) == instrument.Symbol
            && FoOrderAnswer.StrikePrice.Read(answer) == instrument.StrikePaise
            && FoOrderAnswer.OptionType.Read(answer) == instrument.OptionType
            && DateOnly.FromDateTime(expiry.DateTime) == instrument.Expiry;
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
