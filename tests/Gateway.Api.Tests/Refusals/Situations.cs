using System.Collections.Immutable;
using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Positions;
using Backup.Tests;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>What may have happened to DEMO01 before it asks, and rules that the market or the broker may have.</summary>
internal static class Situations
{
    internal const string OneLot = """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML","mode":"quantity","quantity":75}""";
    internal const string OtherProduct = "MIS";
    private const string Client = Provocation.Client;
    private const long MainNumber = 900;

    private static readonly DateOnly Always = new(2020, 1, 1);

    internal static readonly Contract Share = new(
        "NSE", "INFY", 408065, 1594, MarketSegment.Cash, ContractKind.Equity, "", "INFY", "EQ", null, 0, "", 1, 5, 0, 152550, ClosesByAuction: true);

    internal static TradingRules Policy(ExitPolicy policy) => new(MarketRules.AlwaysOpen, policy);

    internal static TradingRules Market(MarketRules market) => new(market, ExitPolicy.Plain);

    /// <summary>The hours of the exchange; the clock of a test begins at 09:30 of a Friday.</summary>
    internal static TradingRules Hours { get; } = Market(MarketRules.AlwaysOpen with
    {
        Sessions =
        [
            new SessionTable(Always, "NFO", false, [new PhaseSpan(new TimeOnly(9, 15), new TimeOnly(15, 40), MarketPhase.Continuous)]),
            new SessionTable(Always, "NSE", true,
            [
                new PhaseSpan(new TimeOnly(9, 15), new TimeOnly(15, 15), MarketPhase.Continuous),
                new PhaseSpan(new TimeOnly(15, 15), new TimeOnly(15, 35), MarketPhase.ClosingAuction),
            ]),
        ],
    });

    /// <summary>Trading in NIFTY stops half an hour after the clock of a test begins.</summary>
    internal static TradingRules HaltAtTen { get; } = Market(MarketRules.AlwaysOpen with
    {
        Halts = [new Halt("NIFTY", null, new ManualClock().GetUtcNow().AddMinutes(30), null)],
    });

    internal static TradingRules PriceLimits { get; } = Market(MarketRules.AlwaysOpen with
    {
        Prices = new PriceRules(
            [new LimitPriceProtection(Always, ["OPTIDX"], 4000, 2000)], [], [new StopRange(Always, "NFO", "OPTIDX", 5000, 1000, 500)]),
    });

    internal static TradingRules OneRequestAMinute { get; } = Policy(new ExitPolicy { RequestsPerMinuteMax = 1 });

    internal static TradingRules AsksAboutRepeats { get; } = Policy(new ExitPolicy { RepeatWindow = TimeSpan.FromSeconds(10) });

    internal static TradingRules CoversStay { get; } = Policy(new ExitPolicy { Uncovering = UncoveringPolicy.Refuse });

    /// <summary>An exit of one lot is on its way; hands over its order, which has not left yet.</summary>
    internal static async Task<string> ExitOneLot(TradersDoor door) =>
        (string)(await door.SendAsync("POST", "/exits", Client, OneLot, "first")).Data["orders"]![0]!["order_id"]!;

    internal static async Task<string> ExitAll(TradersDoor door) => (string)(await door.SendAsync(
        "POST", "/exits", Client, OneLot.Replace("\"quantity\",\"quantity\":75", "\"full\"", StringComparison.Ordinal), "first")).Data["orders"]![0]!["order_id"]!;

    internal static async Task<string> ExitOneLotAndCancel(TradersDoor door)
    {
        var order = await ExitOneLot(door);
        await door.SendAsync("DELETE", $"/orders/regular/{order}", Client);
        return order;
    }

    internal static async Task<string> SendOneLot(TradersDoor door)
    {
        var order = await ExitOneLot(door);
        await door.World.AskAsync(Client, new AccountCommand.AuthorizeSend(IdOf(order), 1));
        return order;
    }

    /// <summary>The order has gone and rests at the exchange.</summary>
    internal static async Task ConfirmAsync(TradersDoor door, string order)
    {
        await door.World.AskAsync(Client, new AccountCommand.AuthorizeSend(IdOf(order), 1));
        await door.World.AskAsync(Client, new AccountCommand.RecordReport(new OrderReport(
            OrderReportKind.Confirmed, MarketSegment.Derivatives, IdOf(order).Number,
            new ExchangeReference(MainNumber, 100, 100, 5, 0x0800, 75, 0, 75, 9900, 1, 5), AccountWorld.Option.ExchangeToken, "NIFTY", "",
            OrderSide.Sell, 0, 0, 0, 0, null, false, 1, 5, 0)));
    }

    internal static Func<TradersDoor, Task<string>> Then(this Func<TradersDoor, Task<string>> before, TimeSpan passes) => async door =>
    {
        var order = await before(door);
        door.World.Clock.Advance(passes);
        door.World.SetPrice(11000);
        return order;
    };

    internal static Task<string> Nothing(TradersDoor door) => Task.FromResult("");

    internal static async Task<string> NoPrice(TradersDoor door)
    {
        door.World.Clock.Advance(door.World.Options.PriceAgeMax + TimeSpan.FromSeconds(1));
        return await Nothing(door);
    }

