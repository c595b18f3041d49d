namespace Backup.Drills.Records;

/// <summary>Reconnects are spaced, and a reconnect reads on where it stopped instead of the whole day again.</summary>
internal static class DownloadCheck
{
    /// <summary>The shortest wait between attempts is two thirds of 100 ms; each takes some time of its own.</summary>
    private const int AttemptsPerSecondMax = 12;

    private const long Second = 1_000_000_000;

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
            var isKnown = false;
            foreach (var download in stream)
            {
                var mark = download.Number(40);
                if (mark < before)
                {
                    yield return $"F9 {stream.Key}: a download began at {mark} after one at {before}";
                }

                if (mark == 0 && isKnown)
                {
                    yield return $"F9 {stream.Key}: a download begins at the start of the day although an earlier one was applied; {download}";
                }

                before = mark;
                isKnown |= WasApplied(lines, download, stream.Key.Number);
            }
        }
    }

    /// <summary>The download had something in it, and the node went on to trade in that session, which it does only when all is applied.</summary>
    private static bool WasApplied(IReadOnlyList<LedgerLine> lines, LedgerLine download, byte stream)
    {
        var after = lines.Where(line => line.Session == download.Session && line.N > download.N).ToList();
        return after.Exists(line => !line.IsInbound && line.Code == ExchangeCodes.Downloaded && line.Message[6] == stream)
            && after.Exists(line => line.IsInbound && line.Code is ExchangeCodes.Enter or ExchangeCodes.Cancel or ExchangeCodes.Modify);
    }
}
