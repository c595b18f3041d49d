using Backup.Account.Domain;
using Backup.Account.Domain.Orders;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;

namespace Backup.Rulebook.Bench;

/// <summary>An account with five positions, and what is asked of it.</summary>
internal static class Samples
{
    internal static readonly DateTimeOffset At = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    internal static AccountEvent.DayOpened Morning(long lots) => new(
        new DateOnly(2026, 11, 20),
        "6f1d2c3b4a5968778695a4b3c2d1e0f0",
        [
            new CarriedPosition(Option(13906434, 54321, "NIFTY26DEC26000CE", "CE"), "NRML", -lots * 75, 11_235),
            new CarriedPosition(Option(13906690, 54322, "NIFTY26DEC27000CE", "CE"), "NRML", lots * 75, 4_120),
            new CarriedPosition(Option(13906946, 54323, "NIFTY26DEC25000PE", "PE"), "NRML", lots * 75, 9_010),
            new CarriedPosition(Share(408065, 1594, "INFY", 152_550), "CNC", 120, 149_900),
            new CarriedPosition(Share(779521, 3045, "SBIN", 81_000), "CNC", 400, 78_540),
        ]);

    internal static AccountState Holding(long lots) => AccountDecider.Evolve(AccountDecider.Initial("DEMO01"), Morning(lots), At);

    internal static PositionKey Short => new("NFO", 13906434, "NRML");

    internal static AccountCommand.StartPlan Exit(string id = "exit-1") => new(
        id, [new PlanLineRequest(Short, new ExitAmount.Full(), new PriceSeen(11_235, At, "feed"), new Protection(1000, 500))], PlanOptions.Plain, "DEMO01");

    internal static OrderReport Trade(long number, long volume, long filled, long trade, long quantity) => new(
        OrderReportKind.Traded, MarketSegment.Derivatives, 0,
        new ExchangeReference(number, 0, 0, 1000 + trade, 0, volume, filled, volume - filled, 12_360, 1, 1000 + trade),
        54321, "NIFTY", "", OrderSide.Buy, trade, quantity, 11_240, 0, null, false, 1, 1000 + trade, 0);

    /// <summary>One order for all of the short position, in the exchange's book under number 500.</summary>
    internal static AccountState WithOpenOrder(long lots)
    {
        var state = Do(Holding(lots), Exit());
        var order = state.Orders.Values.First();
        state = Do(state, new AccountCommand.AuthorizeSend(order.Id, 1));
        return Do(state, new AccountCommand.RecordReport(Trade(500, order.Quantity, 0, 0, 0) with
        {
            Kind = OrderReportKind.Confirmed,
            ClientReference = order.Id.Number,
            Reference = new ExchangeReference(500, 1, 1, 1000, 0, order.Quantity, 0, order.Quantity, order.LimitPricePaise, 1, 1000),
        }));
    }

    /// <summary>What a turn does for a command: decide, and fold what was decided.</summary>
    internal static AccountState Do(AccountState state, AccountCommand command)
    {
        foreach (var recorded in AccountDecider.Decide(state, command, At).Events)
        {
            state = AccountDecider.Evolve(state, recorded, At);
        }

        return state;
    }

    private static Contract Option(long token, int exchangeToken, string name, string type) => new(
        "NFO", name, token, exchangeToken, MarketSegment.Derivatives, ContractKind.Option, "OPTIDX", "NIFTY", "", new DateOnly(2026, 12, 29),
        2_600_000, type, 75, 5, 0, 11_000);

    private static Contract Share(long token, int exchangeToken, string symbol, long close) => new(
        "NSE", symbol, token, exchangeToken, MarketSegment.Cash, ContractKind.Equity, "", symbol, "EQ", null, 0, "", 1, 5, 0, close);
}
