using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>When a cut is acted on.</summary>
public sealed class SplitBrainWatchTests
{
    private static readonly SplitBrainOptions Options = new();
    private readonly SplitBrainWatch _watch = new(Options);

    [Fact]
    public void A_cut_is_due_when_it_has_been_the_same_for_stable_after()
    {
        var rows = Cut.Sides("abc de");

        Assert.False(_watch.Observe(rows, Seconds(100)).IsDue);
        Assert.False(_watch.Observe(rows, Seconds(109)).IsDue);
        var verdict = _watch.Observe(rows, Seconds(110));

        Assert.True(verdict.IsDue);
        Assert.Equal(Options.StableAfter, verdict.StableFor);
        Assert.Equal("abc", Cut.Names(verdict.Decision.Survivors));
    }

    [Fact]
    public void A_cluster_that_is_whole_is_never_due()
    {
        var rows = Cut.Sides("abc");
        _watch.Observe(rows, Seconds(0));

        Assert.False(_watch.Observe(rows, Seconds(1000)).IsDue);
    }

    [Fact]
    public void A_beat_does_not_start_the_time_anew()
    {
        var rows = Cut.Sides("abc de");
        _watch.Observe(rows, Seconds(0));

        Assert.True(_watch.Observe([.. rows.Select(row => row with { ExpiresIn = Seconds(1) })], Seconds(10)).IsDue);
    }

    [Fact]
    public void A_link_that_was_one_way_and_is_now_none_does_not_start_the_time_anew()
    {
        _watch.Observe(Cut.Without(3, "a-b"), Seconds(0));
        var verdict = _watch.Observe(Cut.Without(3, "a=b"), Seconds(10));

        Assert.True(verdict.IsDue);
        Assert.EndsWith("b is downed: it has no link both ways with a.", verdict.Decision.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_joins_ends_comes_back_or_changes_its_links_starts_the_time_anew()
    {
        var rows = Cut.Sides("abc de");
        Member[][] others =
        [
            rows[..4],
            [.. rows[..4], rows[4] with { ExpiresIn = TimeSpan.Zero }],
            [.. rows[..4], rows[4] with { Id = new NodeId("e", 2) }],
            [.. rows[..4], rows[4] with { Roles = ["gateway"] }],
            Cut.Sides("abcd e"),
        ];
        foreach (var other in others)
        {
            var watch = new SplitBrainWatch(Options);
            watch.Observe(rows, Seconds(0));

            Assert.Equal(TimeSpan.Zero, watch.Observe(other, Seconds(10)).StableFor);
        }
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
