using System.Globalization;
using System.Text;
using Backup.Account.Domain;
using Backup.Account.Domain.Positions;
using Backup.Continuity.ReferenceData;
using Backup.Exchange.Wire;
using CarriedPosition = Backup.Account.Domain.Positions.CarriedPosition;
using Instrument = Backup.Continuity.ReferenceData.Instrument;

namespace Backup.Cluster.Simulation.Exchange;

/// <summary>What is traded, and who holds what when the day begins: the same words for the exchange, the accounts and the node.</summary>
internal sealed class Market
{
    internal const int LastPaise = 150_000;
    private const string Hash = "simulated";
    private static readonly DateOnly Yesterday = new(2026, 11, 19);

    private static readonly Contract[] Shares =
    [
        Share(1594, "INFY"), Share(2885, "RELIANCE"),
    ];

    private static readonly Contract[] Futures =
    [
        Future(58072, "NIFTY", "FUTIDX", 65), Future(58074, "RELIANCE", "FUTSTK", 50),
    ];

    private readonly Contract[] _contracts;

    internal Market(Segment segment, IReadOnlyList<string> accounts, Time.Dice dice)
    {
        Segment = segment;
        Accounts = accounts;
        _contracts = segment == Segment.CapitalMarket ? Shares : Futures;
        Positions = accounts.ToDictionary(
            account => account,
            _ => _contracts.Select(contract => new CarriedPosition(contract, Product, contract.LotSize * (10 + dice.Next(40)) * (CanBeShort && dice.Chance(50) ? -1 : 1), LastPaise)).ToArray(),
            StringComparer.Ordinal);
        var instruments = _contracts.ToDictionary(contract => contract, InstrumentOf);
        Dataset = new ReferenceDataset(
            Yesterday,
            Time.SimClock.Morning,
            Hash,
            new InstrumentTable([.. instruments.Values]),
            [.. accounts.Select(account => new Client(account, account, "ABCPD1234E", "", "", [], ClientStatus.Active))],
            [.. Positions.SelectMany(account => account.Value.Select(held => new Continuity.ReferenceData.CarriedPosition(
                account.Key, instruments[held.Contract], held.Product, held.Quantity, held.AveragePricePaise)))],
            [],
            []);
    }

    internal Segment Segment { get; }

    internal IReadOnlyList<string> Accounts { get; }

    /// <summary>What each account carried into the day.</summary>
    internal IReadOnlyDictionary<string, CarriedPosition[]> Positions { get; }

    internal ReferenceDataset Dataset { get; }

    private bool CanBeShort => Segment == Segment.FuturesAndOptions;

    private string Product => CanBeShort ? "NRML" : "CNC";

    internal static PositionKey KeyOf(CarriedPosition held) => new(held.Contract.Exchange, held.Contract.Token, held.Product);

    /// <summary>The exchange's instrument file.</summary>
    internal string InstrumentsCsv()
    {
        var csv = new StringBuilder("instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange\n");
        foreach (var one in _contracts)
        {
            var isShare = one.Segment == MarketSegment.Cash;
            csv.Append(CultureInfo.InvariantCulture, $"{one.Token},{one.ExchangeToken},{one.TradingSymbol},{one.Symbol},{LastPaise / 100},{one.Expiry:yyyy-MM-dd},0,0.05,{one.LotSize},{(isShare ? "EQ,NSE" : "FUT,NFO-FUT")},{one.Exchange}\n");
        }

        return csv.ToString();
    }

    private static Contract Share(int token, string symbol) =>
        new("NSE", symbol, token * 256, token, MarketSegment.Cash, ContractKind.Equity, "", symbol, "EQ", null, 0, "", 1, 5, 0, LastPaise);

    private static Contract Future(int token, string symbol, string name, int lot) => new(
        "NFO", $"{symbol}26DECFUT", (token * 256) + 2, token, MarketSegment.Derivatives, ContractKind.Future, name, symbol, "", new DateOnly(2026, 12, 29), 0, "", lot, 5, 0, LastPaise);

    private static Instrument InstrumentOf(Contract contract) => new()
    {
        Exchange = contract.Exchange,
        TradingSymbol = contract.TradingSymbol,
        InstrumentToken = contract.Token,
        ExchangeToken = contract.ExchangeToken,
        Name = contract.Symbol,
        Symbol = contract.Symbol,
        Series = contract.Series,
        Type = contract.Kind == ContractKind.Equity ? InstrumentType.Eq : InstrumentType.Fut,
        Expiry = contract.Expiry,
        TickPaise = contract.TickPaise,
        LotSize = contract.LotSize,
    };
}
