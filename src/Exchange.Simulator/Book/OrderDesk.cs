using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Takes orders and cancels, keeps the book, and answers. Used under the floor's gate.</summary>
public sealed class OrderDesk(SimulatorSettings settings, PriceBoard board, DayJournal journal, Outbox outbox)
{
    private readonly EntryRules _rules = new(settings);
    private readonly Dictionary<(Segment, long), ExchangeOrder> _orders = [];
    private readonly List<TradeLine> _trades = [];
    private long _lastOrder;
    private long _lastReference;
    private int _lastFill = 1_000_000;

    public IEnumerable<ExchangeOrder> Orders => _orders.Values;

    public IReadOnlyList<TradeLine> Trades => _trades;

    public ExchangeOrder? Find(Segment segment, long number) => _orders.GetValueOrDefault((segment, number));

    /// <summary>20000. Returns the order when it is in the book.</summary>
    public ExchangeOrder? Enter(Segment segment, ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var isCash = segment == Segment.CapitalMarket;
        var form = Answers.Form(segment);
        var answer = Answers.FromRequest(segment, isCash ? CmOrderEntry.Layout : FoOrderEntry.Layout, request);
        form.UserId.Write(answer, RequestUser(segment, TransactionCode.OrderEntry, request));
        form.Remaining.Write(answer, form.Volume.Read(answer));
        var quote = isCash
            ? board.FindCash(form.Symbol.Read(answer), form.Series!.Value.Read(answer))
            : board.Find(segment, form.Token!.Value.Read(answer));
        var bookType = isCash ? CmOrderEntry.BookType.Read(request) : FoOrderEntry.BookType.Read(request);
        var (error, reason) = _rules.Check(form, answer, bookType, quote);
        var stamp = NextStamp(segment, quote, now);
        if (error != 0)
        {
            Answers.Write(form, answer, TransactionCode.OrderRejected, error, reason, ' ', stamp);
            outbox.Order(segment, form.UserId.Read(answer), stamp, answer, sequence);
            return null;
        }

        var order = Book(form, answer, quote!, stamp);
        outbox.Order(segment, order.UserId, stamp, answer.ToArray(), sequence);
        return order;
    }

    /// <summary>20070.</summary>
    public void Cancel(Segment segment, ReadOnlySpan<byte> request, uint sequence, DateTimeOffset now)
    {
        var form = Answers.Form(segment);
        var answer = Answers.FromRequest(segment, segment == Segment.CapitalMarket ? CmOrderChange.Layout : FoOrderChange.Layout, request);
        var userId = form.UserId.Read(answer);
        var order = form.OrderNumber.TryRead(answer, out var number) ? Find(segment, number) : null;
        var error = CancelError(order, userId, form.LastActivityReference.Read(answer), form.LastModified.Read(answer));
        var stamp = order is null ? NextStamp(segment, null, now) : NextStamp(order, now);
        if (error == 0)
        {
            Withdraw(order!, form.ClientReference!.Value.Read(answer), stamp, sequence, 'T', 0);
            return;
        }

        if (order is not null)
        {
            Answers.WriteBookQuantities(order, answer);
        }

        Answers.Write(form, answer, TransactionCode.CancelRejected, error, 11, ' ', stamp);
        outbox.Order(segment, userId, stamp, answer, sequence);
    }

    /// <summary>Refuses an order message without looking at the book, in the form that its code calls for.</summary>
    public void Refuse(Segment segment, short code, ReadOnlySpan<byte> request, short error, uint sequence, DateTimeOffset now)
    {
        var form = Answers.Form(segment);
        var answer = Refusal(segment, code, request, error, NextStamp(segment, null, now));
        var stamp = new Stamp(now, 1, form.TimeStamp1.Read(answer));
        outbox.Order(segment, form.UserId.Read(answer), stamp, answer, sequence);
    }

    /// <summary>The refusal of an order message for a user who is not signed on: it has no place in a stream.</summary>
    public static byte[] Refusal(Segment segment, short code, ReadOnlySpan<byte> request, short error, Stamp stamp)
    {
        var form = Answers.Form(segment);
        var isEntry = code == TransactionCode.OrderEntry;
        var layout = (segment, isEntry) switch
        {
            (Segment.CapitalMarket, true) => CmOrderEntry.Layout,
            (Segment.CapitalMarket, false) => CmOrderChange.Layout,
            (_, true) => FoOrderEntry.Layout,
            (_, false) => FoOrderChange.Layout,
        };
        var answer = Answers.FromRequest(segment, layout, request);
        form.UserId.Write(answer, RequestUser(segment, code, request));
        var refused = code switch
        {
            TransactionCode.OrderEntry => TransactionCode.OrderRejected,
            TransactionCode.OrderModify => TransactionCode.ModifyRejected,
            _ => TransactionCode.CancelRejected,
        };
        Answers.Write(form, answer, refused, error, EntryRules.ReasonUser, ' ', stamp);
        return answer;
    }

