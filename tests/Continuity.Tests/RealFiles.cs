using Backup.Continuity.Import;
using Backup.Continuity.ReferenceData;
using Xunit;

namespace Backup.Continuity.Tests;

/// <summary>The whole of the real files that lie beside the repository.</summary>
public sealed class RealFiles
{
    [Fact]
    public async Task Every_row_of_the_real_master_and_its_freeze_list_lands_exactly()
    {
        var (result, dataset) = await ImportAsync();

        Assert.Empty(result.BadRows);
        Assert.Equal(34_764, result.Files[0].Accepted);
        Assert.Equal(99, result.Files[1].Accepted);
        Assert.Equal(34_863, dataset.Instruments.Count);
        var call = dataset.Instruments.Find("NFO", "NIFTY2681824450CE")!;
        Assert.Equal((2_445_000, 5, 65, 1800), (call.StrikePaise, call.TickPaise, call.LotSize, call.FreezeQuantity));
        Assert.Equal(("OPTIDX", 45108, 11547650L), (call.WireInstrumentName, call.ExchangeToken, call.InstrumentToken));
        Assert.Contains(dataset.Instruments.All, instrument => instrument.StrikePaise == 17_750);
        Assert.Equal(("CDSL", "BE"), (dataset.Instruments.Find("NSE", "CDSL-BE")!.Symbol, dataset.Instruments.Find("NSE", "CDSL-BE")!.Series));
    }

    [Fact]
    public async Task Real_contracts_carry_real_positions()
    {
        var (_, dataset) = await ImportAsync();

        var position = Assert.Single(dataset.PositionsOf("A101"));

        Assert.Equal(("NIFTY2681824450CE", -650), (position.Instrument.TradingSymbol, position.Quantity));
        Assert.Equal(new DateOnly(2026, 8, 14), dataset.BusinessDate);
    }

    [Fact]
    public async Task Every_row_of_the_real_price_reports_is_well_formed()
    {
        var (result, _) = await ImportAsync();

        var options = result.Files.Single(file => file.Name == "op17112025.csv");
        var futures = result.Files.Single(file => file.Name == "fo17112025.csv");
        var cash = result.Files.Single(file => file.Name == "FOVOLT_14112025.csv");

        Assert.Equal((16_171 + 1, 0), (options.Rows, options.Refused));
        Assert.Equal((633 + 1, 0), (futures.Rows, futures.Refused));
        Assert.Equal((3_050, 0), (cash.Rows, cash.Refused));
    }

    [Fact]
    public async Task Real_closes_reach_the_contracts_that_still_live()
    {
        var files = Days.RealFiles();
        using var day = new Days();
        day.Write("master.csv", """
            instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange
            258,1,BANKNIFTY25NOV46500PE,BANKNIFTY,0.0,2025-11-25,46500.0,0.05,35,PE,NFO-OPT,NFO
            514,2,BANKNIFTY25DECFUT,BANKNIFTY,0.0,2025-12-30,0.0,0.2,35,FUT,NFO-FUT,NFO
            770,3,ABCAPITAL26MAY365CE,ABCAPITAL,0.0,2026-05-26,365.0,0.05,3100,CE,NFO-OPT,NFO
            1026,4,ABCAPITAL26NOVFUT,ABCAPITAL,0.0,2026-11-23,0.0,0.05,3100,FUT,NFO-FUT,NFO
            """);

        await ReferenceImport.RunAsync(
            new ImportRequest
            {
                InstrumentMasters = [Path.Combine(day.Source, "master.csv")],
                Bhavcopies =
                [
                    Path.Combine(files, "nse-fo-market-activity-20251117/op17112025.csv"),
                    Path.Combine(files, "nse-fo-market-activity-20251117/fo17112025.csv"),
                    Path.Combine(files, "nse-udiff-excerpts/EXCERPT_BhavCopy_NSE_FO_20260519_raw-form.csv"),
                    Path.Combine(files, "nse-udiff-excerpts/EXCERPT_BhavCopy_NSE_FO_20261009_pandas-reserialised.csv"),
                ],
                Clients = Path.Combine(day.Source, "clients.csv"),
                BusinessDate = new DateOnly(2026, 10, 9),
            },
            day.Data, 0, null, TimeProvider.System, CancellationToken.None);

        var instruments = ReferenceDataset.Load(day.Data).Instruments;
        Assert.Equal(280, instruments.FindByToken(258)!.ClosePaise);
        Assert.Equal(5_939_020, instruments.FindByToken(514)!.ClosePaise);
        Assert.Equal(230, instruments.FindByToken(770)!.ClosePaise);
        Assert.Equal(38_440, instruments.FindByToken(1026)!.ClosePaise);
    }

    [Fact]
    public async Task The_template_of_the_clearing_file_is_read_and_its_contracts_of_the_past_are_refused_with_their_place()
    {
        var files = Days.RealFiles();
        using var day = new Days();
        day.Write("holders.csv", Holders);
        var request = Request(files, day) with { ClearingPositions = [Path.Combine(files, "udiff-position-template/Position_NCL_FO_template.csv")] };

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => ReferenceImport.RunAsync(
            request, day.Data, 0, null, TimeProvider.System, CancellationToken.None));

        Assert.Equal(14, e.BadRows.Count);
        Assert.Equal(
            "Position_NCL_FO_template.csv:2: column TckrSymb: found \"SBIN 2025-06-25 FUT\", expected a contract of the instrument master",
            e.BadRows[0].ToString());
    }

    private const string Holders = """
        client_id,name,pan,mobile,email,segments,status
        A101,Holder One,ABCDE1234F,9000000001,one@clients.example,NFO,ACTIVE
        A11,Holder Two,ABCDE1234G,9000000002,two@clients.example,NFO,ACTIVE
        """;

    private static ImportRequest Request(string files, Days day) => new()
    {
        InstrumentMasters = [Path.Combine(files, "kite-instruments-202608/nfo_instruments.csv"), Path.Combine(files, "kite-mocks/instruments_nse.csv")],
        Bhavcopies =
        [
            Path.Combine(files, "nse-fo-market-activity-20251117/op17112025.csv"),
            Path.Combine(files, "nse-fo-market-activity-20251117/fo17112025.csv"),
            Path.Combine(files, "nse-cm-sec-bhavdata-20251114/FOVOLT_14112025.csv"),
        ],
        FreezeQuantities = Path.Combine(files, "nse-freeze-qty/qtyfreeze.csv"),
        Clients = Path.Combine(day.Source, "holders.csv"),
        ClearingPositions = [Path.Combine(day.Source, Days.Position)],
    };

    private static async Task<(ImportResult Result, ReferenceDataset Dataset)> ImportAsync()
    {
        var files = Days.RealFiles();
        using var day = new Days();
        day.Write("holders.csv", Holders);
        day.WritePositions("FO,NCL,20260814,20260814,1,90123,90123,C,A101,IDO,,NIFTY,20260818,20260818,24450,CE,65,0,650,112.35");
        var result = await ReferenceImport.RunAsync(Request(files, day), day.Data, 0, null, TimeProvider.System, CancellationToken.None);
        return (result, ReferenceDataset.Load(day.Data));
    }
}
