using System.Globalization;
using Backup.Cluster.Node.Settings;
using Serilog;
using Serilog.Events;

namespace Backup.Cluster.Node.Logging;

/// <summary>Readable lines on the console, one JSON object a line in the data folder.</summary>
internal static class NodeLogging
{
    internal static void Start(NodeSettings settings)
    {
        if (!Enum.TryParse<LogEventLevel>(settings.LogLevel, ignoreCase: true, out var level))
        {
            throw new InvalidDataException($"log.level: found \"{settings.LogLevel}\", expected verbose, debug, information, warning or error");
        }

        Log.Logger = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Console(outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:lj}{NewLine}{Exception}", formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.File(
                new EcsFormatter(settings.Name),
                Path.Combine(settings.DataFolder, "logs", "node-.json"),
                rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: settings.LogDaysKept)
            .CreateLogger();
    }

    internal static void UseSerilogLogging(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSerilog(dispose: false);
    }
}
