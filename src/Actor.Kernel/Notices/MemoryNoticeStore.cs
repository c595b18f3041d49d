using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Notices;

/// <summary>The whole contract in memory, for tests.</summary>
public sealed class MemoryNoticeStore() : MemoryStore("notices"), INoticeStore
{
    private readonly List<MainSiteNotice> _notices = [];

    public async ValueTask SetAsync(MainSiteNotice notice, CancellationToken cancellationToken) => await Do(() =>
    {
        _notices.Add(notice);
        return true;
    });

    public ValueTask<IReadOnlyList<MainSiteNotice>> ReadAsync(int max, CancellationToken cancellationToken) =>
        Do<IReadOnlyList<MainSiteNotice>>(() => [.. _notices.AsEnumerable().Reverse().Take(max)]);
}
