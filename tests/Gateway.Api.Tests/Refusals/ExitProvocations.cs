using System.Globalization;
using Backup.Account.Domain;
using Backup.Account.Domain.Positions;
using static Backup.Gateway.Api.Tests.Refusals.Situations;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>Every way in which an exit is refused, at each door that an exit has: POST /exits, its preview, and Kite's POST /orders.</summary>
internal static class ExitProvocations
{
    private const string Exits = "POST /exits";
    private const string Preview = "POST /exits/preview";
    private const string Orders = "POST /orders/{variety}";

    /// <summary>One position: asked at all three doors.</summary>
    private sealed record OneExit(RefusalCode Code, string When)
    {
        public string Exchange { get; init; } = "NFO";

        public string Symbol { get; init; } = AccountWorld.Symbol;

        public string Product { get; init; } = "NRML";

        public string Amount { get; init; } = "\"mode\":\"quantity\",\"quantity\":75";

        public decimal? Price { get; init; }

        public string Key { get; init; } = "second";

        public string Client { get; init; } = Provocation.Client;

        public Account.Domain.Market.TradingRules? Rules { get; init; }

        public Func<TradersDoor, Task<string>>? Before { get; init; }

        /// <summary>A preview answers instead of refusing.</summary>
        public bool IsOfDoing { get; init; }

        /// <summary>Cannot be said in Kite's words, or is another refusal there.</summary>
        public bool IsOfExits { get; init; }
    }

    internal static IEnumerable<Provocation> All => OneByOne.SelectMany(AtEachDoor).Concat(Many);

    private static readonly OneExit[] OneByOne =
    [
        new(RefusalCode.DayNotOpen, "The day's positions of this account are not loaded yet.") { Client = "NEW01" },
        new(RefusalCode.NoSuchPosition, "Nothing is held under that instrument and product.") { Product = OtherProduct, IsOfExits = true },
        new(RefusalCode.AlreadyFlat, "All of it has been sold or bought back already.") { Before = SoldAtTheMainSite, IsOfExits = true },
        new(RefusalCode.ExceedsClosable, "Orders that still work hold the position: they are named, and can be cancelled first.") { Before = ExitAll },
        new(RefusalCode.NotALotMultiple, "The quantity is neither whole lots nor all that is closable.") { Amount = Quantity(80) },
        new(RefusalCode.QuantityNotPositive, "The quantity is zero or below.") { Amount = Quantity(0) },
        new(RefusalCode.PercentOutOfRange, "The percentage is not 1 to 100.") { Amount = "\"mode\":\"percent\",\"percent\":150", IsOfExits = true },
        new(RefusalCode.LessThanALot, "The percentage of what is closable is less than one lot.") { Amount = "\"mode\":\"percent\",\"percent\":10", IsOfExits = true },
        new(RefusalCode.PriceUnavailable, "No live price is known, and the request has no limit of its own.") { Before = NoPrice },
        new(RefusalCode.TooManySlices, "Cut by the freeze quantity, the exit is more orders than go at a time.")
        {
            Amount = Quantity(195_000), Before = Holds(Options(195_000)),
        },
        new(RefusalCode.ExitIdReused, "The Idempotency-Key belongs to an earlier exit that was another one.")
        {
            Amount = Quantity(150), Key = "first", Before = ExitOneLot, IsOfDoing = true,
        },
        new(RefusalCode.ConfirmationNeeded, "A warning has to be read first: the same request with its names in `confirm` goes.")
        {
            Rules = AsksAboutRepeats, Before = ExitOneLot, IsOfDoing = true, IsOfExits = true,
        },
        new(RefusalCode.PlanRunning, "An exit whose orders follow the market is at work on this position.") { Before = ExitOneLotFollowingTheMarket },
        new(RefusalCode.MarketClosed, "The instrument does not trade at this hour.") { Rules = Hours, Before = new Func<TradersDoor, Task<string>>(Nothing).Then(TimeSpan.FromHours(7)) },
        new(RefusalCode.InstrumentHalted, "The exchange has stopped trading in the instrument.")
        {
            Rules = HaltAtTen, Before = new Func<TradersDoor, Task<string>>(Nothing).Then(TimeSpan.FromHours(1)),
        },
        new(RefusalCode.TradeToTrade, "The share's series is trade-to-trade, and a part was bought today.")
        {
            Exchange = "NSE", Symbol = "INFY", Product = "CNC", Amount = Quantity(150), Before = Holds(Shares(100, null, "BE")).Buys(50, "BE"),
        },
        new(RefusalCode.PriceOutOfRange, "The limit is one that the exchange would refuse by rule.") { Price = 60, Rules = PriceLimits },
        new(RefusalCode.PriceNotATickMultiple, "The limit is not on a tick.") { Price = 105.57m },
        new(RefusalCode.AwaitsDelivery, "Shares that were bought and are not credited yet, where the broker does not let them be sold.")
        {
            Exchange = "NSE", Symbol = "INFY", Product = "CNC", Amount = Quantity(100), Before = Holds(Shares(100, new DeliveryLock(40, 0))),
        },
        new(RefusalCode.HoldingNotExitable, "Shares in the depository: selling them needs an authorisation that only the main site asks for.")
        {
            Exchange = "NSE", Symbol = "INFY", Product = "CNC", Amount = Quantity(100), Before = Holds(Shares(100, new DeliveryLock(0, 60))),
        },
        new(RefusalCode.LeavesShortUncovered, "It would sell what covers a short option, and the broker does not allow that.")
        {
            Symbol = AccountWorld.FarSymbol, Rules = CoversStay, Before = Spread, IsOfDoing = true,
        },
        new(RefusalCode.TooManyRequests, "More exits and changes in a minute than the broker takes of one client.")
        {
            Rules = OneRequestAMinute, Before = ExitOneLot, IsOfDoing = true,
        },
    ];

