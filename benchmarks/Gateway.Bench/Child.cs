using System.Diagnostics;

namespace Backup.Gateway.Bench;

/// <summary>Another process of this program, asked a line at a time.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    internal static Child Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        return new Child(Process.Start(start)!);
    }

    internal async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"a process of the measurement ended: {string.Join(' ', _process.StartInfo.ArgumentList)}");

    internal Task TellAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    internal async Task<string> AskAsync(string line)
    {
        await TellAsync(line);
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(soon.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
