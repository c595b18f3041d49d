using System.Collections.Immutable;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Plans;
using Backup.Account.Domain.Positions;
using Xunit;

namespace Backup.Account.Domain.Tests;

/// <summary>Price band, limit price protection and the broker's protection table are data with effective dates (rulebook 1.7).</summary>
public sealed class PriceRulesTests
{
    private static readonly DateOnly Day = new(2026, 11, 20);

    private static readonly PriceRules Prices = new(
        [
            new LimitPriceProtection(new DateOnly(2025, 1, 1), ["OPTIDX", "OPTSTK"], 5000, 2000),
            new LimitPriceProtection(new DateOnly(2026, 8, 3), ["OPTIDX", "OPTSTK"], 4000, 2000),
            new LimitPriceProtection(new DateOnly(2026, 8, 3), ["FUTIDX"], 200, 20000),
        ],
        [
            new PriceBand(new DateOnly(2020, 1, 1), "NSE", ["EQ"], [], 2000),
            new PriceBand(new DateOnly(2026, 1, 1), "NSE", ["EQ"], ["INFY"], 500),
        ],
        [new StopRange(new DateOnly(2026, 1, 19), "NFO", "OPTIDX", 5000, 2000, 1000)]);

    private static readonly MarketRules Market = MarketRules.AlwaysOpen with { Prices = Prices };

    [Theory]
    [InlineData(10000, "2026-11-20", 6000, 14000)] // 40 percent of 100.00
    [InlineData(10000, "2026-07-31", 5000, 15000)] // the earlier circular's half
    [InlineData(3000, "2026-11-20", 1000, 5000)] // at least 20.00
    [InlineData(1000, "2026-11-20", 5, 3000)] // and never below a tick
    public void Limit_price_protection_lies_around_the_last_price(long last, string day, long low, long high) =>
        Assert.Equal(new PriceRange(low, high), Prices.RangeOf(Given.Option, last, DateOnly.Parse(day, null)));

    [Fact]
    public void The_band_of_a_symbol_goes_before_that_of_its_series_and_before_the_protection()
    {
        Assert.Equal(new PriceRange(144925, 160175), Prices.RangeOf(Given.Share, 152550, Day));
        Assert.Equal(new PriceRange(122040, 183060), Prices.RangeOf(Given.Share with { Symbol = "SBIN" }, 152550, Day));
        Assert.Equal(PriceRange.Any with { LowPaise = 5 }, Prices.RangeOf(Given.Share with { Series = "BL" }, 152550, Day));
    }

