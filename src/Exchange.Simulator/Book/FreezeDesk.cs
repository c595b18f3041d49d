using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Orders above the freeze quantity that wait for a person's word (2170, NSE-TAP.md 5.5, N29). Used under the floor's gate.</summary>
/// <remarks>The word comes as a full-size message that nobody asked for: 2073 or 2231.</remarks>
public sealed class FreezeDesk(OrderBook book, Outbox outbox, Matcher matcher)
{
    /// <summary>Lets every waiting order into the market, or refuses it. Returns how many there were.</summary>
    public int Decide(bool approves, Segment? segment, DateTimeOffset now)
    {
        var waiting = book.Orders.Where(order => order is { IsOpen: true, IsFrozen: true } && (segment is null || order.Form.Segment == segment)).ToArray();
        foreach (var order in waiting)
        {
            if (approves)
            {
                Approve(order, now);
            }
            else
            {
                Refuse(order, now);
            }
        }

        return waiting.Length;
    }

    private void Approve(ExchangeOrder order, DateTimeOffset now)
    {
        order.Thaw();
        order.Touched(book.NextReference(now), NnfTime.ToSeconds(now));
        Say(order, TransactionCode.OrderConfirmed, 0, now);
        matcher.Arrive(order, now);
    }

    private void Refuse(ExchangeOrder order, DateTimeOffset now)
    {
        Say(order, TransactionCode.OrderRejected, ExchangeError.QuantityFreeze, now);
        order.Leave("refused");
    }

    private void Say(ExchangeOrder order, short code, short error, DateTimeOffset now)
    {
        var stamp = book.NextStamp(order, now);
        var answer = order.State(order.Remaining);
        Answers.Write(order.Form, answer, code, error, error == 0 ? (short)0 : EntryRules.ReasonQuantityFreeze, ' ', stamp);
        var full = order.Form.IsTrimmed ? FullForm.FromTrimmed(order.Form.Segment, answer) : answer;
        outbox.Order(order.Form.Segment, order.UserId, stamp, full, 0);
    }

    /// <summary>
    /// The order behind a 2170 from the ledger, in the form in which it was entered. The full-size form of the cash segment has no
    /// room for the member's reference, so that is lost.
    /// </summary>
    public static (OrderForm Form, byte[] Answer) Entered(Segment segment, byte[] frozen)
    {
        var full = OrderForm.Find(segment, frozen.Length)!;
        if (full.BookType.Read(frozen) != BookNumber.RegularLot)
        {
            return (full, frozen);
        }

        var form = Answers.Form(segment, TransactionCode.OrderConfirmed);
        var answer = new byte[form.Layout.Size];
        form.Layout.Clear(answer);
        full.Layout.CopyShared(frozen, form.Layout, answer);
        MessageHeader.TransactionCode.Write(answer, TransactionCode.OrderConfirmed);
        form.UserId.Write(answer, full.UserId.Read(frozen));
        return (form, answer);
    }
}
