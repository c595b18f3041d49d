using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Fields that only the exchange's side asks for, in each of the four forms of an order.</summary>
public static class FormFields
{
    /// <summary>The same bit in both segments.</summary>
    public const long StopLossFlag = CmOrderFlags.StopLoss;

    public static long FrozenFlag(Segment segment) => segment == Segment.CapitalMarket ? CmOrderFlags.Frozen : FoOrderFlags.Frozen;

    public static Int32Field Disclosed(OrderForm form) =>
        Of(form, CmOrderAnswer.DisclosedVol, CmFullOrder.DisclosedVol, FoOrderAnswer.DisclosedVolume, FoFullOrder.DisclosedVolume);

    /// <summary>ADDITIONAL_ORDER_FLAGS, which cash orders do not have.</summary>
    public static long AdditionalFlags(OrderForm form, ReadOnlySpan<byte> answer) => form.Segment == Segment.CapitalMarket ? 0
        : (form.IsTrimmed ? FoOrderAnswer.AdditionalOrderFlags : FoFullOrder.AdditionalOrderFlags).ReadNumber(answer);

    public static (string InstrumentName, int ExpirySeconds, int StrikePaise, string OptionType) Contract(OrderForm form, ReadOnlySpan<byte> answer) => form.IsTrimmed
        ? (FoOrderAnswer.InstrumentName.Read(answer), FoOrderAnswer.ExpiryDate.Read(answer), FoOrderAnswer.StrikePrice.Read(answer), FoOrderAnswer.OptionType.Read(answer))
        : (FoFullOrder.InstrumentName.Read(answer), FoFullOrder.ExpiryDate.Read(answer), FoFullOrder.StrikePrice.Read(answer), FoFullOrder.OptionType.Read(answer));

    private static T Of<T>(OrderForm form, T cmTrimmed, T cmFull, T foTrimmed, T foFull) => (form.Segment, form.IsTrimmed) switch
    {
        (Segment.CapitalMarket, true) => cmTrimmed,
        (Segment.CapitalMarket, false) => cmFull,
        (_, true) => foTrimmed,
        (_, false) => foFull,
    };
}
