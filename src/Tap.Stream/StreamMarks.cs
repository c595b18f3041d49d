namespace Backup.Tap.Stream;

/// <summary>
/// How far each stream of the exchange's journal has been applied. A mark moves only when everything that came before it on that
/// stream is applied, and while a stream is being downloaded live messages do not move it: something older may still be missing.
/// </summary>
/// <remarks>Safe for threads. It outlives sessions; the first download of a process starts at 0.</remarks>
public sealed class StreamMarks(TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<byte, Track> _tracks = [];

    public IReadOnlyList<TapStreamPosition> Positions
    {
        get
        {
            lock (_gate)
            {
                return [.. _tracks.Select(track => new TapStreamPosition(track.Key, track.Value.Mark, track.Value.AppliedAt))];
            }
        }
    }

    /// <summary>TimeStamp1 of the last message applied without a gap; 0 when nothing was.</summary>
    public long Mark(byte stream)
    {
        lock (_gate)
        {
            return _tracks.TryGetValue(stream, out var track) ? track.Mark : 0;
        }
    }

    /// <summary>A new session: what was received and not applied comes again.</summary>
    public void BeginSession()
    {
        lock (_gate)
        {
            foreach (var track in _tracks.Values)
            {
                track.Outstanding.Clear();
                track.IsDownloaded = false;
            }
        }
    }

    /// <summary>A new trading day: the journal starts again.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _tracks.Clear();
        }
    }

    public void DownloadCompleted(byte stream)
    {
        lock (_gate)
        {
            Of(stream).IsDownloaded = true;
        }
    }

    /// <summary>A message was received. Hand the result to <see cref="Applied"/> when it is durable.</summary>
    public MarkTicket Received(byte stream, long timeStamp1, bool fromDownload)
    {
        lock (_gate)
        {
            var track = Of(stream);
            var ticket = new MarkTicket(stream, timeStamp1, fromDownload || track.IsDownloaded);
            track.Outstanding.Enqueue(ticket);
            return ticket;
        }
    }

    public void Applied(MarkTicket ticket)
    {
        lock (_gate)
        {
            ticket.IsApplied = true;
            var track = Of(ticket.Stream);
            while (track.Outstanding.TryPeek(out var first) && first.IsApplied)
            {
                track.Outstanding.Dequeue();
                if (first.Moves)
                {
                    track.Mark = Math.Max(track.Mark, first.TimeStamp1);
                    track.AppliedAt = clock.GetUtcNow();
                }
            }
        }
    }

    private Track Of(byte stream)
    {
        if (!_tracks.TryGetValue(stream, out var track))
        {
            _tracks.Add(stream, track = new Track());
        }

        return track;
    }

    private sealed class Track
    {
        public long Mark { get; set; }

        public DateTimeOffset? AppliedAt { get; set; }

        public bool IsDownloaded { get; set; }

        public Queue<MarkTicket> Outstanding { get; } = new();
    }
}

/// <summary>One received message that a stream's mark waits for.</summary>
public sealed class MarkTicket(byte stream, long timeStamp1, bool moves)
{
    public byte Stream { get; } = stream;

    public long TimeStamp1 { get; } = timeStamp1;

    /// <summary>Whether the mark may move to this message.</summary>
    public bool Moves { get; } = moves;

    public bool IsApplied { get; set; }
}
