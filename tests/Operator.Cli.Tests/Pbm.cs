using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Backup.Operator.Cli.Tests;

/// <summary>What one run of <c>pbm</c> said.</summary>
internal sealed record Said(int Status, string Output, string Error)
{
    public JsonNode Json => JsonNode.Parse(Output)!;
}

/// <summary>The built program, run as a process.</summary>
internal static class Pbm
{
    internal static Task<Said> RunAsync(params string[] arguments) => RunWithPasswordAsync(null, arguments);

    /// <param name="password">In PGPASSWORD, where the program looks for it.</param>
    internal static async Task<Said> RunWithPasswordAsync(string? password, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pbm"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Said(process.ExitCode, await output, await error);
    }
}
