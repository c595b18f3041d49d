using System.Collections.Immutable;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Journal;

/// <summary>An account's state as it is written: rows in a fixed order, each contract once.</summary>
/// <param name="V">The version of the format, first, so that it is read before anything that depends on it.</param>
/// <param name="SeenTrades">Those that do not count as they stand in an order: the others are read off the orders.</param>
internal sealed record AccountStateForm(
    short V,
    string AccountId,
    long Version,
    DateOnly? BusinessDate,
    string DatasetHash,
    ImmutableArray<Contract> Contracts,
    ImmutableArray<PositionForm> Positions,
    ImmutableArray<Order> Orders,
    ImmutableArray<ClientOrderId> Working,
    ImmutableArray<NumberForm> ByExchangeNumber,
    ImmutableArray<Plan> Plans,
    string? LastPlan,
    long RequestMinute,
    int RequestCount,
    ImmutableArray<string> RunningPlans,
    ImmutableArray<SeenTradeForm> SeenTrades,
    ImmutableArray<UnclaimedForm> UnclaimedTrades,
    ImmutableArray<RefusalForm> SeenRefusals)
{
    internal static AccountStateForm Of(AccountState state)
    {
        var contracts = new Dictionary<Contract, int>();
        return new AccountStateForm(
            AccountStateCodec.Version,
            state.AccountId,
            state.Version,
            state.BusinessDate,
            state.DatasetHash,
            Positions: [.. state.Positions.Values.Select(position => PositionForm.Of(position, contracts))],
            Contracts: [.. contracts.OrderBy(contract => contract.Value).Select(contract => contract.Key)],
            Orders: [.. state.Orders.Values],
            Working: [.. state.Working],
            ByExchangeNumber: [.. state.ByExchangeNumber.Select(known => new NumberForm(known.Key.Segment, known.Key.Number, known.Value)).OrderBy(known => (known.Segment, known.Number))],
            Plans: [.. state.Plans.Values.OrderBy(plan => plan.Id, StringComparer.Ordinal)],
            LastPlan: state.LastPlan,
            RequestMinute: state.Requests.Minute,
            RequestCount: state.Requests.Count,
            RunningPlans: [.. state.RunningPlans],
            SeenTrades: SeenTradeForm.Of(state),
            UnclaimedTrades: [.. state.UnclaimedTrades.Select(trades => new UnclaimedForm(trades.Key.Segment, trades.Key.Number, trades.Value)).OrderBy(trades => (trades.Segment, trades.Number))],
            SeenRefusals: [.. state.SeenRefusals.Order().Select(seen => new RefusalForm(seen.Segment, seen.Stream, seen.StreamTime))]);
    }

    internal AccountState ToState()
    {
        var contracts = Contracts.Select(ContractPool.Shared).ToArray();
        var positions = Positions.Select(position => position.ToPosition(contracts)).ToArray();
        var state = new AccountState(AccountId)
        {
            Version = Version,
            BusinessDate = BusinessDate,
            DatasetHash = DatasetHash,
            Positions = AccountState.NoPositions.AddRange(positions.Select(position => KeyValuePair.Create(position.Key, position))),
            Orders = Orders.ToImmutableSortedDictionary(order => order.Id, order => order),
            Working = [.. Working],
            ByExchangeNumber = ByExchangeNumber.ToImmutableDictionary(known => (known.Segment, known.Number), known => known.Order),
            Plans = Plans.ToImmutableDictionary(plan => plan.Id, StringComparer.Ordinal),
            LastPlan = LastPlan,
            Requests = new RequestCount(RequestMinute, RequestCount),
            RunningPlans = RunningPlans.ToImmutableSortedSet(StringComparer.Ordinal),
            SeenTrades = SeenTradeForm.ToSeen(Orders, SeenTrades),
            UnclaimedTrades = UnclaimedTrades.ToImmutableDictionary(trades => (trades.Segment, trades.Number), trades => trades.Trades),
            SeenRefusals = [.. SeenRefusals.Select(seen => (seen.Segment, seen.Stream, seen.StreamTime))],
        };
        AccountStateReferences.Check(state);
        return state;
    }
}

