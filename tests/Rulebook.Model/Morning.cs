using Backup.Account.Domain;
using Backup.Account.Domain.Market;
using Backup.Account.Domain.Positions;

namespace Backup.Rulebook.Model;

/// <summary>What an account may hold at the beginning of the day.</summary>
internal static class Morning
{
    internal const string Account = "DEMO01";

    internal static readonly DateTimeOffset Clock = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    /// <summary>Calls and puts, long and short, and a future of one underlying; a share in two products; another share.</summary>
    private static readonly (Contract Contract, string Product)[] Choices =
    [
        (Derivative(101, ContractKind.Option, "CE", 2_600_000, 11_000), "NRML"),
        (Derivative(102, ContractKind.Option, "CE", 2_700_000, 4_000), "NRML"),
        (Derivative(103, ContractKind.Option, "PE", 2_500_000, 9_000), "NRML"),
        (Derivative(104, ContractKind.Future, "", 0, 2_610_000), "NRML"),
        (Share(201, "INFY", 152_550), "CNC"),
        (Share(201, "INFY", 152_550), "MIS"),
        (Share(202, "SBIN", 81_000), "CNC"),
    ];

    internal static AccountCommand.OpenDay Open(int seed)
    {
        var chance = new Chance((ulong)seed);
        var held = new List<CarriedPosition>();
        foreach (var (contract, product) in Choices)
        {
            if (chance.Below(3) > 0)
            {
                var lots = chance.Below(contract.LotSize == 1 ? 500 : 24) + 1;

                // Now and then a lot size was changed overnight, and a part of a lot is held.
                var odd = contract.LotSize > 1 && chance.OneIn(12) ? 25 : 0;
                var isShort = product != "CNC" && chance.OneIn(2);
                var units = (lots * contract.LotSize) + odd;
                held.Add(new CarriedPosition(contract, product, units * (isShort ? -1 : 1), contract.ClosePaise, LockOf(product, units, ref chance)));
            }
        }

        return new AccountCommand.OpenDay(new DateOnly(2026, 11, 20), "hash", [.. held]);
    }

    /// <summary>What the exchange fixes and the broker chose, for this life.</summary>
    internal static TradingRules Rules(int seed)
    {
        var chance = new Chance((ulong)seed ^ 0x5EED);
        var market = MarketRules.AlwaysOpen with
        {
            Prices = new PriceRules(
                [new LimitPriceProtection(Since, ["OPTIDX"], ReachOf(ContractKind.Option).BasisPoints, ReachOf(ContractKind.Option).MinimumPaise),
                 new LimitPriceProtection(Since, ["FUTIDX"], ReachOf(ContractKind.Future).BasisPoints, ReachOf(ContractKind.Future).MinimumPaise)],
                [new PriceBand(Since, "NSE", ["EQ"], [], BandBasisPoints)],
                []),
        };
        return new TradingRules(market, new ExitPolicy
        {
            RepeatWindow = TimeSpan.FromSeconds(chance.OneIn(2) ? 0 : 60),
            RequestsPerMinuteMax = chance.OneIn(3) ? 6 : 0,
            SellBeforeDelivery = chance.OneIn(4),
        });
    }

    /// <summary>The band of shares, in hundredths of a percent of the close.</summary>
    internal const int BandBasisPoints = 500;

    /// <summary>How far from the last price the exchange takes a limit; nothing but the band for shares.</summary>
    internal static (int BasisPoints, long MinimumPaise) ReachOf(ContractKind kind) => kind switch
    {
        ContractKind.Option => (4000, 2000),
        ContractKind.Future => (200, 20_000),
        _ => (10_000, 0),
    };

    private static readonly DateOnly Since = new(2020, 1, 1);

    private static DeliveryLock? LockOf(string product, int units, ref Chance chance)
    {
        if (product != "CNC" || !chance.OneIn(3))
        {
            return null;
        }

        var holding = chance.OneIn(2) ? 0 : chance.Below(units);
        return new DeliveryLock(chance.Below(units - holding + 1), holding);
    }

    private static Contract Derivative(int token, ContractKind kind, string type, long strike, long close) => new(
        "NFO", $"NIFTY{token}", token, token, MarketSegment.Derivatives, kind, kind == ContractKind.Option ? "OPTIDX" : "FUTIDX", "NIFTY", "",
        new DateOnly(2026, 12, 29), strike, type, 75, 5, 600, close);

    private static Contract Share(int token, string symbol, long close) => new(
        "NSE", symbol, token, token, MarketSegment.Cash, ContractKind.Equity, "", symbol, "EQ", null, 0, "", 1, 5, 0, close);
}
