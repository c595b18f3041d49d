using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Backup.Drills.Network;

/// <summary>
/// A network of its own for the exchange, joined to ours by one virtual cable, so that the cable and each direction on it can be lost as in a
/// real outage: packets vanish, nobody is told.
/// </summary>
internal sealed class ExchangeNamespace : IAsyncDisposable
{
    private const int NetworkKind = 0x40000000; // CLONE_NEWNET
    private const string Prefix = "bkx";
    private static int _made;
    private readonly string _cable;
    private readonly string _node;

    private ExchangeNamespace(int pid, int number)
    {
        Name = $"{Prefix}{pid}-{number}";
        _cable = $"bkc{pid}x{number}";
        (_node, Address) = AddressesOf(pid, number);
    }

    internal string Name { get; }

    /// <summary>The exchange as the node sees it.</summary>
    internal string Address { get; }

    /// <exception cref="DrillFailedException">Namespaces cannot be made here.</exception>
    internal static async Task<ExchangeNamespace> CreateAsync()
    {
        await RemoveStaleAsync();
        var made = new ExchangeNamespace(Environment.ProcessId, Interlocked.Increment(ref _made));
        Farewell.Remember(made, made.Remove);
        try
        {
            await IpAsync("netns", "add", made.Name);
            await IpAsync("link", "add", made._cable, "type", "veth", "peer", "name", "exchange", "netns", made.Name);
            await IpAsync("addr", "add", made._node + "/30", "dev", made._cable);
            await IpAsync("link", "set", made._cable, "up");
            await IpAsync("-n", made.Name, "addr", "add", made.Address + "/30", "dev", "exchange");
            await IpAsync("-n", made.Name, "link", "set", "exchange", "up");
            await IpAsync("-n", made.Name, "link", "set", "lo", "up");
            return made;
        }
        catch (DrillFailedException failure)
        {
            await made.DisposeAsync();
            throw new DrillFailedException(
                $"this drill puts the exchange into a network namespace of its own, and none can be made here (needs root and the program ip): {failure.Message}");
        }
    }

    /// <summary>How a program is started inside: the words to put before it.</summary>
    internal (string Program, string[] Arguments) Inside(string program) => ("ip", ["netns", "exec", Name, program]);

    /// <summary>A TCP socket that lives inside, whoever uses it.</summary>
    internal Socket OpenSocket()
    {
        Socket? socket = null;
        Exception? failure = null;

        // A namespace belongs to a thread: this one enters, makes the socket, and ends.
        var visitor = new Thread(() =>
        {
            try
            {
                using var place = File.OpenHandle("/var/run/netns/" + Name);
                if (SetNamespace(place.DangerousGetHandle().ToInt32(), NetworkKind) != 0)
                {
                    throw new DrillFailedException($"expected to enter the network namespace {Name}; error {Marshal.GetLastPInvokeError()}");
                }

                socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception reason)
            {
                // Outermost frame of the thread: it is thrown again below.
                failure = reason;
            }
        });
        visitor.Start();
        visitor.Join();
        return socket ?? throw new DrillFailedException($"no socket inside the network namespace {Name}: {failure!.Message}");
    }

    /// <summary>What the node sends is lost.</summary>
    internal Task LoseToExchangeAsync() => IpAsync("route", "add", "blackhole", Address + "/32");

    /// <summary>What the exchange sends is lost.</summary>
    internal Task LoseFromExchangeAsync() => IpAsync("-n", Name, "route", "add", "blackhole", _node + "/32");

    internal Task UnplugAsync() => IpAsync("link", "set", _cable, "down");

    /// <summary>Everything arrives again.</summary>
    internal async Task HealAsync()
    {
        await TryIpAsync("route", "del", "blackhole", Address + "/32");
        await TryIpAsync("-n", Name, "route", "del", "blackhole", _node + "/32");
        await IpAsync("link", "set", _cable, "up");
    }

    public async ValueTask DisposeAsync()
    {
        await TryIpAsync("route", "del", "blackhole", Address + "/32");
        await TryIpAsync("netns", "del", Name);
        await TryIpAsync("link", "del", _cable);
        Farewell.Forget(this);
    }

    public override string ToString() => $"network namespace {Name}";

    private void Remove()
    {
        foreach (var arguments in new[] { $"route del blackhole {Address}/32", $"netns del {Name}", $"link del {_cable}" })
        {
            using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            ip.WaitForExit(2000);
        }
    }

    /// <summary>What drills left that were killed with -9.</summary>
    private static async Task RemoveStaleAsync()
    {
        var (_, list) = await TryIpAsync("netns", "list");
        foreach (var name in list.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var parts = name[Prefix.Length..].Split('-');
            if (parts.Length == 2 && int.TryParse(parts[0], out var pid) && int.TryParse(parts[1], out var number) && !Directory.Exists($"/proc/{pid}"))
            {
                await new ExchangeNamespace(pid, number).DisposeAsync();
            }
        }
    }

    /// <summary>Four addresses for each, so that drills that run side by side do not meet.</summary>
    private static (string Node, string Exchange) AddressesOf(int pid, int number)
    {
        var block = ((pid * 64) + number) % 16384;
        var network = $"10.231.{block / 64}.";
        var first = block % 64 * 4;
        return ($"{network}{first + 1}", $"{network}{first + 2}");
    }

    private static async Task IpAsync(params string[] arguments)
    {
        var (status, output) = await TryIpAsync(arguments);
        Expect.That(status == 0, $"\"ip {string.Join(' ', arguments)}\" succeeds; found status {status}: {output.Trim()}");
    }

    private static async Task<(int Status, string Output)> TryIpAsync(params string[] arguments)
    {
        try
        {
            return await ManagedProcess.RunAsync("ip", arguments);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new DrillFailedException($"the program ip (Debian: iproute2) cannot be started: {missing.Message}");
        }
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int place, int kind);
}
