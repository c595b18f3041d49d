using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Takes orders, modifications and cancels, and answers. Used under the floor's gate.</summary>
public sealed class OrderDesk(SimulatorSettings settings, OrderBook book, Outbox outbox)
{
    /// <summary>The code that 2170 would have in the trimmed form, which does not exist on the wire.</summary>
    private const short TrimmedFreeze = TransactionCode.FreezeToControl + OrderForm.TrimmedOffset;

    private readonly EntryRules _rules = new(settings);

    /// <summary>20000, or 2000 for the stop-loss book. Returns the order when it is in the book.</summary>
    public ExchangeOrder? Enter(Segment segment, short code, ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var form = Answers.Form(segment, code);
        var answer = Answers.FromRequest(segment, code, request);
        form.Remaining.Write(answer, form.Volume.Read(answer));
        var quote = book.QuoteOf(form, answer);
        var stamp = book.NextStamp(segment, quote, now);
        var (error, reason) = book.IsDown(segment, stamp.Stream) && quote is not null
            ? (ExchangeError.TryAgain, EntryRules.ReasonSecurity)
            : _rules.Check(form, answer, form.IsTrimmed ? BookNumber.RegularLot : BookNumber.StopLoss, quote);
        var isFrozen = error == ExchangeError.QuantityFreeze && settings.FreezeApproval;
        if (error != 0 && !isFrozen)
        {
            Answers.Write(form, answer, TransactionCode.OrderRejected, error, reason, ' ', stamp);
            outbox.Order(segment, form.UserId.Read(answer), stamp, answer, sequence);
            return null;
        }

        var number = book.NextOrderNumber(segment, stamp.Stream);
        form.OrderNumber.Write(answer, number);
        form.FilledToday.Write(answer, 0);
        WriteTerms(form, answer, quote!, isFrozen ? FormFields.FrozenFlag(segment) : 0, stamp);
        Answers.Write(form, answer, isFrozen ? TrimmedFreeze : TransactionCode.OrderConfirmed, 0, reason, ' ', stamp);
        quote!.IsAlive = true;
        var order = book.Keep(form, answer, quote, stamp.Stream, number, sequence);
        order.AwaitsPrice = AwaitsPrice(order);
        outbox.Order(segment, order.UserId, stamp, isFrozen && form.IsTrimmed ? FullForm.FromTrimmed(segment, answer) : answer, sequence);
        return order;
    }

    /// <summary>20040 or 2040. Returns the order when it has new terms, and whether it kept its place in the queue.</summary>
    public (ExchangeOrder Order, bool KeepsPlace)? Modify(Segment segment, short code, ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var form = Answers.Form(segment, code);
        var answer = Answers.FromRequest(segment, code, request);
        var order = Named(form, answer);
        var (error, reason) = ModifyError(order, form, answer);
        if (error != 0)
        {
            RefuseChange(order, form, answer, TransactionCode.ModifyRejected, error, reason, sequence, now);
            return null;
        }

        var stamp = book.NextStamp(order!, now);
        var (oldVolume, oldPrice, oldTrigger) = (order!.Volume, order.Price, order.Trigger);
        form.FilledToday.Write(answer, order.Filled);
        form.Remaining.Write(answer, form.Volume.Read(answer) - order.Filled);
        WriteTerms(form, answer, order.Quote!, Answers.ModifiedFlag(segment) | (order.Filled > 0 ? Answers.TradedFlag(segment) : 0), stamp);
        Answers.Write(form, answer, TransactionCode.ModifyConfirmed, 0, 0, 'T', stamp);
        order.Answer = answer;
        order.Touched(form.LastActivityReference.Read(answer), form.LastModified.Read(answer));
        order.AwaitsPrice = AwaitsPrice(order);
        outbox.Order(segment, order.UserId, stamp, answer, sequence);

        // A larger quantity or another price goes to the end of the queue (NSE-TAP.md 5.5); another trigger may be met already.
        return (order, order.Price == oldPrice && order.Volume <= oldVolume && order.Trigger == oldTrigger);
    }

