using Backup.Drills.Records;

namespace Backup.Drills;

/// <summary>The product with clients logged in, and what can break it, on which about ten runs take place.</summary>
internal sealed class FaultStage : IAsyncDisposable
{
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, Trader> _traders = new(StringComparer.Ordinal);
    private readonly List<(string Client, string Mobile)> _clients = [];

    private FaultStage(string place, string again, StackOptions options)
    {
        (Place, Again) = (place, again);
        Stack = new Stack(options);
        Record = new ClientRecord(Stack.Folder);
        Reconciliation = new Reconciliation(Stack, Violations);
    }

    /// <summary>What kind of stage it is.</summary>
    internal string Place { get; }

    /// <summary>What to add to a command so that it is opened like this again.</summary>
    internal string Again { get; }

    internal Stack Stack { get; }

    internal ClientRecord Record { get; }

    internal Reconciliation Reconciliation { get; }

    internal List<string> Violations { get; } = [];

    /// <summary>The exchange has forgotten something on this stage: what nobody can prove stays unknown until the stage is struck.</summary>
    internal bool HasHole { get; set; }

    internal int Runs { get; set; }

    internal static async Task<FaultStage> OpenAsync(string place, string again, StackOptions options)
    {
        // Shorter than in production, so that many runs fit in a minute; what they protect is the same.
        var stage = new FaultStage(place, again, options with
        {
            IsLoad = true,
            NodeSettings = ["tap.settle-delay=200ms", "tap.backoff-min=100ms", "tap.backoff-max=1s", .. options.NodeSettings],
            SimulatorSettings = ["price-interval-ms=300", "fill-delay-ms=20"],
        });
        try
        {
            await stage.Stack.StartSimulatorAsync();
            await stage.Stack.ImportAsync();
            await stage.Stack.StartNodeAsync();
            await stage.Stack.WaitUntilTradingAsync();
            await stage.ReadClientsAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>So many clients, chosen by the dice, logged in.</summary>
    internal async Task<List<Trader>> InviteAsync(SeededDice dice, int count)
    {
        var left = _clients.ToList();
        var invited = new List<Trader>();
        while (invited.Count < count)
        {
            var chosen = left[dice.Next(left.Count)];
            left.Remove(chosen);
            invited.Add(await LoginAsync(chosen.Client, chosen.Mobile));
        }

        return invited;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var trader in _traders.Values)
        {
            trader.Dispose();
        }

        Record.Dispose();
        await Stack.DisposeAsync();
    }

    private async Task<Trader> LoginAsync(string client, string mobile)
    {
        if (_traders.TryGetValue(client, out var known))
        {
            return known;
        }

        var trader = new Trader(Stack, client, mobile);
        await trader.LoginAsync();

        // A cluster that has just started may be too busy to answer the first question in time.
        await Eventually.HoldsAsync($"{client} is shown his positions", OpeningPatience, async () =>
        {
            await Reconciliation.RememberOpeningAsync([trader]);
            return true;
        });
        _traders.Add(client, trader);
        return trader;
    }

    private async Task ReadClientsAsync()
    {
        foreach (var line in (await File.ReadAllLinesAsync(Path.Combine(Stack.Root, "data/sample/clients.csv"))).Skip(1))
        {
            var cells = line.Split(',');
            if (cells[6] == "ACTIVE")
            {
                _clients.Add((cells[0], cells[3]));
            }
        }
    }
}
