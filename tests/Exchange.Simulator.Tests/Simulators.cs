using System.Collections.Immutable;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Tests;

/// <summary>Starts simulators on free ports over a folder of their own.</summary>
internal sealed class Simulators : IAsyncDisposable
{
    private readonly List<SimulatorHost> _hosts = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("exchange-simulator-").FullName;

    /// <summary>The CA file for members of a simulator with a cipher; empty when there is none.</summary>
    public string CaFile
    {
        get
        {
            var file = Path.Combine(Folder, "data", "gr_ca_cert1.pem");
            return File.Exists(file) ? file : "";
        }
    }

    public static string Instruments(string folder)
    {
        var path = Path.Combine(folder, "instruments.csv");
        File.WriteAllText(path, """
            instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,instrument_type,segment,exchange
            408065,1594,INFY,INFOSYS,1525.5,,0,0.05,1,EQ,NSE,NSE
            1,2,"BAJAJ-AUTO","BAJAJ AUTO, LTD",9000,,0,0.05,1,EQ,NSE,NSE
            3,4,ABC-BE,ABC,0,,0,0.01,1,EQ,NSE,NSE
            14866434,58072,NIFTY26DECFUT,NIFTY,26000,2026-12-29,0,0.1,65,FUT,NFO-FUT,NFO
            17,58073,NIFTY26DEC26000CE,NIFTY,0,2026-12-29,26000,0.05,65,CE,NFO-OPT,NFO
            18,58074,RELIANCE26DECFUT,RELIANCE,0,2026-12-29,0,0.1,500,FUT,NFO-FUT,NFO
            256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE

            """);
        return path;
    }

    public async Task<SimulatorHost> StartAsync(Func<SimulatorSettings, SimulatorSettings>? with = null)
    {
        var users = ImmutableDictionary<int, string>.Empty.Add(TestMember.User, "Trade@26");
        var settings = new SimulatorSettings
        {
            DataFolder = Path.Combine(Folder, "data"),
            InstrumentsFile = Instruments(Folder),
            Cm = new BoxSettings(Segment.CapitalMarket, 101, users),
            Fo = new BoxSettings(Segment.FuturesAndOptions, 201, users),
            FillDelay = TimeSpan.Zero,
            PriceInterval = TimeSpan.FromHours(1),
        };
        var host = await SimulatorHost.StartAsync(with is null ? settings : with(settings), TimeProvider.System);
        _hosts.Add(host);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
