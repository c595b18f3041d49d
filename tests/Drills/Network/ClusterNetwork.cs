namespace Backup.Drills.Network;

/// <summary>The networks of a cluster's nodes, and every cable between them.</summary>
internal sealed class ClusterNetwork : IAsyncDisposable
{
    private const string Prefix = "bkn";
    private static int _made;

    private ClusterNetwork(int pid, int number, int nodes)
    {
        // Sixty-four addresses for each, so that drills that run side by side do not meet.
        var block = ((pid * 8) + number) % 1024;
        Places = [.. Enumerable.Range(0, nodes).Select(node => new NodePlace(
            $"{Prefix}{pid}-{number}-{node + 1}", $"bko{pid}x{number}{node}", $"bkd{pid}x{number}{node}", ($"10.232.{block / 4}.", block % 4 * 64), node))];
    }

    internal IReadOnlyList<NodePlace> Places { get; }

    /// <summary>Where clients and the exchange are, for all nodes alike.</summary>
    internal string Outside => Places[0].Outside;

    /// <summary>Every address under which nodes look for the database.</summary>
    internal IEnumerable<string> DatabaseAddresses => Places.Select(place => place.Database);

    /// <summary>All that the nodes' addresses have in common, for the database's list of who may come.</summary>
    internal const string Everybody = "10.232.0.0/16";

    /// <exception cref="DrillFailedException">Namespaces cannot be made here.</exception>
    internal static async Task<ClusterNetwork> CreateAsync(int nodes)
    {
        await RemoveStaleAsync(nodes);
        var made = new ClusterNetwork(Environment.ProcessId, Interlocked.Increment(ref _made), nodes);
        Farewell.Remember(made, () => Ip.TryNow(made.Removal));
        try
        {
            foreach (var place in made.Places)
            {
                await place.LayAsync(made.Outside);
            }

            foreach (var (one, other, pair) in made.Pairs())
            {
                await one.LinkAsync(other, pair);
            }

            return made;
        }
        catch (DrillFailedException failure)
        {
            await made.DisposeAsync();
            throw new DrillFailedException($"this drill puts every node into a network namespace of its own, and none can be made here (needs root and the program ip): {failure.Message}");
        }
    }

    /// <summary>Everything arrives again.</summary>
    internal async Task HealAsync()
    {
        foreach (var place in Places)
        {
            await place.HealDatabaseAsync();
        }

        foreach (var (one, other, pair) in Pairs())
        {
            await one.PlugInAsync(other, pair);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in Removal)
        {
            await Ip.TryAsync(command.Split(' '));
        }

        Farewell.Forget(this);
    }

    public override string ToString() => $"network namespaces {Places[0].Name} and its neighbours";

    private IEnumerable<string> Removal => Places.SelectMany(place => place.Removal);

    /// <summary>What drills left that were killed with -9.</summary>
    private static async Task RemoveStaleAsync(int nodes)
    {
        var (_, list) = await Ip.TryAsync("netns", "list");
        foreach (var name in list.Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var parts = name[Prefix.Length..].Split('-');
            if (parts is [var pid, var number, "1"] && int.TryParse(pid, out var maker) && !Directory.Exists($"/proc/{maker}"))
            {
                await new ClusterNetwork(maker, int.Parse(number), nodes).DisposeAsync();
            }
        }
    }

    private IEnumerable<(NodePlace One, NodePlace Other, int Pair)> Pairs()
    {
        var pair = 0;
        for (var one = 0; one < Places.Count; one++)
        {
            for (var other = one + 1; other < Places.Count; other++)
            {
                yield return (Places[one], Places[other], pair++);
            }
        }
    }
}
