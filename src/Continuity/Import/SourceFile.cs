using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Backup.Continuity.Import;

/// <summary>
/// Streams the rows of one file, counting them, hashing the bytes and noting bad rows. A file that is no file of its kind
/// (no header, a column missing) is refused whole.
/// </summary>
internal sealed class SourceFile(ImportRole role, string path, ImportLedger ledger)
{
    private readonly string _name = Path.GetFileName(path);
    private long _rows;
    private long _accepted;
    private long _skipped;
    private long _refused;

    /// <summary>
    /// Reads every row with <paramref name="read"/>, which gives null for a row that is not for us.
    /// </summary>
    /// <param name="requiredColumns">The sets of columns of the forms this file may have; the first complete one is taken.</param>
    /// <param name="read">Called with the row and the number of the form. The row is valid only during the call.</param>
    /// <exception cref="ImportRefusedException">The file is absent, empty, or has none of the forms.</exception>
    public IEnumerable<T> Rows<T>(IReadOnlyList<string[]> requiredColumns, Func<SourceRow, int, T?> read)
        where T : class
    {
        using var bytes = OpenBytes();
        using var unpacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(bytes, CompressionMode.Decompress) : (Stream)bytes;
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        var badQuote = false;
        using var parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            DetectColumnCountChanges = false,
            BadDataFound = _ => badQuote = true,
            MaxFieldSize = 64 * 1024,
        });

        var (row, form) = ReadHeader(parser, requiredColumns);
        while (Next(parser))
        {
            ledger.Cancellation.ThrowIfCancellationRequested();
            _rows++;
            row.Hold(parser.Record!);
            if (Judge(row, form, badQuote, parser.RawRow, read) is { } item)
            {
                yield return item;
            }

            badQuote = false;
            ledger.Report(role, _name, bytes.BytesRead, bytes.Length, _rows, force: false);
        }

        bytes.Drain();
        ledger.Close(new FileReceipt(role, _name, bytes.HashHex(), _rows, _accepted, _skipped, _refused), bytes.Length);
    }

    private T? Judge<T>(SourceRow row, int form, bool badQuote, long line, Func<SourceRow, int, T?> read)
        where T : class
    {
        try
        {
            if (badQuote)
            {
                throw row.Refuse("(row)", "a quote inside a field", "quotes only around a whole field");
            }

            var item = read(row, form);
            if (item is null)
            {
                _skipped++;
            }
            else
            {
                _accepted++;
            }

            return item;
        }
        catch (RowRefusedException e)
        {
            _refused++;
            ledger.Note(new BadRow(_name, line, e.Column, e.Found, e.Expected));
            return null;
        }
    }

    private (SourceRow Row, int Form) ReadHeader(CsvParser parser, IReadOnlyList<string[]> forms)
    {
        if (!Next(parser))
        {
            throw new ImportRefusedException($"{_name}:1: found an empty file, expected a header.");
        }

        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < parser.Count; i++)
        {
            columns.TryAdd(parser[i].Trim().TrimStart('\uFEFF'), i);
        }

        for (var form = 0; form < forms.Count; form++)
        {
            if (Array.TrueForAll(forms[form], columns.ContainsKey))
            {
                return (new SourceRow(columns), form);
            }
        }

        var nearest = forms.MinBy(form => form.Count(column => !columns.ContainsKey(column)))!;
        throw new ImportRefusedException(
            $"{_name}:1: found no column {string.Join(", ", nearest.Where(column => !columns.ContainsKey(column)))}, expected a header with {string.Join(", ", nearest)}.");
    }

    private bool Next(CsvParser parser)
    {
        try
        {
            return parser.Read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or CsvHelperException)
        {
            throw new ImportRefusedException($"{_name}:{parser.RawRow + 1}: found bytes that cannot be read, expected rows ({e.Message.Split('\n')[0].Trim()}).");
        }
    }

    private HashedStream OpenBytes()
    {
        try
        {
            return new HashedStream(File.OpenRead(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImportRefusedException($"{path}: found no readable file, expected one ({e.Message}).");
        }
    }
}
