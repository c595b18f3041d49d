using System.Globalization;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Backup.Cluster.Node.Logging;

/// <summary>One JSON object a line with the field names of the Elastic Common Schema 8.11; what a message names is under <c>labels</c>.</summary>
public sealed class EcsFormatter(string nodeName) : ITextFormatter
{
    private const string Source = "SourceContext";
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        ArgumentNullException.ThrowIfNull(output);
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("@timestamp", logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("log.level", LevelOf(logEvent.Level));
            json.WriteString("message", Words(logEvent));
            json.WriteString("ecs.version", "8.11.0");
            json.WriteString("service.name", "backup.actors");
            json.WriteString("service.node.name", nodeName);
            json.WriteNumber("process.pid", Environment.ProcessId);
            if (logEvent.Properties.TryGetValue(Source, out var source))
            {
                json.WriteString("log.logger", Plain(source));
            }

            WriteError(json, logEvent.Exception);
            WriteLabels(json, logEvent);
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
    }

    /// <summary>The message as a person reads it: texts without quotes.</summary>
    private static string Words(LogEvent logEvent)
    {
        using var words = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, words);
        return words.ToString();
    }

    private static void WriteError(Utf8JsonWriter json, Exception? failure)
    {
        if (failure is not null)
        {
            json.WriteString("error.type", failure.GetType().FullName);
            json.WriteString("error.message", failure.Message);
            json.WriteString("error.stack_trace", failure.ToString());
        }
    }

    private static void WriteLabels(Utf8JsonWriter json, LogEvent logEvent)
    {
        json.WriteStartObject("labels");
        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != Source)
            {
                json.WriteString(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), Plain(value));
            }
        }

        json.WriteEndObject();
    }

    private static string Plain(LogEventPropertyValue value) =>
        value is ScalarValue scalar ? Convert.ToString(scalar.Value, CultureInfo.InvariantCulture) ?? "" : value.ToString();

    private static string LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };
}
