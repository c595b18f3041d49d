using Backup.Account.Domain;
using Backup.Gateway.Api.Prices;
using Backup.Tests;
using Xunit;

namespace Backup.Gateway.Api.Tests.Prices;

public sealed class PriceIntakeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private readonly PriceBook _book = new();
    private readonly PriceIntake _stream;
    private readonly PriceIntake _broadcast;

    public PriceIntakeTests()
    {
        var clock = new ManualClock(Now);
        (_stream, _broadcast) = (new PriceIntake(_book, "stream", clock), new PriceIntake(_book, "broadcast", clock));
    }

    [Fact]
    public void Of_two_sources_the_newest_price_by_its_time_is_shown_under_its_own_source()
    {
        Take(_stream, 100, seconds: -10);
        Take(_broadcast, 101, seconds: -9);
        Take(_stream, 102, seconds: -11);
        Assert.Equal((101, Now.AddSeconds(-9), "broadcast"), Shown());

        Take(_stream, 103, seconds: -8);
        Assert.Equal((103, Now.AddSeconds(-8), "stream"), Shown());
        Assert.Equal((new PriceIntakeCounts(2, 1, 0), new PriceIntakeCounts(1, 0, 0)), (_stream.Counts, _broadcast.Counts));
    }

    [Fact]
    public void At_the_same_second_the_later_word_counts_unless_it_came_out_of_order()
    {
        Take(_broadcast, 100, seconds: -5);
        Take(_broadcast, 101, seconds: -5);
        Assert.Equal(101, Shown().Paise);

        Take(_broadcast, 100, seconds: -5, isLate: true);
        Assert.Equal(101, Shown().Paise);

        Take(_broadcast, 99, seconds: -4, isLate: true);
        Assert.Equal(99, Shown().Paise);
    }

    [Fact]
    public void The_same_price_told_again_is_no_news()
    {
        Take(_broadcast, 100, seconds: -5);
        var version = _book.Version;
        Take(_broadcast, 100, seconds: -5);

        Assert.Equal(version, _book.Version);
    }

    [Fact]
    public void A_price_from_the_future_hides_no_true_one()
    {
        Take(_broadcast, 666, seconds: 19_800);
        Take(_stream, 100, seconds: 1);

        Assert.Equal((100, Now.AddSeconds(1), "stream"), Shown());
        Assert.Equal(1, _broadcast.Counts.Ahead);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-100)]
    public void What_is_not_above_zero_is_no_price(int paise)
    {
        Take(_broadcast, 100, seconds: -5);
        Take(_broadcast, paise, seconds: 0);

        Assert.Equal(100, Shown().Paise);
    }

    private static void Take(PriceIntake intake, int paise, int seconds, bool isLate = false) =>
        intake.Take(MarketSegment.Cash, 7, paise, Now.AddSeconds(seconds), isLate);

    private (long Paise, DateTimeOffset At, string Source) Shown()
    {
        var last = _book.Find(MarketSegment.Cash, 7)!;
        return (last.Paise, last.At, last.Source);
    }
}
