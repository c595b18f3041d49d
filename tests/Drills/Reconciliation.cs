using System.Text.Json.Nodes;

namespace Backup.Drills;

/// <summary>
/// Holds three independent records against each other: the exchange's ledger, the journal (rebuilt by <c>pbm</c>), and what
/// the client's own page shows.
/// </summary>
internal sealed class Reconciliation(Stack stack, List<string> violations)
{
    /// <summary>Opening quantities by account and instrument, over products: what no exit may pass through.</summary>
    private readonly Dictionary<(string Account, string Instrument), long> _opening = [];

    private static readonly string[] Final = ["COMPLETE", "CANCELLED", "REJECTED"];

    internal async Task RememberOpeningAsync(IEnumerable<Trader> traders)
    {
        foreach (var trader in traders)
        {
            foreach (var position in await trader.PositionsAsync())
            {
                var place = (trader.ClientId, Instrument(position!));
                _opening[place] = _opening.GetValueOrDefault(place) + (long)position!["overnight_quantity"]!;
            }
        }
    }

    /// <summary>P3 and P4 from the exchange's ledger alone.</summary>
    internal async Task<ExchangeLedger> CheckLedgerAsync()
    {
        var ledger = await ExchangeLedger.ReadAsync(stack.Simulator, (book, account, instrument) =>
        {
            if (!_opening.TryGetValue((account, instrument), out var opening))
            {
                violations.Add($"P4 {account} {instrument}: an order reached the exchange for a position that was never carried in");
                return;
            }

            var held = opening + book.Net.GetValueOrDefault((account, instrument));
            var open = book.Orders.Values.Where(order => order.Account == account && order.Instrument == instrument).Sum(order => order.Open);
            if (held * Math.Sign(opening) < 0 || Math.Abs(held) > Math.Abs(opening))
            {
                violations.Add($"P4 {account} {instrument}: opened the day with {opening}, holds {held}");
            }

            if (open > Math.Abs(held))
            {
                violations.Add($"P4 {account} {instrument}: orders for {open} in the book against a position of {held}");
            }
        });
        foreach (var repeated in ledger.Entries.GroupBy(entry => (entry.Segment, entry.Account, entry.Reference)).Where(group => group.Count() > 1))
        {
            violations.Add($"P3 order {repeated.Key.Account}-{repeated.Key.Reference} reached the exchange {repeated.Count()} times");
        }

        return ledger;
    }

    /// <summary>P1 and P6 for one client, when things are quiet. Returns his journal as <c>pbm</c> shows it.</summary>
    internal async Task<JsonArray> CheckClientAsync(Trader trader, ExchangeLedger ledger, IReadOnlyCollection<string> acknowledgedExits)
    {
        var journal = (await stack.PbmJsonAsync("journal", "show", trader.ClientId)).AsArray();
        var exits = journal.Where(record => (string)record!["event"]! == "ExitAccepted").Select(record => (string)record!["payload"]!["exitId"]!).ToHashSet(StringComparer.Ordinal);
        violations.AddRange(acknowledgedExits.Where(exit => !exits.Contains(exit)).Select(exit => $"P1 {trader.ClientId}: exit {exit} was acknowledged and is not in the journal"));

        var replayed = await stack.PbmJsonAsync("journal", "replay", trader.ClientId);
        var shown = await trader.PositionsAsync();
        Compare(trader, "journal", replayed["positions"]!.AsArray(), "page", shown);
        foreach (var group in shown.GroupBy(position => Instrument(position!)))
        {
            var held = group.Sum(position => (long)position!["quantity"]!);
            var exchange = _opening.GetValueOrDefault((trader.ClientId, group.Key)) + ledger.Net.GetValueOrDefault((trader.ClientId, group.Key));
            if (held != exchange)
            {
                violations.Add($"P6 {trader.ClientId} {group.Key}: the page shows {held}, the exchange traded to {exchange}");
            }
        }

        foreach (var order in await trader.OrdersAsync())
        {
            CheckOrder(trader, ledger, order!);
        }

        return journal;
    }

    /// <summary>True when no order of the client waits for an answer.</summary>
    internal static async Task<bool> IsQuietAsync(Trader trader) =>
        (await trader.OrdersAsync()).All(order => Final.Contains((string)order!["status"]!));

    /// <summary>The orders that still wait, in words.</summary>
    internal static async Task<string> WaitingAsync(Trader trader) => string.Join(", ", (await trader.OrdersAsync())
        .Where(order => !Final.Contains((string)order!["status"]!))
        .Select(order => $"{order!["order_id"]} {order["transaction_type"]} {order["filled_quantity"]}/{order["quantity"]} {order["tradingsymbol"]} {order["status"]} (queue {order["queue_place"]?.ToString() ?? "-"})"));

    private void CheckOrder(Trader trader, ExchangeLedger ledger, JsonNode order)
    {
        if ((string?)order["exchange_order_id"] is not { } number)
        {
            return;
        }

        var filled = (long)order["filled_quantity"]!;
        if (!ledger.Orders.TryGetValue(long.Parse(number), out var booked) || booked.Filled != filled)
        {
            violations.Add($"P6 {trader.ClientId}: order {order["order_id"]} shows {filled} filled, the exchange has {booked?.Filled.ToString() ?? "no such order"}");
        }
    }

    private void Compare(Trader trader, string left, JsonArray leftPositions, string right, JsonArray rightPositions)
    {
        var a = leftPositions.ToDictionary(Key, position => (long)position!["quantity"]!);
        var b = rightPositions.ToDictionary(Key, position => (long)position!["quantity"]!);
        foreach (var key in a.Keys.Union(b.Keys))
        {
            if (a.GetValueOrDefault(key) != b.GetValueOrDefault(key))
            {
                violations.Add($"P6 {trader.ClientId} {key}: {left} says {a.GetValueOrDefault(key)}, {right} says {b.GetValueOrDefault(key)}");
            }
        }
    }

    private static string Key(JsonNode? position) => $"{position!["exchange"]}:{position["tradingsymbol"]}:{position["product"]}";

    /// <summary>Kite's instrument token is the exchange's token times 256 plus the segment; the ledger names shares by symbol.</summary>
    private static string Instrument(JsonNode position) => (string)position["exchange"]! == "NSE"
        ? $"cm:{(string)position["tradingsymbol"]!}"
        : $"fo:{(long)position["instrument_token"]! / 256}";
}
