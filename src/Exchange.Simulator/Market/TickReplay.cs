using System.Globalization;
using Backup.Exchange.Simulator.Settings;

namespace Backup.Exchange.Simulator.Market;

/// <summary>Plays recorded ticks of futures over and over at the pace at which they were recorded.</summary>
/// <remarks>
/// The recording has its warts: its clock is the recorder's and not strictly sorted, the second "bid" is the best ask, all ask
/// columns are zero, and lines can be cut. Such lines are skipped and counted.
/// </remarks>
public sealed class TickReplay
{
    private readonly List<(TimeSpan At, Quote Quote, int Last, int Bid, int Ask)> _ticks = [];
    private readonly TimeSpan _length;
    private int _next;
    private DateTimeOffset _started;

    private TickReplay(string path, PriceBoard board, DateTimeOffset now)
    {
        _started = now;
        var futures = board.All.Where(quote => quote.Instrument.IsFuture).GroupBy(quote => quote.Instrument.Symbol)
            .ToDictionary(group => group.Key, group => group.MinBy(quote => quote.Instrument.Expiry)!);
        DateTime? first = null;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var fields = CsvLine.Split(line);
            if (fields.Count < 11 || !DateTime.TryParse(fields[1], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
                || CsvLine.Paise(fields[2]) is not ({ } last and > 0))
            {
                Skipped++;
                continue;
            }

            if (futures.TryGetValue(fields[0] == "RELIND" ? "RELIANCE" : fields[0], out var quote))
            {
                first ??= at;
                _ticks.Add(Tick(quote, at - first.Value, last, CsvLine.Paise(fields[7]) ?? 0, CsvLine.Paise(fields[9]) ?? 0));
                quote.IsReplayed = true;
            }
        }

        _ticks.Sort((left, right) => left.At.CompareTo(right.At));
        _length = _ticks.Count == 0 ? TimeSpan.Zero : _ticks[^1].At + TimeSpan.FromSeconds(1);
    }

    /// <summary>Lines of the recording that could not be read.</summary>
    public int Skipped { get; }

    public int Ticks => _ticks.Count;

    public static TickReplay? Load(SimulatorSettings settings, PriceBoard board, DateTimeOffset now)
    {
        if (settings.TicksFile is null)
        {
            return null;
        }

        return File.Exists(settings.TicksFile)
            ? new TickReplay(settings.TicksFile, board, now)
            : throw new SettingsException($"simulator.ticks: there is no file at {Path.GetFullPath(settings.TicksFile)}.");
    }

    /// <summary>Sets the prices whose time has come. Runs under the floor's gate.</summary>
    public void Play(PriceBoard board, DateTimeOffset now)
    {
        if (_ticks.Count == 0)
        {
            return;
        }

        if (now - _started >= _length)
        {
            _started = now;
            _next = 0;
        }

        while (_next < _ticks.Count && _ticks[_next].At <= now - _started)
        {
            var (_, quote, last, bid, ask) = _ticks[_next++];
            quote.Set(last, bid, ask, now);
            board.Announce(quote);
        }
    }

    private static (TimeSpan At, Quote Quote, int Last, int Bid, int Ask) Tick(Quote quote, TimeSpan at, int last, int bid, int ask)
    {
        var instrument = quote.Instrument;
        var price = instrument.RoundToTick(last);
        return bid > 0 && ask > bid
            ? (at, quote, price, instrument.RoundToTick(bid), instrument.RoundToTick(ask))
            : (at, quote, price, instrument.RoundToTick(price - instrument.TickPaise), price + instrument.TickPaise);
    }
}
