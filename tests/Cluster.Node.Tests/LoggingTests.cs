using System.Text.Json;
using Backup.Cluster.Node.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Xunit;

namespace Backup.Cluster.Node.Tests;

public sealed class LoggingTests
{
    [Fact]
    public void A_line_of_the_log_is_one_json_object_with_the_common_schemas_names()
    {
        var line = Written(log => log.ForContext("SourceContext", "Backup.Some.Place").Warning("Account {Account} waits {Seconds} s\nfor nothing", "DEMO01", 3));

        Assert.DoesNotContain('\n', line.TrimEnd('\n'));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal("Account DEMO01 waits 3 s\nfor nothing", json.GetProperty("message").GetString());
        Assert.Equal("warn", json.GetProperty("log.level").GetString());
        Assert.Equal("Backup.Some.Place", json.GetProperty("log.logger").GetString());
        Assert.Equal("DEMO01", json.GetProperty("labels").GetProperty("account").GetString());
        Assert.Equal("node7", json.GetProperty("service.node.name").GetString());
        Assert.EndsWith("Z", json.GetProperty("@timestamp").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_is_in_the_line_with_its_type_and_its_place()
    {
        var json = JsonDocument.Parse(Written(log => log.Error(new InvalidOperationException("broken"), "It broke"))).RootElement;

        Assert.Equal("System.InvalidOperationException", json.GetProperty("error.type").GetString());
        Assert.Equal("broken", json.GetProperty("error.message").GetString());
    }

    private static string Written(Action<ILogger> write)
    {
        var sink = new Lines();
        using (var log = new LoggerConfiguration().WriteTo.Sink(sink).CreateLogger())
        {
            write(log);
        }

        return sink.Text.ToString();
    }

    private sealed class Lines : ILogEventSink
    {
        private readonly EcsFormatter _formatter = new("node7");

        public StringWriter Text { get; } = new();

        public void Emit(LogEvent logEvent) => _formatter.Format(logEvent, Text);
    }
}