    [Fact]
    public void An_exit_is_priced_inside_of_what_the_exchange_takes()
    {
        var near = new Protection(6000, 0);
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000));

        book.Do(new AccountCommand.StartPlan("e", [new PlanLineRequest(Given.OptionKey, new ExitAmount.Full(), Given.Price, near)], PlanOptions.Plain, Given.AccountId));

        // 60 percent off 112.35 would be 44.90; the exchange takes nothing below 67.45.
        Assert.Equal(6745, book.LastOrder.LimitPricePaise);
    }

    [Theory]
    [InlineData(11000, true, default(RefusalCode))]
    [InlineData(6740, false, RefusalCode.PriceOutOfRange)]
    [InlineData(15730, false, RefusalCode.PriceOutOfRange)]
    [InlineData(11001, false, RefusalCode.PriceNotATickMultiple)]
    [InlineData(0, false, RefusalCode.PriceNotATickMultiple)]
    public void A_limit_of_the_clients_own_is_taken_when_the_exchange_would_take_it(long limit, bool isTaken, RefusalCode code)
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000));

        book.Do(new AccountCommand.StartPlan(
            "e", [new PlanLineRequest(Given.OptionKey, new ExitAmount.Full(), Given.Price, Given.TenPercent, limit)], PlanOptions.Plain, Given.AccountId));

        Assert.Equal(isTaken, book.Reply is AccountReply.PlanShown);
        Assert.True(isTaken ? book.LastOrder.LimitPricePaise == limit : book.Refusal.Code == code);
    }

    /// <summary>The feed is down, and the client must get out all the same.</summary>
    [Fact]
    public void With_a_limit_of_his_own_a_client_exits_without_a_live_price()
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000));
        var line = new PlanLineRequest(Given.OptionKey, new ExitAmount.Full(), null, Given.TenPercent);

        Assert.Equal(RefusalCode.PriceUnavailable, book.Do(new AccountCommand.StartPlan("a", [line], PlanOptions.Plain, Given.AccountId)).Refusal.Code);
        Assert.IsType<AccountReply.PlanShown>(book.Do(
            new AccountCommand.StartPlan("b", [line with { LimitPaise = 9000 }], PlanOptions.Plain, Given.AccountId)).Reply);
        Assert.Equal((9000L, "client's limit"), (book.LastOrder.LimitPricePaise, book.State.Plans["b"].Lines[0].Price.Source));
    }

    [Fact]
    public void The_same_id_with_another_limit_is_another_request()
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000));
        var line = new PlanLineRequest(Given.OptionKey, new ExitAmount.Full(), Given.Price, Given.TenPercent, 11000);
        book.Do(new AccountCommand.StartPlan("e", [line], PlanOptions.Plain, Given.AccountId));

        Assert.Equal(RefusalCode.ExitIdReused, book.Do(
            new AccountCommand.StartPlan("e", [line with { LimitPaise = 10900 }], PlanOptions.Plain, Given.AccountId)).Refusal.Code);
    }

    [Fact]
    public void A_change_to_a_price_that_the_exchange_refuses_by_rule_is_refused_here()
    {
        var book = Given.Holding(Market, new CarriedPosition(Given.Option, "NRML", 150, 10000)).WithOpenOrder(150);
        var change = new AccountCommand.ModifyOrder(book.LastOrder.Id, null, 6000, Given.AccountId, LastPaise: 11235);

        Assert.Equal(RefusalCode.PriceOutOfRange, book.Do(change).Refusal.Code);
        Assert.Contains("from 67.45 to 157.25", book.Refusal.Message, StringComparison.Ordinal);
        Assert.IsType<AccountReply.ModifyAccepted>(book.Do(change with { LimitPricePaise = 6750 }).Reply);
    }

    [Fact]
    public void What_follows_the_market_stays_inside_of_what_the_exchange_takes()
    {
        var book = Given.Holding(MarketRules.AlwaysOpen with { Prices = new PriceRules([], [new PriceBand(Day, "NFO", [], [], 1500)], []) },
            new CarriedPosition(Given.Option, "NRML", 150, 10000));
        book.Do(Given.Exit(new ExitAmount.Full()) with { Options = new PlanOptions(false, Repricing.Automatic, 2000, []) });
        book.Send(book.LastOrder.Id.Number).Hear(Given.Report(
            Orders.OrderReportKind.Confirmed, book.LastOrder.Id.Number, Given.Reference(500, 1000, 150, price: book.LastOrder.LimitPricePaise)));

        book.Do(new AccountCommand.ReviewPlans(ImmutableDictionary<PositionKey, PriceSeen>.Empty.Add(Given.OptionKey, new PriceSeen(9500, book.Now, "feed"))));

        // The band ends 15 percent below the close of 110.00.
        Assert.Equal(9350, book.LastOrder.ModifyWanted!.LimitPricePaise);
    }

    /// <summary>Found by a life of the model: the exchange's range must not pull a price further than was agreed.</summary>
    [Fact]
    public void What_follows_the_market_goes_no_further_than_agreed_when_the_market_has_left_that_price()
    {
        var market = MarketRules.AlwaysOpen with { Prices = new PriceRules([new LimitPriceProtection(Day, ["OPTIDX"], 100, 5)], [], []) };
        var book = Given.Holding(market, new CarriedPosition(Given.Option, "NRML", 150, 10000));
        book.Do(Given.Exit(new ExitAmount.Full()) with { Options = new PlanOptions(false, Repricing.Automatic, 200, []) });
        var first = book.LastOrder.LimitPricePaise;
        book.Send(book.LastOrder.Id.Number).Hear(Given.Report(Orders.OrderReportKind.Confirmed, book.LastOrder.Id.Number, Given.Reference(500, 1000, 150, price: first)));

        book.Do(new AccountCommand.ReviewPlans(ImmutableDictionary<PositionKey, PriceSeen>.Empty.Add(Given.OptionKey, new PriceSeen(5000, book.Now, "feed"))));

        Assert.Null(book.LastOrder.ModifyWanted);
    }

    [Fact]
    public void A_halted_instrument_takes_nothing_and_goes_on_afterwards()
    {
        var halt = new Halt("NIFTY", "NFO", Given.Morning, Given.Morning.AddMinutes(30));
        var book = Given.Holding(MarketRules.AlwaysOpen with { Halts = [halt] }, new CarriedPosition(Given.Option, "NRML", 150, 10000));

        Assert.Equal(RefusalCode.InstrumentHalted, book.Do(Given.Exit(new ExitAmount.Full())).Refusal.Code);
        Assert.IsType<AccountReply.PlanShown>(book.At(10, 1).Do(Given.Exit(new ExitAmount.Full())).Reply);
    }

    [Fact]
    public void The_derivative_ban_is_a_flag_of_its_day()
    {
        var market = MarketRules.AlwaysOpen with { DerivativeBans = [new DerivativeBan(Day, ["NIFTY", "INFY"])] };

        Assert.True(market.IsBanned(Given.Option, Given.Morning));
        Assert.False(market.IsBanned(Given.Option, Given.Morning.AddDays(1)));
        Assert.False(market.IsBanned(Given.Share, Given.Morning));
    }

    [Theory]
    [InlineData(ContractKind.Option, 900, 500)]
    [InlineData(ContractKind.Option, 1000, 500)]
    [InlineData(ContractKind.Option, 1001, 300)]
    [InlineData(ContractKind.Option, 99999, 100)]
    [InlineData(ContractKind.Equity, 99999, 300)]
    public void The_protection_table_is_read_by_kind_price_and_day(ContractKind kind, long last, int basisPoints)
    {
        var table = new ProtectionTable("t",
        [
            new ProtectionRow(new DateOnly(2020, 1, 1), ContractKind.Option, null, 1000, 500),
            new ProtectionRow(new DateOnly(2026, 6, 1), ContractKind.Option, null, 100, 5),
            new ProtectionRow(new DateOnly(2026, 6, 1), ContractKind.Option, 5000, 300, 5),
            new ProtectionRow(new DateOnly(2026, 6, 1), ContractKind.Option, 1000, 500, 5),
            new ProtectionRow(new DateOnly(2020, 1, 1), ContractKind.Equity, null, 300, 5),
        ]);

        Assert.Equal(basisPoints, table.Of(Given.Option with { Kind = kind }, last, Day).BasisPoints);
        Assert.Equal(1000, table.Of(Given.Option, 900, new DateOnly(2026, 5, 31)).BasisPoints);
        Assert.Equal(ContractKind.Future, table.Missing(Day));
    }
}
