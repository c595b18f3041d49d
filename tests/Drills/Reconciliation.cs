using System.Text.Json.Nodes;
using Backup.Drills.Records;

namespace Backup.Drills;

/// <summary>
/// Holds three independent records against each other: the exchange's ledger, the journal (rebuilt by <c>pbm</c>), and what
/// the client's own page shows.
/// </summary>
internal sealed class Reconciliation(Stack stack, List<string> violations)
{
    /// <summary>Opening quantities by account and instrument, over products: what no exit may pass through.</summary>
    private readonly Dictionary<(string Account, string Instrument), long> _opening = [];

    private readonly HashSet<(string Segment, string Account, int Reference)> _sent = [];

    private static readonly string[] Final = ["COMPLETE", "CANCELLED", "REJECTED"];

    private ExchangeLedger? _ledger;

    /// <summary>The exchange's books as far as they were read.</summary>
    internal ExchangeLedger Ledger => _ledger ??= new ExchangeLedger(stack.Simulator);

    internal async Task RememberOpeningAsync(IEnumerable<Trader> traders)
    {
        foreach (var trader in traders)
        {
            foreach (var position in await trader.PositionsAsync())
            {
                var place = (trader.ClientId, InstrumentOf(position!));
                _opening[place] = _opening.GetValueOrDefault(place) + (long)position!["overnight_quantity"]!;
            }
        }
    }

    /// <summary>P3 and P4 from the exchange's ledger alone, as far as it has grown since the last time.</summary>
    internal async Task<ExchangeLedger> CheckLedgerAsync()
    {
        var checkedEntries = Ledger.Entries.Count;
        await Ledger.ReadOnAsync(new ExitBound(_opening, violations).Check);
        foreach (var entry in Ledger.Entries.Skip(checkedEntries))
        {
            if (!_sent.Add((entry.Segment, entry.Account, entry.Reference)))
            {
                violations.Add($"P3 order {entry.OrderId} reached the exchange more than once: {entry.Line}");
            }
        }

        return Ledger;
    }

    /// <summary>P1 and P6 for some clients, when things are quiet. Returns their journals as <c>pbm</c> shows them, by client.</summary>
    /// <param name="exits">The exits that a client was told are done.</param>
    /// <param name="hasHole">The exchange's memory had a hole: fills that nobody can read any more are missing here.</param>
    /// <param name="replayed">Of so many clients also rebuild the state from the journal and compare it with the page; null: of all.</param>
    internal async Task<ILookup<string, JournalEvent>> CheckClientsAsync(
        IReadOnlyList<Trader> traders, ExchangeLedger ledger, Func<string, IReadOnlyCollection<string>> exits, bool hasHole = false, int? replayed = null)
    {
        var accounts = traders.Select(trader => trader.ClientId).ToList();
        var journals = await JournalEvent.ReadAsync(stack, accounts);
        var rebuilt = await RebuildAsync([.. accounts.Take(replayed ?? accounts.Count)]);
        foreach (var trader in traders)
        {
            await CheckClientAsync(trader, ledger, [.. journals[trader.ClientId]], rebuilt.GetValueOrDefault(trader.ClientId), exits(trader.ClientId), hasHole);
        }

        return journals;
    }

    /// <summary>The positions of some clients as <c>pbm</c> rebuilds them, by client.</summary>
    private async Task<Dictionary<string, JsonArray>> RebuildAsync(string[] accounts)
    {
        var states = accounts.Length == 0 ? new JsonArray() : await stack.PbmJsonAsync(["journal", "replay", .. accounts]);
        return (states as JsonArray ?? [states]).ToDictionary(state => (string)state!["account"]!, state => state!["positions"]!.AsArray(), StringComparer.Ordinal);
    }

