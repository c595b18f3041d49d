using Backup.Actor.Kernel.Links;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>One shard has been taken or released just now. A hint: who hears it may act on it at once, and the store still decides.</summary>
/// <param name="Owner">Who holds it; empty: nobody, since it was released.</param>
/// <param name="Epoch">Of the taking, or under which it was held until it was released.</param>
/// <param name="To">The node that should take what was released; empty where it was taken.</param>
public sealed record ShardNews(int Shard, string Owner, long Epoch, string To)
{
    public static ShardNews Taken(int shard, string owner, long epoch) => new(shard, owner, epoch, "");

    public static ShardNews Released(int shard, long epoch, string to) => new(shard, "", epoch, to);
}

/// <summary>How nodes tell each other that leases have changed.</summary>
internal static class NewsCall
{
    private const byte Service = 1;

    /// <summary>More shards in one message are damage.</summary>
    private const int ShardsMax = 64 * 1024;

    /// <summary>The question names what has changed, as far as the teller knows; with nothing in it, it only says that there is something to read.</summary>
    /// <remarks>A node of an earlier version sends nothing in it, and reads nothing of it: it looks for itself.</remarks>
    internal static LinkCall<IReadOnlyList<ShardNews>, byte> Call { get; } = new(
        Service,
        static (news, writer) =>
        {
            writer.Write(news.Count);
            foreach (var shard in news)
            {
                writer.Write(shard.Shard);
                writer.Write(shard.Owner);
                writer.Write(shard.Epoch);
                writer.Write(shard.To);
            }
        },
        Read,
        static (_, _) => { },
        static _ => 0);

    private static ShardNews[] Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var count = LinkText.TakeLong(ref bytes);
        if (count is < 0 or > ShardsMax)
        {
            throw new FormatException($"node link: found news of {count} shards, expected at most {ShardsMax}");
        }

        var news = new ShardNews[count];
        for (var i = 0; i < news.Length; i++)
        {
            news[i] = new ShardNews(
                checked((int)LinkText.TakeLong(ref bytes)), LinkText.TakeText(ref bytes), LinkText.TakeLong(ref bytes), LinkText.TakeText(ref bytes));
        }

        return news;
    }
}
