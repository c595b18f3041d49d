namespace Backup.Drills.Records;

/// <summary>
/// One account's journal held against the exchange's ledger, order by order: nothing went out unjournaled (I3), everything that the exchange
/// did is in the books once (P5), and no order that lives at the exchange is unknown here (P6).
/// </summary>
internal sealed class OrderChecks(ExchangeLedger ledger, List<string> violations)
{
    /// <param name="journal">The account's whole history.</param>
    /// <param name="hasHole">The exchange's memory had a hole: what it lost can only be missing here, never wrong.</param>
    internal void Check(string account, IReadOnlyList<JournalEvent> journal, bool hasHole)
    {
        CheckIntents(account, journal);
        CheckTrades(account, journal, hasHole);
        CheckKnown(account, journal, hasHole);
    }

    /// <summary>I3: the intent was durable before the bytes arrived.</summary>
    private void CheckIntents(string account, IReadOnlyList<JournalEvent> journal)
    {
        var intents = journal.Where(record => record.Name == "SendIntended").GroupBy(record => record.Order).ToDictionary(group => group.Key, group => group.ToList());
        foreach (var entry in ledger.Entries.Where(entry => entry.Account == account))
        {
            if (!intents.TryGetValue(entry.Reference, out var intended))
            {
                violations.Add($"I3 order {entry.OrderId} reached the exchange and the journal has no intent to send it: {entry.Line}");
            }
            else if (intended[0].At > entry.Line.At)
            {
                violations.Add($"I3 order {entry.OrderId} reached the exchange before its intent was journaled: {entry.Line}; {intended[0]}");
            }
        }

        foreach (var (order, intended) in intents.Where(intent => intent.Value.Count > 1))
        {
            violations.Add($"P3 order {account}-{order} was meant to be sent {intended.Count} times: {intended[^1]}");
        }
    }

    /// <summary>P5: the trades in the books are the exchange's, each once.</summary>
    private void CheckTrades(string account, IReadOnlyList<JournalEvent> journal, bool hasHole)
    {
        var booked = new HashSet<(string Segment, long Order, long Number)>();
        foreach (var record in journal.Where(record => record.Name is "OrderTraded" or "ForeignTradeRecorded"))
        {
            var trade = record.Payload["trade"]!;
            var key = ((string)trade["segment"]! == "Cash" ? "cm" : "fo", (long)trade["exchangeOrderNumber"]!, (long)trade["tradeNumber"]!);
            if (!booked.Add(key))
            {
                violations.Add($"P5 trade {key} is in the books of {account} twice: {record}");
            }
            else if (!ledger.Executions.TryGetValue(key, out var execution) || execution.Quantity != (long)record.Payload["quantity"]!)
            {
                violations.Add($"P5 the exchange has no trade like {key} of {account}: {record}");
            }
        }

        foreach (var (key, execution) in ledger.Executions.Where(one => one.Value.Account == account && !booked.Contains(one.Key) && !hasHole))
        {
            violations.Add($"P5 trade {key} of {account} over {execution.Quantity} is not in the books");
        }
    }

    /// <summary>P6: whatever the exchange took is ours by number, and nothing that was declared absent lives.</summary>
    private void CheckKnown(string account, IReadOnlyList<JournalEvent> journal, bool hasHole)
    {
        var absent = journal.Where(record => record.Name == "OrderProvenAbsent").Select(record => record.Order).ToHashSet();
        var numbers = journal
            .Where(record => record.Payload["reference"]?["orderNumber"] is not null)
            .ToLookup(record => (long)record.Payload["reference"]!["orderNumber"]!, record => record.Order);
        foreach (var (number, order) in ledger.Orders.Where(one => one.Value.Account == account))
        {
            if (absent.Contains(order.Reference))
            {
                violations.Add($"I10 order {account}-{order.Reference} was declared absent, and the exchange took it as {number} and filled {order.Filled}");
            }
            else if (!numbers.Contains(number) && !hasHole)
            {
                violations.Add($"P6 the exchange has order {number} ({account}-{order.Reference}, filled {order.Filled}), and the journal does not know it");
            }
        }

        CheckLost(account, journal, numbers);
        foreach (var foreign in journal.Where(record => record.Name is "ForeignOrderFound" or "ForeignTradeRecorded" or "UnplacedReportRecorded"))
        {
            violations.Add($"P6 nobody else trades for {account}, and a report was taken for a stranger's: {foreign}");
        }
    }

    /// <summary>What vanished with a part of the exchange is not left looking alive.</summary>
    private void CheckLost(string account, IReadOnlyList<JournalEvent> journal, ILookup<long, long> orders)
    {
        var ended = journal.Where(record => record.Name is "OrderLostInOutage" or "OrderCancelled").Select(record => record.Order).ToHashSet();
        foreach (var number in ledger.Lost.Where(number => orders.Contains(number) && !orders[number].Any(ended.Contains)))
        {
            violations.Add($"P6 order {number} of {account} ({account}-{orders[number].First()}) vanished in an outage, and the journal does not say so");
        }
    }
}