    /// <summary>20070 or 2070.</summary>
    public void Cancel(Segment segment, short code, ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var form = Answers.Form(segment, code);
        var answer = Answers.FromRequest(segment, code, request);
        var order = Named(form, answer);
        var error = ChangeRules.Check(order, form, answer, isModify: false);
        if (error == 0)
        {
            Withdraw(order!, form.ClientReference?.Read(answer) ?? 0, sequence, 'T', 0, now);
            return;
        }

        RefuseChange(order, form, answer, TransactionCode.CancelRejected, error, EntryRules.ReasonOrderNumber, sequence, now);
    }

    /// <summary>Cancels one order whatever its reference is by now (N30).</summary>
    public void CancelAsItIs(Segment segment, short code, ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var form = Answers.Form(segment, code);
        var answer = Answers.FromRequest(segment, code, request);
        var order = Named(form, answer);
        if (order is { IsOpen: true } && order.UserId == form.UserId.Read(answer))
        {
            Withdraw(order, form.ClientReference?.Read(answer) ?? 0, 0, 'T', 0, now);
            return;
        }

        var error = order is null ? ExchangeError.OrderNumberInvalid : order.IsOpen ? ExchangeError.FoOrderNotYours : ExchangeError.OrderNotFound;
        RefuseChange(order, form, answer, TransactionCode.CancelRejected, error, EntryRules.ReasonOrderNumber, sequence, now);
    }

    /// <summary>Refuses an order message without looking at the book, in the form that its code calls for.</summary>
    public void Refuse(Segment segment, short code, ReadOnlySpan<byte> request, short error, uint sequence, DateTimeOffset now)
    {
        var stamp = book.NextStamp(segment, null, now);
        var answer = Refusal(segment, code, request, error, stamp);
        outbox.Order(segment, Answers.RequestUser(segment, code, request), stamp, answer, sequence);
    }

    /// <summary>The refusal of an order message for a user who is not signed on: it has no place in a stream.</summary>
    public static byte[] Refusal(Segment segment, short code, ReadOnlySpan<byte> request, short error, Stamp stamp)
    {
        var answer = Answers.FromRequest(segment, code, request);
        var refused = code switch
        {
            TransactionCode.OrderEntry or TransactionCode.FullOrderEntry => TransactionCode.OrderRejected,
            TransactionCode.OrderModify or TransactionCode.FullOrderModify => TransactionCode.ModifyRejected,
            _ => TransactionCode.CancelRejected,
        };
        Answers.Write(Answers.Form(segment, code), answer, refused, error, EntryRules.ReasonUser, ' ', stamp);
        return answer;
    }

    /// <summary>One fill at one price; the order leaves the book when nothing is left of it.</summary>
    public void Fill(ExchangeOrder order, int quantity, int price, DateTimeOffset now)
    {
        order.Take(quantity);
        order.Touched(book.NextReference(now), NnfTime.ToSeconds(now));
        var stamp = book.NextStamp(order, now);
        var number = book.Trade(order, quantity, price, now);
        outbox.Order(order.Form.Segment, order.UserId, stamp, Answers.Trade(order, number, quantity, price, stamp), 0);
    }

    /// <summary>2212: the price has reached the trigger, and the order goes on as a regular one.</summary>
    public void Trigger(ExchangeOrder order, DateTimeOffset now)
    {
        order.BecomeRegular(order.Price == 0 ? order.Touch : order.Price);
        order.AwaitsPrice = AwaitsPrice(order);
        order.Touched(book.NextReference(now), NnfTime.ToSeconds(now));
        var stamp = book.NextStamp(order, now);
        outbox.Order(order.Form.Segment, order.UserId, stamp, Answers.Triggered(order, stamp), 0);
    }

    /// <summary>20012: the rest of a market order stays at this price. The reference before it still counts (N22).</summary>
    public void ConfirmPrice(ExchangeOrder order, DateTimeOffset now)
    {
        order.AwaitsPrice = false;
        var before = (order.LastActivityReference, order.LastModified);
        order.Touched(book.NextReference(now), NnfTime.ToSeconds(now));
        order.Before = before;
        var stamp = book.NextStamp(order, now);
        var answer = order.State(order.Remaining);
        Answers.Write(order.Form, answer, TransactionCode.PriceConfirmation, 0, 0, ' ', stamp);
        outbox.Order(order.Form.Segment, order.UserId, stamp, answer, order.Sequence);
    }

