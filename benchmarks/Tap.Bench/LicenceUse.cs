using System.Text.Json.Nodes;

namespace Backup.Tap.Bench;

/// <summary>How a box used its contracted rate, by the exchange's own clock: the times at which frames reached it.</summary>
/// <param name="Use">Messages per second from the first order to the last, over the contract.</param>
/// <param name="MostInASecond">The most messages in any sliding second, over the contract.</param>
internal sealed record LicenceUse(int Orders, double Use, double MostInASecond)
{
    private const int WarmUpSeconds = 3;
    private const long Second = 1_000_000_000;

    internal static async Task<LicenceUse> ReadAsync(Uri simulator, int messagesPerSecond)
    {
        using var http = new HttpClient { BaseAddress = simulator };
        var arrivals = new List<long>();
        var orders = new List<long>();
        var after = 0L;
        while (true)
        {
            var lines = (await http.GetStringAsync(new Uri($"/ledger?after={after}&limit=5000", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines)
            {
                var entry = JsonNode.Parse(line)!;
                after = (long)entry["n"]!;
                if ((string)entry["direction"]! == "in")
                {
                    arrivals.Add((long)entry["at"]!);
                    if ((int)entry["code"]! == 20000)
                    {
                        orders.Add((long)entry["at"]!);
                    }
                }
            }

            if (lines.Length == 0)
            {
                break;
            }
        }

        // The simulator's first messages meet cold code and are noted late, which squeezes what follows; they are not counted.
        var warm = orders.Count > 0 ? orders[0] + (WarmUpSeconds * Second) : 0;
        arrivals.RemoveAll(at => at < warm);
        orders.RemoveAll(at => at < warm);
        if (orders.Count < 2)
        {
            throw new InvalidOperationException($"only {orders.Count} orders reached the exchange after {WarmUpSeconds} s");
        }

        return new LicenceUse(
            orders.Count,
            (orders.Count - 1) / ((orders[^1] - orders[0]) / (double)Second) / messagesPerSecond,
            MostWithin(arrivals, Second) / (double)messagesPerSecond);
    }

    private static int MostWithin(List<long> times, long window)
    {
        var most = 0;
        for (int first = 0, last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] >= window)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
