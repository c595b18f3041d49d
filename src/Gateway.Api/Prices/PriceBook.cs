using System.Collections.Concurrent;
using Backup.Account.Domain;
using Backup.Account.Domain.Positions;

namespace Backup.Gateway.Api.Prices;

/// <summary>The last price of one instrument, when it was made and who said so. Every number shown carries its age (P9).</summary>
public sealed record LastPrice(long Paise, DateTimeOffset At, string Source, long Version);

/// <summary>The newest price of every instrument. One writer (the feed), many readers; bounded by the number of instruments.</summary>
public sealed class PriceBook
{
    private readonly ConcurrentDictionary<(MarketSegment Segment, int Token), LastPrice> _prices = new();
    private long _version;

    /// <summary>Grows with every price; a reader compares it to see whether anything is new.</summary>
    public long Version => Interlocked.Read(ref _version);

    public LastPrice? Find(Contract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return _prices.GetValueOrDefault((contract.Segment, contract.ExchangeToken));
    }

    /// <summary>The price an exit's limit may be set from; null when none is known or it is older than that.</summary>
    public PriceSeen? Live(Account.Domain.Positions.Position position, DateTimeOffset now, TimeSpan ageMax)
    {
        ArgumentNullException.ThrowIfNull(position);
        return Find(position.Contract) is { } last && now - last.At <= ageMax ? new PriceSeen(last.Paise, last.At, last.Source) : null;
    }

    /// <param name="paise">Prices at or below zero are not prices and are ignored.</param>
    public void Set(MarketSegment segment, int token, long paise, DateTimeOffset at, string source)
    {
        if (paise > 0)
        {
            _prices[(segment, token)] = new LastPrice(paise, at, source, Interlocked.Increment(ref _version));
        }
    }
}
