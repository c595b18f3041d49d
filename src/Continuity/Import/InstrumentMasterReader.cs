using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>Reads Kite's instruments.csv: the shares of NSE and the contracts of NFO; other exchanges are skipped.</summary>
internal static class InstrumentMasterReader
{
    private static readonly string[] Columns =
    [
        "instrument_token", "exchange_token", "tradingsymbol", "name", "last_price", "expiry", "strike", "tick_size", "lot_size",
        "instrument_type", "segment", "exchange",
    ];

    /// <summary>Adds to <paramref name="book"/>; a second row of a name or token already there is bad.</summary>
    public static void Read(SourceFile file, InstrumentBook book)
    {
        foreach (var instrument in file.Rows([Columns], (row, _) => ReadRow(row, book)))
        {
            book.Add(instrument);
        }
    }

    private static Instrument? ReadRow(SourceRow row, InstrumentBook book)
    {
        var exchange = row.Required("exchange", "an exchange such as NSE or NFO");
        if (exchange is not ("NSE" or "NFO") || row.Text("segment") == "INDICES")
        {
            return null;
        }

        var type = TypeOf(row, exchange);
        var symbol = row.Required("tradingsymbol", "a trading symbol");
        var name = type == InstrumentType.Eq ? row.Text("name") : row.Required("name", "the symbol of the underlying");
        var (shareSymbol, series) = SplitSeries(symbol);
        var instrument = new Instrument
        {
            Exchange = exchange,
            TradingSymbol = symbol,
            InstrumentToken = row.Count("instrument_token"),
            ExchangeToken = Token(row),
            Name = name,
            Symbol = type == InstrumentType.Eq ? shareSymbol : name,
            Series = type == InstrumentType.Eq ? series : "",
            Type = type,
            Expiry = type == InstrumentType.Eq ? null : row.Date("expiry"),
            StrikePaise = type is InstrumentType.Ce or InstrumentType.Pe ? row.PositivePaise("strike") : 0,
            TickPaise = row.PositivePaise("tick_size"),
            LotSize = row.Count("lot_size") is > 0 and var lot ? lot : throw row.Refuse("lot_size", row.Text("lot_size"), "a lot of 1 or more"),
            ClosePaise = row.Paise("last_price"),
        };

        return book.Conflict(instrument) is { } conflict ? throw row.Refuse(conflict.Column, conflict.Found, conflict.Expected) : instrument;
    }

    private static InstrumentType TypeOf(SourceRow row, string exchange) => (exchange, row.Text("instrument_type")) switch
    {
        ("NSE", "EQ") => InstrumentType.Eq,
        ("NFO", "FUT") => InstrumentType.Fut,
        ("NFO", "CE") => InstrumentType.Ce,
        ("NFO", "PE") => InstrumentType.Pe,
        ("NSE", var found) => throw row.Refuse("instrument_type", found, "EQ on NSE"),
        (_, var found) => throw row.Refuse("instrument_type", found, "FUT, CE or PE on NFO"),
    };

    private static int Token(SourceRow row) => row.Count("exchange_token") is > 0 and <= int.MaxValue and var token
        ? (int)token
        : throw row.Refuse("exchange_token", row.Text("exchange_token"), "a token of 1 or more");

    /// <summary>"RELIANCE" is series EQ; "CDSL-BE" is CDSL in series BE; "BAJAJ-AUTO" is a symbol with a dash.</summary>
    private static (string Symbol, string Series) SplitSeries(string tradingSymbol)
    {
        var dash = tradingSymbol.LastIndexOf('-');
        return dash > 0 && tradingSymbol.Length - dash == 3
            ? (tradingSymbol[..dash], tradingSymbol[(dash + 1)..])
            : (tradingSymbol, "EQ");
    }
}
