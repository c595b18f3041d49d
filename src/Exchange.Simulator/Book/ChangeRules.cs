using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>What a modify or cancel must be before its own rules are asked (NSE-TAP.md 5.3, N11, N28).</summary>
public static class ChangeRules
{
    /// <summary>What an order keeps for life. A stop order changes its book when it triggers, so its book is not asked for (N34).</summary>
    private static readonly Dictionary<OrderForm, FieldInfo[]> Echoes = new(ReferenceEqualityComparer.Instance)
    {
        [OrderForm.CmTrimmed] = Fields(CmOrderAnswer.Layout, "BookType", "Symbol", "Series", "AccountNumber", "BuySell", "Settlor", "ProClient", "PAN"),
        [OrderForm.CmFull] = Fields(CmFullOrder.Layout, "Symbol", "Series", "AccountNumber", "BuySell", "Settlor", "ProClient", "PAN"),
        [OrderForm.FoTrimmed] = Fields(
            FoOrderAnswer.Layout,
            "BookType", "TokenNo", "InstrumentName", "Symbol", "ExpiryDate", "StrikePrice", "OptionType", "AccountNumber", "BuySell", "Settlor", "ProClient", "PAN"),
        [OrderForm.FoFull] = Fields(
            FoFullOrder.Layout,
            "TokenNo", "InstrumentName", "Symbol", "ExpiryDate", "StrikePrice", "OptionType", "AccountNumber", "BuySell", "Settlor", "ProClient", "PAN"),
    };

    /// <summary>0 when the request names an open order of this user as it is now.</summary>
    /// <param name="form">The form of the request; an order is changed in the form in which it was entered.</param>
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

        if (!ReferenceEquals(order.Form, form))
        {
            return ExchangeError.BookInvalid(form.Segment);
        }

        if (!order.IsCurrent(form.LastActivityReference.Read(answer), form.LastModified.Read(answer)))
        {
            return !isCash ? ExchangeError.FoOrderChanged : isModify ? ExchangeError.ModifyRefused : ExchangeError.OrderToCancelChanged;
        }

        return IsEchoed(order, answer) ? (short)0 : isModify ? ExchangeError.CannotModify : ExchangeError.CannotCancel;
    }

    /// <summary>The fields that an order keeps for life are repeated as the exchange knows them.</summary>
    private static bool IsEchoed(ExchangeOrder order, ReadOnlySpan<byte> answer)
    {
        foreach (var field in Echoes[order.Form])
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
        : (FormFields.AdditionalFlags(form, answer) & FoAdditionalFlags.SelfTradePrevention) != 0;

    private static FieldInfo[] Fields(StructureLayout layout, params string[] names) =>
        [.. names.Select(name => layout.Fields.Single(field => field.Name == name))];
}
