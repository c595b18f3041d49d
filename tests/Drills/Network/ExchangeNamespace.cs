using System.Net.Sockets;

namespace Backup.Drills.Network;

/// <summary>
/// A network of its own for the exchange, joined to ours by one virtual cable, so that the cable and each direction on it can be lost as in a
/// real outage: packets vanish, nobody is told.
/// </summary>
internal sealed class ExchangeNamespace : IAsyncDisposable
{
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
            await Ip.RunAsync("netns", "add", made.Name);
            await Ip.RunAsync("link", "add", made._cable, "type", "veth", "peer", "name", "exchange", "netns", made.Name);
            await Ip.RunAsync("addr", "add", made._node + "/30", "dev", made._cable);
            await Ip.RunAsync("link", "set", made._cable, "up");
            await Ip.RunAsync("-n", made.Name, "addr", "add", made.Address + "/30", "dev", "exchange");
            await Ip.RunAsync("-n", made.Name, "link", "set", "exchange", "up");
            await Ip.RunAsync("-n", made.Name, "link", "set", "lo", "up");
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
    internal Socket OpenSocket() => Visit.OpenSocket(Name);

    /// <summary>What the node sends is lost.</summary>
    internal Task LoseToExchangeAsync() => Ip.RunAsync("route", "add", "blackhole", Address + "/32");

    /// <summary>What the exchange sends is lost.</summary>
    internal Task LoseFromExchangeAsync() => Ip.RunAsync("-n", Name, "route", "add", "blackhole", _node + "/32");

    internal Task UnplugAsync() => Ip.RunAsync("link", "set", _cable, "down");

    /// <summary>Everything arrives again.</summary>
    internal async Task HealAsync()
    {
        await Ip.TryAsync("route", "del", "blackhole", Address + "/32");
        await Ip.TryAsync("-n", Name, "route", "del", "blackhole", _node + "/32");
        await Ip.RunAsync("link", "set", _cable, "up");
    }

    public async ValueTask DisposeAsync()
    {
        await Ip.TryAsync("route", "del", "blackhole", Address + "/32");
        await Ip.TryAsync("netns", "del", Name);
        await Ip.TryAsync("link", "del", _cable);
        Farewell.Forget(this);
    }

    public override string ToString() => $"network namespace {Name}";

    private void Remove() => Ip.TryNow([$"route del blackhole {Address}/32", $"netns del {Name}", $"link del {_cable}"]);

    /// <summary>What drills left that were killed with -9.</summary>
    private static async Task RemoveStaleAsync()
    {
        var (_, list) = await Ip.TryAsync("netns", "list");
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
}
