using System.Globalization;
using Backup.Actor.Kernel.Journal;

namespace Backup.Journal.Postgres;

/// <summary>
/// The highest timeline on which this node ever saw its database. A promotion starts a new one, so a server on a lower one is an old
/// primary that came back: it says "primary" and takes connections, and what it acknowledges is lost.
/// </summary>
/// <param name="file">Where it is kept over restarts; null: for the life of the process.</param>
public sealed class TimelineMemory(string? file = null)
{
    private readonly Lock _gate = new();
    private int _highest = Read(file);

    public int Highest
    {
        get
        {
            lock (_gate)
            {
                return _highest;
            }
        }
    }

    /// <exception cref="JournalException">The server is on an older timeline than one already seen.</exception>
    internal void Accept(int timeline, string where)
    {
        lock (_gate)
        {
            if (timeline < _highest)
            {
                throw new JournalException(
                    $"{where} is on timeline {timeline}, and timeline {_highest} has been seen: it is an old primary that was replaced. Point the node at the new one.");
            }

            if (timeline > _highest)
            {
                Write(timeline);
                _highest = timeline;
            }
        }
    }

    private static int Read(string? file)
    {
        if (file is null || !File.Exists(file))
        {
            return 0;
        }

        return int.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var timeline)
            ? timeline
            : throw new JournalException($"{file}: expected a number (the highest timeline seen of the database), found something else.");
    }

    private void Write(int timeline)
    {
        if (file is null)
        {
            return;
        }

        var aside = file + ".new";
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(timeline.ToString(CultureInfo.InvariantCulture)));
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, file, overwrite: true);
    }
}
