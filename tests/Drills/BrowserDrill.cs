using System.Diagnostics;

namespace Backup.Drills;

/// <summary>Starts the whole product and lets Kite's official client and a real browser walk it (tests/EndToEnd), the stop of the node included.</summary>
internal static class BrowserDrill
{
    internal static async Task<int> RunAsync(string outFolder)
    {
        await using var stack = new Stack();
        await stack.StartSimulatorAsync();
        await stack.ImportAsync();
        await stack.StartNodeAsync();
        await stack.WaitUntilTradingAsync();
        Directory.CreateDirectory(outFolder);
        var start = new ProcessStartInfo("npm", ["test"]) { WorkingDirectory = Path.Combine(stack.Root, "tests/EndToEnd") };
        start.Environment["PAGE_URL"] = stack.Gateway.ToString();
        start.Environment["INBOX_URL"] = stack.Simulator.ToString();
        start.Environment["CLIENT_ID"] = "DEMO01";
        start.Environment["CLIENT_MOBILE"] = "9000000001";
        start.Environment["KITE_CLIENT_ID"] = "DEMO02";
        start.Environment["KITE_CLIENT_MOBILE"] = "9000000002";
        start.Environment["OTHER_CLIENTS"] = "DEMO03=9000000003 DEMO04=9000000004 DEMO05=9000000005 BX10006=9000000006";
        start.Environment["OUT_DIR"] = Path.GetFullPath(outFolder);
        start.Environment["STOP_NODE_CMD"] = $"kill -TERM {stack.Node!.Id}";
        using var browser = Process.Start(start)!;
        await browser.WaitForExitAsync();
        return browser.ExitCode;
    }
}
