namespace Backup.Drills.Records;

/// <summary>P4 from the exchange's ledger alone: what is held, and what could still trade, never passes through zero and never grows.</summary>
/// <param name="opening">Opening quantities by account and instrument, over products.</param>
internal sealed class ExitBound(IReadOnlyDictionary<(string Account, string Instrument), long> opening, List<string> violations)
{
    /// <summary>To be called after every line that changes the books.</summary>
    internal void Check(ExchangeLedger book, string account, string instrument)
    {
        if (!opening.TryGetValue((account, instrument), out var carried))
        {
            violations.Add($"P4 {account} {instrument}: an order reached the exchange for a position that was never carried in");
            return;
        }

        var held = carried + book.Net.GetValueOrDefault((account, instrument));
        var open = book.Orders.Values.Where(order => order.Account == account && order.Instrument == instrument).Sum(order => (long)order.Open);
        if (held * Math.Sign(carried) < 0 || Math.Abs(held) > Math.Abs(carried))
        {
            violations.Add($"P4 {account} {instrument}: opened the day with {carried}, holds {held}; at {book.Recent[^1]}");
        }

        if (open > Math.Abs(held))
        {
            violations.Add($"P4 {account} {instrument}: orders for {open} in the book against a position of {held}; at {book.Recent[^1]}");
        }
    }
}
