using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Account.Domain.Positions;

namespace Backup.Gateway.Api.Prices;

/// <summary>The last price of one instrument, when it was made and who said so. Every number shown carries its age (P9).</summary>
public sealed record LastPrice(long Paise, DateTimeOffset At, string Source, long Version);

/// <summary>The newest price of every instrument. Written by the feeds, many readers; bounded by the number of instruments.</summary>
public sealed class PriceBook
{
    private readonly ConcurrentDictionary<(MarketSegment Segment, int Token), LastPrice> _prices = new();
    private readonly Lock _writing = new();
    private long _version;

    /// <summary>Grows with every price; a reader compares it to see whether anything is new. Every price up to it is in the book.</summary>
    public long Version => Volatile.Read(ref _version);

    public LastPrice? Find(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return Find(contract.Segment, contract.ExchangeToken);
    }

    public LastPrice? Find(MarketSegment segment, int token) => _prices.GetValueOrDefault((segment, token));

    /// <summary>The price an exit's limit may be set from; null when none is known or it is older than that.</summary>
    public PriceSeen? Live(Account.Domain.Positions.Position position, DateTimeOffset now, TimeSpan ageMax)
    {
        ArgumentNullException.ThrowIfNull(position);
        return Find(position.Contract) is { } last && now - last.At <= ageMax ? new PriceSeen(last.Paise, last.At, last.Source) : null;
    }

    /// <summary>Keeps the price unless the book has a newer one by its time, whichever source that came from.</summary>
    /// <param name="paise">Prices at or below zero are not prices and are ignored.</param>
    /// <param name="isLate">It came out of order: at the same time as the book's it is not news.</param>
    /// <returns>Whether the book has changed.</returns>
    public bool Set(MarketSegment segment, int token, long paise, DateTimeOffset at, string source, bool isLate = false)
    {
        if (paise <= 0)
        {
            return false;
        }

        var key = (segment, token);
        lock (_writing)
        {
            if (_prices.GetValueOrDefault(key) is { } known && !IsNews(known, paise, at, source, isLate))
            {
                return false;
            }

            // The price first: whoever reads the version finds every price up to it.
            _prices[key] = new LastPrice(paise, at, source, _version + 1);
            Volatile.Write(ref _version, _version + 1);
            return true;
        }
    }

    private static bool IsNews(LastPrice known, long paise, DateTimeOffset at, string source, bool isLate) =>
        at > known.At || (at == known.At && !isLate && (paise != known.Paise || source != known.Source));
}
