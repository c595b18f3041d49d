using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Backup.Config.Hocon;
using Backup.Exchange.Simulator;
using Backup.Exchange.Simulator.Market;
using Backup.Exchange.Simulator.Scripted;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(
        """
        Exchange.Simulator: an NSE-speaking exchange for drills and tests, on this machine only unless told otherwise.
          --config=hocon/simulator.conf    settings from a file; what follows wins over it
          --simulator:router-port=9601     router of the cash segment; F&O is one higher; 0 takes any free port
          --simulator:http-port=9600       pages, prices and drill controls
          --simulator:listen=127.0.0.1     the address on which all of it listens
          --simulator:smtp-port=9625       takes e-mails into the inbox
          --simulator:data=FOLDER          where the ledger lies; the same folder goes on with the same day
          --simulator:instruments=FILE     instruments.csv in Kite's form
          --simulator:liquidity=full       full, partial or none
        Every key is explained in hocon/simulator.conf.

          --script=FILE --segment=cm       follow a script on one segment (cm or fo) instead of being an exchange there; ends with
                                           0 when the member did all that it expects, else with 1 and a line that says where not
        """);
    return 0;
}

try
{
    var configuration = Configuration(args);
    var settings = SettingsReader.Read(configuration);
    if (configuration["script"] is { } script)
    {
        return await FollowAsync(settings, script, configuration["segment"]);
    }

    await using var host = await SimulatorHost.StartAsync(settings, TimeProvider.System);
    var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        simulator = "ready",
        router = new { cm = host.RouterCm, fo = host.RouterFo },
        gateway = new { cm = host.GatewayPort(Segment.CapitalMarket), fo = host.GatewayPort(Segment.FuturesAndOptions) },
        http = host.HttpPort,
        smtp = host.SmtpPort,
    }));
    Console.WriteLine(
        $"Exchange simulator is open: {host.Floor.Instruments} instruments, {host.Floor.RestoredLines} ledger lines taken back, pages on http://{(settings.Listen.Equals(IPAddress.Any) ? IPAddress.Loopback : settings.Listen)}:{host.HttpPort}/");
    if (host.Floor.Replay is { } replay)
    {
        Console.WriteLine($"Replaying {replay.Ticks} recorded ticks; {replay.Skipped} lines of the recording could not be read.");
    }

    await stop.Task;
    return 0;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.TrySetResult();
    }
}
catch (ScriptException problem)
{
    await Console.Error.WriteLineAsync(problem.Message);
    return 1;
}
catch (Exception problem) when (problem is SettingsException or HoconException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"The exchange simulator did not start. {problem.Message}");
    return 1;
}

static async Task<int> FollowAsync(SimulatorSettings settings, string script, string? segmentName)
{
    var segment = SegmentName.Parse(segmentName ?? "cm") ?? throw new SettingsException($"--segment: expected cm or fo, found '{segmentName}'.");
    await using var host = ScriptedHost.Start(settings, script, segment, TimeProvider.System);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        simulator = "scripted",
        router = new { cm = host.RouterCm, fo = host.RouterFo },
        gateway = new { cm = host.GatewayPort(Segment.CapitalMarket), fo = host.GatewayPort(Segment.FuturesAndOptions) },
    }));
    await host.Ended;
    Console.WriteLine($"The script {script} has ended after {host.Steps} steps, all as expected.");
    return 0;
}

static IConfiguration Configuration(string[] args)
{
    var commandLine = new ConfigurationBuilder().AddCommandLine(args).Build();
    var builder = new ConfigurationBuilder();
    if (commandLine["config"] is { } file)
    {
        builder.AddHoconFile(file);
    }

    return builder.AddEnvironmentVariables("BACKUP_").AddConfiguration(commandLine).Build();
}
