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