    public static int RequestUser(Segment segment, short code, ReadOnlySpan<byte> request) => (segment, code) switch
    {
        (Segment.CapitalMarket, TransactionCode.OrderEntry) => CmOrderEntry.TraderId.Read(request),
        (Segment.CapitalMarket, _) => CmOrderChange.UserId.Read(request),
        (_, TransactionCode.OrderEntry) => FoOrderEntry.UserId.Read(request),
        _ => FoOrderChange.UserId.Read(request),
    };

    /// <summary>One fill at one price; the order leaves the book when nothing is left of it.</summary>
    public void Fill(ExchangeOrder order, int quantity, int price, DateTimeOffset now)
    {
        order.Filled += quantity;
        order.LastActivityReference = NextReference(now);
        order.LastModified = NnfTime.ToSeconds(now);
        if (order.Filled == order.Volume)
        {
            order.IsOpen = false;
            order.Status = "filled";
        }

        var stamp = NextStamp(order, now);
        var number = ++_lastFill;
        _trades.Add(new TradeLine(number, order.Number, SegmentName.Of(order.Form.Segment), order.Account, Name(order), Side(order), quantity, price, now));
        outbox.Order(order.Form.Segment, order.UserId, stamp, Answers.Trade(order, number, quantity, price, stamp), 0);
    }

    /// <summary>Takes the rest of an order out of the book.</summary>
    public void Withdraw(ExchangeOrder order, int clientReference, Stamp stamp, uint sequence, char by, short error)
    {
        var form = order.Form;
        var cancelled = order.Remaining;
        order.IsOpen = false;
        order.Status = "cancelled";
        order.Planned.Clear();
        order.LastActivityReference = NextReference(stamp.At);
        order.LastModified = NnfTime.ToSeconds(stamp.At);
        var answer = order.Answer.ToArray();
        form.Remaining.Write(answer, cancelled);
        form.FilledToday.Write(answer, order.Filled);
        form.LastModified.Write(answer, order.LastModified);
        form.LastActivityReference.Write(answer, order.LastActivityReference);
        form.ClientReference!.Value.Write(answer, clientReference);
        Answers.Write(form, answer, TransactionCode.CancelConfirmed, error, 0, by, stamp);
        outbox.Order(form.Segment, order.UserId, stamp, answer, sequence);
    }

    public Stamp NextStamp(ExchangeOrder order, DateTimeOffset now) =>
        new(now, order.Stream, journal.NextTimeStamp(order.Form.Segment, order.Stream, now));

    /// <summary>Takes back what an earlier run said about orders, from the ledger.</summary>
    public void Restore(Segment segment, ReadOnlySpan<byte> message)
    {
        var code = MessageHeader.TransactionCode.Read(message);
        if (code == TransactionCode.Trade)
        {
            RestoreTrade(segment, message);
            return;
        }

        var isFull = code < OrderForm.TrimmedOffset;
        var form = OrderForm.Find(segment, message.Length)!;
        var (stream, timeStamp1) = ((byte)form.Stream.ReadNumber(message), form.TimeStamp1.Read(message));
        journal.Add(segment, stream, form.UserId.Read(message), timeStamp1, isFull ? message.ToArray() : FullForm.FromTrimmed(segment, message));
        if (code == TransactionCode.OrderConfirmed)
        {
            var number = form.OrderNumber.Read(message);
            var quote = segment == Segment.CapitalMarket
                ? board.FindCash(form.Symbol.Read(message), form.Series!.Value.Read(message))
                : board.Find(segment, form.Token!.Value.Read(message));
            Keep(form, message.ToArray(), quote, stream, number);
            _lastOrder = Math.Max(_lastOrder, number % CounterRange);
        }
        else if (code == TransactionCode.CancelConfirmed && Find(segment, form.OrderNumber.Read(message)) is { } order)
        {
            order.IsOpen = false;
            order.Status = "cancelled";
            order.LastActivityReference = form.LastActivityReference.Read(message);
            order.LastModified = form.LastModified.Read(message);
        }

        _lastReference = Math.Max(_lastReference, form.LastActivityReference.Read(message));
    }

    private const long CounterRange = 100_000_000_000_000;

