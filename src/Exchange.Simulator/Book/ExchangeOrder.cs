using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Book;

/// <summary>An order as the exchange knows it. Its last answer is kept as bytes, so that every later message repeats the client's fields.</summary>
public sealed class ExchangeOrder
{
    public required OrderForm Form { get; init; }

    /// <summary>The last confirmation of its terms, from which all later messages about it are made.</summary>
    public required byte[] Answer { get; set; }

    /// <summary>Null when the instrument list has changed since the order was taken.</summary>
    public required Quote? Quote { get; init; }

    public required byte Stream { get; init; }

    public required long Number { get; init; }

    public bool IsImmediateOrCancel =>
        (Form.Flags.ReadNumber(Answer) & (Form.Segment == Segment.CapitalMarket ? CmOrderFlags.Ioc : FoOrderFlags.Ioc)) != 0;

    /// <summary>Its price was set by the exchange.</summary>
    public bool IsMarket => (Form.Flags.ReadNumber(Answer) & CmOrderFlags.Market) != 0;

    /// <summary>1 for regular orders, 3 for stop orders that have not triggered.</summary>
    public short Book => Form.BookType.Read(Answer);

    /// <summary>It waits for a person's word and does not trade.</summary>
    public bool IsFrozen => (Form.Flags.ReadNumber(Answer) & FormFields.FrozenFlag(Form.Segment)) != 0;

    /// <summary>It waits for its trigger and does not trade.</summary>
    public bool IsStop => Book == BookNumber.StopLoss;

    public bool IsTriggered
    {
        get
        {
            if (!IsStop || !IsOpen || IsFrozen || Quote is null)
            {
                return false;
            }

            return IsBuy ? Quote.Last >= Trigger : Quote.Last <= Trigger;
        }
    }

    /// <summary>It leaves the book when its user logs off. Cash orders have no such flag of their own.</summary>
    public bool IsCancelledOnLogout => Form.Segment == Segment.FuturesAndOptions
        && (FormFields.AdditionalFlags(Form, Answer) & FoAdditionalFlags.CancelOnLogout) != 0;

    public int UserId => Form.UserId.Read(Answer);

    public string Account => Form.Account.Read(Answer);

    public string Name => Quote?.Instrument.TradingSymbol ?? Form.Symbol.Read(Answer);

    /// <summary>0 in the full form of the cash segment, which has none.</summary>
    public int ClientReference => Form.ClientReference?.Read(Answer) ?? 0;

    public bool IsBuy => Form.BuySell.Read(Answer) == (short)BuySell.Buy;

    public int Volume => Form.Volume.Read(Answer);

    public int Price => Form.Price.Read(Answer);

    /// <summary>0 for an order that never was a stop order.</summary>
    public int Trigger => Form.Trigger?.Read(Answer) ?? 0;

    public int Filled { get; private set; }

    public int Remaining => IsOpen ? Volume - Filled : 0;

    public bool IsOpen { get; private set; } = true;

    public string Status { get; private set; } = "open";

    public long LastActivityReference { get; private set; }

    public int LastModified { get; private set; }

    /// <summary>The packet sequence of its entry, which later direct answers repeat (N7).</summary>
    public uint Sequence { get; init; }

    /// <summary>A market order whose user has not been told the price at which its rest stays.</summary>
    public bool AwaitsPrice { get; set; }

    /// <summary>The reference before the price confirmation, which a request may still carry (N22).</summary>
    public (long Reference, int LastModified)? Before { get; set; }

    /// <summary>It did not trade at once: from now on it trades at its own price.</summary>
    public bool IsResting { get; set; }

    /// <summary>The price whose liquidity this order has used up; only a better one brings more.</summary>
    public int? ExhaustedAt { get; set; }

    /// <summary>Fills that were decided and wait for their moment.</summary>
    public Queue<(DateTimeOffset Due, int Quantity)> Planned { get; } = new();

    /// <summary>The touch that this order could trade with.</summary>
    public int Touch => IsBuy ? Quote!.Ask : Quote!.Bid;

    public bool Crosses
    {
        get
        {
            if (Quote is null || IsStop || IsFrozen)
            {
                return false;
            }

            var crosses = IsBuy ? Touch <= Price : Touch >= Price;
            return crosses && (ExhaustedAt is not { } used || (IsBuy ? Touch < used : Touch > used));
        }
    }

    public int FillPrice => IsResting ? Price : IsBuy ? Math.Min(Touch, Price) : Math.Max(Touch, Price);

    /// <summary>Something happened to it: from now on this is what a request must carry.</summary>
    public void Touched(long reference, int lastModified)
    {
        (LastActivityReference, LastModified, Before) = (reference, lastModified, null);
    }

    /// <summary>A request carries what was last said about it.</summary>
    public bool IsCurrent(long reference, int lastModified) =>
        (reference, lastModified) == (LastActivityReference, LastModified) || (Before is { } before && (reference, lastModified) == before);

    /// <summary>So much of it has traded; with the last of it the order leaves the book.</summary>
    public void Take(int quantity)
    {
        Filled += quantity;
        if (Filled >= Volume)
        {
            Leave("filled");
        }
    }

    /// <summary>A stop order that has triggered is a regular one with this limit.</summary>
    public void BecomeRegular(int price)
    {
        Form.BookType.Write(Answer, BookNumber.RegularLot);
        Form.Flags.WriteNumber(Answer, Form.Flags.ReadNumber(Answer) & ~FormFields.StopLossFlag);
        Form.Price.Write(Answer, price);
    }

    public void Thaw() => Form.Flags.WriteNumber(Answer, Form.Flags.ReadNumber(Answer) & ~FormFields.FrozenFlag(Form.Segment));

    /// <summary>An answer with the order as it is now.</summary>
    public byte[] State(int remaining)
    {
        var answer = Answer.ToArray();
        Form.Remaining.Write(answer, remaining);
        Form.FilledToday.Write(answer, Filled);
        Form.LastModified.Write(answer, LastModified);
        Form.LastActivityReference.Write(answer, LastActivityReference);
        return answer;
    }

    public void Leave(string status)
    {
        IsOpen = false;
        Status = status;
        Planned.Clear();
    }
}
