using System.Diagnostics;

namespace Backup.Drills;

/// <summary>Starts the whole product and lets Kite's official client and a real browser walk it (tests/EndToEnd), the stop of the node included.</summary>
internal static class BrowserDrill
{
    /// <summary>The exit status of a process that SIGKILL ended.</summary>
    private const int Killed = 128 + 9;

    /// <param name="files">Some of its test files; none: all.</param>
    internal static async Task<int> RunAsync(string outFolder, string[] files)
    {
        // The page lives through several tokens during the walk, and some hundred strangers fill the door.
        await using var stack = new Stack(new StackOptions { NodeSettings = ["gateway.token-lifetime=25s", "gateway.logins-waiting-max=10"] });
        await stack.StartSimulatorAsync();
        await stack.ImportAsync();
        await stack.StartNodeAsync();
        await stack.WaitUntilTradingAsync();
        Directory.CreateDirectory(outFolder);
        var (program, arguments) = files.Length == 0 ? ("npm", new[] { "test" }) : ("node", ["--test", "--test-concurrency=1", .. files]);
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Path.Combine(stack.Root, "tests/EndToEnd") };
        start.Environment["PAGE_URL"] = stack.Gateway.ToString();
        start.Environment["INBOX_URL"] = stack.Simulator.ToString();
        start.Environment["CLIENT_ID"] = "DEMO01";
        start.Environment["CLIENT_MOBILE"] = "9000000001";
        start.Environment["CLIENT_PAN"] = "ZZZPB0001A";
        start.Environment["KITE_CLIENT_ID"] = "DEMO02";
        start.Environment["KITE_CLIENT_MOBILE"] = "9000000002";
        start.Environment["OTHER_CLIENTS"] = "DEMO03=9000000003 DEMO04=9000000004 DEMO05=9000000005 BX10006=9000000006 BX10007=9000000007 BX10008=9000000008 BX10009=9000000009 BX10010=9000000010 BX10011=9000000011";
        start.Environment["OUT_DIR"] = Path.GetFullPath(outFolder);
        var processFile = Path.Combine(stack.Folder, "node.pid");
        start.Environment["PBM_CMD"] = $"{stack.Binary("Operator.Cli", "pbm")} --data {stack.Data}";
        start.Environment["STOP_NODE_CMD"] = $"kill -TERM $(cat {processFile})";
        start.Environment["KILL_NODE_CMD"] = $"kill -KILL $(cat {processFile})";
        await File.WriteAllTextAsync(processFile, stack.Node!.Id.ToString());
        using var browser = Process.Start(start)!;
        var walk = browser.WaitForExitAsync();
        await RestartAsync(stack, processFile, walk);
        await walk;
        return browser.ExitCode;
    }

    /// <summary>Does what a service manager does: a node that was killed is started again, one that was told to stop is not.</summary>
    private static async Task RestartAsync(Stack stack, string processFile, Task walk)
    {
        while (true)
        {
            var end = stack.Node!.EndAsync();
            if (await Task.WhenAny(walk, end) == walk || await end != Killed)
            {
                return;
            }

            await stack.StartNodeAsync();
            await File.WriteAllTextAsync(processFile, stack.Node!.Id.ToString());
        }
    }
}