/// <param name="Contract">Its place in <see cref="AccountStateForm.Contracts"/>.</param>
internal sealed record PositionForm(
    int Contract,
    string Product,
    long OvernightQuantity,
    long OvernightPricePaise,
    long DayBuyQuantity,
    long DayBuyValuePaise,
    long DaySellQuantity,
    long DaySellValuePaise,
    long ChangedAt,
    DeliveryLock? Lock)
{
    internal static PositionForm Of(Position position, Dictionary<Contract, int> contracts)
    {
        var (key, contract) = (position.Key, position.Contract);
        if (key.Exchange != contract.Exchange || key.Token != contract.Token)
        {
            throw new ArgumentException($"The position {key} has the contract of {contract.Exchange}:{contract.Token}.", nameof(position));
        }

        if (!contracts.TryGetValue(contract, out var place))
        {
            contracts.Add(contract, place = contracts.Count);
        }

        return new PositionForm(
            place, key.Product, position.OvernightQuantity, position.OvernightPricePaise, position.DayBuyQuantity, position.DayBuyValuePaise,
            position.DaySellQuantity, position.DaySellValuePaise, position.ChangedAt, position.Lock);
    }

    internal Position ToPosition(Contract[] contracts)
    {
        if ((uint)Contract >= (uint)contracts.Length)
        {
            throw new AccountFormatException("$.positions", $"contract {Contract}", $"one of the {contracts.Length} listed");
        }

        var contract = contracts[Contract];
        return new Position(
            new PositionKey(contract.Exchange, contract.Token, Product), contract, OvernightQuantity, OvernightPricePaise, DayBuyQuantity,
            DayBuyValuePaise, DaySellQuantity, DaySellValuePaise, ChangedAt)
        {
            Lock = Lock,
        };
    }
}

internal sealed record NumberForm(MarketSegment Segment, long Number, ClientOrderId Order);

internal sealed record UnclaimedForm(MarketSegment Segment, long Number, ImmutableArray<Trade> Trades);

internal sealed record RefusalForm(MarketSegment Segment, int Stream, long StreamTime);

internal sealed record SeenTradeForm(MarketSegment Segment, long Number, long Order, OrderSide Side, PositionKey? Key, long Quantity, long PricePaise)
{
    internal static ImmutableArray<SeenTradeForm> Of(AccountState state)
    {
        var standing = InOrders(state.Orders.Values);
        if (standing.Keys.FirstOrDefault(trade => !state.SeenTrades.ContainsKey(trade)) is { TradeNumber: not 0 } unseen)
        {
            throw new ArgumentException($"An order of {state.AccountId} has the trade {unseen}, which was never seen.", nameof(state));
        }

        return
        [
            .. state.SeenTrades.Where(seen => standing.GetValueOrDefault(seen.Key) != seen.Value)
                .OrderBy(seen => (seen.Key.Segment, seen.Key.TradeNumber, seen.Key.ExchangeOrderNumber, seen.Key.Side))
                .Select(seen => new SeenTradeForm(
                    seen.Key.Segment, seen.Key.TradeNumber, seen.Key.ExchangeOrderNumber, seen.Key.Side, seen.Value.Key, seen.Value.Quantity, seen.Value.PricePaise)),
        ];
    }

    internal static ImmutableDictionary<TradeKey, SeenTrade> ToSeen(ImmutableArray<Order> orders, ImmutableArray<SeenTradeForm> others)
    {
        var seen = InOrders(orders);
        foreach (var other in others)
        {
            seen[new TradeKey(other.Segment, other.Number, other.Order, other.Side)] = new SeenTrade(other.Key, other.Quantity, other.PricePaise);
        }

        return seen.ToImmutableDictionary();
    }

    private static Dictionary<TradeKey, SeenTrade> InOrders(IEnumerable<Order> orders)
    {
        var standing = new Dictionary<TradeKey, SeenTrade>();
        foreach (var order in orders)
        {
            foreach (var trade in order.Trades)
            {
                standing[trade.Key] = new SeenTrade(order.Key, trade.Quantity, trade.PricePaise);
            }
        }

        return standing;
    }
}

/// <summary>A line of a plan with what the plan has made of it, which no event carries.</summary>
internal sealed record PlanLineForm(
    PositionKey Key,
    OrderSide Side,
    long Quantity,
    PriceSeen Price,
    Protection Protection,
    bool IsHedge,
    ImmutableArray<ClientOrderId> WaitsFor,
    long LimitPaise,
    long Released,
    string? Reduced);

internal sealed class PlanLineConverter : FormConverter<PlanLine, PlanLineForm>
{
    protected override PlanLineForm FormOf(PlanLine value) => new(
        value.Key, value.Side, value.Quantity, value.Price, value.Protection, value.IsHedge, value.WaitsFor, value.LimitPaise, value.Released, value.Reduced);

    protected override PlanLine ValueOf(PlanLineForm form) =>
        new(form.Key, form.Side, form.Quantity, form.Price, form.Protection, form.IsHedge, form.WaitsFor, form.LimitPaise)
        {
            Released = form.Released,
            Reduced = form.Reduced,
        };
}
