using System.Text.Json.Nodes;
using Backup.Account.Domain.Journal;
using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Simulation.Clients;
using Backup.Cluster.Simulation.Database;
using Backup.Cluster.Simulation.Exchange;
using Backup.Cluster.Simulation.Time;
using Backup.Drills;
using Backup.Drills.Records;

namespace Backup.Cluster.Simulation.Checks;

/// <summary>
/// The three records of a run when all is quiet, held against each other: the clients' history, the exchange's ledger, and the database's log
/// (RELIABILITY A11). What is judged here was written down by the simulated world, not by the product.
/// </summary>
internal sealed class Evidence
{
    private readonly History _history;
    private readonly Market _market;
    private readonly IReadOnlyList<Commit> _log;
    private readonly ExchangeLedger _ledger = new();
    private readonly Dictionary<string, List<JournalEvent>> _journals = new(StringComparer.Ordinal);

    /// <param name="messagesPerSecond">Null: something bunched messages on their way, or a node counted seconds wrongly, so that a rate shows nothing.</param>
    internal Evidence(History history, SimExchange exchange, IReadOnlyList<Commit> log, Market market, int? messagesPerSecond, bool readsMayBeOld)
    {
        (_history, _market, _log) = (history, market, log);
        var opening = market.Positions.SelectMany(account => account.Value.Select(held => (Account: account.Key, Held: held)))
            .ToDictionary(each => (each.Account, Instrument: InstrumentOf(each.Held)), each => each.Held.Quantity);
        var bound = new ExitBound(opening, Violations);
        foreach (var line in exchange.Ledger)
        {
            _ledger.Take(line, bound.Check);
        }

        foreach (var record in log.SelectMany(EventsOf))
        {
            (_journals.TryGetValue(record.Account, out var journal) ? journal : _journals[record.Account] = []).Add(record);
        }

        Violations.AddRange(WriterCheck.Check(log));
        Violations.AddRange(SessionCheck.Check(_ledger.Recent));
        Violations.AddRange(SessionCheck.CheckOwners(_ledger.Recent, log, exchange.Callers));
        Violations.AddRange(SessionCheck.CheckIntents(log, EventsOf));
        if (messagesPerSecond is { } limit)
        {
            Violations.AddRange(RateCheck.Check(_ledger.Recent, limit, RateCheck.UnevenLink));
        }

        Violations.AddRange(history.Defects);
        Violations.AddRange(readsMayBeOld ? [] : history.StaleReads);
        CheckOnce();
        foreach (var account in market.Accounts)
        {
            CheckAccount(account, _journals.GetValueOrDefault(account, []));
        }
    }

    internal List<string> Violations { get; } = [];

    /// <summary>What happened in the accounts, by the name of the event.</summary>
    internal int Count(string name) => _journals.Values.Sum(journal => journal.Count(record => record.Name == name));

    internal int Entries => _ledger.Entries.Count;

    /// <summary>The records of those whom a violation names, in the order of the world's time.</summary>
    internal IEnumerable<string> Tell() => _market.Accounts.Where(account => Violations.Exists(violation => violation.Contains(account, StringComparison.Ordinal)))
        .SelectMany(account => _journals.GetValueOrDefault(account, []).Select(record => (record.At, Text: record.ToString()))
            .Concat(_history.Acts.Where(act => act.Client == account).Select(act => (At: SimClock.Morning + act.At, Text: $"client {act}")))
            .Concat(_ledger.Recent.Where(line => line.Message.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(account)) >= 0).Select(line => (line.At, Text: line.ToString())))
            .OrderBy(each => each.At).Select(each => each.Text));

    /// <summary>P3 and I2: an order reaches the exchange once.</summary>
    private void CheckOnce()
    {
        var sent = new HashSet<(string, int)>();
        Violations.AddRange(_ledger.Entries.Where(entry => !sent.Add((entry.Account, entry.Reference)))
            .Select(entry => $"P3 order {entry.OrderId} reached the exchange more than once: {entry.Line}"));
    }

    private void CheckAccount(string account, List<JournalEvent> journal)
    {
        new OrderChecks(_ledger, Violations).Check(account, journal, hasHole: false);
        Violations.AddRange(ReservationCheck.Check(account, journal));
        var exits = journal.Where(record => record.Name == "PlanAccepted").Select(record => (string)record.Payload["planId"]!).ToHashSet(StringComparer.Ordinal);
        var cancels = OrdersOf(journal, "CancelRequested", "OrderCancelled");
        var changes = OrdersOf(journal, "ModifyRequested", "OrderModified");
        foreach (var act in _history.Acts.Where(act => act.Client == account))
        {
            var stored = act.What switch
            {
                "exit" => exits.Contains(act.Key),
                "cancel" => cancels.Contains(act.Key),
                _ => changes.Contains(act.Key),
            };
            if (act.Told == Told.Done && !stored)
            {
                Violations.Add($"P1 {act}, and the journal has nothing of it");
            }
            else if (act is { Told: Told.Refused, What: "exit" } && stored)
            {
                Violations.Add($"I10 {act}, and the journal has it");
            }
        }

        CheckPositions(account, journal);
    }

    /// <summary>P6: what the account holds by its journal is what it carried in and what the exchange traded.</summary>
    private void CheckPositions(string account, List<JournalEvent> journal)
    {
        var accepted = journal.Where(record => record.Name == "OrderAccepted").ToDictionary(record => record.Sequence, record => record.Payload);
        foreach (var held in _market.Positions[account])
        {
            var booked = held.Quantity + journal.Where(record => record.Name == "OrderTraded").Sum(record =>
                accepted.TryGetValue(record.Order, out var order) && (long)order["key"]!["token"]! == held.Contract.Token
                    ? ((string)order["side"]! == "Buy" ? 1 : -1) * (long)record.Payload["quantity"]!
                    : 0);
            var traded = held.Quantity + _ledger.Net.GetValueOrDefault((account, InstrumentOf(held)));
            if (booked != traded)
            {
                Violations.Add($"P6 {account} {InstrumentOf(held)}: the journal holds {booked}, the exchange traded to {traded}");
            }
        }
    }

    private static HashSet<string> OrdersOf(List<JournalEvent> journal, params string[] names) =>
        journal.Where(record => names.Contains(record.Name)).Select(record => $"{record.Order}").ToHashSet(StringComparer.Ordinal);

    private static string InstrumentOf(Account.Domain.Positions.CarriedPosition held) =>
        held.Contract.Exchange == "NSE" ? $"cm:{held.Contract.Symbol}" : $"fo:{held.Contract.ExchangeToken}";

    private static IEnumerable<JournalEvent> EventsOf(Commit commit) => commit.Appends.SelectMany(append => append.Records.Select(record => EventOf(commit, append.Entity, record)));

    /// <summary>Its time is that of the commit, in the world's time, which is the exchange's: a node's own clock may be wrong.</summary>
    private static JournalEvent EventOf(Commit commit, string account, JournalRecord record) =>
        new(account, record.Sequence, SimClock.Morning + commit.At, AccountEventCodec.NameOf(record.Type), JsonNode.Parse(record.Payload.Span)!);
}
