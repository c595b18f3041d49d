using Backup.Exchange.Simulator.Book;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator;

/// <summary>Rebuilds the trading day from the ledger of an earlier run: open orders, journal and counters.</summary>
internal sealed class Recollection(OrderBook book, SignOnDesk signOn, OutageDesk outages, MarketNotices notices, MassCancel mass)
{
    /// <summary>The ledger says which trading day it is of.</summary>
    public bool KnowsDay { get; private set; }

    public void Take(LedgerLine line)
    {
        if (line is { Direction: "note", Name: "DAY" })
        {
            signOn.EndTime = int.Parse(line.Decision!);
            KnowsDay = true;
        }
        else if (line is { Direction: "note", Decision: not null })
        {
            outages.Restore(line.Name, line.Decision);
        }
        else if (line is { Direction: "out", Hex: not null } && SegmentName.Parse(line.Segment) is { } segment)
        {
            Take(segment, line.Code, Convert.FromHexString(line.Hex)[FrameReader.HeaderLength..]);
        }
    }

    private void Take(Segment segment, int code, byte[] message)
    {
        var isOrder = code is TransactionCode.Trade or TransactionCode.FullTrade or TransactionCode.StopLossTriggered or TransactionCode.FreezeToControl
            or TransactionCode.OrderConfirmed or TransactionCode.ModifyConfirmed or TransactionCode.CancelConfirmed
            or TransactionCode.FullOrderConfirmed or TransactionCode.FullModifyConfirmed or TransactionCode.FullCancelConfirmed
            or TransactionCode.PriceConfirmation or TransactionCode.FullPriceConfirmation
            or TransactionCode.OrderRejected or TransactionCode.ModifyRejected or TransactionCode.CancelRejected
            or TransactionCode.FullOrderRejected or TransactionCode.FullModifyRejected or TransactionCode.FullCancelRejected;

        // A refusal outside any stream (stream 0) is no part of the day's journal.
        if (isOrder && OrderForm.Find(segment, message.Length)?.Stream.ReadNumber(message) != 0)
        {
            book.Restore(segment, message);
        }
        else if (code is TransactionCode.SignOnResponse or TransactionCode.SignOffResponse && MessageHeader.ErrorCode.Read(message) == 0)
        {
            signOn.Restore(segment, message);
        }
        else if (code is TransactionCode.Contingency or TransactionCode.TraderMessage)
        {
            notices.Restore(segment, message);
        }
        else if (code == TransactionCode.CancelOnLogoutResponse)
        {
            mass.Restore(message);
        }
    }
}
