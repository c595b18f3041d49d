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
    internal static Task<Said> RunWithPasswordAsync(string? password, params string[] arguments) => RunAsync(password, null, arguments);

    /// <param name="typed">What stands on its standard input.</param>
    internal static Task<Said> RunTypedAsync(string typed, params string[] arguments) => RunAsync(null, typed, arguments);

    private static async Task<Said> RunAsync(string? password, string? typed, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "pbm"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = typed is not null,
            UseShellExecute = false,
        };
        start.Environment["PGPASSWORD"] = password;
        using var process = Process.Start(start)!;
        if (typed is not null)
        {
            await process.StandardInput.WriteAsync(typed);
            process.StandardInput.Close();
        }

        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Said(process.ExitCode, await output, await error);
    }
}
