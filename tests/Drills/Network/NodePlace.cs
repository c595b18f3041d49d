using System.Net.Sockets;

namespace Backup.Drills.Network;

/// <summary>
/// A network of its own for one node of a cluster, with a cable for each of its neighbours: one to the outside (clients and exchange), one to
/// the database, and one to every other node. Each can be lost alone, and the one to the database in each direction alone.
/// </summary>
/// <param name="block">The first three parts of the addresses, with the dot, and the first number of this cluster's sixty-four.</param>
internal sealed class NodePlace(string name, string outsideCable, string databaseCable, (string Network, int First) block, int number)
{
    /// <summary>The network namespace.</summary>
    internal string Name => name;

    /// <summary>The outside as this node sees it.</summary>
    internal string Outside => At((4 * number) + 1);

    /// <summary>The node as the outside sees it: where its clients come in.</summary>
    internal string Address => At((4 * number) + 2);

    /// <summary>The database as this node sees it.</summary>
    internal string Database => At(12 + (4 * number) + 1);

    /// <summary>The node as the database sees it.</summary>
    internal string DatabaseSide => At(12 + (4 * number) + 2);

    /// <summary>The node as the other nodes see it, whatever cable they come over.</summary>
    internal string LinkAddress => At(40 + number);

    /// <summary>The cables in our own network, which go with the namespace.</summary>
    internal string[] Cables => [outsideCable, databaseCable];

    internal (string Program, string[] Arguments) Inside(string program) => ("ip", ["netns", "exec", name, program]);

    internal Socket OpenSocket() => Visit.OpenSocket(name);

    /// <param name="outside">Where the exchange listens, when that is not this node's own end of the outside.</param>
    internal async Task LayAsync(string outside)
    {
        await Ip.RunAsync("netns", "add", name);
        await Ip.RunAsync("-n", name, "link", "set", "lo", "up");
        await Ip.RunAsync("-n", name, "addr", "add", $"{LinkAddress}/32", "dev", "lo");
        await LayAsync(outsideCable, Outside, "outside", Address);
        await LayAsync(databaseCable, Database, "database", DatabaseSide);
        if (outside != Outside)
        {
            await Ip.RunAsync("-n", name, "route", "add", $"{outside}/32", "via", Outside);
        }
    }

    /// <summary>Lays the cable to another node.</summary>
    /// <param name="pair">Different for each pair.</param>
    internal async Task LinkAsync(NodePlace other, int pair)
    {
        var (mine, others) = (At(24 + (4 * pair) + 1), At(24 + (4 * pair) + 2));
        await Ip.RunAsync("-n", name, "link", "add", $"to-{other.Number}", "type", "veth", "peer", "name", $"to-{Number}", "netns", other.Name);
        await Ip.RunAsync("-n", name, "addr", "add", $"{mine}/30", "dev", $"to-{other.Number}");
        await Ip.RunAsync("-n", other.Name, "addr", "add", $"{others}/30", "dev", $"to-{Number}");
        await PlugInAsync(other, others);
        await other.PlugInAsync(this, mine);
    }

    /// <summary>The cable to another node is out.</summary>
    internal Task UnplugAsync(NodePlace other) => Ip.RunAsync("-n", name, "link", "set", $"to-{other.Number}", "down");

    /// <summary>The cable is in again. A network forgets its ways over a cable that is out, so they are told anew.</summary>
    internal async Task PlugInAsync(NodePlace other, int pair)
    {
        await PlugInAsync(other, At(24 + (4 * pair) + 2));
        await other.PlugInAsync(this, At(24 + (4 * pair) + 1));
    }

    /// <summary>What the node says to the database is lost.</summary>
    internal Task LoseToDatabaseAsync() => Ip.RunAsync("-n", name, "route", "replace", "blackhole", $"{Database}/32");

    /// <summary>What the database says to the node is lost.</summary>
    internal Task LoseFromDatabaseAsync() => Ip.RunAsync("route", "replace", "blackhole", $"{DatabaseSide}/32");

    internal Task UnplugDatabaseAsync() => Ip.RunAsync("link", "set", databaseCable, "down");

    /// <summary>The way to the database is whole again.</summary>
    internal async Task HealDatabaseAsync()
    {
        await Ip.TryAsync("-n", name, "route", "del", "blackhole", $"{Database}/32");
        await Ip.TryAsync("route", "del", "blackhole", $"{DatabaseSide}/32");
        await Ip.RunAsync("link", "set", databaseCable, "up");
    }

    /// <summary>What takes it away, as arguments of the program ip.</summary>
    internal IEnumerable<string> Removal =>
        [$"route del blackhole {DatabaseSide}/32", $"netns del {name}", .. Cables.Select(cable => $"link del {cable}")];

    private int Number => number + 1;

    private async Task PlugInAsync(NodePlace other, string way)
    {
        await Ip.RunAsync("-n", name, "link", "set", $"to-{other.Number}", "up");
        await Ip.RunAsync("-n", name, "route", "replace", $"{other.LinkAddress}/32", "via", way, "dev", $"to-{other.Number}", "onlink");
    }

    private async Task LayAsync(string cable, string ours, string inside, string theirs)
    {
        await Ip.RunAsync("link", "add", cable, "type", "veth", "peer", "name", inside, "netns", name);
        await Ip.RunAsync("addr", "add", $"{ours}/30", "dev", cable);
        await Ip.RunAsync("link", "set", cable, "up");
        await Ip.RunAsync("-n", name, "addr", "add", $"{theirs}/30", "dev", inside);
        await Ip.RunAsync("-n", name, "link", "set", inside, "up");
    }

    private string At(int offset) => $"{block.Network}{block.First + offset}";
}
