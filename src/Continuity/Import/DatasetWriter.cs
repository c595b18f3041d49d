using System.Globalization;
using Backup.Continuity.ReferenceData;
using Microsoft.Data.Sqlite;

namespace Backup.Continuity.Import;

/// <summary>
/// Writes one dataset into a file of its own, in one transaction. Nothing here makes it durable or visible: the caller flushes
/// and renames the closed file.
/// </summary>
internal sealed class DatasetWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly Dictionary<(string Exchange, string TradingSymbol), long> _ids = [];

    public DatasetWriter(string file)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        _connection.Open();

        // The file is thrown away if anything goes wrong, so SQLite need not guard it.
        Execute("pragma journal_mode = off");
        Execute("pragma synchronous = off");
        Execute(string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {ReferenceStore.Form}"));
        _transaction = _connection.BeginTransaction();
        Execute(ReferenceStore.Schema);
    }

    /// <param name="instruments">In the order of exchange and trading symbol; their numbers keep it.</param>
    public void WriteInstruments(IReadOnlyList<Instrument> instruments)
    {
        using var insert = Insert("instrument", 15);
        var id = 0L;
        foreach (var i in instruments)
        {
            _ids[(i.Exchange, i.TradingSymbol)] = ++id;
            insert.Run(
                id, i.Exchange, i.TradingSymbol, i.InstrumentToken, i.ExchangeToken, i.Name, i.Symbol, i.Series, i.Type.ToString(),
                i.Expiry?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), i.StrikePaise, i.TickPaise, i.LotSize, i.FreezeQuantity, i.ClosePaise);
        }
    }

    public void WriteClients(IEnumerable<Client> clients)
    {
        using var insert = Insert("client", 7);
        foreach (var c in clients)
        {
            insert.Run(c.Id, c.Name, c.Pan, c.Mobile, c.Email, string.Join('|', c.Segments), c.Status.ToString());
        }
    }

    public int WritePositions(IEnumerable<CarriedPosition> positions)
    {
        using var insert = Insert("position", 7);
        var count = 0;
        foreach (var p in positions)
        {
            insert.Run(p.ClientId, _ids[(p.Instrument.Exchange, p.Instrument.TradingSymbol)], p.Product, p.Quantity, p.AveragePricePaise, p.T1Quantity, p.HoldingQuantity);
            count++;
        }

        return count;
    }

    public int WriteMainOrders(IEnumerable<MainOrder> orders)
    {
        using var insert = Insert("main_order", 12);
        var count = 0;
        foreach (var o in orders)
        {
            insert.Run(
                o.ExchangeOrderNumber, o.ClientId, _ids[(o.Instrument.Exchange, o.Instrument.TradingSymbol)], o.Product, o.IsBuy ? 1L : 0L, o.Quantity,
                o.LimitPaise, o.TriggerPaise, o.Variety, o.OrderId, o.ParentOrderId, o.PlacedBy);
            count++;
        }

        return count;
    }

    /// <summary>Writes the receipts, names the content by its hash, and commits.</summary>
    /// <returns>The hash of the dataset.</returns>
    public string Finish(DateOnly businessDate, DateTimeOffset importedAt, ImportLedger ledger)
    {
        using (var insert = Insert("source_file", 8))
        {
            foreach (var receipt in ledger.Receipts)
            {
                insert.Run(null, receipt.Role.ToString(), receipt.Name, receipt.Sha256, receipt.Rows, receipt.Accepted, receipt.Skipped, receipt.Refused);
            }
        }

        using (var insert = Insert("bad_row", 6))
        {
            foreach (var row in ledger.BadRows)
            {
                insert.Run(null, row.File, row.Line, row.Column, row.Found, row.Expected);
            }
        }

        // Read back, so that the hash is of what stands in the file and in the order that every reader sees.
        var instruments = ReferenceStore.ReadInstruments(_connection);
        var hash = DatasetHasher.Hash(
            businessDate, instruments.Values, ReferenceStore.ReadClients(_connection), ReferenceStore.ReadPositions(_connection, instruments),
            ReferenceStore.ReadMainOrders(_connection, instruments));
        using (var insert = Insert("meta", 2))
        {
            insert.Run("business_date", businessDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            insert.Run("imported_at", importedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            insert.Run("dataset_hash", hash);
        }

        _transaction.Commit();
        return hash;
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private PreparedInsert Insert(string table, int columns) => new(_connection, _transaction, table, columns);

    private void Execute(string text)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = _transaction;
        command.ExecuteNonQuery();
    }
}