    private async Task CheckClientAsync(
        Trader trader, ExchangeLedger ledger, List<JournalEvent> journal, JsonArray? rebuilt, IReadOnlyCollection<string> acknowledgedExits, bool hasHole)
    {
        var exits = journal.Where(record => record.Name == "PlanAccepted").Select(record => (string)record.Payload["planId"]!).ToHashSet(StringComparer.Ordinal);
        violations.AddRange(acknowledgedExits.Where(exit => !exits.Contains(exit)).Select(exit => $"P1 {trader.ClientId}: exit {exit} was acknowledged and is not in the journal"));

        var unheard = hasHole ? Unheard(trader, ledger, journal) : [];
        var shown = await trader.PositionsAsync();
        if (rebuilt is not null)
        {
            Compare(trader, "journal", rebuilt, "page", shown);
        }

        foreach (var group in shown.GroupBy(position => InstrumentOf(position!)))
        {
            var held = group.Sum(position => (long)position!["quantity"]!);
            var exchange = _opening.GetValueOrDefault((trader.ClientId, group.Key)) + ledger.Net.GetValueOrDefault((trader.ClientId, group.Key)) - unheard.GetValueOrDefault(group.Key);
            if (held != exchange)
            {
                violations.Add($"P6 {trader.ClientId} {group.Key}: the page shows {held}, the exchange traded to {exchange}");
            }
        }

        foreach (var order in await trader.OrdersAsync())
        {
            CheckOrder(trader, ledger, order!, hasHole);
        }
    }

    /// <summary>Signed units by instrument that traded at the exchange and that it has forgotten before it told us.</summary>
    private static Dictionary<string, long> Unheard(Trader trader, ExchangeLedger ledger, List<JournalEvent> journal)
    {
        var heard = journal.Where(record => record.Payload["trade"] is not null).Select(record => (long)record.Payload["trade"]!["tradeNumber"]!).ToHashSet();
        return ledger.Executions.Values
            .Where(one => one.Account == trader.ClientId && !heard.Contains(one.Number))
            .GroupBy(one => one.Instrument)
            .ToDictionary(group => group.Key, group => group.Sum(one => ledger.Orders[one.Order].Side == 1 ? (long)one.Quantity : -one.Quantity), StringComparer.Ordinal);
    }

    internal static bool IsFinal(JsonNode order) => Final.Contains((string)order["status"]!);

    /// <summary>True when no order of the client waits for an answer.</summary>
    internal static async Task<bool> IsQuietAsync(Trader trader) => (await trader.OrdersAsync()).All(order => IsFinal(order!));

    /// <summary>The orders that still wait, in words.</summary>
    internal static async Task<string> WaitingAsync(Trader trader) =>
        string.Join(", ", (await trader.OrdersAsync()).Where(order => !IsFinal(order!)).Select(order => Words(order!)));

    internal static string Words(JsonNode order) =>
        $"{order["order_id"]} {order["transaction_type"]} {order["filled_quantity"]}/{order["quantity"]} {order["tradingsymbol"]} {order["status"]} (queue {order["queue_place"]?.ToString() ?? "-"})";

    private void CheckOrder(Trader trader, ExchangeLedger ledger, JsonNode order, bool hasHole)
    {
        if ((string?)order["exchange_order_id"] is not { } number)
        {
            return;
        }

        var filled = (long)order["filled_quantity"]!;
        if (!ledger.Orders.TryGetValue(long.Parse(number), out var booked) || (hasHole ? booked.Filled < filled : booked.Filled != filled))
        {
            violations.Add($"P6 {trader.ClientId}: order {order["order_id"]} shows {filled} filled, the exchange has {booked?.Filled.ToString() ?? "no such order"}");
        }
        else if (IsFinal(order) && booked.Open > 0)
        {
            violations.Add($"P6 {trader.ClientId}: order {order["order_id"]} is {order["status"]}, and {booked.Open} of it can still trade at the exchange");
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
    internal static string InstrumentOf(JsonNode position) => (string)position["exchange"]! == "NSE"
        ? $"cm:{(string)position["tradingsymbol"]!}"
        : $"fo:{(long)position["instrument_token"]! / 256}";
}
