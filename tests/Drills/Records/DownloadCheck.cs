namespace Backup.Drills.Records;

/// <summary>Reconnects are spaced, and a reconnect reads on where it stopped instead of the whole day again.</summary>
internal static class DownloadCheck
{
    /// <summary>The shortest wait between attempts is two thirds of 100 ms; each takes some time of its own.</summary>
    private const int AttemptsPerSecondMax = 12;

    private const long Second = 1_000_000_000;

    /// <param name="mayBeginAgain">The node was restarted or the exchange's journal began anew.</param>
    internal static IEnumerable<string> Check(IReadOnlyList<LedgerLine> lines, bool mayBeginAgain)
    {
        foreach (var box in lines.Where(line => line.IsInbound && line.Code == ExchangeCodes.RouterRequest).GroupBy(line => line.Segment))
        {
            var attempts = box.Select(line => line.AtNanoseconds).ToList();
            for (var i = AttemptsPerSecondMax; i < attempts.Count; i++)
            {
                if (attempts[i] - attempts[i - AttemptsPerSecondMax] < Second)
                {
                    yield return $"F9 {box.Key}: more than {AttemptsPerSecondMax} connections within a second; the backoff does not hold";
                    break;
                }
            }
        }

        foreach (var stream in lines.Where(line => line.IsInbound && line.Code == ExchangeCodes.Download && !mayBeginAgain).GroupBy(line => (line.Segment, Stream: line.Message[6])))
        {
            var marks = stream.Select(line => line.Number(40)).ToList();
            for (var i = 1; i < marks.Count; i++)
            {
                if (marks[i] < marks[i - 1])
                {
                    yield return $"F9 {stream.Key}: a download began at {marks[i]} after one at {marks[i - 1]}";
                }
            }
        }
    }
}
