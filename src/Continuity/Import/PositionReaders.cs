using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>The positions while the import runs: who may hold, and what is there already.</summary>
internal sealed class PositionBook(InstrumentBook instruments, IReadOnlyDictionary<string, Client> clients)
{
    private readonly HashSet<(string ClientId, string Exchange, string TradingSymbol, string Product)> _seen = [];

    public InstrumentBook Instruments => instruments;

    /// <summary>From the first row of a clearing file; every other row must agree.</summary>
    public DateOnly? BusinessDate { get; set; }

    public void RequireClient(SourceRow row, string column, string clientId)
    {
        if (!clients.ContainsKey(clientId))
        {
            throw row.Refuse(column, clientId, "a client of the client master");
        }
    }

    public void RequireFirst(SourceRow row, string column, CarriedPosition position)
    {
        if (!_seen.Add((position.ClientId, position.Instrument.Exchange, position.Instrument.TradingSymbol, position.Product)))
        {
            throw row.Refuse(
                column, position.Instrument.TradingSymbol, $"one position of client {position.ClientId} in it as {position.Product}");
        }
    }
}

/// <summary>
/// Reads the clearing corporation's UDiFF position file (46 columns): what each client carries into the day, after exercise and
/// assignment. Rows of nothing carried and of the broker's own account are skipped.
/// </summary>
internal static class ClearingPositionReader
{
    private static readonly string[] Columns =
    [
        "Sgmt", "BizDt", "ClntTp", "ClntId", "FinInstrmTp", "TckrSymb", "XpryDt", "FininstrmActlXpryDt", "StrkPric", "OptnTp",
        "PstExrcAssgndLngQty", "PstExrcAssgndShrtQty", "SttlmPric",
    ];

    public static IEnumerable<CarriedPosition> Read(SourceFile file, PositionBook book) =>
        file.Rows([Columns], (row, _) => ReadRow(row, book));

    private static CarriedPosition? ReadRow(SourceRow row, PositionBook book)
    {
        if (row.Text("Sgmt") is not "FO" and var segment)
        {
            throw row.Refuse("Sgmt", segment, "FO");
        }

        var businessDate = row.Date("BizDt");
        book.BusinessDate ??= businessDate;
        if (book.BusinessDate != businessDate)
        {
            throw row.Refuse("BizDt", row.Text("BizDt"), $"the business date of the first row, {book.BusinessDate:yyyy-MM-dd}");
        }

        var net = row.Count("PstExrcAssgndLngQty") - row.Count("PstExrcAssgndShrtQty");
        if (net == 0 || row.Text("ClntTp") == "P")
        {
            return null;
        }

        var clientId = row.Required("ClntId", "a client id");
        book.RequireClient(row, "ClntId", clientId);
        var instrument = UdiffContract.Find(row, book.Instruments)
            ?? throw row.Refuse("TckrSymb", UdiffContract.KeyOf(row, "XpryDt").ToString(), "a contract of the instrument master");
        RequireSameFamily(row, instrument);
        var settlement = row.Paise("SttlmPric");
        var position = new CarriedPosition(clientId, instrument, "NRML", net, settlement > 0 ? settlement : instrument.ClosePaise);
        book.RequireFirst(row, "TckrSymb", position);
        return position;
    }

    /// <summary>IDF and IDO are contracts on an index, STF and STO on a share; the master must agree.</summary>
    private static void RequireSameFamily(SourceRow row, Instrument instrument)
    {
        var onIndex = row.Text("FinInstrmTp").StartsWith("ID", StringComparison.Ordinal);
        if (onIndex != IndexSymbols.Contains(instrument.Symbol))
        {
            throw row.Refuse("FinInstrmTp", row.Text("FinInstrmTp"), $"the type of {instrument.WireInstrumentName} {instrument.Symbol}");
        }
    }
}

/// <summary>
/// Reads the positions that only the main system knows, in our own form:
/// <c>client_id,exchange,tradingsymbol,product,overnight_quantity,average_price</c>.
/// </summary>
internal static class CashPositionReader
{
    private static readonly string[] Columns =
        ["client_id", "exchange", "tradingsymbol", "product", "overnight_quantity", "average_price"];

    public static IEnumerable<CarriedPosition> Read(SourceFile file, PositionBook book) =>
        file.Rows([Columns], (row, _) => ReadRow(row, book));

    private static CarriedPosition? ReadRow(SourceRow row, PositionBook book)
    {
        var clientId = ClientMasterReader.ClientId(row);
        book.RequireClient(row, "client_id", clientId);
        var exchange = row.Text("exchange");
        if (exchange is not ("NSE" or "NFO"))
        {
            throw row.Refuse("exchange", exchange, "NSE or NFO");
        }

        var symbol = row.Required("tradingsymbol", "a trading symbol");
        var instrument = book.Instruments.Find(exchange, symbol)
            ?? throw row.Refuse("tradingsymbol", symbol, $"an instrument of {exchange} in the instrument master");
        var product = row.Text("product");
        var expected = exchange == "NSE" ? "CNC or MIS on NSE" : "NRML or MIS on NFO";
        if (product != "MIS" && product != (exchange == "NSE" ? "CNC" : "NRML"))
        {
            throw row.Refuse("product", product, expected);
        }

        var quantity = row.SignedCount("overnight_quantity");
        var price = row.Paise("average_price");
        if (quantity == 0)
        {
            return null;
        }

        var position = new CarriedPosition(clientId, instrument, product, quantity, price);
        book.RequireFirst(row, "tradingsymbol", position);
        return position;
    }
}
