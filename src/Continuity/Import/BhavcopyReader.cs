using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>
/// Reads the exchange's prices of the previous day in the four forms they come in: UDiFF, NSE's padded options and futures
/// reports (<c>op*.csv</c>, <c>fo*.csv</c>, with a footer), and NSE's report of the cash segment.
/// </summary>
/// <remarks>Contracts that the instrument master does not hold have expired since, and are skipped.</remarks>
public static class BhavcopyReader
{
    private static readonly string[][] Forms =
    [
        ["FinInstrmTp", "TckrSymb", "XpryDt", "FininstrmActlXpryDt", "StrkPric", "OptnTp", "ClsPric", "PrvsClsgPric"],
        ["INSTRUMENT", "SYMBOL", "EXP_DATE", "STR_PRICE", "OPT_TYPE", "CLOSE_PRICE"],
        ["INSTRUMENT", "SYMBOL", "EXP_DATE", "CLOSE_PRICE"],
        ["SYMBOL", "SERIES", "DATE1", "PREV_CLOSE", "CLOSE_PRICE"],
    ];

    internal static void Read(SourceFile file, InstrumentBook book)
    {
        foreach (var (instrument, closePaise) in file.Rows(Forms, (row, form) => ReadRow(row, form, book)))
        {
            book.SetClose(instrument, closePaise);
        }
    }

    private static Close? ReadRow(SourceRow row, int form, InstrumentBook book) => form switch
    {
        0 => ReadUdiff(row, book),
        1 => ReadReport(row, book, isOption: true),
        2 => ReadReport(row, book, isOption: false),
        _ => ReadCash(row, book),
    };

    private static Close? ReadUdiff(SourceRow row, InstrumentBook book)
    {
        var close = row.Paise("ClsPric") is > 0 and var closed ? closed : row.Paise("PrvsClsgPric");
        return UdiffContract.Find(row, book) is { } found ? new Close(found, close) : null;
    }

    private static Close? ReadReport(SourceRow row, InstrumentBook book, bool isOption)
    {
        var instrumentName = row.Text("INSTRUMENT");
        if (row.FieldCount == 1 && instrumentName.StartsWith('*'))
        {
            return null;
        }

        if (instrumentName is not ("OPTIDX" or "OPTSTK" or "FUTIDX" or "FUTSTK") || instrumentName.StartsWith("OPT", StringComparison.Ordinal) != isOption)
        {
            throw row.Refuse("INSTRUMENT", instrumentName, isOption ? "OPTIDX or OPTSTK" : "FUTIDX or FUTSTK");
        }

        var key = new ContractKey(
            row.Required("SYMBOL", "the symbol of the underlying"),
            row.Date("EXP_DATE"),
            isOption ? row.OptionType("OPT_TYPE") : InstrumentType.Fut,
            isOption ? row.PositivePaise("STR_PRICE") : 0);
        var close = row.Paise("CLOSE_PRICE");
        return book.Find(key) is { } found ? new Close(found, close) : null;
    }

    private static Close? ReadCash(SourceRow row, InstrumentBook book)
    {
        var close = row.Paise("CLOSE_PRICE");
        return book.FindShare(row.Required("SYMBOL", "a symbol"), row.Required("SERIES", "a series such as EQ")) is { } found
            ? new Close(found, close)
            : null;
    }

    private sealed record Close(Instrument Instrument, long ClosePaise);
}
