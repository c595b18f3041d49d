using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>What a modify or cancel must be before its own rules are asked (NSE-TAP.md 5.3, N11, N28).</summary>
public static class ChangeRules
{
    private static readonly FieldInfo[] CmEchoes = Fields(
        CmOrderAnswer.Layout, "Symbol", "Series", "AccountNumber", "BookType", "BuySell", "Settlor", "ProClient", "PAN");

    private static readonly FieldInfo[] FoEchoes = Fields(
        FoOrderAnswer.Layout,
        "TokenNo", "InstrumentName", "Symbol", "ExpiryDate", "StrikePrice", "OptionType", "AccountNumber", "BookType", "BuySell", "Settlor", "ProClient", "PAN");

    /// <summary>0 when the request names an open order of this user as it is now.</summary>
    /// <param name="answer">The answer into which the request's fields have been copied.</param>
    public static short Check(ExchangeOrder? order, OrderForm form, ReadOnlySpan<byte> answer, bool isModify)
    {
        if (order is null)
        {
            return ExchangeError.OrderNumberInvalid;
        }

        var isCash = form.Segment == Segment.CapitalMarket;
        if (order.UserId != form.UserId.Read(answer))
        {
            return isCash ? ExchangeError.OrderNumberInvalid : ExchangeError.FoOrderNotYours;
        }

        if (!order.IsOpen)
        {
            return ExchangeError.OrderNotFound;
        }

        if (!order.IsCurrent(form.LastActivityReference.Read(answer), form.LastModified.Read(answer)))
        {
            return !isCash ? ExchangeError.FoOrderChanged : isModify ? ExchangeError.ModifyRefused : ExchangeError.OrderToCancelChanged;
        }

        return Echoes(order, answer) ? (short)0 : isModify ? ExchangeError.CannotModify : ExchangeError.CannotCancel;
    }

    /// <summary>The fields that an order keeps for life are repeated as the exchange knows them.</summary>
    private static bool Echoes(ExchangeOrder order, ReadOnlySpan<byte> answer)
    {
        var isCash = order.Form.Segment == Segment.CapitalMarket;
        foreach (var field in isCash ? CmEchoes : FoEchoes)
        {
            var isSame = field.Kind == FieldKind.Text
                ? new TextField(field.Offset, field.Size).ReadBytes(answer).SequenceEqual(new TextField(field.Offset, field.Size).ReadBytes(order.Answer))
                : answer.Slice(field.Offset, field.Size).SequenceEqual(order.Answer.AsSpan(field.Offset, field.Size));
            if (!isSame)
            {
                return false;
            }
        }

        return SelfTradePrevention(order.Form, answer) == SelfTradePrevention(order.Form, order.Answer);
    }

    private static bool SelfTradePrevention(OrderForm form, ReadOnlySpan<byte> answer) => form.Segment == Segment.CapitalMarket
        ? (form.Flags.ReadNumber(answer) & CmOrderFlags.SelfTradePrevention) != 0
        : (FoOrderAnswer.AdditionalOrderFlags.ReadNumber(answer) & FoAdditionalFlags.SelfTradePrevention) != 0;

    private static FieldInfo[] Fields(StructureLayout layout, params string[] names) =>
        [.. names.Select(name => layout.Fields.Single(field => field.Name == name))];
}
