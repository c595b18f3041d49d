using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Notices;

/// <summary>The whole contract in memory, for tests.</summary>
public sealed class MemoryNoticeStore : INoticeStore
{
    private readonly Lock _gate = new();
    private readonly List<MainSiteNotice> _notices = [];

    /// <summary>Nothing can be read or written, as when a database is away.</summary>
    public bool IsAway { get; set; }

    public ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfAway();
            _notices.Add(notice);
            return ValueTask.CompletedTask;
        }
    }

    public ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfAway();
            return ValueTask.FromResult<IReadOnlyList<MainSiteNotice>>([.. _notices.AsEnumerable().Reverse().Take(max)]);
        }
    }

    private void ThrowIfAway()
    {
        if (IsAway)
        {
            throw new JournalException("The store of the notices is away.");
        }
    }
}
