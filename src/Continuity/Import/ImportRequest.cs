namespace Backup.Continuity.Import;

/// <summary>The files of one beginning of day. A name ending in <c>.gz</c> is read unpacked.</summary>
public sealed record ImportRequest
{
    /// <summary>Kite's <c>instruments.csv</c>; several files are read as one list.</summary>
    public required IReadOnlyList<string> InstrumentMasters { get; init; }

    /// <summary>Price reports of the previous day, each in any of the forms that <see cref="BhavcopyReader"/> knows.</summary>
    public IReadOnlyList<string> Bhavcopies { get; init; } = [];

    /// <summary>The exchange's <c>qtyfreeze.csv</c>.</summary>
    public string? FreezeQuantities { get; init; }

    /// <summary>UDiFF position files of the clearing corporations.</summary>
    public IReadOnlyList<string> ClearingPositions { get; init; } = [];

    /// <summary>Positions that only the main system knows: cash, and whatever is intraday.</summary>
    public string? CashPositions { get; init; }

    /// <summary>Orders that the main site left at the exchange, in our own form.</summary>
    public string? MainOrders { get; init; }

    public required string Clients { get; init; }

    /// <summary>Needed only when there is no clearing position file to say it.</summary>
    public DateOnly? BusinessDate { get; init; }

    /// <summary>Every file in the order it is read, which is the order of what depends on what.</summary>
    public IReadOnlyList<(ImportRole Role, string Path)> Files =>
    [
        .. InstrumentMasters.Select(static path => (ImportRole.Instruments, path)),
        .. Bhavcopies.Select(static path => (ImportRole.Bhavcopy, path)),
        .. FreezeQuantities is { } freeze ? [(ImportRole.FreezeQuantities, freeze)] : Array.Empty<(ImportRole, string)>(),
        (ImportRole.Clients, Clients),
        .. ClearingPositions.Select(static path => (ImportRole.ClearingPositions, path)),
        .. CashPositions is { } cash ? [(ImportRole.CashPositions, cash)] : Array.Empty<(ImportRole, string)>(),
        .. MainOrders is { } orders ? [(ImportRole.MainOrders, orders)] : Array.Empty<(ImportRole, string)>(),
    ];

    /// <summary>
    /// Finds the files of a day in one folder by their usual names: <c>*instruments*.csv</c>, <c>BhavCopy_*</c>, <c>op*</c> and
    /// <c>fo*</c> with a date, <c>sec_bhavdata*</c>, <c>qtyfreeze*</c>, <c>Position_*</c>, <c>cash_positions*</c>, <c>main_orders*</c>,
    /// <c>clients*</c>.
    /// </summary>
    /// <exception cref="ImportRefusedException">The folder is absent, or has no instrument master or no client master.</exception>
    public static ImportRequest FromFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new ImportRefusedException($"{folder}: found no such folder, expected the files of one day in it.");
        }

        var names = Directory.EnumerateFiles(folder)
            .Where(static path => path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).ToList();
        var masters = Named("instruments", anywhere: true);
        var clients = Named("clients");
        return new ImportRequest
        {
            InstrumentMasters = masters.Count > 0 ? masters : throw Missing("an instrument master named *instruments*.csv"),
            Bhavcopies = [.. Named("BhavCopy_"), .. Dated("op"), .. Dated("fo"), .. Named("sec_bhavdata")],
            FreezeQuantities = Named("qtyfreeze").FirstOrDefault(),
            ClearingPositions = Named("Position_"),
            CashPositions = Named("cash_positions").FirstOrDefault(),
            MainOrders = Named("main_orders").FirstOrDefault(),
            Clients = clients.Count > 0 ? clients[0] : throw Missing("a client master named clients.csv"),
        };

        List<string> Named(string part, bool anywhere = false) => names.FindAll(path => anywhere
            ? Path.GetFileName(path).Contains(part, StringComparison.OrdinalIgnoreCase)
            : Path.GetFileName(path).StartsWith(part, StringComparison.OrdinalIgnoreCase));

        List<string> Dated(string prefix) => Named(prefix).FindAll(path => char.IsAsciiDigit(Path.GetFileName(path)[prefix.Length]));

        ImportRefusedException Missing(string what) => new($"{folder}: found no such file in it, expected {what}.");
    }
}

/// <summary>What a file of the day is for.</summary>
public enum ImportRole
{
    Instruments,
    Bhavcopy,
    FreezeQuantities,
    Clients,
    ClearingPositions,
    CashPositions,
    MainOrders,
}

/// <summary>How far the import is. Bytes are of the files as they lie on the disk.</summary>
public sealed record ImportProgress(
    ImportRole Role, string File, long FileBytesRead, long FileBytesTotal, long FileRows, long BytesRead, long BytesTotal, long BadRows);

/// <summary>What became of one file.</summary>
/// <param name="Role">What the file is for.</param>
/// <param name="Name">Its name without folder.</param>
/// <param name="Sha256">Of its bytes as they lie on the disk, in hexadecimal.</param>
/// <param name="Rows">Rows read, the header not counted; the three below add up to it.</param>
/// <param name="Accepted">Rows that are in the dataset, or changed something in it.</param>
/// <param name="Skipped">Rows that are well formed and not for us: footers, other exchanges, contracts that are no more.</param>
/// <param name="Refused">Bad rows.</param>
public sealed record FileReceipt(ImportRole Role, string Name, string Sha256, long Rows, long Accepted, long Skipped, long Refused);

/// <summary>A row that cannot be used: where, what was found, what was expected. Personal values stand as their shape only.</summary>
public sealed record BadRow(string File, long Line, string Column, string Found, string Expected)
{
    public override string ToString() => $"{File}:{Line}: column {Column}: found \"{Found}\", expected {Expected}";
}

/// <summary>A dataset stands in the data folder.</summary>
public sealed record ImportResult(
    string Path,
    DateOnly BusinessDate,
    string DatasetHash,
    int Instruments,
    int Clients,
    int Positions,
    int MainOrders,
    IReadOnlyList<FileReceipt> Files,
    IReadOnlyList<BadRow> BadRows);

/// <summary>Nothing was imported; the dataset that stood before, if any, still stands.</summary>
public sealed class ImportRefusedException : Exception
{
    public ImportRefusedException(string message, IReadOnlyList<BadRow>? badRows = null)
        : base(message)
    {
        BadRows = badRows ?? [];
    }

    /// <summary>The first bad rows, at most <see cref="ReferenceImport.BadRowsKeptMax"/>.</summary>
    public IReadOnlyList<BadRow> BadRows { get; }
}
