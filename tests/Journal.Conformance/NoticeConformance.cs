using Backup.Actor.Kernel.Notices;
using Xunit;

namespace Backup.Journal.Conformance;

/// <summary>What every store of notices must do.</summary>
public abstract class NoticeConformance
{
    private static readonly DateTimeOffset Morning = new(2026, 11, 20, 4, 34, 0, TimeSpan.Zero);

    protected abstract INoticeStore Notices { get; }

    [Fact]
    public async Task Before_anybody_has_set_one_there_is_none() => Assert.Empty(await Notices.ReadAsync(1, default));

    [Fact]
    public async Task What_was_set_is_read_as_it_was_with_and_without_what_may_be_left_out()
    {
        await Notices.SetAsync(Full, default);
        Assert.Equal(Full, Assert.Single(await Notices.ReadAsync(10, default)));

        await Notices.SetAsync(Bare, default);
        Assert.Equal([Bare, Full], await Notices.ReadAsync(10, default));
    }

    [Fact]
    public async Task The_last_that_was_set_is_the_newest_whatever_the_clock_said()
    {
        await Notices.SetAsync(Bare with { SetAt = Morning.AddHours(1) }, default);
        await Notices.SetAsync(Full, default);

        Assert.Equal(Full, Assert.Single(await Notices.ReadAsync(1, default)));
    }

    [Fact]
    public async Task The_same_one_set_again_is_shown_as_before()
    {
        await Notices.SetAsync(Full, default);
        await Notices.SetAsync(Full, default);

        Assert.Equal([Full, Full], await Notices.ReadAsync(10, default));
    }

    [Fact]
    public async Task Of_many_at_once_all_are_kept()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(one => Task.Run(() => Notices.SetAsync(Bare with { Reason = $"reason {one}" }, default).AsTask())));

        Assert.Equal(8, (await Notices.ReadAsync(10, default)).Select(notice => notice.Reason).Distinct().Count());
    }

    /// <summary>What every implementation must bring back letter by letter.</summary>
    protected static MainSiteNotice Full { get; } = new(
        MainSiteState.Backup, Morning, "https://trade.example.com/", "मुख्य साइट 'बंद' है; we \"watch\" it.", "amol", "the main site's login is away", Morning.AddMinutes(6));

    private static MainSiteNotice Bare { get; } = new(MainSiteState.MainSiteBack, null, null, null, "sita", "it answers again", Morning.AddMinutes(7));
}
