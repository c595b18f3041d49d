using Backup.Cluster.Simulation.Checks;
using Backup.Cluster.Simulation.Clients;
using Backup.Cluster.Simulation.Database;
using Backup.Cluster.Simulation.Exchange;
using Backup.Cluster.Simulation.Faults;
using Backup.Cluster.Simulation.Nodes;
using Backup.Cluster.Simulation.Time;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;

namespace Backup.Cluster.Simulation;

/// <summary>What one seed came to.</summary>
internal sealed record SimResult(ulong Seed, IReadOnlyList<string> Violations, Tally Seen, ulong Trace, long Steps, TimeSpan Settled, IReadOnlyList<string> Story);

/// <summary>
/// One life of a cluster in virtual time: faults strike while clients trade, then everything heals, and within a bound every order must be settled
/// and the records must agree.
/// </summary>
internal sealed class SimRun : IDisposable
{
    private const int MessagesPerSecond = 40;
    private static readonly TimeSpan Danger = TimeSpan.FromSeconds(28);
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(90);
    private static readonly string[] Names = ["n1", "n2", "n3"];

    private readonly SimScheduler _scheduler;
    private readonly SimDatabase _database;
    private readonly SimExchange _exchange;
    private readonly Market _market;
    private readonly SimNode[] _nodes;
    private readonly SimTrader[] _traders;
    private readonly Nemesis _nemesis;
    private readonly History _history = new();
    private readonly Story _story;
    private readonly string _folder;
    private readonly ulong _seed;
    private bool _isOver;

    private SimRun(ulong seed, string folder, DatabaseFlaws flaws, bool tells)
    {
        var dice = new Dice(seed);
        (_seed, _folder) = (seed, folder);
        _scheduler = new SimScheduler(dice.Next());
        _story = new Story(_scheduler, tells);
        _database = new SimDatabase(_scheduler, dice.Fork(), flaws);
        var segment = dice.Pick(Enum.GetValues<Segment>());
        _market = new Market(segment, [.. Enumerable.Range(1, 5).Select(number => $"ACC{number:D2}")], dice.Fork());
        Directory.CreateDirectory(folder);
        var instruments = Path.Combine(folder, "instruments.csv");
        File.WriteAllText(instruments, _market.InstrumentsCsv());
        _exchange = new SimExchange(_scheduler, dice.Fork(), segment, folder, instruments, MessagesPerSecond);
        var network = new SimNetwork(_scheduler, dice.Fork());
        var place = new SimPlace(_scheduler, _database, _exchange, network, _market, MessagesPerSecond, _story.Note);
        _nodes = [.. Names.Select(name => new SimNode(place, name, dice.Fork()))];
        _traders = [.. _market.Accounts.Select(account => new SimTrader(_scheduler, account, _nodes, _market, dice.Fork(), _history))];
        _nemesis = new Nemesis(new Stage(place, _nodes), dice.Fork());
    }

    /// <param name="folder">For the exchange's ledger; removed afterwards.</param>
    internal static SimResult Run(ulong seed, string folder, DatabaseFlaws? flaws = null, bool tells = false)
    {
        using var run = new SimRun(seed, folder, flaws ?? new DatabaseFlaws(), tells);
        return run.Run();
    }

    public void Dispose()
    {
        _exchange.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private SimResult Run()
    {
        foreach (var trader in _traders)
        {
            _scheduler.World.Start(() => trader.RunAsync(() => _isOver));
        }

        _nemesis.Begin();
        _scheduler.Run(Danger);
        _isOver = true;
        _nemesis.Heal();
        _story.Note("everything is healed");
        _exchange.SetLiquidity(LiquidityMode.Full);
        foreach (var trader in _traders)
        {
            _scheduler.World.Start(() => SettleAsync(trader));
        }

        var isSettled = _scheduler.RunUntil(() => _settled == _traders.Length, Danger + SettleLimit);
        var settled = _scheduler.Elapsed - Danger;

        // What is still under way may show what must not be.
        _scheduler.Run(_scheduler.Elapsed + TimeSpan.FromSeconds(1));
        return Judge(isSettled, settled);
    }

    private int _settled;

    private async Task SettleAsync(SimTrader trader)
    {
        while (!await trader.SettleAsync())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), _scheduler.World.Clock);
        }

        _settled++;
    }

    private SimResult Judge(bool isSettled, TimeSpan settled)
    {
        // A node that was downed while it lives shows what it last knew until its next beat.
        var splits = _nodes.Sum(node => node.Splits + (node.Life?.News.Splits ?? 0));
        var evidence = new Evidence(_history, _exchange, _database.Log, _market, _nemesis.BunchesMessages ? null : MessagesPerSecond, _nemesis.EndsLeasesEarly || splits > 0);
        if (_scheduler.Failures.Count > 0)
        {
            // The run stood still in the middle of things: the records cannot agree.
            return Result([.. _scheduler.Failures.Select(failure => $"P8 the run cannot be repeated or ended badly: {failure}")], evidence, settled);
        }

        var violations = evidence.Violations;
        violations.AddRange(SnapshotCheck.Check(_database.Rows));
        violations.AddRange(_nodes.Where(node => node.Life is not null).SelectMany(node => node.Life!.Quarantined.Select(each => $"P6 {node.Name} has quarantined {each.Key}: {each.Value}")));
        if (!isSettled)
        {
            violations.AddRange(_traders.Where(trader => trader.HasDoubts || trader.Seen is not { Working.IsEmpty: true, BusinessDate: not null }).Select(trader =>
                $"I8 {trader.Account} is not settled {SettleLimit.TotalSeconds} s after everything healed: {Waiting(trader)}"));
        }

        return Result(violations, evidence, settled);
    }

    private SimResult Result(List<string> violations, Evidence evidence, TimeSpan settled)
    {
        foreach (var node in _nodes)
        {
            node.Kill("the run is over");
        }

        foreach (var line in evidence.Tell())
        {
            _story.Note(line);
        }

        var seen = Tally.Of(_nodes, _database, evidence, _nemesis, _history);
        return new SimResult(_seed, violations, seen, _scheduler.Trace, _scheduler.Steps, settled, _story.Lines);
    }

    private static string Waiting(SimTrader trader) => trader.Seen is { BusinessDate: null } ? "its day was never opened" : trader.Seen is { } seen
        ? string.Join(", ", seen.WorkingOrders.Select(order => $"order {order.Id.Number} {order.Status}{(order.CancelWanted ? ", cancel wanted" : "")}"))
        : "nobody ever showed the account";
}