    private static short CancelError(ExchangeOrder? order, int userId, long reference, int lastModified)
    {
        if (order is null)
        {
            return ExchangeError.OrderNumberInvalid;
        }

        var isCash = order.Form.Segment == Segment.CapitalMarket;
        if (order.UserId != userId)
        {
            return isCash ? ExchangeError.OrderNumberInvalid : (short)16014;
        }

        if (!order.IsOpen)
        {
            return ExchangeError.OrderNotFound;
        }

        var isCurrent = reference == order.LastActivityReference && lastModified == order.LastModified;
        return isCurrent ? (short)0 : isCash ? ExchangeError.OrderToCancelChanged : ExchangeError.FoOrderChanged;
    }

    private void RestoreTrade(Segment segment, ReadOnlySpan<byte> message)
    {
        var form = TradeForm.Find(segment, message.Length)!;
        var (timeStamp1, stream) = form.ReadPosition(message);
        journal.Add(segment, stream, form.UserId.Read(message), timeStamp1, FullForm.FromTrimmed(segment, message));
        var number = form.FillNumber.Read(message);
        _lastFill = Math.Max(_lastFill, number);
        _lastReference = Math.Max(_lastReference, form.LastActivityReference.Read(message));
        if (Find(segment, form.OrderNumber.Read(message)) is not { } order)
        {
            return;
        }

        order.Filled = form.FilledToday.Read(message);
        order.LastActivityReference = form.LastActivityReference.Read(message);
        order.LastModified = form.ActivityTime.Read(message);
        order.IsOpen = order.Filled < order.Volume;
        order.Status = order.IsOpen ? "open" : "filled";
        var at = NnfTime.FromNanoseconds(form.EngineTime.Read(message));
        _trades.Add(new TradeLine(
            number, order.Number, SegmentName.Of(segment), order.Account, Name(order), Side(order), form.FillQuantity.Read(message), form.FillPrice.Read(message), at));
    }

    private ExchangeOrder Book(OrderForm form, byte[] answer, Quote quote, Stamp stamp)
    {
        var flags = form.Flags.ReadNumber(answer);
        var isMarket = form.Price.Read(answer) == 0;
        if (isMarket)
        {
            // The price decides, not the bit of the request (N20, N35).
            form.Price.Write(answer, form.BuySell.Read(answer) == (short)BuySell.Buy ? quote.Ask : quote.Bid);
        }

        flags = isMarket ? flags | CmOrderFlags.Market : flags & ~(long)CmOrderFlags.Market;
        form.Flags.WriteNumber(answer, flags);
        var number = ((((form.Segment == Segment.CapitalMarket ? 10 : 20) + stamp.Stream) * CounterRange) + ++_lastOrder);
        form.OrderNumber.Write(answer, number);
        form.FilledToday.Write(answer, 0);
        form.EntryDateTime.Write(answer, NnfTime.ToSeconds(stamp.At));
        form.LastModified.Write(answer, NnfTime.ToSeconds(stamp.At));
        form.LastActivityReference.Write(answer, NextReference(stamp.At));
        Answers.Write(form, answer, TransactionCode.OrderConfirmed, 0, 0, ' ', stamp);
        quote.IsAlive = true;
        return Keep(form, answer, quote, stamp.Stream, number);
    }

    private ExchangeOrder Keep(OrderForm form, byte[] answer, Quote? quote, byte stream, long number)
    {
        var ioc = form.Segment == Segment.CapitalMarket ? CmOrderFlags.Ioc : FoOrderFlags.Ioc;
        var order = new ExchangeOrder
        {
            Form = form,
            Answer = answer,
            Quote = quote,
            Stream = stream,
            Number = number,
            IsImmediateOrCancel = (form.Flags.ReadNumber(answer) & ioc) != 0,
            LastActivityReference = form.LastActivityReference.Read(answer),
            LastModified = form.LastModified.Read(answer),
        };
        _orders[(form.Segment, number)] = order;
        return order;
    }

    private Stamp NextStamp(Segment segment, Quote? quote, DateTimeOffset now)
    {
        // Orders are spread over the streams by their token.
        var stream = quote is null ? (byte)1 : (byte)((quote.Instrument.Token % settings.Streams) + 1);
        return new Stamp(now, stream, journal.NextTimeStamp(segment, stream, now));
    }

    private long NextReference(DateTimeOffset now) => _lastReference = Math.Max(_lastReference + 1, NnfTime.ToNanoseconds(now));

    private static string Name(ExchangeOrder order) => order.Quote?.Instrument.TradingSymbol ?? order.Form.Symbol.Read(order.Answer);

    private static string Side(ExchangeOrder order) => order.IsBuy ? "buy" : "sell";
}

/// <summary>A trade as the exchange tells people, in paise and units.</summary>
public sealed record TradeLine(
    int TradeNumber,
    long OrderNumber,
    string Segment,
    string Account,
    string Instrument,
    string Side,
    int Quantity,
    int Price,
    DateTimeOffset At);
