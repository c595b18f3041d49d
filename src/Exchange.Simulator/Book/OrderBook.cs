using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Exchange.Wire.Layouts;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Every order and trade of the day, and the counters that number them. Used under the floor's gate.</summary>
public sealed class OrderBook(SimulatorSettings settings, PriceBoard board, DayJournal journal)
{
    private const long CounterRange = 100_000_000_000_000;

    private readonly Dictionary<(Segment, long), ExchangeOrder> _orders = [];
    private readonly List<TradeLine> _trades = [];
    private readonly HashSet<(Segment, byte)> _down = [];
    private readonly Dictionary<(Segment, byte), int> _lastTrades = [];
    private long _lastOrder;
    private long _lastReference;
    private int _lastFill = 1_000_000;

    public IEnumerable<ExchangeOrder> Orders => _orders.Values;

    public IReadOnlyList<TradeLine> Trades => _trades;

    public ExchangeOrder? Find(Segment segment, long number) => _orders.GetValueOrDefault((segment, number));

    /// <summary>The number of the last trade on a stream; 0 when there was none.</summary>
    public int LastTrade(Segment segment, byte stream) => _lastTrades.GetValueOrDefault((segment, stream));

    /// <summary>The matching engine of this stream is away.</summary>
    public bool IsDown(Segment segment, byte stream) => _down.Contains((segment, stream));

    /// <param name="stream">0 is all of them.</param>
    public void SetDown(Segment segment, byte stream, bool isDown)
    {
        for (byte one = 1; one <= settings.Streams; one++)
        {
            if (isDown && (stream == 0 || stream == one))
            {
                _down.Add((segment, one));
            }
            else if (stream == 0 || stream == one)
            {
                _down.Remove((segment, one));
            }
        }
    }

    /// <summary>The instrument of an answer, or null when there is none like it.</summary>
    public Quote? QuoteOf(OrderForm form, ReadOnlySpan<byte> answer) => form.Segment == Segment.CapitalMarket
        ? board.FindCash(form.Symbol.Read(answer), form.Series!.Value.Read(answer))
        : board.Find(form.Segment, form.Token!.Value.Read(answer));

    public Stamp NextStamp(Segment segment, Quote? quote, DateTimeOffset now)
    {
        // Orders are spread over the streams by their token.
        var stream = quote is null ? (byte)1 : (byte)((quote.Instrument.Token % settings.Streams) + 1);
        return new Stamp(now, stream, journal.NextTimeStamp(segment, stream, now));
    }

    public Stamp NextStamp(ExchangeOrder order, DateTimeOffset now) =>
        new(now, order.Stream, journal.NextTimeStamp(order.Form.Segment, order.Stream, now));

    public long NextReference(DateTimeOffset now) => _lastReference = Math.Max(_lastReference + 1, NnfTime.ToNanoseconds(now));

    /// <summary>Two digits for segment and stream, fourteen for a counter (NSE-TAP.md 1.5).</summary>
    public long NextOrderNumber(Segment segment, byte stream) =>
        (((segment == Segment.CapitalMarket ? 10 : 20) + stream) * CounterRange) + ++_lastOrder;

    public ExchangeOrder Keep(OrderForm form, byte[] answer, Quote? quote, byte stream, long number, uint sequence = 0)
    {
        var order = new ExchangeOrder
        {
            Form = form,
            Answer = answer,
            Quote = quote,
            Stream = stream,
            Number = number,
            Sequence = sequence,
        };
        order.Touched(form.LastActivityReference.Read(answer), form.LastModified.Read(answer));
        _orders[(form.Segment, number)] = order;
        return order;
    }

    /// <summary>Writes down a fill of an order and gives it its number.</summary>
    public int Trade(ExchangeOrder order, int quantity, int price, DateTimeOffset now)
    {
        AddTrade(order, ++_lastFill, quantity, price, now);
        return _lastFill;
    }

    /// <summary>Takes back what an earlier run said about orders, from the ledger.</summary>
    public void Restore(Segment segment, byte[] message)
    {
        var code = MessageHeader.TransactionCode.Read(message);
        var full = code < OrderForm.TrimmedOffset ? message.ToArray() : FullForm.FromTrimmed(segment, message);
        if (TradeForm.Find(segment, message.Length) is { } trade)
        {
            var (timeStamp1, stream) = trade.ReadPosition(message);
            journal.Add(segment, stream, trade.UserId.Read(message), timeStamp1, full);
            RestoreActivity(segment, trade, message, code);
            return;
        }

        var form = OrderForm.Find(segment, message.Length)!;
        var home = (byte)form.Stream.ReadNumber(message);
        journal.Add(segment, home, form.UserId.Read(message), form.TimeStamp1.Read(message), full);
        _lastReference = Math.Max(_lastReference, form.LastActivityReference.Read(message));
        if (form.OrderNumber.TryRead(message, out var number) && Find(segment, number) is { } order)
        {
            RestoreChange(order, form, message, code);
        }
        else if (code is TransactionCode.OrderConfirmed or TransactionCode.FullOrderConfirmed or TransactionCode.FreezeToControl)
        {
            var entered = code == TransactionCode.FreezeToControl ? FreezeDesk.Entered(segment, message) : (Form: form, Answer: message);
            Keep(entered.Form, entered.Answer, QuoteOf(form, message), home, number).IsResting = true;
            _lastOrder = Math.Max(_lastOrder, number % CounterRange);
        }
    }

    private static void RestoreChange(ExchangeOrder order, OrderForm form, byte[] message, short code)
    {
        switch (code)
        {
            case TransactionCode.ModifyConfirmed or TransactionCode.FullModifyConfirmed:
                order.Answer = message;
                break;
            case TransactionCode.CancelConfirmed or TransactionCode.FullCancelConfirmed:
                order.Leave("cancelled");
                break;
            case TransactionCode.PriceConfirmation or TransactionCode.FullPriceConfirmation:
                break;
            case TransactionCode.FullOrderConfirmed:
                order.Thaw();
                break;
            case TransactionCode.FullOrderRejected:
                order.Leave("refused");
                break;
            default:
                // A refusal: nothing has happened to the order.
                return;
        }

        order.Touched(form.LastActivityReference.Read(message), form.LastModified.Read(message));
    }

    private void RestoreActivity(Segment segment, TradeForm form, byte[] message, short code)
    {
        _lastReference = Math.Max(_lastReference, form.LastActivityReference.Read(message));
        _lastFill = Math.Max(_lastFill, form.FillNumber.Read(message));
        if (Find(segment, form.OrderNumber.Read(message)) is not { } order)
        {
            return;
        }

        order.Touched(form.LastActivityReference.Read(message), form.ActivityTime.Read(message));
        if (code == TransactionCode.StopLossTriggered)
        {
            order.BecomeRegular(form.Price.Read(message));
            return;
        }

        order.Take(form.FilledToday.Read(message) - order.Filled);
        AddTrade(order, form.FillNumber.Read(message), form.FillQuantity.Read(message), form.FillPrice.Read(message), NnfTime.FromNanoseconds(form.EngineTime.Read(message)));
    }

    private void AddTrade(ExchangeOrder order, int number, int quantity, int price, DateTimeOffset at)
    {
        _lastTrades[(order.Form.Segment, order.Stream)] = number;
        _trades.Add(new TradeLine(number, order.Number, SegmentName.Of(order.Form.Segment), order.Account, order.Name, order.IsBuy ? "buy" : "sell", quantity, price, at));
    }
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
