using Backup.Account.Domain;
using Backup.Gateway.Api.Prices;
using Xunit;

namespace Backup.Gateway.Api.Tests.Prices;

public sealed class PriceBookTests
{
    private const int Sets = 300_000;

    [Fact]
    public async Task Whoever_has_read_a_version_finds_every_price_up_to_it()
    {
        var book = new PriceBook();
        var writing = Task.WhenAll(Enumerable.Range(1, 2).Select(token => Task.Run(() => SetMany(book, token))));

        var hidden = 0;
        while (!writing.IsCompleted)
        {
            var version = book.Version;
            hidden += Newest(book) < version ? 1 : 0;
        }

        await writing;
        Assert.Equal(0, hidden);
        Assert.Equal(2 * Sets, book.Version);
    }

    private static void SetMany(PriceBook book, int token)
    {
        for (var i = 0; i < Sets; i++)
        {
            book.Set(MarketSegment.Derivatives, token, 100 + i, DateTimeOffset.UnixEpoch.AddTicks(i), "test");
        }
    }

    private static long Newest(PriceBook book) =>
        Enumerable.Range(1, 2).Max(token => book.Find(MarketSegment.Derivatives, token)?.Version ?? 0);
}
