using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Book;

/// <summary>What the exchange keeps of the day for message download: by segment, stream and user, in full-size form (NSE-TAP.md 6).</summary>
public sealed class DayJournal
{
    private readonly Dictionary<(Segment, byte), List<Entry>> _streams = [];
    private readonly Dictionary<(Segment, byte), long> _lastJiffies = [];

    /// <summary>The next time stamp of a stream: the clock's, but always later than the one before (N27).</summary>
    public long NextTimeStamp(Segment segment, byte stream, DateTimeOffset now)
    {
        var next = Math.Max(NnfTime.ToJiffies(now), _lastJiffies.GetValueOrDefault((segment, stream)) + 1);
        _lastJiffies[(segment, stream)] = next;
        return next;
    }

    public void Add(Segment segment, byte stream, int userId, long timeStamp1, byte[] message)
    {
        if (!_streams.TryGetValue((segment, stream), out var entries))
        {
            _streams[(segment, stream)] = entries = [];
        }

        entries.Add(new Entry(userId, timeStamp1, message));
        _lastJiffies[(segment, stream)] = Math.Max(timeStamp1, _lastJiffies.GetValueOrDefault((segment, stream)));
    }

    /// <summary>Forgets what was said in a segment; its time stamps go on growing all the same.</summary>
    public void Clear(Segment segment)
    {
        foreach (var (place, entries) in _streams)
        {
            if (place.Item1 == segment)
            {
                entries.Clear();
            }
        }
    }

    /// <summary>Everything of this user on this stream after the mark, oldest first.</summary>
    public IEnumerable<byte[]> After(Segment segment, byte stream, int userId, long mark) =>
        _streams.TryGetValue((segment, stream), out var entries)
            ? entries.Where(entry => entry.UserId == userId && entry.TimeStamp1 > mark).Select(entry => entry.Message)
            : [];

    private sealed record Entry(int UserId, long TimeStamp1, byte[] Message);
}
