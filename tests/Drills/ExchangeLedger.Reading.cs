namespace Backup.Drills;

/// <summary>Reads the ledger over the exchange's own pages, a piece at a time.</summary>
internal sealed partial class ExchangeLedger
{
    private readonly Uri _simulator;

    internal ExchangeLedger(Uri simulator) => _simulator = simulator;

    /// <summary>Reads the whole ledger; <paramref name="afterEach"/> is called after every frame that changes the books.</summary>
    internal static async Task<ExchangeLedger> ReadAsync(Uri simulator, Action<ExchangeLedger, string, string>? afterEach = null)
    {
        var ledger = new ExchangeLedger(simulator);
        await ledger.ReadOnAsync(afterEach);
        return ledger;
    }

    /// <summary>Reads what has been added since the last time.</summary>
    internal async Task ReadOnAsync(Action<ExchangeLedger, string, string>? afterEach = null)
    {
        using var http = new HttpClient { BaseAddress = _simulator, Timeout = TimeSpan.FromSeconds(60) };
        while (true)
        {
            var lines = (await http.GetStringAsync(new Uri($"/ledger?after={_after}&limit=5000", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var text in lines)
            {
                Take(text, afterEach);
            }

            if (lines.Length == 0)
            {
                return;
            }
        }
    }
}
