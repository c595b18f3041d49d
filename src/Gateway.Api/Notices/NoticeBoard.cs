using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Notices;
using Microsoft.Extensions.Logging;

namespace Backup.Gateway.Api.Notices;

/// <summary>
/// The notice that this node shows to everybody, in memory: nobody's look at it asks the store. What is set through this node is shown at once, what is set
/// through others is read every <see cref="GatewayOptions.NoticePoll"/>.
/// </summary>
/// <remarks>Safe for threads. While the store is away the last notice that was read stays; before the first one nothing is said of the main site.</remarks>
public sealed class NoticeBoard(INoticeStore store, GatewayOptions options, TimeProvider clock, ILogger<NoticeBoard> log) : StoreLook(options.NoticePoll, clock)
{
    private readonly Lock _gate = new();
    private volatile MainSiteNotice? _current;
    private long _sets;

    /// <summary>Null: nobody has ever set one, or none was read yet.</summary>
    public MainSiteNotice? Current => _current;

    /// <exception cref="JournalException">Nobody knows whether it was stored. Another one is shown only once it is read.</exception>
    public async Task SetAsync(MainSiteNotice notice, CancellationToken cancellationToken)
    {
        await store.SetAsync(notice, cancellationToken);
        lock (_gate)
        {
            _sets++;
            _current = notice;
        }
    }

    private protected override async Task LookAsync(CancellationToken stop)
    {
        var sets = Interlocked.Read(ref _sets);
        var found = await store.ReadAsync(1, stop);
        lock (_gate)
        {
            // What was set here while the look was under way is newer than what it may have found.
            _current = sets == _sets ? found.SingleOrDefault() : _current;
        }
    }

    private protected override void TellDeaf(string reason) =>
        log.LogWarning("The notice of the main site stays as it is; what is set on other nodes is not heard: {Reason}", reason);
}
