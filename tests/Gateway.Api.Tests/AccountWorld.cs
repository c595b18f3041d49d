using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Regions;
using Backup.Cluster.Node.Accounts;
using Backup.Gateway.Api.Live;
using Backup.Gateway.Api.Prices;
using Backup.Tests;

namespace Backup.Gateway.Api.Tests;

/// <summary>Nobody listens: no exchange in these tests.</summary>
internal sealed class NoOwner : IRegionObserver<AccountEffect>
{
    public void Handle(string entityId, ImmutableArray<AccountEffect> effects)
    {
    }

    public void Quarantined(string entityId, string reason)
    {
    }

    public void Defect(string entityId, Exception defect)
    {
    }

    public void Fenced(int shard)
    {
    }
}

/// <summary>Links to the exchange that are up, with a queue that a test may fill.</summary>
internal sealed class QuietLinks : IExchangeLinks
{
    public IReadOnlyList<ExchangeLinkState> States { get; } = [new("F&O", "signed-on", true, null, null)];

    public Dictionary<ClientOrderId, QueuePlace> Places { get; } = [];

    public QueuePlace? PlaceOf(string account, ClientOrderId order) => Places.GetValueOrDefault(order);
}

/// <summary>Accounts in memory, a clock that the test moves, and prices that the test sets.</summary>
internal sealed class AccountWorld : IAsyncDisposable
{
    internal const string Symbol = "NIFTY30DEC26000CE";
    internal const string FarSymbol = "NIFTY30DEC27000CE";
    private const int ExchangeToken = 54321;
    private const int FarToken = 54323;
    internal static readonly Contract Option = new(
        "NFO", Symbol, 13906434, ExchangeToken, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "",
        new DateOnly(2030, 12, 31), 2600000, "CE", 75, 5, 1800, 11000);

    internal static readonly Contract Share = new(
        "NSE", "ACOMPANY", 408065, 1594, MarketSegment.Cash, ContractKind.Equity, "", "ACOMPANY", "EQ", null, 0, "", 1, 5, 0, 150000);

    /// <param name="rules">What the accounts decide by; everything open when null.</param>
    /// <param name="isOneClock">The accounts have the test's clock too, so that all that they say can be foretold.</param>
    internal AccountWorld(TradingRules? rules = null, bool isOneClock = false, Func<GatewayOptions, GatewayOptions>? options = null)
    {
        Options = options?.Invoke(Options) ?? Options;
        Rules = rules ?? TradingRules.Open;
        var behavior = new AccountBehavior(Rules);

        // Else the region has the machine's clock: a test that moves time for the gateway does not time its own asks out.
        Region = new(behavior, behavior, Journal, 1, isOneClock ? Clock : TimeProvider.System, new RegionOptions(), new NoOwner());
        Sources = new PortfolioSources(Prices, Links, Options, Rules, Clock);
    }

    internal EntityRegion<AccountState, AccountCommand, AccountEvent, AccountReply, AccountEffect> Region { get; }

    internal MemoryJournal Journal { get; } = new();

    internal ManualClock Clock { get; } = new();

    internal PriceBook Prices { get; } = new();

    internal QuietLinks Links { get; } = new();

    internal TradingRules Rules { get; }

    internal GatewayOptions Options { get; } = new()
    {
        KiteApiKey = "app",
        KiteApiSecret = "nobody knows",
        Protection = new ProtectionTable("test table", [.. Enum.GetValues<ContractKind>().Select(kind => new ProtectionRow(new DateOnly(2020, 1, 1), kind, null, 1000, 500))]),
    };

    internal PortfolioSources Sources { get; }

    public ValueTask DisposeAsync() => Region.DisposeAsync();

    internal Task CarryAsync(string client, params CarriedOrder[] orders) => AskAsync(client, new AccountCommand.CarryOrders([.. orders]));

    internal static CarriedOrder MainOrder(long number, long quantity, OrderSide side = OrderSide.Sell, long trigger = 0) => new(
        Option, "NRML", side, quantity, 9000, trigger, number, new OrderOrigin("co", $"main-{number}", "main-1"), "client");

    /// <summary>The exchange tells of an order that the main site entered.</summary>
    internal Task TellAsync(string client, CarriedOrder order) => AskAsync(client, new AccountCommand.RecordReport(new OrderReport(
        OrderReportKind.Confirmed, MarketSegment.Derivatives, 0,
        new ExchangeReference(order.ExchangeOrderNumber, 100, 100, 5, 0x2000, order.Quantity, 0, order.Quantity, order.LimitPricePaise, 1, 5, order.TriggerPaise, order.TriggerPaise > 0),
        ExchangeToken, "NIFTY", "", order.Side, 0, 0, 0, 0, null, false, 1, 5, 0)));

    internal async Task OpenAsync(string client, long quantity, int day = 19) => await AskAsync(client, new AccountCommand.OpenDay(
        new DateOnly(2026, 11, day), "hash", [new CarriedPosition(Option, "NRML", quantity, 10000)]));

    /// <summary>Shares for delivery: some in the depository, some bought the day before.</summary>
    internal Task OpenSharesAsync(string client, long holding, long t1, int day = 20) => AskAsync(client, new AccountCommand.OpenDay(
        new DateOnly(2026, 11, day), "hash", [new CarriedPosition(Share, "CNC", holding + t1, 140000, new DeliveryLock(t1, holding))]));

    /// <summary>A call sold and a further one bought against it.</summary>
    internal async Task OpenSpreadAsync(string client, long shortCall, long longCall, int day = 20)
    {
        var far = Option with { TradingSymbol = FarSymbol, Token = 13906436, ExchangeToken = FarToken, StrikePaise = 2700000 };
        await AskAsync(client, new AccountCommand.OpenDay(
            new DateOnly(2026, 11, day), "hash", [new CarriedPosition(Option, "NRML", shortCall, 10000), new CarriedPosition(far, "NRML", longCall, 5000)]));
        Prices.Set(MarketSegment.Derivatives, FarToken, 6000, Clock.GetUtcNow(), "test");
    }

    internal Task<AccountReply> ExitAsync(string client, long quantity, string id) => AskAsync(client, new AccountCommand.StartPlan(
        id,
        [new PlanLineRequest(
            new PositionKey("NFO", Option.Token, "NRML"), new ExitAmount.Units(quantity), new PriceSeen(11000, Clock.GetUtcNow(), "test"), new Protection(1000, 500))],
        PlanOptions.Plain,
        client));

    internal async Task<AccountReply> AskAsync(string client, AccountCommand command)
    {
        var result = await Region.AskAsync(client, command, TimeSpan.FromSeconds(30));
        return result.IsAnswered ? result.Reply! : throw new InvalidOperationException($"{result.Status}: {result.Detail}");
    }

    internal void SetPrice(long paise) => Prices.Set(MarketSegment.Derivatives, ExchangeToken, paise, Clock.GetUtcNow(), "test");
}
