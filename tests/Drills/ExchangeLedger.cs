using Backup.Drills.Records;

namespace Backup.Drills;

/// <summary>What reached the exchange and what became of it, by its own ledger, line by line.</summary>
internal sealed partial class ExchangeLedger
{
    /// <summary>A new order that arrived: whose, which of ours, and how much.</summary>
    internal sealed record Entry(LedgerLine Line, string Account, int Reference, string Instrument, int Side, int Quantity)
    {
        internal string Segment => Line.Segment;

        internal string OrderId => $"{Account}-{Reference}";
    }

    /// <summary>An order that the exchange has or had, and what became of it.</summary>
    internal sealed class Booked(string segment, string account, string instrument, int side, int quantity)
    {
        /// <summary>Our number of it; 0 while only its fills were seen.</summary>
        internal int Reference { get; set; }

        /// <summary>Grows with everything that happens to the order, so that a late copy of an old answer shows as one.</summary>
        internal long Activity { get; set; }

        internal string Segment => segment;

        internal string Account => account;

        internal string Instrument => instrument;

        internal int Side => side;

        internal int Quantity { get; set; } = quantity;

        internal int Filled { get; set; }

        internal bool Gone { get; set; }

        internal int Open => Gone ? 0 : Quantity - Filled;
    }

    /// <summary>One execution; the exchange may say it more than once.</summary>
    internal sealed record Execution(string Account, string Instrument, long Order, long Number, int Quantity);

    private long _after;

    internal List<Entry> Entries { get; } = [];

    internal Dictionary<long, Booked> Orders { get; } = [];

    internal Dictionary<(string Segment, long Order, long Number), Execution> Executions { get; } = [];

    /// <summary>Signed units traded for an account in an instrument.</summary>
    internal Dictionary<(string Account, string Instrument), long> Net { get; } = [];

    internal int Frames { get; private set; }

    internal int Trades => Executions.Count;

    /// <summary>The lines since <see cref="Forget"/>.</summary>
    internal List<LedgerLine> Recent { get; } = [];

    /// <summary>Takes one line in; <paramref name="afterEach"/> is called when it changes the books.</summary>
    internal void Take(string text, Action<ExchangeLedger, string, string>? afterEach = null)
    {
        var line = LedgerLine.Parse(text);
        _after = line.N;
        Recent.Add(line);
        if (Take(line) is { } place)
        {
            afterEach?.Invoke(this, place.Account, place.Instrument);
        }
    }

    /// <summary>What was read so far is no longer recent; the books stay.</summary>
    internal void Forget() => Recent.Clear();

    /// <summary>Orders that vanished with a part of the exchange, which told nobody.</summary>
    internal HashSet<long> Lost { get; } = [];

    private (string Account, string Instrument)? Take(LedgerLine line)
    {
        if (line is { IsNote: true, Name: "ORDERS_LOST" })
        {
            TakeLost(line.Note);
        }

        if (line.Message.Length <= 2)
        {
            return null;
        }

        Frames++;
        return (line.IsInbound, line.Code) switch
        {
            (true, ExchangeCodes.Enter) when !line.IsDamaged => TakeEntry(line),
            (false, ExchangeCodes.Confirmed) => TakeConfirmed(line),
            (false, ExchangeCodes.Modified) => TakeModified(line),
            (false, ExchangeCodes.Cancelled) => TakeCancelled(line),
            (false, ExchangeCodes.Traded) => TakeTrade(line),

            // Stop orders, which the main site enters, are told of in full size (NSE-TAP.md 5.1).
            (false, ExchangeCodes.Confirmed - ExchangeCodes.Trimmed) => TakeConfirmed(line),
            (false, ExchangeCodes.Modified - ExchangeCodes.Trimmed) => TakeModified(line),
            (false, ExchangeCodes.Cancelled - ExchangeCodes.Trimmed) => TakeCancelled(line),
            (false, ExchangeCodes.Traded - ExchangeCodes.Trimmed) => TakeTrade(line),
            _ => null,
        };
    }

    /// <summary>The segment, then order numbers.</summary>
    private void TakeLost(string words)
    {
        foreach (var number in words.Split(' ').Skip(1).Select(long.Parse))
        {
            Lost.Add(number);
            if (Orders.TryGetValue(number, out var order))
            {
                order.Gone = true;
            }
        }
    }

