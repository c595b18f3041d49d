using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Notices;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Notices;

namespace Backup.Cluster.Node.Management;

/// <summary>What operators tell everybody about the main site.</summary>
internal static class NoticeEndpoints
{
    private const int ShownMax = 10;

    /// <summary>Less than the terminal waits, so that it hears what is not known.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    internal static void MapNotice(this RouteGroupBuilder manage)
    {
        manage.MapGet("/notice", ShowAsync);
        manage.MapPost("/notice/backup", (NoticeRequest request, NoticeBoard board, TimeProvider clock, ILogger<NoticeBoard> log) =>
            SetAsync(MainSiteState.Backup, request, board, clock, log));
        manage.MapPost("/notice/main-site-back", (NoticeRequest request, NoticeBoard board, TimeProvider clock, ILogger<NoticeBoard> log) =>
            SetAsync(MainSiteState.MainSiteBack, request, board, clock, log));
    }

    /// <summary>What this node shows is told also while the store is away, which is then said.</summary>
    private static async Task<IResult> ShowAsync(NoticeBoard board, INoticeStore store, CancellationToken stop)
    {
        try
        {
            var newest = await store.ReadAsync(ShownMax, stop);
            return Envelope.Data(new { Shown = Show(board.Current), Newest = newest.Select(Show), Trouble = (string?)null });
        }
        catch (JournalException away)
        {
            return Envelope.Data(new { Shown = Show(board.Current), Newest = Array.Empty<object>(), Trouble = away.Message });
        }
    }

    private static async Task<IResult> SetAsync(MainSiteState state, NoticeRequest request, NoticeBoard board, TimeProvider clock, ILogger<NoticeBoard> log)
    {
        var notice = new MainSiteNotice(state, request.Since, request.Address, request.Text, request.By ?? "", request.Reason ?? "", clock.GetUtcNow());
        if (NoticeRules.FindFault(notice) is { } fault)
        {
            return Envelope.InputError(fault);
        }

        notice = notice with { Address = notice.Address is null ? null : NoticeRules.Normalize(notice.Address) };
        try
        {
            // A commit that waits for its standby goes on whoever has stopped waiting for it, and the board shows it then.
            await board.SetAsync(notice, CancellationToken.None).WaitAsync(Deadline, clock);
        }
        catch (Exception unclear) when (unclear is JournalException or TimeoutException)
        {
            return Envelope.Refuse(
                StatusCodes.Status503ServiceUnavailable, "GeneralException", $"It is not known whether the notice was stored, and setting it again is harmless: {unclear.Message}");
        }

        log.LogWarning("{By} has set the notice {State}: {Reason}", notice.By, ToldNotice.NameOf(state), notice.Reason);
        return Envelope.Data(Show(notice)!);
    }

    private static object? Show(MainSiteNotice? notice) => notice is null ? null : new
    {
        State = ToldNotice.NameOf(notice.State),
        notice.DownSince,
        MainSiteAddress = notice.Address,
        notice.Text,
        notice.By,
        notice.Reason,
        notice.SetAt,
    };
}

/// <summary>What is to be told, who tells it, and why.</summary>
internal sealed record NoticeRequest(string? By, string? Reason, DateTimeOffset? Since, string? Address, string? Text);
