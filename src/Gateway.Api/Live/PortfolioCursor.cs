using System.Globalization;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Actor.Kernel.Entities;
using Backup.Gateway.Api.Kite;
using Backup.Gateway.Api.Prices;

namespace Backup.Gateway.Api.Live;

/// <summary>What the views of a portfolio are made from, beside the account itself.</summary>
public sealed record PortfolioSources(PriceBook Prices, IExchangeLinks Links, GatewayOptions Options, TradingRules Rules, TimeProvider Clock);

/// <summary>What this connection has been told so far.</summary>
internal sealed class PortfolioCursor(PortfolioSources sources, WatchedView<AccountState> first)
{
    private AccountState _state = first.View;
    private long _sequence = first.Sequence;
    private long _priceVersion;
    private DateTimeOffset _lastSent;
    private Dictionary<ClientOrderId, int> _queued = [];

    private string StreamId => _state.BusinessDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "none";

    internal PortfolioUpdate Begin(long? afterSequence, string? streamId) =>
        afterSequence is { } after && streamId == StreamId && after >= 0 && after <= _sequence
            ? Facts("delta", after)
            : Facts("snapshot", null);

    internal PortfolioUpdate Advance(WatchedView<AccountState> view)
    {
        var from = _sequence;
        var sameDay = view.View.BusinessDate == _state.BusinessDate;
        _state = view.View;
        _sequence = view.Sequence;
        return sameDay ? Facts("delta", from) : Facts("snapshot", null);
    }

    /// <summary>Nothing happened to the account: new prices, a moved queue, or a sign of life; null when not even that is due.</summary>
    internal PortfolioUpdate? Idle()
    {
        var version = sources.Prices.Version;
        if (version != _priceVersion && Prices() is { Count: > 0 } changed)
        {
            _priceVersion = version;
            return Make("prices", null, [], [], changed);
        }

        _priceVersion = version;
        if (QueueMoved())
        {
            return Facts("delta", _sequence);
        }

        return sources.Clock.GetUtcNow() - _lastSent >= sources.Options.StreamHeartbeat ? Make("heartbeat", null, [], [], []) : null;
    }

    private PortfolioUpdate Facts(string kind, long? from)
    {
        var now = sources.Clock.GetUtcNow();
        var after = from ?? -1;
        _queued = Waiting();
        _priceVersion = kind == "snapshot" ? sources.Prices.Version : _priceVersion;
        return Make(
            kind,
            from,
            [.. _state.Positions.Values.Where(position => position.ChangedAt > after && !position.IsPlaceOnly)
                .Select(position => PositionView.Of(_state, position, sources, now))],
            [.. _state.Orders.Values.Where(order => order.ChangedAt > after || (from is not null && _queued.ContainsKey(order.Id)))
                .Select(order => OrderView.Of(_state, order, sources.Links))],
            []);
    }

    private List<PriceView> Prices()
    {
        var now = sources.Clock.GetUtcNow();
        return [.. _state.Positions.Values
            .Where(position => !position.IsPlaceOnly && sources.Prices.Find(position.Contract) is { } price && price.Version > _priceVersion)
            .Select(position => PriceView.Of(_state, position, sources, now))];
    }

    /// <summary>The orders that wait for the wire, each with its place.</summary>
    private Dictionary<ClientOrderId, int> Waiting()
    {
        var places = new Dictionary<ClientOrderId, int>();
        foreach (var order in _state.WorkingOrders)
        {
            if (sources.Links.PlaceOf(_state.AccountId, order.Id) is { } place)
            {
                places[order.Id] = place.Place;
            }
        }

        return places;
    }

    private bool QueueMoved()
    {
        var now = Waiting();
        return now.Count != _queued.Count || now.Any(waiting => _queued.GetValueOrDefault(waiting.Key) != waiting.Value);
    }

    private PortfolioUpdate Make(
        string kind, long? from, IReadOnlyList<PositionView> positions, IReadOnlyList<OrderView> orders, IReadOnlyList<PriceView> changed)
    {
        _lastSent = sources.Clock.GetUtcNow();
        return new PortfolioUpdate(kind, StreamId, _sequence, from, _lastSent, positions, orders, changed);
    }
}
