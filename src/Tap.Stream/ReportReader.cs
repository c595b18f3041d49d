using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Tap.Stream;

/// <summary>Turns the exchange's order messages, in whichever form they come, into reports (NSE-TAP.md 5.2, N8, N9).</summary>
public static class ReportReader
{
    /// <summary>Null when the message is no report about an order.</summary>
    /// <exception cref="WireFormatException">A field holds what no exchange writes there.</exception>
    public static ExchangeReport? Read(Segment segment, ReadOnlySpan<byte> message, bool fromDownload)
    {
        var code = MessageHeader.TransactionCode.Read(message);
        if (TradeKind(code) is { } happening)
        {
            return TradeForm.Find(segment, message.Length) is { } trade ? ReadTrade(trade, happening, message, fromDownload) : null;
        }

        if (OrderForm.Find(segment, message.Length) is not { } form)
        {
            return null;
        }

        var trimmed = code < OrderForm.TrimmedOffset ? code + OrderForm.TrimmedOffset : code;
        var error = form.ErrorCode.Read(message);
        ReportKind? kind = trimmed switch
        {
            TransactionCode.OrderConfirmed => error == 0 ? ReportKind.Confirmed : ReportKind.Rejected,
            TransactionCode.ModifyConfirmed => error == 0 ? ReportKind.Modified : ReportKind.ModifyRejected,
            TransactionCode.CancelConfirmed => IsCancelRefused(form, message, error) ? ReportKind.CancelRejected : ReportKind.Cancelled,
            TransactionCode.OrderRejected => ReportKind.Rejected,
            TransactionCode.ModifyRejected => ReportKind.ModifyRejected,
            TransactionCode.CancelRejected => ReportKind.CancelRejected,
            TransactionCode.PriceConfirmation => ReportKind.PriceConfirmed,
            TransactionCode.BatchOrderCancel + OrderForm.TrimmedOffset => ReportKind.Cancelled,
            _ => null,
        };
        return kind is { } known ? ReadAnswer(form, known, message, fromDownload) : null;
    }

    /// <summary>What travels in the structure of a trade (NSE-TAP.md 5.2).</summary>
    private static ReportKind? TradeKind(short code) => code switch
    {
        TransactionCode.Trade or TransactionCode.FullTrade => ReportKind.Traded,
        TransactionCode.StopLossTriggered => ReportKind.Triggered,
        TransactionCode.TradeCancelConfirmed => ReportKind.TradeBusted,
        TransactionCode.TradeModifyConfirmed => ReportKind.TradeCorrected,
        _ => null,
    };

    /// <summary>A cancellation with an error code is the exchange's own act, unless it carries neither its mark nor a code of that kind.</summary>
    private static bool IsCancelRefused(OrderForm form, ReadOnlySpan<byte> message, short error) =>
        error is not (0 or ExchangeError.SystemCancelled or 16307 or 16308 or 16482 or 17070 or 17071 or 17080)
        && form.ModifiedBy.Read(message) != "C";

    private static ExchangeReport ReadAnswer(OrderForm form, ReportKind kind, ReadOnlySpan<byte> message, bool fromDownload)
    {
        var modifiedBy = form.ModifiedBy.ReadBytes(message);
        return new ExchangeReport(
            kind,
            form.Segment,
            form.Account.Read(message),
            form.ClientReference?.Read(message) ?? 0,
            new ExchangeOrderReference(
                form.OrderNumber.Read(message),
                form.EntryDateTime.Read(message),
                form.LastModified.Read(message),
                form.LastActivityReference.Read(message),
                (ushort)form.Flags.ReadNumber(message),
                form.Volume.Read(message),
                form.FilledToday.Read(message),
                form.Remaining.Read(message),
                form.Price.Read(message),
                Math.Max(0, form.Trigger?.Read(message) ?? 0),
                IsStop: !form.IsTrimmed && form.BookType.Read(message) == BookNumber.StopLoss),
            form.Token?.Read(message) ?? 0,
            form.Symbol.Read(message),
            form.Series?.Read(message) ?? "",
            Side(form.BuySell.Read(message)),
            TradeNumber: 0,
            FillQuantity: 0,
            FillPricePaise: 0,
            form.ErrorCode.Read(message),
            form.ReasonCode.Read(message),
            modifiedBy.IsEmpty ? ' ' : (char)modifiedBy[0],
            form.ReadStream(message),
            form.TimeStamp1.Read(message),
            form.EngineTime.Read(message),
            fromDownload);
    }

    /// <summary>An order that trades or has met its trigger waits no more; where its trigger was is not in this structure.</summary>
    private static ExchangeReport ReadTrade(TradeForm form, ReportKind kind, ReadOnlySpan<byte> message, bool fromDownload)
    {
        var (timeStamp1, stream) = form.ReadPosition(message);
        return new ExchangeReport(
            kind,
            form.Segment,
            form.Account.Read(message),
            ClientReference: 0,
            new ExchangeOrderReference(
                form.OrderNumber.Read(message),
                EntryDateTime: 0,
                form.ActivityTime.Read(message),
                form.LastActivityReference.Read(message),
                (ushort)form.Flags.ReadNumber(message),
                form.Volume.Read(message),
                form.FilledToday.Read(message),
                form.Remaining.Read(message),
                form.Price.Read(message)),
            form.Token?.Read(message) ?? 0,
            form.Symbol.Read(message),
            form.Series?.Read(message) ?? "",
            Side(form.BuySell.Read(message)),
            kind == ReportKind.Triggered ? 0 : form.FillNumber.Read(message),
            kind == ReportKind.Triggered ? 0 : form.FillQuantity.Read(message),
            kind == ReportKind.Triggered ? 0 : form.FillPrice.Read(message),
            ErrorCode: 0,
            ReasonCode: 0,
            ModifiedBy: ' ',
            stream,
            timeStamp1,
            form.EngineTime.Read(message),
            fromDownload);
    }

    private static BuySell Side(short code) => code switch
    {
        (short)BuySell.Buy => BuySell.Buy,
        (short)BuySell.Sell => BuySell.Sell,
        _ => throw new WireFormatException($"Expected side 1 or 2, found {code}."),
    };
}
