using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Market;

/// <summary>Gives every instrument a plausible price to start from: its own last price, else a close, else one derived from its kin.</summary>
internal sealed class StartingPrices
{
    private readonly Dictionary<string, int> _closes;
    private readonly Dictionary<string, int> _spots = new(StringComparer.Ordinal);

    public StartingPrices(IReadOnlyList<Instrument> instruments, Dictionary<string, int> closes)
    {
        _closes = closes;
        foreach (var group in instruments.GroupBy(instrument => instrument.Symbol))
        {
            _spots[group.Key] = Spot([.. group]);
        }
    }

    public int For(Instrument instrument)
    {
        if (Known(instrument) is { } known)
        {
            return instrument.RoundToTick(known);
        }

        var spot = _spots[instrument.Symbol];
        if (!instrument.IsOption)
        {
            return instrument.RoundToTick(spot);
        }

        // Inner value, and a time value that melts with the distance from the strike.
        var distance = Math.Abs((long)spot - instrument.StrikePaise);
        var inner = Math.Max(instrument.OptionType == "CE" ? (long)spot - instrument.StrikePaise : (long)instrument.StrikePaise - spot, 0);
        return instrument.RoundToTick(inner + Math.Max((spot / 50L) - (distance / 4), instrument.TickPaise));
    }

    private int? Known(Instrument instrument)
    {
        if (instrument.BasePaise > 0)
        {
            return instrument.BasePaise;
        }

        var exchange = instrument.Segment == Segment.CapitalMarket ? "NSE" : "NFO";
        return _closes.TryGetValue($"{exchange}:{instrument.TradingSymbol}", out var close) ? close : null;
    }

    private int Spot(IReadOnlyList<Instrument> kin)
    {
        var underlying = kin.Where(one => !one.IsOption).OrderBy(one => one.Segment == Segment.CapitalMarket ? 0 : 1).ThenBy(one => one.Expiry);
        foreach (var one in underlying)
        {
            if (Known(one) is { } known)
            {
                return known;
            }
        }

        // The strikes on offer lie around the price.
        var strikes = kin.Where(one => one.IsOption && one.StrikePaise > 0).Select(one => one.StrikePaise).Distinct().Order().ToList();
        if (strikes.Count > 0)
        {
            return strikes[strikes.Count / 2];
        }

        // No clue at all: between 100 and 2,000 rupees, the same on every run.
        var letters = kin[0].Symbol.Aggregate(17u, (sum, letter) => unchecked((sum * 31) + letter));
        return 10_000 + (int)(letters % 190_000);
    }
}
