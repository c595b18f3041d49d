using Backup.Account.Domain;
using static Backup.Gateway.Api.Tests.Refusals.Situations;

namespace Backup.Gateway.Api.Tests.Refusals;

/// <summary>Every way in which the change or the cancel of an order is refused.</summary>
internal static class OrderProvocations
{
    private const string Put = "PUT /orders/{variety}/{orderId}";
    private const string Delete = "DELETE /orders/{variety}/{orderId}";
    private const string Path = "/orders/regular/{orderId}";
    private const string NewPrice = """{"price":101.5}""";

    internal static IReadOnlyList<Provocation> All { get; } =
    [
        new(RefusalCode.NoSuchOrder, Put, "The account has no order of that number.", "/orders/regular/DEMO01-99", NewPrice),
        new(RefusalCode.OrderIsFinal, Put, "It has traded, was cancelled or rejected.", Path, NewPrice) { Before = ExitOneLotAndCancel },
        new(RefusalCode.NothingToChange, Put, "It is already what was asked for.", Path, """{"quantity":75}""") { Before = ExitOneLot },
        new(RefusalCode.OrderBusy, Put, "The exchange owes an answer about it, or its cancel is under way.", Path, NewPrice) { Before = SendOneLot },
        new(RefusalCode.TooManyRequests, Put, "More exits and changes in a minute than the broker takes of one client.", Path, NewPrice)
        {
            Rules = OneRequestAMinute, Before = ExitOneLot,
        },
        new(RefusalCode.MarketClosed, Put, "The instrument does not trade at this hour.", Path, NewPrice)
        {
            Rules = Hours, Before = new Func<TradersDoor, Task<string>>(ExitOneLot).Then(TimeSpan.FromHours(7)),
        },
        new(RefusalCode.InstrumentHalted, Put, "The exchange has stopped trading in the instrument; a cancel still goes.", Path, NewPrice)
        {
            Rules = HaltAtTen, Before = new Func<TradersDoor, Task<string>>(ExitOneLot).Then(TimeSpan.FromHours(1)),
        },
        new(RefusalCode.EntryMayOnlyShrink, Put, "The order would enlarge or open a position, and more than its quantity was to be reduced.", Path, NewPrice)
        {
            Before = Rests(75, OrderSide.Buy),
        },
        new(RefusalCode.PriceNotATickMultiple, Put, "The price is not on a tick.", Path, """{"price":100.01}""") { Before = ExitOneLot },
        new(RefusalCode.PriceOutOfRange, Put, "The price is one that the exchange would refuse by rule.", Path, """{"price":60}""") { Rules = PriceLimits, Before = ExitOneLot },
        new(RefusalCode.QuantityFixedByFill, Put, "A part of it has traded, so its quantity stays.", Path, """{"quantity":150}""") { Before = Rests(300).PartTrades(75) },
        new(RefusalCode.QuantityNotPositive, Put, "The quantity is zero or below.", Path, """{"quantity":0}""") { Before = ExitOneLot },
        new(RefusalCode.ExceedsClosable, Put, "The order would hold more than its own units and what is closable.", Path, """{"quantity":375}""") { Before = ExitOneLot },
        new(RefusalCode.NotALotMultiple, Put, "The quantity is neither whole lots nor all that the order may hold.", Path, """{"quantity":80}""") { Before = ExitOneLot },
        new(RefusalCode.AboveFreezeQuantity, Put, "One order may not hold more than the contract's freeze quantity.", Path, """{"quantity":1875}""")
        {
            Before = async door =>
            {
                await Holds(Options(3000))(door);
                return await ExitOneLot(door);
            },
        },
        new(RefusalCode.NotAStopOrder, Put, "A trigger was sent for an order that waits for none.", Path, """{"trigger_price":105}""") { Before = ExitOneLot },
        new(RefusalCode.StopNotInAuction, Put, "The share is in its closing auction, which knows no stop orders.", Path, """{"trigger_price":1495,"price":1490}""")
        {
            Rules = Hours, Before = StopInTheAuction,
        },
        new(RefusalCode.LimitWorseThanTrigger, Put, "The stop's limit could not trade once it triggers.", Path, """{"trigger_price":80}""") { Before = Rests(300, trigger: 9050) },
        new(RefusalCode.StopRangeExceeded, Put, "The stop's limit and trigger are further apart than the exchange takes.", Path, """{"trigger_price":105}""")
        {
            Rules = PriceLimits, Before = Rests(300, trigger: 9050),
        },
        new(RefusalCode.NoSuchOrder, Delete, "The account has no order of that number.", "/orders/regular/DEMO01-99"),
        new(RefusalCode.OrderIsFinal, Delete, "It has traded, was cancelled or rejected.", Path) { Before = ExitOneLotAndCancel },
        new(RefusalCode.ConfirmationNeeded, Delete, "It is the stop that protects a position: `?confirm=leaves_unprotected` cancels it.", Path) { Before = Rests(300, trigger: 9050) },
    ];
}
