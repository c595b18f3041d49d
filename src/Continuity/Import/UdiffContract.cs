using Backup.Continuity.ReferenceData;

namespace Backup.Continuity.Import;

/// <summary>The contract that a row of a UDiFF file speaks of.</summary>
internal static class UdiffContract
{
    /// <summary>Null when the master does not hold it. Both expiry columns are tried: a holiday moves only the actual one.</summary>
    public static Instrument? Find(SourceRow row, InstrumentBook book)
    {
        var key = KeyOf(row, "XpryDt");
        if (book.Find(key) is { } found)
        {
            return found;
        }

        return row.Text("FininstrmActlXpryDt").Length > 0 ? book.Find(key with { Expiry = row.Date("FininstrmActlXpryDt") }) : null;
    }

    public static ContractKey KeyOf(SourceRow row, string expiryColumn)
    {
        var type = row.Text("FinInstrmTp");
        if (type is not ("IDF" or "IDO" or "STF" or "STO"))
        {
            throw row.Refuse("FinInstrmTp", type, "IDF, IDO, STF or STO");
        }

        var isOption = type[2] == 'O';
        var symbol = row.Required("TckrSymb", "the symbol of the underlying");
        return new ContractKey(
            symbol,
            row.Date(expiryColumn),
            isOption ? row.OptionType("OptnTp") : InstrumentType.Fut,
            isOption ? row.PositivePaise("StrkPric") : 0);
    }
}
