using System.Collections.Concurrent;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Market;

/// <summary>The market of one instrument at this moment, in paise.</summary>
public sealed class Quote(Instrument instrument, int last, DateTimeOffset at)
{
    public Instrument Instrument { get; } = instrument;

    public int Last { get; private set; } = last;

    public int Bid { get; private set; } = instrument.RoundToTick(last - instrument.TickPaise);

    public int Ask { get; private set; } = last + instrument.TickPaise;

    public DateTimeOffset At { get; private set; } = at;

    /// <summary>A tick stream has taken over; the random walk keeps away.</summary>
    public bool IsReplayed { get; set; }

    /// <summary>Somebody looks at this price or has an order that depends on it.</summary>
    public bool IsAlive { get; set; }

    public void Set(int last, int bid, int ask, DateTimeOffset at)
    {
        (Last, Bid, Ask, At) = (last, bid, ask, at);
    }

    public void SetAround(int last, DateTimeOffset at) =>
        Set(last, Math.Max(last - Instrument.TickPaise, Instrument.TickPaise), last + Instrument.TickPaise, at);
}

/// <summary>All prices, and who listens to them. Used under the floor's gate, but for the listeners' own pick-up.</summary>
public sealed class PriceBoard
{
    private readonly Dictionary<(Segment, int), Quote> _quotes = [];
    private readonly Dictionary<(string, string), Quote> _cash = [];
    private readonly List<PriceListener> _listeners = [];
    private readonly Random _chance;
    private readonly SimulatorSettings _settings;

    public PriceBoard(IReadOnlyList<Instrument> instruments, SimulatorSettings settings, DateTimeOffset now)
    {
        _settings = settings;
        _chance = new Random(settings.Seed);
        foreach (var instrument in instruments)
        {
            var quote = new Quote(instrument, instrument.BasePaise, now);
            _quotes[(instrument.Segment, instrument.Token)] = quote;
            if (instrument.Segment == Segment.CapitalMarket)
            {
                _cash[(instrument.Symbol, instrument.Series)] = quote;
            }
        }
    }

    public IEnumerable<Quote> All => _quotes.Values;

    public Quote? Find(Segment segment, int token) => _quotes.GetValueOrDefault((segment, token));

    public Quote? FindCash(string symbol, string series) => _cash.GetValueOrDefault((symbol, series));

    /// <summary>Moves every living price by a small random step, inside four fifths of its band.</summary>
    public void Walk(DateTimeOffset now)
    {
        foreach (var quote in _quotes.Values)
        {
            if (!quote.IsAlive || quote.IsReplayed)
            {
                continue;
            }

            var instrument = quote.Instrument;
            var reach = Math.Max(quote.Last / 4000 / instrument.TickPaise, 1);
            var step = _chance.Next(-reach, reach + 1);
            if (step == 0)
            {
                continue;
            }

            var inner = _settings.BandPercent * 4 / 5;
            var next = quote.Last + (step * instrument.TickPaise);
            var low = instrument.LowPaise(Math.Max(inner, 1)) + instrument.TickPaise;
            var high = instrument.HighPaise(Math.Max(inner, 1)) - instrument.TickPaise;
            quote.SetAround(low < high ? Math.Clamp(next, low, high) : next, now);
            Announce(quote);
        }
    }

    public void Announce(Quote quote)
    {
        foreach (var listener in _listeners)
        {
            listener.Offer(quote);
        }
    }

    /// <summary>Starts listening; the current price of everything asked for is the first that the listener hears.</summary>
    public PriceListener Listen(IReadOnlyList<(Segment Segment, int Token)>? wanted)
    {
        var quotes = wanted is null ? _quotes.Values : wanted.Select(one => Find(one.Segment, one.Token)).OfType<Quote>();
        var listener = new PriceListener([.. quotes]);
        _listeners.Add(listener);
        return listener;
    }

    public void Leave(PriceListener listener) => _listeners.Remove(listener);
}

/// <summary>One reader of prices at its own pace: between two looks only the latest price of an instrument is kept.</summary>
public sealed class PriceListener : IDisposable
{
    private readonly HashSet<Quote> _wanted;
    private readonly ConcurrentDictionary<Quote, PriceLine> _changed = new();
    private readonly SemaphoreSlim _news = new(1, 1);

    public PriceListener(HashSet<Quote> wanted)
    {
        _wanted = wanted;
        foreach (var quote in wanted)
        {
            quote.IsAlive = true;
            _changed[quote] = PriceLine.Of(quote);
        }
    }

    public void Offer(Quote quote)
    {
        if (!_wanted.Contains(quote))
        {
            return;
        }

        _changed[quote] = PriceLine.Of(quote);
        if (_news.CurrentCount == 0)
        {
            _news.Release();
        }
    }

    public void Dispose() => _news.Dispose();

    public async Task<IReadOnlyList<PriceLine>> NextAsync(CancellationToken cancellationToken)
    {
        await _news.WaitAsync(cancellationToken);
        var lines = new List<PriceLine>();
        foreach (var quote in _changed.Keys)
        {
            if (_changed.TryRemove(quote, out var line))
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}

/// <summary>A price as the stream tells it, in paise.</summary>
public sealed record PriceLine(int Token, string Segment, int Ltp, int Bid, int Ask, DateTimeOffset At)
{
    public static PriceLine Of(Quote quote) => new(
        quote.Instrument.Token,
        SegmentName.Of(quote.Instrument.Segment),
        quote.Last,
        quote.Bid,
        quote.Ask,
        quote.At);
}

/// <summary>Segments by the short names of files and addresses.</summary>
public static class SegmentName
{
    public static string Of(Segment segment) => segment == Segment.CapitalMarket ? "cm" : "fo";

    public static Segment? Parse(string? text) => text?.ToUpperInvariant() switch
    {
        "CM" => Segment.CapitalMarket,
        "FO" => Segment.FuturesAndOptions,
        _ => null,
    };
}
