using System.Collections.Immutable;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Tests;

public sealed class MarketTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("market-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Kite_rows_become_instruments_of_the_wire()
    {
        var rows = InstrumentFile.Load(Settings());
        Assert.Equal(6, rows.Count);
        var motor = rows.Single(row => row.Token == 2);
        Assert.Equal(("BAJAJ-AUTO", "EQ"), (motor.Symbol, motor.Series));
        var series = rows.Single(row => row.Token == 4);
        Assert.Equal(("ABC", "BE"), (series.Symbol, series.Series));
        var option = rows.Single(row => row.Token == 58073);
        Assert.Equal(("OPTIDX", "NIFTY", 2600000, "CE", 65), (option.InstrumentName, option.Symbol, option.StrikePaise, option.OptionType, option.LotSize));
        Assert.Equal("FUTSTK", rows.Single(row => row.Token == 58074).InstrumentName);
        Assert.Equal(-1, rows.Single(row => row.Token == 58074).StrikePaise);
        Assert.All(rows, row => Assert.True(row.BasePaise > 0 && row.BasePaise % row.TickPaise == 0));
    }

    [Fact]
    public void A_contract_expires_at_half_past_two_as_in_the_worked_example()
    {
        var contract = new Instrument
        {
            Segment = Segment.FuturesAndOptions,
            Token = 1,
            TradingSymbol = "",
            Symbol = "NIFTY",
            LotSize = 1,
            TickPaise = 5,
            Expiry = new DateOnly(2026, 11, 24),
        };
        Assert.Equal(1479997800, contract.ExpirySeconds);
    }

    [Fact]
    public void A_close_gives_the_starting_price_where_the_list_has_none()
    {
        var closes = Path.Combine(_folder, "closes.csv");
        File.WriteAllText(closes, "exchange,tradingsymbol,close\nNFO,RELIANCE26DECFUT,1518.90\n");
        Assert.Equal(151890, InstrumentFile.Load(Settings() with { ClosesFile = closes }).Single(row => row.Token == 58074).BasePaise);
    }

    [Fact]
    public void Recorded_ticks_move_the_nearest_future_and_their_warts_are_skipped()
    {
        var ticks = Path.Combine(_folder, "ticks.csv");
        File.WriteAllText(ticks, """
            Symbol,exchange_timestamp,last_price,volume_traded,last_traded_quantity,open_interest,change_in_oi,bid_price_1,bid_qty_1,bid_price_2,bid_qty_2
            RELIND,2025-11-17 12:07:57.652606,1518.9,3363500,500,100700000,0,1518.5,1500,1518.8,2000
            5
            RELIND,2025-11-17 12:07:58.767042,1519.4,3365000,500,100700000,0,1519.2,2500,1519.8,500

            """);
        var settings = Settings() with { TicksFile = ticks };
        var board = new PriceBoard(InstrumentFile.Load(settings), settings, Start);
        var replay = TickReplay.Load(settings, board, Start)!;
        Assert.Equal((2, 1), (replay.Ticks, replay.Skipped));
        replay.Play(board, Start);
        var quote = board.Find(Segment.FuturesAndOptions, 58074)!;
        Assert.Equal((151890, 151850, 151880), (quote.Last, quote.Bid, quote.Ask));
        replay.Play(board, Start.AddSeconds(2));
        Assert.Equal((151940, 151920, 151980), (quote.Last, quote.Bid, quote.Ask));
    }

    [Fact]
    public void The_same_seed_walks_the_same_way_and_stays_inside_the_band()
    {
        Assert.Equal(Walk(), Walk());

        List<int> Walk()
        {
            var board = new PriceBoard(InstrumentFile.Load(Settings()), Settings(), Start);
            var quote = board.Find(Segment.FuturesAndOptions, 58072)!;
            quote.IsAlive = true;
            var prices = new List<int>();
            for (var step = 0; step < 2000; step++)
            {
                board.Walk(Start);
                prices.Add(quote.Last);
                Assert.Equal(0, quote.Last % 10);
                Assert.InRange(quote.Last, quote.Instrument.LowPaise(20), quote.Instrument.HighPaise(20));
            }

            return prices;
        }
    }

    private SimulatorSettings Settings()
    {
        var users = ImmutableDictionary<int, string>.Empty;
        return new SimulatorSettings
        {
            DataFolder = _folder,
            InstrumentsFile = Simulators.Instruments(_folder),
            Cm = new BoxSettings(Segment.CapitalMarket, 101, users),
            Fo = new BoxSettings(Segment.FuturesAndOptions, 201, users),
        };
    }
}
