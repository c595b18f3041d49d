using Backup.Continuity.Import;
using Backup.Continuity.ReferenceData;
using Xunit;

namespace Backup.Continuity.Tests;

public sealed class BadRows
{
    private const string Bhavcopy = "BhavCopy_NSE_FO_0_0_0_20261119_F_0000.csv";

    [Theory]
    [InlineData("instruments.csv", "1,0,X,X,0.0,,0.0,0.05,1,EQ,NSE,NSE", "instruments.csv:8: column exchange_token: found \"0\", expected a token of 1 or more")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,,0.0,0.005,1,EQ,NSE,NSE", "instruments.csv:8: column tick_size: found \"0.005\", expected a price in whole paise")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,,0.0,0,1,EQ,NSE,NSE", "instruments.csv:8: column tick_size: found \"0\", expected a price above 0")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,,0.0,0.05,0,EQ,NSE,NSE", "instruments.csv:8: column lot_size: found \"0\", expected a lot of 1 or more")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,,0.0,0.05,1.5,EQ,NSE,NSE", "instruments.csv:8: column lot_size: found \"1.5\", expected a whole number, 0 or more")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,,0.0,0.05,1,BOND,NSE,NSE", "instruments.csv:8: column instrument_type: found \"BOND\", expected EQ on NSE")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,2030-13-31,1.0,0.05,1,CE,NFO-OPT,NFO", "instruments.csv:8: column expiry: found \"2030-13-31\", expected a date such as 2026-08-25 or 20260825")]
    [InlineData("instruments.csv", "1,9,X,X,0.0,2030-12-31,-5,0.05,1,CE,NFO-OPT,NFO", "instruments.csv:8: column strike: found \"-5\", expected a price in rupees, 0 or more")]
    [InlineData("instruments.csv", "1,9,ALPHA,X,0.0,,0.0,0.05,1,EQ,NSE,NSE", "instruments.csv:8: column tradingsymbol: found \"ALPHA\", expected each trading symbol once in NSE")]
    [InlineData("instruments.csv", "257,9,X,X,0.0,,0.0,0.05,1,EQ,NSE,NSE", "instruments.csv:8: column instrument_token: found \"257\", expected each instrument token once")]
    [InlineData("instruments.csv", "1,50,X,X,0.0,2030-12-31,1.0,0.05,1,CE,NFO-OPT,NFO", "instruments.csv:8: column exchange_token: found \"50\", expected each exchange token once in FO")]
    [InlineData("instruments.csv", "1,9,X,NIFTY,0.0,2030-12-31,25000,0.05,1,CE,NFO-OPT,NFO", "instruments.csv:8: column expiry: found \"NIFTY 2030-12-31 25000.00 CE\", expected each contract once")]
    [InlineData("instruments.csv", "1,9,X,X", "instruments.csv:8: column exchange: found \"\", expected a field; the row is cut short")]
    [InlineData("instruments.csv", "1,9,X\"Y,X,0.0,,0.0,0.05,1,EQ,NSE,NSE", "instruments.csv:8: column (row): found \"a quote inside a field\", expected quotes only around a whole field")]
    [InlineData(Bhavcopy, "XYZ,NIFTY,2030-12-31,2030-12-31,,,1,1", Bhavcopy + ":6: column FinInstrmTp: found \"XYZ\", expected IDF, IDO, STF or STO")]
    [InlineData(Bhavcopy, "IDO,NIFTY,2030-12-31,2030-12-31,25000,XX,1,1", Bhavcopy + ":6: column OptnTp: found \"XX\", expected CE or PE")]
    [InlineData(Bhavcopy, "IDF,NIFTY,2030-12-31,2030-12-31,,,12.3456,1", Bhavcopy + ":6: column ClsPric: found \"12.3456\", expected a price in whole paise")]
    [InlineData("qtyfreeze.csv", "3    ,ALPHA     ,none           ", "qtyfreeze.csv:4: column VOL_FRZ_QTY: found \"none\", expected a whole number, 0 or more")]
    [InlineData("qtyfreeze.csv", "3    ,ALPHA     ,0              ", "qtyfreeze.csv:4: column VOL_FRZ_QTY: found \"0\", expected a quantity of 1 or more")]
    [InlineData("qtyfreeze.csv", "3    ,NIFTY     ,5              ", "qtyfreeze.csv:4: column SYMBOL: found \"NIFTY\", expected each symbol once")]
    [InlineData("clients.csv", "ab3,N,ABCDE1234H,9000000003,a@b.example,NSE,ACTIVE", "clients.csv:4: column client_id: found \"ab3\", expected 1 to 10 upper-case letters and digits")]
    [InlineData("clients.csv", "AB1,N,ABCDE1234H,9000000003,a@b.example,NSE,ACTIVE", "clients.csv:4: column client_id: found \"AB1\", expected each client once")]
    [InlineData("clients.csv", "AB3,,ABCDE1234H,9000000003,a@b.example,NSE,ACTIVE", "clients.csv:4: column name: found \"\", expected a name")]
    [InlineData("clients.csv", "AB3,N,ABCDE12345,9000000003,a@b.example,NSE,ACTIVE", "clients.csv:4: column pan: found \"AAAAA99999\", expected a PAN: five letters, four digits, a letter")]
    [InlineData("clients.csv", "AB3,N,ABCDE1234H,900000000,a@b.example,NSE,ACTIVE", "clients.csv:4: column mobile: found \"999999999\", expected 10 digits")]
    [InlineData("clients.csv", "AB3,N,ABCDE1234H,9000000003,a.b.example,NSE,ACTIVE", "clients.csv:4: column email: found \"A.A.AAAAAAA\", expected an e-mail address")]
    [InlineData("clients.csv", "AB3,N,ABCDE1234H,9000000003,a@b.example,NSE|XX,ACTIVE", "clients.csv:4: column segments: found \"NSE|XX\", expected segments such as NSE|NFO")]
    [InlineData("clients.csv", "AB3,N,ABCDE1234H,9000000003,a@b.example,NSE,OPEN", "clients.csv:4: column status: found \"OPEN\", expected ACTIVE, INACTIVE or BLOCKED")]
    [InlineData("main_orders.csv", "AB1,NFO,GONE,NRML,SELL,65,1.00,,9,regular,m-9,,client", "main_orders.csv:3: column tradingsymbol: found \"GONE\", expected an instrument of NFO in the instrument master")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SELL,5,1.00,,2200000000000001,regular,m-9,,client", "main_orders.csv:3: column exchange_order_id: found \"2200000000000001\", expected the exchange's number of the order, each once in its segment")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SELL,5,1.00,,-4,regular,m-9,,client", "main_orders.csv:3: column exchange_order_id: found \"-4\", expected the exchange's number of the order, each once in its segment")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SHORT,5,1.00,,9,regular,m-9,,client", "main_orders.csv:3: column transaction_type: found \"SHORT\", expected BUY or SELL")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SELL,0,1.00,,9,regular,m-9,,client", "main_orders.csv:3: column quantity: found \"0\", expected a quantity above 0")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SELL,5,,,9,regular,m-9,,client", "main_orders.csv:3: column price: found \"\", expected a price above 0 for an order without a trigger")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SELL,5,1.00,,9,gtt,m-9,,client", "main_orders.csv:3: column variety: found \"gtt\", expected regular, co, bo, iceberg or amo")]
    [InlineData("main_orders.csv", "AB1,NSE,ALPHA,CNC,SELL,5,1.00,,9,regular,m-9,,nobody", "main_orders.csv:3: column placed_by: found \"nobody\", expected client, rms or desk")]
    [InlineData("cash_positions.csv", "AB9,NSE,ALPHA,CNC,1,1.00", "cash_positions.csv:4: column client_id: found \"AB9\", expected a client of the client master")]
    [InlineData("cash_positions.csv", "AB1,BSE,ALPHA,CNC,1,1.00", "cash_positions.csv:4: column exchange: found \"BSE\", expected NSE or NFO")]
    [InlineData("cash_positions.csv", "AB1,NSE,OMEGA,CNC,1,1.00", "cash_positions.csv:4: column tradingsymbol: found \"OMEGA\", expected an instrument of NSE in the instrument master")]
    [InlineData("cash_positions.csv", "AB1,NSE,BETA-BE,NRML,1,1.00", "cash_positions.csv:4: column product: found \"NRML\", expected CNC, MIS or MTF on NSE")]
    [InlineData("cash_positions.csv", "AB1,NSE,BETA-BE,CNC,1.5,1.00", "cash_positions.csv:4: column overnight_quantity: found \"1.5\", expected a whole number")]
    [InlineData("cash_positions.csv", "AB1,NSE,BETA-BE,CNC,1,one", "cash_positions.csv:4: column average_price: found \"one\", expected a price in rupees, 0 or more")]
    [InlineData("cash_positions.csv", "AB1,NSE,ALPHA,CNC,1,1.00", "cash_positions.csv:4: column tradingsymbol: found \"ALPHA\", expected one position of client AB1 in it as CNC")]
    [InlineData(Days.Position, "CM,NCL,20261119,20261119,1,90123,90123,C,AB1,IDF,,NIFTY,20301231,20301231,,,65,65,0,1", Days.Position + ":6: column Sgmt: found \"CM\", expected FO")]
    [InlineData(Days.Position, "FO,NCL,20261119,20261118,1,90123,90123,C,AB1,IDF,,NIFTY,20301231,20301231,,,65,65,0,1", Days.Position + ":6: column BizDt: found \"20261118\", expected the business date of the first row, 2026-11-19")]
    [InlineData(Days.Position, "FO,NCL,20261119,20261119,1,90123,90123,C,AB9,IDF,,NIFTY,20301231,20301231,,,65,65,0,1", Days.Position + ":6: column ClntId: found \"AB9\", expected a client of the client master")]
    [InlineData(Days.Position, "FO,NCL,20261119,20261119,1,90123,90123,C,AB1,IDO,,SENSEX,20301231,20301231,90000,PE,20,20,0,1", Days.Position + ":6: column TckrSymb: found \"SENSEX 2030-12-31 90000.00 PE\", expected a contract of the instrument master")]
    [InlineData(Days.Position, "FO,NCL,20261119,20261119,1,90123,90123,C,AB2,STF,,NIFTY,20301231,20301231,,,65,65,0,1", Days.Position + ":6: column FinInstrmTp: found \"STF\", expected the type of FUTIDX NIFTY")]
    [InlineData(Days.Position, "FO,NCL,20261119,20261119,1,90123,90123,C,AB1,IDF,,NIFTY,20301231,20301231,,,65,65,0,1", Days.Position + ":6: column TckrSymb: found \"NIFTY30DECFUT\", expected one position of client AB1 in it as NRML")]
    public async Task A_bad_row_is_told_with_its_place_what_was_found_and_what_was_expected(string file, string row, string told)
    {
        using var day = new Days();
        day.Append(file, row + "\n");

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => day.ImportAsync());

        Assert.Equal(told, Assert.Single(e.BadRows).ToString());
        Assert.Throws<ReferenceDataException>(() => ReferenceDataset.Load(day.Data));
    }

    [Theory]
    [InlineData("AB1,NSE,BETA-BE,MTF,5,1.00,6,0", "6 and 0", 5)]
    [InlineData("AB1,NSE,BETA-BE,CNC,5,1.00,3,3", "3 and 3", 5)]
    [InlineData("AB1,NSE,BETA-BE,MIS,5,1.00,1,0", "1 and 0", 5)]
    [InlineData("AB1,NSE,BETA-BE,CNC,-5,1.00,0,1", "0 and 1", -5)]
    public async Task Parts_that_delivery_holds_must_fit_the_position(string row, string found, int quantity)
    {
        using var day = new Days();
        day.Write("cash_positions.csv", $"{Days.CashHeader},t1_quantity,holding_quantity\n{row}\n");

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => day.ImportAsync());

        Assert.Equal($"cash_positions.csv:2: column t1_quantity: found \"{found}\", expected parts of a delivery position of {quantity}", Assert.Single(e.BadRows).ToString());
    }

    [Fact]
    public async Task With_bad_rows_allowed_the_rest_lands_and_they_are_listed()
    {
        using var day = new Days();
        day.Append("clients.csv", "ab3,N,ABCDE1234H,9000000003,a@b.example,NSE,ACTIVE\n");
        day.Append("cash_positions.csv", "AB1,NSE,OMEGA,CNC,1,1.00\n");

        var result = await day.ImportAsync(allowBadRows: 2);

        Assert.Equal(["clients.csv", "cash_positions.csv"], result.BadRows.Select(row => row.File));
        Assert.Equal(4, ReferenceDataset.Load(day.Data).Positions.Count);
        Assert.Equal(1, ReferenceDataset.Load(day.Data).Sources.Single(source => source.Name == "clients.csv").Refused);
    }

    [Fact]
    public async Task One_bad_row_more_than_allowed_refuses_the_whole_day_and_tells_them_all()
    {
        using var day = new Days();
        day.Append("clients.csv", "ab3,N,ABCDE1234H,9000000003,a@b.example,NSE,ACTIVE\n");
        day.Append("cash_positions.csv", "AB1,NSE,OMEGA,CNC,1,1.00\n");

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => day.ImportAsync(allowBadRows: 1));

        Assert.Equal(2, e.BadRows.Count);
        Assert.StartsWith("Found 2 bad rows, expected at most 1. Nothing was imported.\n  clients.csv:4: ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clients.csv", "client_id,name,pan,mobile\n", "clients.csv:1: found no column email, segments, status, expected a header with client_id, name, pan, mobile, email, segments, status.")]
    [InlineData("qtyfreeze.csv", "", "qtyfreeze.csv:1: found an empty file, expected a header.")]
    public async Task A_file_that_is_not_of_its_kind_is_refused_whole(string file, string text, string told)
    {
        using var day = new Days();
        day.Write(file, text);

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => day.ImportAsync(allowBadRows: 1000));

        Assert.Equal(told, e.Message);
    }

    [Fact]
    public async Task A_day_without_a_date_is_refused()
    {
        using var day = new Days();
        day.WritePositions();

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => day.ImportAsync());

        Assert.StartsWith("Found no business date, expected a clearing position file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_an_instrument_master_is_refused()
    {
        using var day = new Days();
        File.Delete(Path.Combine(day.Source, "instruments.csv"));

        var e = Assert.Throws<ImportRefusedException>(() => ImportRequest.FromFolder(day.Source));

        Assert.EndsWith("expected an instrument master named *instruments*.csv.", e.Message, StringComparison.Ordinal);
    }
}