    private static readonly Provocation[] Many =
    [
        new(RefusalCode.NoPositionChosen, Exits, "No position has what the group asks for.", "/exits", """{"group":{"underlying":"BANKNIFTY"},"mode":"full"}""") { Key = "second" },
        new(RefusalCode.TooManyLines, Exits, "More positions than one exit takes.", "/exits", """{"all":true,"mode":"full"}""")
        {
            Key = "second", Before = Holds([.. ManyStrikes(1001)]),
        },
        new(RefusalCode.PositionChosenTwice, Exits, "The same position is named twice.", "/exits",
            """{"positions":[{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML"},{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","product":"NRML"}],"mode":"full"}""")
        {
            Key = "second",
        },
        new(RefusalCode.EntryNotAllowed, Orders, "The order would open or enlarge a position.", "/orders/regular", Kite("NFO", AccountWorld.Symbol, "NRML", "BUY", 75, null)),
        new(RefusalCode.EntryNotAllowed, Orders, "Nothing is held that the order could exit.", "/orders/regular", Kite("NFO", AccountWorld.Symbol, "MIS", "SELL", 75, null)),
        new(RefusalCode.EntryNotAllowed, Orders, "Its variety belongs to the main site.", "/orders/amo", Kite("NFO", AccountWorld.Symbol, "NRML", "SELL", 75, null)),
        new(RefusalCode.ConfirmationNeeded, Orders, "A warning has to be read first. Kite's form has no place for the answer: ask POST /exits, with the names in `confirm`.",
            "/orders/regular", Kite("NFO", AccountWorld.Symbol, "NRML", "SELL", 75, null))
        {
            Key = "second", Rules = AsksAboutRepeats, Before = ExitOneLot,
        },
        new(RefusalCode.ProductChangeNotAllowed, "PUT /portfolio/positions", "Always: a product change alters margin and not risk, and belongs to the main site.", "/portfolio/positions",
            """{"exchange":"NFO","tradingsymbol":"NIFTY30DEC26000CE","old_product":"NRML","new_product":"MIS","transaction_type":"BUY","position_type":"day","quantity":75}"""),
        new(RefusalCode.NoSuchPlan, "POST /exits/{exitId}/stop", "The account has no exit of that name.", "/exits/none/stop", "{}"),
        new(RefusalCode.NoSuchPlan, "POST /exits/{exitId}/release-hedges", "The account has no exit of that name.", "/exits/none/release-hedges"),
    ];

    private static IEnumerable<Provocation> AtEachDoor(OneExit exit)
    {
        var price = exit.Price is { } own ? string.Create(CultureInfo.InvariantCulture, $",\"price\":{own}") : "";
        var body = $$"""{"exchange":"{{exit.Exchange}}","tradingsymbol":"{{exit.Symbol}}","product":"{{exit.Product}}",{{exit.Amount}}{{price}}}""";
        var asked = new Provocation(exit.Code, Exits, exit.When, "/exits", body) { Key = exit.Key, Rules = exit.Rules, Before = exit.Before, AskedBy = exit.Client };
        yield return asked;
        if (!exit.IsOfDoing)
        {
            yield return asked with { Operation = Preview, Path = "/exits/preview", Key = null };
        }

        if (!exit.IsOfExits)
        {
            yield return asked with
            {
                Operation = Orders,
                Path = "/orders/regular",
                Body = Kite(exit.Exchange, exit.Symbol, exit.Product, "SELL", long.Parse(exit.Amount[(exit.Amount.LastIndexOf(':') + 1)..]), exit.Price),
            };
        }
    }

    private static string Quantity(long units) => $"\"mode\":\"quantity\",\"quantity\":{units}";

    private static string Kite(string exchange, string symbol, string product, string side, long quantity, decimal? price) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"exchange":"{{exchange}}","tradingsymbol":"{{symbol}}","product":"{{product}}","transaction_type":"{{side}}","quantity":{{quantity}},"order_type":"{{(price is null ? "MARKET" : "LIMIT")}}","price":{{price ?? 0}},"validity":"DAY"}""");
}
