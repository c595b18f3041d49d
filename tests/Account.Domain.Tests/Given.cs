using System.Collections.Immutable;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Account.Domain.Tests;

/// <summary>Real records to begin a test from.</summary>
internal static class Given
{
    internal const string AccountId = "DEMO01";
    internal static readonly DateTimeOffset Morning = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);
    internal static readonly PriceSeen Price = new(11235, Morning, "test feed");
    internal static readonly Protection TenPercent = new(1000, 500);

    internal static readonly Contract Option = new(
        "NFO", "NIFTY30DEC26000CE", 13906434, 54321, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "",
        new DateOnly(2030, 12, 31), 2600000, "CE", 75, 5, 1800, 11000);

    internal static readonly Contract Share = new(
        "NSE", "INFY", 408065, 1594, MarketSegment.Cash, ContractKind.Equity, "", "INFY", "EQ", null, 0, "", 1, 5, 0, 152550);

    internal static PositionKey OptionKey => new("NFO", Option.Token, "NRML");

    internal static PositionKey ShareKey => new("NSE", Share.Token, "CNC");

    internal static Book Holding(long quantity) => Holding(new CarriedPosition(Option, "NRML", quantity, 10000));

    internal static Book Holding(params CarriedPosition[] positions) => Holding(TradingRules.Open, positions);

    internal static Book Holding(MarketRules market, params CarriedPosition[] positions) => Holding(new TradingRules(market, ExitPolicy.Plain), positions);

    internal static Book Holding(ExitPolicy policy, params CarriedPosition[] positions) => Holding(new TradingRules(MarketRules.AlwaysOpen, policy), positions);

    internal static Book Holding(TradingRules rules, params CarriedPosition[] positions) => new Book { Rules = rules }.Do(new AccountCommand.OpenDay(
        new DateOnly(2026, 11, 19), "hash", [.. positions]));

    internal static AccountCommand.StartPlan Exit(ExitAmount amount, string id = "exit-1", PositionKey? key = null) =>
        new(id, [new PlanLineRequest(key ?? OptionKey, amount, Price, TenPercent)], PlanOptions.Plain, AccountId);

    internal static ExchangeReference Reference(long number, long activity, long volume, long filled = 0, long price = 10110) =>
        new(number, 100, 100, activity, 0x0800, volume, filled, volume - filled, price);

    internal static OrderReport Report(OrderReportKind kind, long clientReference, ExchangeReference reference, OrderSide side = OrderSide.Sell) => new(
        kind, MarketSegment.Derivatives, clientReference, reference, Option.ExchangeToken, "NIFTY", "", side, 0, 0, 0, 0, null, false, 1,
        reference.LastActivityReference, 0);
}

/// <summary>An account under test: what was stored, what was answered last, and the state that both say it has.</summary>
internal sealed class Book
{
    private DateTimeOffset _now = Given.Morning;

    public DateTimeOffset Now => _now;

    public TradingRules Rules { get; init; } = TradingRules.Open;

    /// <summary>Time passes until this moment in India.</summary>
    public Book At(int hour, int minute, int day = 20)
    {
        _now = new DateTimeOffset(2026, 11, day, hour, minute, 0, new TimeSpan(5, 30, 0));
        return this;
    }

    public AccountState State { get; private set; } = AccountDecider.Initial(Given.AccountId);

    public List<(AccountEvent Event, DateTimeOffset At)> Stored { get; } = [];

    public AccountReply Reply { get; private set; } = AccountReply.Done.Instance;

    public ImmutableArray<AccountEvent> Events { get; private set; } = [];

    public Order this[long number] => State.Orders[new ClientOrderId(number)];

    public Order LastOrder => State.Orders.Values.Last();

    public Position Option => State.Positions[Given.OptionKey];

    public Refusal Refusal => ((AccountReply.Refused)Reply).Refusal;

    public Book Do(AccountCommand command)
    {
        _now += TimeSpan.FromMilliseconds(7);
        var decision = AccountDecider.Decide(State, command, _now, Rules);
        Events = decision.Events;
        Reply = decision.Reply;
        foreach (var recorded in decision.Events)
        {
            State = AccountDecider.Evolve(State, recorded, _now);
            Stored.Add((recorded, _now));
        }

        return this;
    }

    public Book Send(long number, long epoch = 1) => Do(new AccountCommand.AuthorizeSend(new ClientOrderId(number), epoch));

    public Book Hear(OrderReport report) => Do(new AccountCommand.RecordReport(report));

    /// <summary>An order of <paramref name="quantity"/> units in the exchange's book under number 500.</summary>
    public Book WithOpenOrder(long quantity)
    {
        Do(Given.Exit(new ExitAmount.Units(quantity)));
        var number = LastOrder.Id.Number;
        Send(number);
        return Hear(Given.Report(OrderReportKind.Confirmed, number, Given.Reference(500, 1000, quantity, price: LastOrder.LimitPricePaise)));
    }

    public Book Fill(long exchangeNumber, long tradeNumber, long quantity, long activity, OrderSide side = OrderSide.Sell)
    {
        var volume = State.ByExchangeNumber.TryGetValue((MarketSegment.Derivatives, exchangeNumber), out var id) ? State.Orders[id].Quantity : quantity;
        return Hear(Given.Report(OrderReportKind.Traded, 0, Given.Reference(exchangeNumber, activity, volume, quantity), side) with
        {
            TradeNumber = tradeNumber,
            FillQuantity = quantity,
            FillPricePaise = 11200,
        });
    }
}
