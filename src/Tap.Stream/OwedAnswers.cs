namespace Backup.Tap.Stream;

/// <summary>
/// Orders, cancels and changes of this session that the exchange has not answered. It drops a message with a wrong checksum without a
/// word (NSE-TAP.md 2.1), so an answer owed for too long is the only sign that one never came to the book.
/// </summary>
/// <remarks>Safe for threads. Holds as many entries as the contracted rate allows within the time that an answer may take.</remarks>
internal sealed class OwedAnswers(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, int ClientReference), DateTimeOffset> _owed = [];

    /// <summary>A message is on its way. A later one about the same order starts the wait anew.</summary>
    public void Sent(TapOrder order)
    {
        lock (_gate)
        {
            _owed[(order.Account, order.ClientReference)] = clock.GetUtcNow();
        }
    }

    /// <summary>The exchange said something about an order. What carries no reference of ours may answer any of that account.</summary>
    public void Heard(ExchangeReport report)
    {
        if (report.Kind is ReportKind.Traded or ReportKind.Triggered or ReportKind.TradeBusted or ReportKind.TradeCorrected || report.FromDownload)
        {
            // A trade or a trigger does not answer a request, and a download answers those of older sessions.
            return;
        }

        lock (_gate)
        {
            if (report.ClientReference != 0)
            {
                _owed.Remove((report.Account, report.ClientReference));
                return;
            }

            foreach (var owed in _owed.Keys.Where(owed => owed.Account == report.Account).ToArray())
            {
                _owed.Remove(owed);
            }
        }
    }

    /// <summary>The words for people when an answer has been owed for so long; null otherwise. Ask only when everything received is read.</summary>
    public string? Overdue(TimeSpan limit)
    {
        lock (_gate)
        {
            return _owed.Count > 0 && clock.GetUtcNow() - _owed.Values.Min() is var owed && owed >= limit
                ? $"The exchange has owed an answer about an order for {owed.TotalSeconds:0.0} s; the message may never have reached its book. A new session finds out."
                : null;
        }
    }
}