    private (string Account, string Instrument) TakeEntry(LedgerLine m)
    {
        var entry = m.IsDerivatives
            ? new Entry(m, m.Text(38, 10), m.Int(98), $"fo:{m.Int(8)}", m.Short(50), m.Int(56))
            : new Entry(m, m.Text(18, 10), m.Int(84), $"cm:{m.Text(6, 10)}", m.Short(30), m.Int(36));
        Entries.Add(entry);
        return (entry.Account, entry.Instrument);
    }

    private (string Account, string Instrument) TakeConfirmed(LedgerLine m)
    {
        var booked = (m.IsDerivatives, IsFullSize(m)) switch
        {
            (true, false) => new Booked("fo", m.Text(64, 10), $"fo:{m.Int(24)}", m.Short(76), m.Int(90)),
            (false, false) => new Booked("cm", m.Text(44, 10), $"cm:{m.Text(24, 10)}", m.Short(56), m.Int(70)),
            (true, true) => new Booked("fo", m.Text(106, 10), $"fo:{m.Int(54)}", m.Short(118), m.Int(132)),
            (false, true) => new Booked("cm", m.Text(82, 10), $"cm:{m.Text(54, 10)}", m.Short(94), m.Int(108)),
        };
        Orders.TryAdd(OrderOf(m), booked);
        var known = Orders[OrderOf(m)];
        if (!IsFullSize(m))
        {
            known.Reference = m.Int(m.IsDerivatives ? 144 : 128);
        }

        known.Activity = Math.Max(known.Activity, ActivityOf(m));
        return (booked.Account, booked.Instrument);
    }

    private (string Account, string Instrument)? TakeModified(LedgerLine m)
    {
        var isNews = !Orders.TryGetValue(OrderOf(m), out var before) || ActivityOf(m) > before.Activity;
        var place = TakeConfirmed(m);
        if (isNews)
        {
            Orders[OrderOf(m)].Quantity = m.Int((m.IsDerivatives, IsFullSize(m)) switch { (true, false) => 90, (false, false) => 70, (true, true) => 132, _ => 108 });
        }

        return place;
    }

    private (string Account, string Instrument)? TakeCancelled(LedgerLine m)
    {
        if (!Orders.TryGetValue(OrderOf(m), out var booked))
        {
            return null;
        }

        booked.Gone = true;
        return (booked.Account, booked.Instrument);
    }

    /// <summary>A fill counts once however often it is said, and also when it is said before its order.</summary>
    private (string Account, string Instrument)? TakeTrade(LedgerLine m)
    {
        var (fo, full) = (m.IsDerivatives, IsFullSize(m));
        var order = m.Number(full ? 40 : fo ? 34 : 26);
        if (!Orders.TryGetValue(order, out var booked))
        {
            booked = (fo, full) switch
            {
                (true, false) => new Booked("fo", m.Text(48, 10), $"fo:{m.Int(108)}", m.Short(58), m.Int(60)),
                (false, false) => new Booked("cm", m.Text(46, 10), $"cm:{m.Text(100, 10)}", m.Short(44), m.Int(56)),
                (true, true) => new Booked("fo", m.Text(58, 10), $"fo:{m.Int(132)}", m.Short(68), m.Int(70)),
                (false, true) => new Booked("cm", m.Text(58, 10), $"cm:{m.Text(131, 10)}", m.Short(68), m.Int(70)),
            };
            Orders.Add(order, booked);
        }

        var execution = new Execution(booked.Account, booked.Instrument, order, m.Int(full ? 96 : fo ? 86 : 78), m.Int(full ? 100 : fo ? 90 : 82));
        if (!Executions.TryAdd((m.Segment, order, execution.Number), execution))
        {
            return null;
        }

        booked.Filled += execution.Quantity;
        var place = (booked.Account, booked.Instrument);
        Net[place] = Net.GetValueOrDefault(place) + (booked.Side == 1 ? execution.Quantity : -execution.Quantity);
        return place;
    }

    private static bool IsFullSize(LedgerLine m) => m.Code < ExchangeCodes.Trimmed;

    private static long ActivityOf(LedgerLine m) => m.Wide((m.IsDerivatives, IsFullSize(m)) switch { (true, false) => 180, (false, false) => 156, (true, true) => 256, _ => 230 });

    private static long OrderOf(LedgerLine m) => m.Number((m.IsDerivatives, IsFullSize(m)) switch { (true, false) => 56, (false, false) => 36, (true, true) => 98, _ => 74 });
}