    /// <summary>The exchange itself takes the rest of an order out of the book.</summary>
    public void Withdraw(ExchangeOrder order, short error, DateTimeOffset now) => Withdraw(order, 'C', error, now);

    /// <summary>Takes the rest of an order out of the book without a request that names it.</summary>
    /// <param name="by">T when its user wanted it, C when the exchange did (N13).</param>
    public void Withdraw(ExchangeOrder order, char by, short error, DateTimeOffset now) => Withdraw(order, order.ClientReference, 0, by, error, now);

    private void Withdraw(ExchangeOrder order, int clientReference, uint sequence, char by, short error, DateTimeOffset now)
    {
        var form = order.Form;
        var cancelled = order.Remaining;
        order.Leave("cancelled");
        order.Touched(book.NextReference(now), NnfTime.ToSeconds(now));
        var stamp = book.NextStamp(order, now);
        var answer = order.State(cancelled);
        form.ClientReference?.Write(answer, clientReference);
        Answers.Write(form, answer, TransactionCode.CancelConfirmed, error, 0, by, stamp);
        outbox.Order(form.Segment, order.UserId, stamp, answer, sequence);
    }

    private (short Error, short Reason) ModifyError(ExchangeOrder? order, OrderForm form, Span<byte> answer)
    {
        var error = ChangeRules.Check(order, form, answer, isModify: true);
        if (error != 0)
        {
            return (error, EntryRules.ReasonOrderNumber);
        }

        if (!form.IsTrimmed)
        {
            // A member may not have heard yet that his stop order is a regular one by now (N34).
            form.BookType.Write(answer, order!.Book);
            var flags = form.Flags.ReadNumber(answer);
            form.Flags.WriteNumber(answer, order.IsStop ? flags | FormFields.StopLossFlag : flags & ~FormFields.StopLossFlag);
        }

        // Volume is the new total, so it must leave something open beyond what has traded (N10).
        return form.Volume.Read(answer) <= order!.Filled
            ? (ExchangeError.ModifyRefused, EntryRules.ReasonOrderType)
            : _rules.Check(form, answer, order.Book, order.Quote);
    }

    private void RefuseChange(
        ExchangeOrder? order, OrderForm form, byte[] answer, short code, short error, short reason, uint sequence, DateTimeOffset now)
    {
        if (order is not null)
        {
            Answers.WriteBookQuantities(order, form, answer);
        }

        var stamp = order is null ? book.NextStamp(form.Segment, null, now) : book.NextStamp(order, now);
        Answers.Write(form, answer, code, error, reason, ' ', stamp);
        outbox.Order(form.Segment, form.UserId.Read(answer), stamp, answer, sequence);
    }

    /// <summary>What the exchange decides about the terms of an order: price of a market order, flags, times, reference.</summary>
    private void WriteTerms(OrderForm form, byte[] answer, Quote quote, long added, Stamp stamp)
    {
        var isMarket = form.Price.Read(answer) == 0;
        if (isMarket && form.BookType.Read(answer) != BookNumber.StopLoss)
        {
            // The price decides, not the bit of the request (N20, N35).
            form.Price.Write(answer, form.BuySell.Read(answer) == (short)BuySell.Buy ? quote.Ask : quote.Bid);
        }

        var asked = form.Flags.ReadNumber(answer) & ~(long)CmOrderFlags.Market;
        form.Flags.WriteNumber(answer, asked | added | (isMarket ? CmOrderFlags.Market : 0L));
        form.DisclosedRemaining.Write(answer, Math.Min(FormFields.Disclosed(form).Read(answer), form.Remaining.Read(answer)));
        form.EntryDateTime.Write(answer, NnfTime.ToSeconds(stamp.At));
        form.LastModified.Write(answer, NnfTime.ToSeconds(stamp.At));
        form.LastActivityReference.Write(answer, book.NextReference(stamp.At));
    }

    private bool AwaitsPrice(ExchangeOrder order) => settings.PriceConfirmation && order is { IsMarket: true, IsStop: false, IsFrozen: false } && !order.IsImmediateOrCancel;

    private ExchangeOrder? Named(OrderForm form, ReadOnlySpan<byte> answer) =>
        form.OrderNumber.TryRead(answer, out var number) ? book.Find(form.Segment, number) : null;
}
