namespace Backup.Continuity.Import;

/// <summary>What happened so far in one import: receipts, bad rows, progress.</summary>
internal sealed class ImportLedger(IProgress<ImportProgress>? progress, long bytesTotal, CancellationToken cancellation)
{
    /// <summary>Progress is told each time this many further bytes are read.</summary>
    private const long ReportEveryBytes = 128 * 1024;
    private readonly List<FileReceipt> _receipts = [];
    private readonly List<BadRow> _badRows = [];
    private long _bytesOfClosedFiles;
    private long _lastReportAt;

    public CancellationToken Cancellation => cancellation;

    public IReadOnlyList<FileReceipt> Receipts => _receipts;

    /// <summary>The first bad rows, at most <see cref="ReferenceImport.BadRowsKeptMax"/>.</summary>
    public IReadOnlyList<BadRow> BadRows => _badRows;

    public long BadRowCount { get; private set; }

    public void Note(BadRow row)
    {
        BadRowCount++;
        if (_badRows.Count < ReferenceImport.BadRowsKeptMax)
        {
            _badRows.Add(row);
        }
    }

    public void Report(ImportRole role, string file, long fileBytesRead, long fileBytesTotal, long fileRows, bool force)
    {
        var bytesRead = _bytesOfClosedFiles + fileBytesRead;
        if (!force && bytesRead - _lastReportAt < ReportEveryBytes)
        {
            return;
        }

        _lastReportAt = bytesRead;
        progress?.Report(new ImportProgress(role, file, fileBytesRead, fileBytesTotal, fileRows, bytesRead, bytesTotal, BadRowCount));
    }

    public void Close(FileReceipt receipt, long bytes)
    {
        Report(receipt.Role, receipt.Name, bytes, bytes, receipt.Rows, force: true);
        _receipts.Add(receipt);
        _bytesOfClosedFiles += bytes;
    }
}
