using System.Globalization;
using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>Ends the reading of one row; the reader of the file notes it and goes on with the next.</summary>
internal sealed class RowRefusedException(string column, string found, string expected) : Exception($"{column}: {found}, not {expected}")
{
    public string Column => column;

    public string Found => found;

    public string Expected => expected;
}

/// <summary>The fields of one row by the names of their columns, without the blanks that pad them.</summary>
internal sealed class SourceRow(IReadOnlyDictionary<string, int> columns)
{
    /// <summary>One hundred crore rupees: no price of the exchange comes near, and sums of it still fit.</summary>
    private const decimal PriceMax = 1_000_000_000m;
    private static readonly string[] DateForms = ["yyyy-MM-dd", "yyyyMMdd", "dd/MM/yyyy", "dd-MMM-yyyy"];
    private string[] _fields = [];

    public int FieldCount => _fields.Length;

    public void Hold(string[] fields) => _fields = fields;

    public bool Has(string column) => columns.ContainsKey(column);

    public string Text(string column)
    {
        var at = columns[column];
        return at < _fields.Length ? _fields[at].Trim() : throw Refuse(column, "", "a field; the row is cut short");
    }

    public string Required(string column, string expected) =>
        Text(column) is { Length: > 0 } text ? text : throw Refuse(column, "", expected);

    /// <summary>Rupees with at most two decimals, as paise; exact. An empty field is 0.</summary>
    public long Paise(string column)
    {
        var text = Text(column);
        if (text.Length == 0)
        {
            return 0;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rupees) || rupees > PriceMax)
        {
            throw Refuse(column, text, "a price in rupees, 0 or more");
        }

        var paise = rupees * 100;
        return decimal.Truncate(paise) == paise ? (long)paise : throw Refuse(column, text, "a price in whole paise");
    }

    /// <summary>Like <see cref="Paise"/>, and above 0.</summary>
    public long PositivePaise(string column) =>
        Paise(column) is > 0 and var paise ? paise : throw Refuse(column, Text(column), "a price above 0");

    /// <summary>A whole number of 0 or more. <c>100.00</c> is one too: some tools write quantities so.</summary>
    public long Count(string column)
    {
        var text = Text(column);
        return TryWhole(text, NumberStyles.AllowDecimalPoint, out var count) ? count : throw Refuse(column, text, "a whole number, 0 or more");
    }

    /// <summary>A number that names something: digits only, above 0, as long as they come.</summary>
    public long Identifier(string column, string expected) =>
        long.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw Refuse(column, Text(column), expected);

    public long SignedCount(string column)
    {
        var text = Text(column);
        return TryWhole(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, out var count)
            ? count
            : throw Refuse(column, text, "a whole number");
    }

    public DateOnly Date(string column)
    {
        var text = Text(column);
        return DateOnly.TryParseExact(text, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Refuse(column, text, "a date such as 2026-08-25 or 20260825");
    }

    public InstrumentType OptionType(string column) => Text(column) switch
    {
        "CE" => InstrumentType.Ce,
        "PE" => InstrumentType.Pe,
        var found => throw Refuse(column, found, "CE or PE"),
    };

    public RowRefusedException Refuse(string column, string found, string expected) => new(column, found, expected);

    private static bool TryWhole(string text, NumberStyles styles, out long whole)
    {
        whole = 0;
        if (!decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out var number)
            || decimal.Truncate(number) != number || Math.Abs(number) > 1_000_000_000_000m)
        {
            return false;
        }

        whole = (long)number;
        return true;
    }
}
