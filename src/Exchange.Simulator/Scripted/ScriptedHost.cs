using Backup.Exchange.Simulator.Line;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Exchange.Simulator.Scripted;

/// <summary>A simulator that follows a script on one segment instead of being an exchange there.</summary>
public sealed class ScriptedHost : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ExchangeFloor _honest;
    private readonly LineServer _lines;
    private readonly string _folder;
    private readonly ScriptPlayer _player;
    private readonly ITimer _beat;

    private ScriptedHost(SimulatorSettings settings, Script script, Segment segment, TimeProvider clock)
    {
        // The login's ledger is of no use afterwards, and one of an earlier day would not be an empty download.
        _folder = Directory.CreateTempSubdirectory("exchange-script-").FullName;
        _honest = new ExchangeFloor(settings with { DataFolder = _folder, InstrumentsFile = null, ClosesFile = null, TicksFile = null }, clock);
        var floor = new ScriptedFloor(_honest, segment);
        try
        {
            _lines = LineServer.Start(floor, settings);
        }
        catch
        {
            _honest.Dispose();
            Directory.Delete(_folder, recursive: true);
            throw;
        }

        _player = new ScriptPlayer(script, floor, segment, clock, _stopping.Token);
        _beat = clock.CreateTimer(_ => _honest.Tick(), null, Beat, Beat);
        Ended = _player.PlayAsync();
    }

    public int RouterCm => _lines.RouterCm;

    public int RouterFo => _lines.RouterFo;

    public int GatewayPort(Segment segment) => _honest.SignOn.Gateways[segment].Port;

    /// <summary>Ends with the script; fails with a <see cref="ScriptException"/> when the member did something else.</summary>
    public Task Ended { get; }

    public int Steps => _player.Steps;

    /// <exception cref="ScriptException">The script cannot be read.</exception>
    /// <exception cref="SettingsException">A port cannot be used.</exception>
    public static ScriptedHost Start(SimulatorSettings settings, string path, Segment segment, TimeProvider clock) =>
        new(settings, Script.Read(path, segment), segment, clock);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Ended.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _beat.DisposeAsync();
        await _lines.DisposeAsync();
        _honest.Dispose();
        _stopping.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
