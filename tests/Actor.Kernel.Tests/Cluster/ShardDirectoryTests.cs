using System.Buffers;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Leases;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>Readings and news of the same leases arrive in any order.</summary>
public sealed class ShardDirectoryTests
{
    private readonly ShardDirectory _directory = new(4);

    [Fact]
    public void What_is_told_is_known_at_once_and_whoever_waits_goes_on()
    {
        _directory.Take([Lease(2, "a#1", 5)]);
        var changed = _directory.Changed;

        _directory.Hear([Lease(2, "", 5)]);
        Assert.True(changed.IsCompleted);
        Assert.Null(_directory.OfShard(2));

        changed = _directory.Changed;
        _directory.Hear([Lease(2, "b#1", 6)]);
        Assert.True(changed.IsCompleted);
        Assert.Equal("b#1", _directory.OfShard(2)!.Owner);
    }

    [Fact]
    public void News_that_are_older_than_what_is_known_change_nothing()
    {
        _directory.Take([Lease(2, "b#1", 6)]);
        var changed = _directory.Changed;

        _directory.Hear([Lease(2, "a#1", 5), Lease(2, "", 5), Lease(2, "b#1", 6), Lease(9, "a#1", 1), Lease(-1, "a#1", 1)]);

        Assert.False(changed.IsCompleted);
        Assert.Equal("b#1", _directory.OfShard(2)!.Owner);
    }

    [Fact]
    public void A_reading_that_was_under_way_does_not_take_back_what_was_told()
    {
        _directory.Take([Lease(2, "a#1", 5)]);
        var begunAt = _directory.Now;
        _directory.Hear([Lease(2, "b#1", 6), Lease(3, "", 1)]);

        // Said by another node, and late.
        _directory.Hear([Lease(2, "", 5)]);

        _directory.Take([Lease(2, "a#1", 5), Lease(3, "a#1", 2)], begunAt);

        Assert.Equal("b#1", _directory.OfShard(2)!.Owner);
        Assert.Equal("a#1", _directory.OfShard(3)!.Owner);
    }

    [Fact]
    public void A_reading_that_began_later_knows_better_even_of_a_database_that_was_put_back()
    {
        _directory.Hear([Lease(2, "b#1", 6)]);

        _directory.Take([Lease(2, "a#1", 5)], _directory.Now);
        Assert.Equal("a#1", _directory.OfShard(2)!.Owner);

        _directory.Take([Lease(2, "a#1", 5)], begunAt: 0);
        Assert.Equal("a#1", _directory.OfShard(2)!.Owner);
    }

    [Fact]
    public void News_survive_the_way_and_those_of_an_earlier_version_are_empty()
    {
        ShardNews[] news = [ShardNews.Taken(3, "b#7", 9), ShardNews.Released(60, 4, "c")];
        var written = new ArrayBufferWriter<byte>();
        NewsCall.Call.WriteQuestion(news, written);

        Assert.Equal(news, NewsCall.Call.ReadQuestion(written.WrittenSpan));
        Assert.Empty(NewsCall.Call.ReadQuestion([]));
    }

    [Theory]
    [InlineData("ffffffffffffffff", "found news of -1 shards")]
    [InlineData("0000000000000002", "expected 8 more bytes, found 0")]
    public void Damaged_news_are_refused_with_what_was_found(string hex, string expected)
    {
        var damaged = Assert.Throws<FormatException>(() => NewsCall.Call.ReadQuestion(Convert.FromHexString(hex)));
        Assert.Contains(expected, damaged.Message, StringComparison.Ordinal);
    }

    private static LeaseState Lease(int shard, string owner, long epoch) =>
        new(LeaseKey.ForShard(shard), owner, epoch, owner.Length > 0 ? TimeSpan.FromSeconds(1) : TimeSpan.Zero);
}
