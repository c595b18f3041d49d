using System.Collections.Frozen;
using System.Globalization;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Market;

/// <summary>Reads an instrument list in Kite's form and gives every row a lot, a tick, a starting price and a freeze quantity.</summary>
public static class InstrumentFile
{
    private static readonly FrozenSet<string> Indices =
        FrozenSet.ToFrozenSet(["NIFTY", "BANKNIFTY", "FINNIFTY", "MIDCPNIFTY", "NIFTYNXT50"], StringComparer.Ordinal);

    private static readonly string[] Columns =
        ["exchange_token", "tradingsymbol", "name", "last_price", "expiry", "strike", "tick_size", "lot_size", "instrument_type", "segment", "exchange"];

    /// <exception cref="SettingsException">A file is missing or has another form.</exception>
    public static IReadOnlyList<Instrument> Load(SimulatorSettings settings)
    {
        if (settings.InstrumentsFile is null)
        {
            return [];
        }

        var rows = Rows(settings.InstrumentsFile, Columns, "simulator.instruments").Select(ToInstrument).OfType<Instrument>();
        var unique = rows.GroupBy(row => (row.Segment, row.Token)).Select(group => group.First()).ToList();
        var closes = settings.ClosesFile is null ? [] : Closes(settings.ClosesFile);
        var freezes = settings.FreezeFile is null ? [] : Freezes(settings.FreezeFile);
        var guess = new StartingPrices(unique, closes);
        return [.. unique.Select(row => row with { BasePaise = guess.For(row), FreezeQuantity = Freeze(row, freezes, settings.FreezeLots) })];
    }

    private static int Freeze(Instrument instrument, Dictionary<string, int> freezes, int lots)
    {
        if (instrument.Segment == Segment.CapitalMarket)
        {
            return 0;
        }

        return freezes.TryGetValue(instrument.Symbol, out var quantity) ? quantity : (int)Math.Min((long)lots * instrument.LotSize, int.MaxValue);
    }

    private static Instrument? ToInstrument(Func<string, string> row)
    {
        if (!int.TryParse(row("exchange_token"), out var token) || !int.TryParse(row("lot_size"), out var lot) || lot <= 0)
        {
            return null;
        }

        var tick = Math.Max(CsvLine.Paise(row("tick_size")) ?? 5, 1);
        var tradingSymbol = row("tradingsymbol");
        return (row("segment"), row("exchange")) switch
        {
            ("NSE", "NSE") => Cash(row, token, tradingSymbol, lot, tick),
            ("NFO-FUT", _) or ("NFO-OPT", _) => Contract(row, token, tradingSymbol, lot, tick),
            _ => null,
        };
    }

    private static Instrument? Cash(Func<string, string> row, int token, string tradingSymbol, int lot, int tick)
    {
        // A suffix of two characters is a series; BAJAJ-AUTO is a symbol of its own.
        var dash = tradingSymbol.LastIndexOf('-');
        var hasSeries = dash > 0 && tradingSymbol.Length - dash == 3;
        var symbol = hasSeries ? tradingSymbol[..dash] : tradingSymbol;
        return symbol.Length > 10
            ? null
            : new Instrument
            {
                Segment = Segment.CapitalMarket,
                Token = token,
                TradingSymbol = tradingSymbol,
                Symbol = symbol,
                Series = hasSeries ? tradingSymbol[(dash + 1)..] : "EQ",
                LotSize = lot,
                TickPaise = tick,
                BasePaise = CsvLine.Paise(row("last_price")) ?? 0,
            };
    }

    private static Instrument? Contract(Func<string, string> row, int token, string tradingSymbol, int lot, int tick)
    {
        var symbol = row("name");
        var type = row("instrument_type");
        if (symbol.Length is 0 or > 10 || type is not ("FUT" or "CE" or "PE")
            || !DateOnly.TryParseExact(row("expiry"), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var expiry))
        {
            return null;
        }

        var kind = Indices.Contains(symbol) ? "IDX" : "STK";
        return new Instrument
        {
            Segment = Segment.FuturesAndOptions,
            Token = token,
            TradingSymbol = tradingSymbol,
            Symbol = symbol,
            InstrumentName = (type == "FUT" ? "FUT" : "OPT") + kind,
            Expiry = expiry,
            StrikePaise = type == "FUT" ? -1 : CsvLine.Paise(row("strike")) ?? 0,
            OptionType = type == "FUT" ? "XX" : type,
            LotSize = lot,
            TickPaise = tick,
            BasePaise = CsvLine.Paise(row("last_price")) ?? 0,
        };
    }

    private static Dictionary<string, int> Closes(string path)
    {
        var closes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in Rows(path, ["exchange", "tradingsymbol", "close"], "simulator.closes"))
        {
            if (CsvLine.Paise(row("close")) is { } close and > 0)
            {
                closes[$"{row("exchange")}:{row("tradingsymbol")}"] = close;
            }
        }

        return closes;
    }

    private static Dictionary<string, int> Freezes(string path)
    {
        var freezes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in Rows(path, ["SYMBOL", "VOL_FRZ_QTY"], "simulator.freeze"))
        {
            if (int.TryParse(row("VOL_FRZ_QTY"), out var quantity) && quantity > 0)
            {
                freezes[row("SYMBOL")] = quantity;
            }
        }

        return freezes;
    }

    private static IEnumerable<Func<string, string>> Rows(string path, string[] needed, string key)
    {
        if (!File.Exists(path))
        {
            throw new SettingsException($"{key}: there is no file at {Path.GetFullPath(path)}.");
        }

        Dictionary<string, int>? columns = null;
        foreach (var line in File.ReadLines(path))
        {
            var fields = CsvLine.Split(line);
            if (columns is null)
            {
                columns = fields.Select((name, at) => (name, at)).GroupBy(column => column.name).ToDictionary(group => group.Key, group => group.First().at);
                var missing = needed.Where(name => !columns.ContainsKey(name)).ToArray();
                if (missing.Length > 0)
                {
                    throw new SettingsException($"{key}: expected the columns {string.Join(", ", needed)} in {path}, but {string.Join(", ", missing)} is missing.");
                }
            }
            else if (fields.Count >= columns.Count)
            {
                var at = columns;
                yield return name => fields[at[name]];
            }
        }
    }
}
