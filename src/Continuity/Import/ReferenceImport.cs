using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>Makes one immutable dataset from the files of a day: all of it, or nothing.</summary>
/// <remarks>
/// <para>1. The dataset appears in one step when it is whole and on the disk; until then the former one stands.</para>
/// <para>2. The former dataset is kept as <see cref="ReferenceDataset.PreviousFileName"/>.</para>
/// <para>3. More bad rows than allowed refuse the import, and all of them (up to a bound) are told at once.</para>
/// <para>4. The same files give the same dataset hash.</para>
/// </remarks>
public static class ReferenceImport
{
    /// <summary>How many bad rows are kept and told; the rest are counted.</summary>
    public const int BadRowsKeptMax = 1000;

    private const int BadRowsInMessageMax = 20;

    /// <param name="files">The files of the day.</param>
    /// <param name="dataFolder">Made if absent. One import at a time writes it.</param>
    /// <param name="allowBadRows">With this many bad rows or fewer the rest is imported.</param>
    /// <param name="progress">Told every 128 KiB and at the end of each file, on the importing thread's schedule.</param>
    /// <param name="time">Says when the import was.</param>
    /// <param name="cancellation">Stops the import; the former dataset stands.</param>
    /// <exception cref="ImportRefusedException">A file is absent or not of its kind, or too many rows are bad.</exception>
    public static Task<ImportResult> RunAsync(
        ImportRequest files,
        string dataFolder,
        int allowBadRows,
        IProgress<ImportProgress>? progress,
        TimeProvider time,
        CancellationToken cancellation) =>
        Task.Run(() => Run(files, dataFolder, allowBadRows, progress, time, cancellation), cancellation);

    private static ImportResult Run(
        ImportRequest files,
        string dataFolder,
        int allowBadRows,
        IProgress<ImportProgress>? progress,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var bytesTotal = files.Files.Sum(static file => File.Exists(file.Path) ? new FileInfo(file.Path).Length : 0);
        var ledger = new ImportLedger(progress, bytesTotal, cancellation);
        using var folder = new DatasetFolder(dataFolder);
        var instruments = new InstrumentBook();
        var clients = new Dictionary<string, Client>(StringComparer.Ordinal);
        ReadMasters(files, instruments, clients, ledger);

        var positions = new PositionBook(instruments, clients) { BusinessDate = files.BusinessDate };
        int positionCount;
        int orderCount;
        DateOnly businessDate;
        string hash;
        using (var writer = new DatasetWriter(folder.BuildPath))
        {
            writer.WriteInstruments(instruments.Sorted());
            writer.WriteClients(clients.Values);
            positionCount = writer.WritePositions(ReadPositions(files, positions, ledger));
            orderCount = files.MainOrders is { } orders
                ? writer.WriteMainOrders(MainOrderReader.Read(new SourceFile(ImportRole.MainOrders, orders, ledger), positions))
                : 0;
            businessDate = positions.BusinessDate ?? throw new ImportRefusedException(
                "Found no business date, expected a clearing position file with at least one row, or the date given with the import.");
            RefuseTooManyBadRows(ledger, allowBadRows);
            hash = writer.Finish(businessDate, time.GetUtcNow(), ledger);
        }

        cancellation.ThrowIfCancellationRequested();
        folder.Publish();
        return new ImportResult(
            folder.FinalPath, businessDate, hash, instruments.Count, clients.Count, positionCount, orderCount, ledger.Receipts, ledger.BadRows);
    }

    private static void ReadMasters(ImportRequest files, InstrumentBook instruments, Dictionary<string, Client> clients, ImportLedger ledger)
    {
        foreach (var (role, path) in files.Files)
        {
            var file = new SourceFile(role, path, ledger);
            switch (role)
            {
                case ImportRole.Instruments:
                    InstrumentMasterReader.Read(file, instruments);
                    break;
                case ImportRole.Bhavcopy:
                    BhavcopyReader.Read(file, instruments);
                    break;
                case ImportRole.FreezeQuantities:
                    FreezeQuantityReader.Read(file, instruments);
                    break;
                case ImportRole.Clients:
                    ClientMasterReader.Read(file, clients);
                    break;
                default:
                    break;
            }
        }
    }

    private static IEnumerable<CarriedPosition> ReadPositions(ImportRequest files, PositionBook book, ImportLedger ledger) =>
        files.Files.SelectMany(source => source.Role switch
        {
            ImportRole.ClearingPositions => ClearingPositionReader.Read(new SourceFile(source.Role, source.Path, ledger), book),
            ImportRole.CashPositions => CashPositionReader.Read(new SourceFile(source.Role, source.Path, ledger), book),
            _ => [],
        });

    private static void RefuseTooManyBadRows(ImportLedger ledger, int allowed)
    {
        if (ledger.BadRowCount <= allowed)
        {
            return;
        }

        var shown = string.Concat(ledger.BadRows.Take(BadRowsInMessageMax).Select(static row => $"\n  {row}"));
        var more = ledger.BadRowCount > BadRowsInMessageMax ? $"\n  and {ledger.BadRowCount - BadRowsInMessageMax} more" : "";
        throw new ImportRefusedException(
            $"Found {ledger.BadRowCount} bad rows, expected at most {allowed}. Nothing was imported.{shown}{more}", ledger.BadRows);
    }
}
