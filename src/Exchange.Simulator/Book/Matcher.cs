using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Book;

/// <summary>Decides which orders trade against the synthetic market, how much and when. Used under the floor's gate.</summary>
public sealed class Matcher(SimulatorSettings settings, OrderBook book, OrderDesk desk, Departures departures)
{
    /// <summary>Fills carried out in one turn at most, so that an order that trades in very many does not stop everything else.</summary>
    private const int FillsOfTurn = 2_000;

    private readonly Random _chance = new(settings.Seed);
    private readonly List<ExchangeOrder> _planned = [];
    private readonly Dictionary<Segment, LiquidityMode> _modes = new()
    {
        [Segment.CapitalMarket] = settings.Liquidity,
        [Segment.FuturesAndOptions] = settings.Liquidity,
    };

    /// <summary>Into how many fills an order is cut from now on, exactly; null: one to fill-parts-max, by chance.</summary>
    public int? Parts { get; set; }

    public LiquidityMode Mode(Segment segment) => _modes[segment];

    public void SetMode(LiquidityMode mode, Segment? segment)
    {
        foreach (var one in Enum.GetValues<Segment>())
        {
            if (segment is null || segment == one)
            {
                _modes[one] = mode;
            }
        }

        // New liquidity: what was used up is there again.
        foreach (var order in book.Orders)
        {
            order.ExhaustedAt = null;
        }
    }

    /// <summary>A new order meets the market for the first time.</summary>
    public void Arrive(ExchangeOrder order, DateTimeOffset now)
    {
        if (order.IsTriggered)
        {
            desk.Trigger(order, now);
        }

        Consider(order, now);
        order.IsResting = order.Planned.Count == 0;
        if (order.IsResting)
        {
            departures.NoTradeComes(order.Form.Segment, order.Number, now);
        }

        FillDue(now);
        if (order.Planned.Count == 0)
        {
            Settle(order, now);
        }
    }

    /// <summary>An order has new terms: what was decided under the old ones is off, and it meets the market again.</summary>
    public void Change(ExchangeOrder order, bool keepsPlace, DateTimeOffset now)
    {
        order.Planned.Clear();
        _planned.Remove(order);
        if (keepsPlace)
        {
            Consider(order, now);
            FillDue(now);
        }
        else
        {
            order.ExhaustedAt = null;
            Arrive(order, now);
        }
    }

    /// <summary>Prices have moved or liquidity has changed: every order in the book meets the market again.</summary>
    public void Reconsider(DateTimeOffset now)
    {
        foreach (var order in book.Orders)
        {
            if (order.IsTriggered)
            {
                Arrive(order, now);
            }

            Consider(order, now);
        }

        FillDue(now);
    }

    /// <summary>Carries out the fills whose moment has come.</summary>
    public void FillDue(DateTimeOffset now)
    {
        var left = FillsOfTurn;
        for (var at = _planned.Count - 1; at >= 0; at--)
        {
            var order = _planned[at];
            while (left-- > 0 && order.IsOpen && order.Planned.TryPeek(out var next) && next.Due <= now)
            {
                order.Planned.Dequeue();
                desk.Fill(order, next.Quantity, order.FillPrice, now);
            }

            if (order.Planned.Count == 0)
            {
                _planned.RemoveAt(at);
                Settle(order, now);
            }
        }
    }

    /// <summary>It has traded what it could for now: what is left of it goes, or stays at its price.</summary>
    private void Settle(ExchangeOrder order, DateTimeOffset now)
    {
        order.IsResting = true;
        if (order.IsStop || order.IsFrozen)
        {
            return;
        }

        if (order.IsOpen && order.IsImmediateOrCancel)
        {
            desk.Withdraw(order, ExchangeError.SystemCancelled, now);
        }
        else if (order.IsOpen && order.AwaitsPrice)
        {
            desk.ConfirmPrice(order, now);
        }
    }

    private void Consider(ExchangeOrder order, DateTimeOffset now)
    {
        var mode = _modes[order.Form.Segment];
        if (!order.IsOpen || order.Planned.Count > 0 || mode == LiquidityMode.None || !order.Crosses)
        {
            return;
        }

        var lot = order.Quote!.Instrument.LotSize;
        var lots = Math.Max(order.Remaining / lot, 1);
        if (mode == LiquidityMode.Partial)
        {
            lots = (int)Math.Max((long)lots * settings.PartialSharePercent / 100, 1);
            order.ExhaustedAt = order.Touch;
        }

        Plan(order, lots, lot, now);
    }

    private void Plan(ExchangeOrder order, int lots, int lot, DateTimeOffset now)
    {
        var parts = Parts is { } exact ? Math.Min(exact, lots) : _chance.Next(1, Math.Min(settings.FillPartsMax, lots) + 1);
        var due = now;
        for (var part = parts; part > 0; part--)
        {
            var share = part == 1 ? lots : Math.Max(lots / part, 1);
            lots -= share;
            due += settings.FillDelay;
            order.Planned.Enqueue((due, Math.Min(share * lot, order.Remaining)));
        }

        _planned.Add(order);
    }
}
