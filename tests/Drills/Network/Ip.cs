using System.ComponentModel;
using System.Diagnostics;

namespace Backup.Drills.Network;

/// <summary>The program that makes networks.</summary>
internal static class Ip
{
    /// <exception cref="DrillFailedException">It did not succeed.</exception>
    internal static async Task RunAsync(params string[] arguments)
    {
        var (status, output) = await TryAsync(arguments);
        Expect.That(status == 0, $"\"ip {string.Join(' ', arguments)}\" succeeds; found status {status}: {output.Trim()}");
    }

    internal static async Task<(int Status, string Output)> TryAsync(params string[] arguments)
    {
        try
        {
            return await ManagedProcess.RunAsync("ip", arguments);
        }
        catch (Win32Exception missing)
        {
            throw new DrillFailedException($"the program ip (Debian: iproute2) cannot be started: {missing.Message}");
        }
    }

    /// <summary>For the end of a process, where nothing can be waited for: what does not succeed is passed over.</summary>
    internal static void TryNow(IEnumerable<string> commands)
    {
        foreach (var command in commands)
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", command) { RedirectStandardError = true, UseShellExecute = false })!;
            ip.WaitForExit(2000);
        }
    }
}
