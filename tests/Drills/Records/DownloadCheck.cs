namespace Backup.Drills.Records;

/// <summary>Reconnects are spaced, and a reconnect reads on where it stopped instead of the whole day again.</summary>
internal static class DownloadCheck
{
    /// <summary>The shortest wait between attempts is two thirds of 100 ms; each takes some time of its own.</summary>
    private const int AttemptsPerSecondMax = 12;

    private const long Second = 1_000_000_000;

    /// <summary>Within so long a report is applied, and the mark of its stream has moved.</summary>
    private const long Applied = 2 * Second;

    /// <param name="mayBeginAgain">The node was restarted or the exchange's journal began anew.</param>
    internal static IEnumerable<string> Check(IReadOnlyList<LedgerLine> lines, bool mayBeginAgain) =>
        CheckAttempts(lines).Concat(mayBeginAgain ? [] : CheckMarks(lines));

    private static IEnumerable<string> CheckAttempts(IReadOnlyList<LedgerLine> lines)
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
    }

    private static IEnumerable<string> CheckMarks(IReadOnlyList<LedgerLine> lines)
    {
        foreach (var stream in lines.Where(line => line.IsInbound && line.Code == ExchangeCodes.Download).GroupBy(line => (line.Segment, Number: line.Message[6])))
        {
            var before = -1L;
            var firstReport = lines.FirstOrDefault(line =>
                !line.IsInbound && line.Code == ExchangeCodes.Confirmed && line.Note.Length == 0 && line.Segment == stream.Key.Segment && line.Message[20] == stream.Key.Number);
            foreach (var download in stream)
            {
                var mark = download.Number(40);
                if (mark < before)
                {
                    yield return $"F9 {stream.Key}: a download began at {mark} after one at {before}";
                }

                if (mark == 0 && firstReport is not null && download.AtNanoseconds - firstReport.AtNanoseconds > Applied)
                {
                    yield return $"F9 {stream.Key}: a download begins at the start of the day although reports were applied before; {download}";
                }

                before = mark;
            }
        }
    }
}
