namespace Backup.Continuity.Import;

/// <summary>Reads the exchange's qtyfreeze.csv: the largest quantity of one order, by underlying. Its fields are padded.</summary>
internal static class FreezeQuantityReader
{
    private static readonly string[] Columns = ["SYMBOL", "VOL_FRZ_QTY"];

    public static void Read(SourceFile file, InstrumentBook book)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var freeze in file.Rows([Columns], (row, _) => ReadRow(row, book, seen)))
        {
            book.SetFreeze(freeze.Symbol, freeze.Quantity);
        }
    }

    private static Freeze? ReadRow(SourceRow row, InstrumentBook book, HashSet<string> seen)
    {
        var symbol = row.Required("SYMBOL", "the symbol of an underlying");
        var quantity = row.Count("VOL_FRZ_QTY");
        if (quantity == 0)
        {
            throw row.Refuse("VOL_FRZ_QTY", row.Text("VOL_FRZ_QTY"), "a quantity of 1 or more");
        }

        if (!seen.Add(symbol))
        {
            throw row.Refuse("SYMBOL", symbol, "each symbol once");
        }

        return book.HasContractsOn(symbol) ? new Freeze(symbol, quantity) : null;
    }

    private sealed record Freeze(string Symbol, long Quantity);
}
