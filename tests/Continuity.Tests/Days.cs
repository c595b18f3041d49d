using System.Runtime.CompilerServices;
using Backup.Continuity.Import;

namespace Backup.Continuity.Tests;

/// <summary>A small good day in a folder of its own; a test spoils one file of it. Gone with the test.</summary>
internal sealed class Days : IDisposable
{
    public const string Position = "Position_NCL_FO_0_TM_90123_20261119_F_0000.csv";

    private const string PositionHeader =
        "Sgmt,Src,RptgDt,BizDt,TradRegnOrgn,ClrMmbId,BrkrOrCtdnPtcptId,ClntTp,ClntId,FinInstrmTp,ISIN,TckrSymb,XpryDt,FininstrmActlXpryDt,"
        + "StrkPric,OptnTp,NewBrdLotQty,PstExrcAssgndLngQty,PstExrcAssgndShrtQty,SttlmPric\n";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("day-");

    public Days()
    {
        Write("instruments.csv", """
            instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange
            257,1,ALPHA,ALPHA INDUSTRIES,101.05,,0.0,0.05,1,EQ,NSE,NSE
            513,2,BETA-BE,BETA LTD,20.0,,0.0,0.01,1,EQ,NSE,NSE
            12802,50,NIFTY30DECFUT,NIFTY,0.0,2030-12-31,0.0,0.1,65,FUT,NFO-FUT,NFO
            13058,51,NIFTY30DEC25000CE,NIFTY,0.0,2030-12-31,25000.0,0.05,65,CE,NFO-OPT,NFO
            13314,52,ALPHA30DEC102.5PE,ALPHA,0.0,2030-12-31,102.5,0.05,500,PE,NFO-OPT,NFO
            999,3,SENSEX,SENSEX,0.0,,0.0,0.05,1,EQ,BSE,BSE
            """);
        Write("BhavCopy_NSE_FO_0_0_0_20261119_F_0000.csv", """
            FinInstrmTp,TckrSymb,XpryDt,FininstrmActlXpryDt,StrkPric,OptnTp,ClsPric,PrvsClsgPric
            IDF,NIFTY,2030-12-31,2030-12-31,,,25123.40,25000.00
            IDO,NIFTY,2030-12-31,2030-12-31,25000.00,CE,505.25,500.00
            STO,ALPHA,2030-12-31,2030-12-31,102.50,PE,0.00,4.10
            STO,GAMMA,2030-12-31,2030-12-31,10.00,PE,1.00,1.10
            """);
        Write("qtyfreeze.csv", "S.No.,SYMBOL    ,VOL_FRZ_QTY    \n1    ,NIFTY     ,1800           \n2    ,GAMMA     ,500            \n");
        Write("clients.csv", """
            client_id,name,pan,mobile,email,segments,status
            AB1,Asha Sample,ABCDE1234F,9000000001,asha@clients.example,NSE|NFO,ACTIVE
            AB2,Dev Sample,ABCDE1234G,9000000002,dev@clients.example,NSE,BLOCKED
            """);
        WritePositions(
            "FO,NCL,20261119,20261119,1,90123,90123,C,AB1,IDF,,NIFTY,20301231,20301231,,,65,0,130,25200.10",
            "FO,NCL,20261119,2026-11-19,1,90123,90123,C,AB1,IDO,,NIFTY,2030-12-31,2030-12-31,25000,CE,65,65,0,0",
            "FO,NCL,20261119,20261119,1,90123,90123,C,AB1,STO,,GONE,20250625,20250625,100,CE,65,10,10,0",
            "FO,NCL,20261119,20261119,1,90123,90123,P,,IDF,,NIFTY,20301231,20301231,,,65,650,0,25200.10");
        Write("cash_positions.csv", """
            client_id,exchange,tradingsymbol,product,overnight_quantity,average_price
            AB1,NSE,ALPHA,CNC,25,99.35
            AB2,NSE,BETA-BE,MIS,-40,20.01
            """);
        Write("main_orders.csv", """
            client_id,exchange,tradingsymbol,product,transaction_type,quantity,price,trigger_price,exchange_order_id,variety,order_id,parent_order_id,placed_by
            AB1,NSE,ALPHA,CNC,SELL,25,95.00,96.00,2200000000000001,co,m-2,m-1,client
            """);
    }

    public const string CashHeader = "client_id,exchange,tradingsymbol,product,overnight_quantity,average_price";

    public string Source => _root.FullName;

    public string Data => Path.Combine(_root.FullName, "data");

    /// <summary>The root of the repository that this test was compiled in.</summary>
    public static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    /// <summary>The real files, which lie beside the repository and not in it; skips the test where they are absent.</summary>
    public static string RealFiles()
    {
        var beside = new[] { "../shared/data", "../../shared/data" }.Select(path => Path.GetFullPath(Path.Combine(Repository(), path)));
        var folder = beside.FirstOrDefault(Directory.Exists);
        Xunit.Assert.SkipWhen(folder is null, "The real files are not beside the repository (../shared/data).");
        return folder!;
    }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Source, name), text);

    public void WritePositions(params string[] rows) => Write(Position, PositionHeader + string.Join('\n', rows) + "\n");

    public void Append(string name, string row) => File.AppendAllText(Path.Combine(Source, name), File.ReadAllText(Path.Combine(Source, name)).EndsWith('\n') ? row : "\n" + row);

    public Task<ImportResult> ImportAsync(int allowBadRows = 0, IProgress<ImportProgress>? progress = null, CancellationToken cancellation = default) =>
        ReferenceImport.RunAsync(ImportRequest.FromFolder(Source), Data, allowBadRows, progress, new FixedClock(), cancellation);

    public void Dispose() => _root.Delete(recursive: true);

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 2, 45, 0, TimeSpan.Zero);
    }
}

/// <summary>Hears progress on the thread that reports it, and may throw there.</summary>
internal sealed class DirectProgress(Action<ImportProgress> hear) : IProgress<ImportProgress>
{
    public void Report(ImportProgress value) => hear(value);
}
