using Backup.Gateway.Api.Kite;

namespace Backup.Gateway.Api.Live;

/// <summary>
/// One message of the live stream. A snapshot replaces everything; a delta holds what changed after
/// <paramref name="FromSequence"/>; prices and heartbeats carry no news about orders.
/// </summary>
/// <param name="Kind">snapshot, delta, prices or heartbeat.</param>
/// <param name="StreamId">Names the history that <paramref name="Sequence"/> counts in; another id means: take a snapshot.</param>
/// <param name="Sequence">The account's newest event that this message knows of.</param>
public sealed record PortfolioUpdate(
    string Kind,
    string StreamId,
    long Sequence,
    long? FromSequence,
    DateTimeOffset ServerTime,
    IReadOnlyList<PositionView> Positions,
    IReadOnlyList<OrderView> Orders,
    IReadOnlyList<PriceView> Prices);
