namespace Backup.Drills.Records;

/// <summary>
/// I12: no sliding second holds more messages of a box than the exchange sold, by the exchange's own clock. A twentieth more is let pass, as the
/// exchange does: a busy machine squeezes messages that were sent at the right distance. `./bench tap` allows nothing.
/// </summary>
internal static class RateCheck
{
    private const long Second = 1_000_000_000;

    internal static IEnumerable<string> Check(IReadOnlyList<LedgerLine> lines, int messagesPerSecond)
    {
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

                if (window.Count > messagesPerSecond + Math.Max(messagesPerSecond / 20, 1))
                {
                    yield return $"I12 {box.Key}: {window.Count} messages within a second, {messagesPerSecond} are sold; at {line}";
                    break;
                }
            }
        }
    }
}
