namespace Backup.Drills.Records;

/// <summary>
/// I12: no sliding second holds more messages of a box than the exchange sold, by the exchange's own clock. A busy machine squeezes messages that
/// were sent at the right distance: an exchange that is held for a moment reads what came meanwhile at once, so that a second by its clock holds
/// what was sent in a second and that moment. What is let pass for it depends on who keeps the clock. The tests of SendPermits and `./bench tap`
/// allow nothing.
/// </summary>
internal static class RateCheck
{
    /// <summary>Under virtual time only the links are uneven: a twentieth, as the exchange itself lets pass.</summary>
    internal static readonly TimeSpan UnevenLink = TimeSpan.FromMilliseconds(50);

    /// <summary>Node, exchange and clients share a few cores: the exchange's first order alone is compiled for 150 ms.</summary>
    internal static readonly TimeSpan BusyMachine = TimeSpan.FromMilliseconds(250);

    private const long Second = 1_000_000_000;

    internal static IEnumerable<string> Check(IReadOnlyList<LedgerLine> lines, int messagesPerSecond, TimeSpan squeeze)
    {
        var most = messagesPerSecond + Math.Max((int)(messagesPerSecond * squeeze.TotalSeconds), 1);
        foreach (var box in lines.Where(line => line.IsInbound && line.Code != ExchangeCodes.RouterRequest).GroupBy(line => line.Segment))
        {
            var window = new Queue<long>();
            foreach (var line in box)
            {
                window.Enqueue(line.AtNanoseconds);
                while (line.AtNanoseconds - window.Peek() >= Second)
                {
                    window.Dequeue();
                }

                if (window.Count > most)
                {
                    yield return $"I12 {box.Key}: {window.Count} messages within a second, {messagesPerSecond} are sold and {most} let pass; at {line}";
                    break;
                }
            }
        }
    }
}
