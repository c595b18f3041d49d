using System.Text.Json.Nodes;
using Backup.Actor.Kernel;
using Backup.Drills;

namespace Backup.Failover.Bench;

/// <summary>Clients of many shards, logged in at a cluster of three nodes over PostgreSQL with a synchronous standby; one client a shard.</summary>
internal sealed class Clients : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly List<string> _violations = [];
    private readonly Reconciliation _reconciliation;

    private Clients(Stack stack)
    {
        Stack = stack;
        _reconciliation = new Reconciliation(stack, _violations);
    }

    internal Stack Stack { get; }

    internal List<Probe> All { get; } = [];

    internal static async Task<Clients> OpenAsync(StackOptions options, int clientsMax, Pace pace)
    {
        var clients = new Clients(new Stack(options));
        try
        {
            await clients.Stack.StartSimulatorAsync();
            await clients.Stack.ImportAsync();
            await clients.Stack.StartNodeAsync();
            await clients.Stack.WaitUntilTradingAsync();
            await clients.WaitUntilWholeAsync();
            await clients.LoginAsync(clientsMax, pace);
            await clients.Stack.ControlAsync("liquidity", new { mode = "none" });
            return clients;
        }
        catch
        {
            await clients.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until all three nodes have their part of the shards and nothing is on its way.</summary>
    internal Task WaitUntilWholeAsync() => Eventually.HoldsAsync("every node has its part of the shards", Patience, async () =>
    {
        if (Stack.Members.Any(static member => !member.IsRunning))
        {
            // On a busy machine a node may miss its renewals and end; what watches processes starts it again.
            await Stack.StartNodeAsync();
        }

        foreach (var member in Stack.Members)
        {
            var shards = await member.ManageAsync("cluster/shards");
            if ((int)shards["unowned"]! > 0 || shards["moves"]!.AsArray().Count > 0 || Owners(shards).Values.Distinct(StringComparer.Ordinal).Count() != Stack.Members.Count)
            {
                return false;
            }
        }

        return true;
    }, FoundAsync);

    /// <summary>The clients whose shards a node has.</summary>
    internal async Task<List<Probe>> OfAsync(string node)
    {
        var owners = Owners(await Stack.Members[0].ManageAsync("cluster/shards"));
        return All.FindAll(probe => owners[probe.Shard] == node);
    }

    /// <summary>The node that has the session of a box (cm, fo).</summary>
    internal async Task<string> OwnerOfBoxAsync(string box)
    {
        var members = await Stack.Members.First(static member => member.IsRunning).ManageAsync("cluster/members");
        return members.AsArray()
            .Where(member => member!["boxes"]!.AsArray().Any(name => ((string)name!).Contains(box, StringComparison.OrdinalIgnoreCase)))
            .Select(member => (string)member!["name"]!).First();
    }

    /// <summary>When things are quiet: what was acknowledged is in the journal, no order was sent twice, and all books agree. Returns what is wrong.</summary>
    /// <param name="except">A client whose journal is too long to be read through a pipe; the journal as a whole is verified with his in it.</param>
    internal async Task<List<string>> ReconcileAsync(string except = "")
    {
        await TidyAsync();
        var ledger = await _reconciliation.CheckLedgerAsync();
        var probes = All.Where(probe => probe.Trader.ClientId != except).ToDictionary(probe => probe.Trader.ClientId, StringComparer.Ordinal);
        await _reconciliation.CheckClientsAsync([.. probes.Values.Select(probe => probe.Trader)], ledger, client => probes[client].Acknowledged, replayed: 0);
        var verified = await Stack.PbmJsonAsync("journal", "verify");
        if (!(bool)verified["ok"]!)
        {
            _violations.Add($"the journal does not verify: {verified["faults"]}");
        }

        return _violations;
    }

    /// <summary>Every doubt is settled and nothing rests at the exchange, so that the next round has something to exit.</summary>
    internal async Task TidyAsync()
    {
        foreach (var probe in All)
        {
            await probe.SettleDoubtsAsync();
            await probe.TakeBackAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        All.ForEach(static probe => probe.Dispose());
        await Stack.DisposeAsync();
    }

    /// <summary>How the nodes see the shards, in words.</summary>
    internal async Task<string> FoundAsync()
    {
        var seen = new List<string>();
        foreach (var member in Stack.Members)
        {
            try
            {
                var shards = await member.ManageAsync("cluster/shards");
                seen.Add($"{member.Name} sees {string.Join(", ", Owners(shards).Values.CountBy(static owner => owner).Select(static owner => $"{owner.Value} of {owner.Key}"))}, "
                    + $"{shards["unowned"]} unowned, {shards["moves"]!.AsArray().Count} moving, and says\n{string.Join('\n', member.Process!.Output.Split('\n').Where(static line => !line.Contains("AccessToken", StringComparison.Ordinal)).TakeLast(12))}");
            }
            catch (Exception gone) when (Trader.IsAway(gone))
            {
                seen.Add($"{member.Name}{(member.IsRunning ? "" : ", which has ended,")} does not answer: {gone.Message}\n{string.Join('\n', member.Process!.Output.Split('\n').TakeLast(5))}");
            }
        }

        return string.Join("; ", seen);
    }

    private static Dictionary<int, string> Owners(JsonNode shards) => shards["shards"]!.AsArray()
        .ToDictionary(shard => (int)shard!["shard"]!, shard => ((string?)shard!["owner"] ?? "").Split('#')[0]);

    private async Task LoginAsync(int clientsMax, Pace pace)
    {
        var shards = (await Stack.Members[0].ManageAsync("cluster/shards"))["shards"]!.AsArray().Count;
        foreach (var cells in (await File.ReadAllLinesAsync(Path.Combine(Stack.Sample, "clients.csv"))).Skip(1).Select(line => line.Split(',')))
        {
            var shard = StableHash.Shard(cells[0], shards);
            if (cells[6] == "ACTIVE" && All.Count < clientsMax && All.TrueForAll(probe => probe.Shard != shard))
            {
                var trader = new Trader(Stack, cells[0], cells[3]);
                await trader.LoginAsync();
                await Eventually.HoldsAsync($"{cells[0]} sees his positions", Patience, async () => (await trader.PositionsAsync()).Count > 0);
                All.Add(new Probe(trader, shard, pace));
            }
        }

        await _reconciliation.RememberOpeningAsync(All.ConvertAll(static probe => probe.Trader));
    }
}