    internal static async Task<string> Spread(TradersDoor door)
    {
        await door.World.OpenSpreadAsync(Client, -150, 150);
        return "";
    }

    internal static async Task<string> ExitOneLotFollowingTheMarket(TradersDoor door)
    {
        await door.SendAsync("POST", "/exits", Client, OneLot.Replace("}", ",\"repricing\":\"automatic\",\"move_max_percent\":5}", StringComparison.Ordinal), "first");
        return "";
    }

    internal static Func<TradersDoor, Task<string>> Holds(params CarriedPosition[] positions) => async door =>
    {
        await door.World.AskAsync(Client, new AccountCommand.OpenDay(new DateOnly(2026, 11, 20), "hash", [.. positions]));
        door.World.Prices.Set(MarketSegment.Cash, Share.ExchangeToken, 152000, door.World.Clock.GetUtcNow(), "test");
        return "";
    };

    internal static CarriedPosition Options(long quantity) => new(AccountWorld.Option, "NRML", quantity, 10000);

    internal static CarriedPosition Shares(long quantity, DeliveryLock? held = null, string series = "EQ") =>
        new(Share with { Series = series }, "CNC", quantity, 150000, held);

    internal static ImmutableArray<CarriedPosition> ManyStrikes(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new CarriedPosition(
            AccountWorld.Option with { TradingSymbol = $"NIFTY30DEC{20000 + (50 * i)}CE", Token = 20_000_000 + i, ExchangeToken = 60_000 + i, StrikePaise = 100L * (20000 + (50 * i)) },
            "NRML", 75, 10000)),
    ];

    /// <summary>Bought today: what was not carried in.</summary>
    internal static Func<TradersDoor, Task<string>> Buys(this Func<TradersDoor, Task<string>> before, long quantity, string series) => async door =>
    {
        var order = await before(door);
        await door.World.AskAsync(Client, new AccountCommand.RecordReport(new OrderReport(
            OrderReportKind.Traded, MarketSegment.Cash, 0, new ExchangeReference(MainNumber, 100, 100, 5, 0x0800, quantity, quantity, 0, 152000), 0, "INFY", series,
            OrderSide.Buy, 7001, quantity, 152000, 0, null, false, 1, 5, 0)));
        return order;
    };

    /// <summary>The main site had sold everything before it failed.</summary>
    internal static async Task<string> SoldAtTheMainSite(TradersDoor door)
    {
        await TradeAsync(door, 300);
        return "";
    }

    /// <summary>An order that the main site entered rests at the exchange.</summary>
    internal static Func<TradersDoor, Task<string>> Rests(long quantity, OrderSide side = OrderSide.Sell, long trigger = 0) => async door =>
    {
        var order = AccountWorld.MainOrder(MainNumber, quantity, side, trigger) with { Origin = new OrderOrigin("regular", "main-900", null) };
        await door.World.CarryAsync(Client, order);
        await door.World.TellAsync(Client, order);
        return await OnlyOrderAsync(door);
    };

    internal static Func<TradersDoor, Task<string>> PartTrades(this Func<TradersDoor, Task<string>> before, long quantity) => async door =>
    {
        var order = await before(door);
        await TradeAsync(door, quantity);
        return order;
    };

    /// <summary>A stop in a share rests at the exchange and the share's closing auction has begun.</summary>
    internal static async Task<string> StopInTheAuction(TradersDoor door)
    {
        await Holds(Shares(100))(door);
        var order = new CarriedOrder(Share, "CNC", OrderSide.Sell, 100, 149000, 150000, MainNumber, new OrderOrigin("regular", "main-900", null), "client");
        await door.World.CarryAsync(Client, order);
        await door.World.AskAsync(Client, new AccountCommand.RecordReport(new OrderReport(
            OrderReportKind.Confirmed, MarketSegment.Cash, 0,
            new ExchangeReference(MainNumber, 100, 100, 5, 0x2000, 100, 0, 100, 149000, 1, 5, 150000, true), 0, "INFY", "EQ", OrderSide.Sell, 0, 0, 0, 0, null, false, 1, 5, 0)));
        door.World.Clock.Advance(TimeSpan.FromHours(5.8));
        return await OnlyOrderAsync(door);
    }

    private static async Task<string> OnlyOrderAsync(TradersDoor door) => (string)(await door.SendAsync("GET", "/orders", Client)).Data[0]!["order_id"]!;

    private static Task<AccountReply> TradeAsync(TradersDoor door, long quantity) => door.World.AskAsync(Client, new AccountCommand.RecordReport(new OrderReport(
        OrderReportKind.Traded, MarketSegment.Derivatives, 0,
        new ExchangeReference(MainNumber, 100, 100, 6, 0x0800, 300, quantity, 300 - quantity, 9000, 1, 6), AccountWorld.Option.ExchangeToken, "NIFTY", "",
        OrderSide.Sell, 7002, quantity, 11000, 0, null, false, 1, 6, 0)));

    internal static ClientOrderId IdOf(string order) =>
        ClientOrderId.TryParse(Client, order, out var id) ? id : throw new ArgumentException($"{order} is no order", nameof(order));
}
