using Backup.Continuity.Import;
using Backup.Continuity.ReferenceData;
using Xunit;

namespace Backup.Continuity.Tests;

public sealed class ImportOfADay
{
    [Fact]
    public async Task A_good_day_becomes_one_dataset()
    {
        using var day = new Days();

        var result = await day.ImportAsync();
        var dataset = ReferenceDataset.Load(day.Data);

        Assert.Equal((5, 2, 4), (result.Instruments, result.Clients, result.Positions));
        Assert.Equal(new DateOnly(2026, 11, 19), dataset.BusinessDate);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 2, 45, 0, TimeSpan.Zero), dataset.ImportedAt);
        Assert.Equal(result.DatasetHash, dataset.DatasetHash);
        Assert.Equal(7, dataset.Sources.Count);
        Assert.All(dataset.Sources, source => Assert.Equal(64, source.Sha256.Length));
    }

    [Fact]
    public async Task An_instrument_is_found_by_each_of_its_names()
    {
        using var day = new Days();
        await day.ImportAsync();
        var instruments = ReferenceDataset.Load(day.Data).Instruments;

        var put = instruments.Find("NFO", "ALPHA30DEC102.5PE")!;

        Assert.Same(put, instruments.FindByToken(13314));
        Assert.Same(put, instruments.FindByExchangeToken("FO", 52));
        Assert.Null(instruments.FindByExchangeToken("CM", 52));
        Assert.Equal((10250, 5, 500, 410), (put.StrikePaise, put.TickPaise, put.LotSize, put.ClosePaise));
        Assert.Equal(("OPTSTK", "PE", "ALPHA", new DateOnly(2030, 12, 31)), (put.WireInstrumentName, put.InstrumentType, put.Symbol, put.Expiry));
    }

    [Fact]
    public async Task A_share_takes_its_close_from_the_master_and_its_series_from_its_name()
    {
        using var day = new Days();
        await day.ImportAsync();

        var share = ReferenceDataset.Load(day.Data).Instruments.Find("NSE", "BETA-BE")!;

        Assert.Equal(("BETA", "BE", "EQUITY", 2000L, 1L), (share.Symbol, share.Series, share.WireInstrumentName, share.ClosePaise, share.TickPaise));
    }

    [Fact]
    public async Task A_freeze_quantity_is_on_every_contract_of_its_underlying_and_on_nothing_else()
    {
        using var day = new Days();
        await day.ImportAsync();
        var instruments = ReferenceDataset.Load(day.Data).Instruments;

        Assert.Equal(1800, instruments.Find("NFO", "NIFTY30DECFUT")!.FreezeQuantity);
        Assert.Equal(1800, instruments.Find("NFO", "NIFTY30DEC25000CE")!.FreezeQuantity);
        Assert.Equal(0, instruments.Find("NFO", "ALPHA30DEC102.5PE")!.FreezeQuantity);
    }

    [Fact]
    public async Task Positions_are_signed_and_take_the_settlement_price_or_else_the_close()
    {
        using var day = new Days();
        await day.ImportAsync();

        var positions = ReferenceDataset.Load(day.Data).PositionsOf("AB1").ToDictionary(position => position.Instrument.TradingSymbol);

        Assert.Equal((-130, 2520010, "NRML"), (positions["NIFTY30DECFUT"].Quantity, positions["NIFTY30DECFUT"].AveragePricePaise, positions["NIFTY30DECFUT"].Product));
        Assert.Equal((65, 50525), (positions["NIFTY30DEC25000CE"].Quantity, positions["NIFTY30DEC25000CE"].AveragePricePaise));
        Assert.Equal((25, 9935, "CNC"), (positions["ALPHA"].Quantity, positions["ALPHA"].AveragePricePaise, positions["ALPHA"].Product));
        Assert.Equal(3, positions.Count);
    }

    [Fact]
    public async Task Orders_that_the_main_site_left_are_part_of_the_day()
    {
        using var day = new Days();
        var result = await day.ImportAsync();

        var order = Assert.Single(ReferenceDataset.Load(day.Data).MainOrdersOf("AB1"));

        Assert.Equal(1, result.MainOrders);
        Assert.Equal((false, 25, 9500, 9600, 2200000000000001), (order.IsBuy, order.Quantity, order.LimitPaise, order.TriggerPaise, order.ExchangeOrderNumber));
        Assert.Equal(("co", "m-2", "m-1", "client"), (order.Variety, order.OrderId, order.ParentOrderId, order.PlacedBy));
        Assert.Empty(ReferenceDataset.Load(day.Data).MainOrdersOf("AB2"));
    }

    [Fact]
    public async Task Shares_not_credited_and_shares_in_the_depository_are_parts_of_a_position_and_of_the_hash()
    {
        using var day = new Days();
        var plain = await day.ImportAsync();
        day.Write("cash_positions.csv", $"{Days.CashHeader},t1_quantity,holding_quantity\nAB1,NSE,ALPHA,CNC,25,99.35,10,5\nAB2,NSE,BETA-BE,MIS,-40,20.01,,\n");
        var locked = await day.ImportAsync();

        var share = ReferenceDataset.Load(day.Data).PositionsOf("AB1").Single(position => position.Instrument.TradingSymbol == "ALPHA");

        Assert.Equal((25, 10, 5), (share.Quantity, share.T1Quantity, share.HoldingQuantity));
        Assert.NotEqual(plain.DatasetHash, locked.DatasetHash);
    }

    [Fact]
    public async Task Rows_add_up_and_what_is_not_for_us_is_skipped_not_refused()
    {
        using var day = new Days();

        var files = (await day.ImportAsync()).Files.ToDictionary(file => file.Role);

        Assert.All(files.Values, file => Assert.Equal(file.Rows, file.Accepted + file.Skipped + file.Refused));
        Assert.Equal((6, 5, 1), (files[ImportRole.Instruments].Rows, files[ImportRole.Instruments].Accepted, files[ImportRole.Instruments].Skipped));
        Assert.Equal((4, 2, 2), (files[ImportRole.ClearingPositions].Rows, files[ImportRole.ClearingPositions].Accepted, files[ImportRole.ClearingPositions].Skipped));
        Assert.Equal((4, 3, 1), (files[ImportRole.Bhavcopy].Rows, files[ImportRole.Bhavcopy].Accepted, files[ImportRole.Bhavcopy].Skipped));
    }

    [Fact]
    public async Task The_same_files_give_the_same_hash_and_one_changed_quantity_another()
    {
        using var day = new Days();

        var first = await day.ImportAsync();
        var second = await day.ImportAsync();
        day.Write("cash_positions.csv", "client_id,exchange,tradingsymbol,product,overnight_quantity,average_price\nAB1,NSE,ALPHA,CNC,26,99.35\n");
        var third = await day.ImportAsync();

        Assert.Equal(first.DatasetHash, second.DatasetHash);
        Assert.NotEqual(first.DatasetHash, third.DatasetHash);
    }

    [Fact]
    public async Task A_second_import_keeps_the_former_dataset_beside_it()
    {
        using var day = new Days();
        var first = await day.ImportAsync();
        day.Append("clients.csv", "AB3,Third Sample,ABCDE1234H,9000000003,third@clients.example,NSE,ACTIVE");

        await day.ImportAsync();

        Assert.Equal(3, ReferenceDataset.Load(day.Data).Clients.Count);
        Assert.Equal(first.DatasetHash, ReferenceDataset.Load(Path.Combine(day.Data, ReferenceDataset.PreviousFileName)).DatasetHash);
    }

    [Fact]
    public async Task An_import_that_dies_in_the_middle_leaves_the_former_dataset()
    {
        using var day = new Days();
        var first = await day.ImportAsync();
        day.Append("clients.csv", "AB3,Third Sample,ABCDE1234H,9000000003,third@clients.example,NSE,ACTIVE");
        var dying = new DirectProgress(at =>
        {
            if (at.Role == ImportRole.CashPositions)
            {
                throw new IOException("The disk is gone.");
            }
        });

        await Assert.ThrowsAsync<IOException>(() => day.ImportAsync(progress: dying));

        Assert.Equal(first.DatasetHash, ReferenceDataset.Load(day.Data).DatasetHash);
        Assert.DoesNotContain(Directory.EnumerateFiles(day.Data), file => file.EndsWith(".importing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_killed_import_left_behind_does_not_hinder_the_next()
    {
        using var day = new Days();
        Directory.CreateDirectory(day.Data);
        await File.WriteAllTextAsync(Path.Combine(day.Data, "reference.db.importing"), "half a file");

        await day.ImportAsync();

        Assert.Equal(2, ReferenceDataset.Load(day.Data).Clients.Count);
    }

    [Fact]
    public async Task A_cancelled_import_leaves_nothing()
    {
        using var day = new Days();
        using var stop = new CancellationTokenSource();
        var stopping = new DirectProgress(at =>
        {
            if (at.Role == ImportRole.Clients)
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => day.ImportAsync(progress: stopping, cancellation: stop.Token));

        Assert.Throws<ReferenceDataException>(() => ReferenceDataset.Load(day.Data));
    }

    [Fact]
    public async Task Two_imports_at_once_are_refused()
    {
        using var day = new Days();
        Directory.CreateDirectory(day.Data);
        using var held = new FileStream(Path.Combine(day.Data, "reference.lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        var e = await Assert.ThrowsAsync<ImportRefusedException>(() => day.ImportAsync());

        Assert.Contains("expected one that only this import writes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_changed_after_its_import_is_not_loaded()
    {
        using var day = new Days();
        await day.ImportAsync();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(day.Data, "reference.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            using var change = connection.CreateCommand();
            change.CommandText = "update position set quantity = quantity + 1";
            await change.ExecuteNonQueryAsync();
        }

        var e = Assert.Throws<ReferenceDataException>(() => ReferenceDataset.Load(day.Data));

        Assert.Contains("it was changed after the import", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_dataset_is_refused_in_plain_words()
    {
        using var day = new Days();
        Directory.CreateDirectory(day.Data);
        await File.WriteAllTextAsync(Path.Combine(day.Data, "reference.db"), new string('x', 5000));

        var e = Assert.Throws<ReferenceDataException>(() => ReferenceDataset.Load(day.Data));

        Assert.Contains("found a file that is not a whole dataset", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_ends_with_every_byte_read()
    {
        using var day = new Days();
        var heard = new List<ImportProgress>();

        await day.ImportAsync(progress: new DirectProgress(heard.Add));

        Assert.Equal(heard[^1].BytesTotal, heard[^1].BytesRead);
        Assert.True(heard.Zip(heard.Skip(1)).All(pair => pair.First.BytesRead <= pair.Second.BytesRead));
    }

    [Fact]
    public async Task A_packed_file_is_read_unpacked_and_hashed_as_it_lies_on_the_disk()
    {
        using var day = new Days();
        var plain = Path.Combine(day.Source, Days.Position);
        await using (var packed = new System.IO.Compression.GZipStream(File.Create(plain + ".gz"), System.IO.Compression.CompressionMode.Compress))
        {
            await packed.WriteAsync(await File.ReadAllBytesAsync(plain));
        }

        File.Delete(plain);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(plain + ".gz")));

        var result = await day.ImportAsync();

        Assert.Equal(4, result.Positions);
        Assert.Equal(hash, result.Files.Single(file => file.Role == ImportRole.ClearingPositions).Sha256);
    }

    [Fact]
    public async Task The_sample_day_imports_clean()
    {
        using var day = new Days();
        var sample = Path.Combine(Days.Repository(), "data", "sample");

        var result = await ReferenceImport.RunAsync(ImportRequest.FromFolder(sample), day.Data, 0, null, TimeProvider.System, CancellationToken.None);
        var dataset = ReferenceDataset.Load(result.Path);

        Assert.Equal((186, 50, 311), (result.Instruments, result.Clients, result.Positions));
        Assert.All(dataset.Instruments.All, instrument => Assert.True(instrument.ClosePaise > 0, instrument.TradingSymbol));
        Assert.All(dataset.Positions, position => Assert.Equal(0, position.Quantity % position.Instrument.LotSize));
        Assert.Equal(8, dataset.PositionsOf("DEMO01").Count);
        Assert.Contains(dataset.PositionsOf("DEMO04"), position => Math.Abs(position.Quantity) > position.Instrument.FreezeQuantity);
        Assert.Empty(dataset.PositionsOf("NOBODY"));
    }
}
