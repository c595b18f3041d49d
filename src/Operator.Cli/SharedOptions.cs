using System.CommandLine;

namespace Backup.Operator.Cli;

/// <summary>What every command takes.</summary>
internal sealed class SharedOptions
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "The node's data folder.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("PBM_DATA") is { Length: > 0 } folder ? folder : "var/local",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of tables.", Recursive = true };

    internal void AddTo(Command root)
    {
        root.Options.Add(_data);
        root.Options.Add(_json);
    }

    internal string Data(ParseResult parsed) => parsed.GetValue(_data)!;

    internal bool Json(ParseResult parsed) => parsed.GetValue(_json);
}
