using System.Net.Sockets;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Node;
using Backup.Cluster.Node.Logging;
using Backup.Cluster.Node.Settings;
using Backup.Config.Hocon;
using Backup.Continuity.ReferenceData;
using Serilog;

const string help = """
    backup-node: one node of the backup trading system.

      backup-node [--config FILE]... [--set key=value]...

      --config FILE     lay FILE over hocon/reference.conf; may be given more than once, later ones win
      --set key=value   set one key; wins over files and over BACKUP_... environment variables
      --print-settings  print the effective settings (secrets masked) and stop
      --help            this text

    Every key is explained in hocon/reference.conf. Ctrl-C or SIGTERM stops in order.
    """;

if (args.Contains("--help", StringComparer.Ordinal))
{
    Console.WriteLine(help);
    return ExitCodes.Ok;
}

try
{
    var sources = new HoconSources(Path.Combine(AppContext.BaseDirectory, "hocon", "reference.conf"))
    {
        Environment = HoconSources.ProcessEnvironment(),
    }.WithArguments(args, out var rest);
    var hocon = HoconSettings.Load(sources with { OverlayPaths = Arguments.Overlays(rest, out var printOnly) });
    var settings = NodeSettings.From(hocon);
    if (printOnly)
    {
        Console.Write(hocon.Describe());
        return ExitCodes.Ok;
    }

    NodeLogging.Start(settings);
    Log.Information("Effective settings, hash {Hash}:\n{Settings}", hocon.Hash, hocon.Describe());
    await using var node = await NodeHost.CreateAsync(settings);
    await node.RunAsync();
    return ExitCodes.Ok;
}
catch (Exception wrong) when (wrong is HoconException or JournalException or ReferenceDataException or InvalidDataException or ArgumentException or ClusterException)
{
    return Arguments.Explain(wrong.Message);
}
catch (IOException busy) when (busy.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException
    || busy is { InnerException.InnerException: SocketException })
{
    return Arguments.Explain($"{busy.Message} Another program listens there: stop it, or choose other ports with --set gateway.port=N --set management.port=M.");
}
finally
{
    await Log.CloseAndFlushAsync();
}
