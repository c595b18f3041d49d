using Backup.Account.Domain;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Entities;
using Backup.Actor.Kernel.Links;
using Backup.Cluster.Simulation.Database;
using Backup.Cluster.Simulation.Exchange;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>What all nodes stand in.</summary>
internal sealed record SimPlace(
    SimScheduler Scheduler, SimDatabase Database, SimExchange Exchange, SimNetwork Network, Market Market, int MessagesPerSecond, Action<string> Note);

/// <summary>A machine on which the product runs: a process that ends is started again after a moment, as a supervisor does.</summary>
internal sealed class SimNode
{
    /// <summary>The server finds out that a connection is dead (RELIABILITY A4).</summary>
    private static readonly TimeSpan ServerNotices = TimeSpan.FromSeconds(4);

    private readonly SimPlace _place;
    private readonly Dice _dice;
    private readonly List<ExchangeLine> _lines = [];
    private SimProcess _process = null!;
    private NodeLife? _life;
    private int _lives;
    private bool _isStopping;

    internal SimNode(SimPlace place, string name, Dice dice)
    {
        (_place, Name, _dice) = (place, name, dice);
        place.Network.Doors[name] = LetIn;
        Start();
    }

    internal string Name { get; }

    internal NodeLife? Life => _life;

    /// <summary>Its way to the database.</summary>
    internal DatabaseLink Database { get; private set; } = null!;

    /// <summary>Its way to the exchange.</summary>
    internal WireState Wire { get; } = new();

    internal bool IsRunning => _life is not null;

    internal bool IsPaused => _process.IsPaused;

    /// <summary>How the process's clock runs; each machine has its own, and it outlives processes.</summary>
    internal int DriftMillionths { get; set; }

    internal TimeSpan ClockStep { get; set; }

    internal int Lives => _lives;

    internal int Fenced { get; private set; }

    internal int Unknown { get; private set; }

    internal int Splits { get; private set; }

    internal int Gone { get; private set; }

    /// <summary>kill -9, or the process ending itself: nothing of it runs again, and the kernel closes what it had open.</summary>
    internal void Kill(string reason)
    {
        if (_life is not { } life)
        {
            return;
        }

        _place.Note($"{_process} ends: {reason}");
        Fenced += life.Journal.Fenced;
        Unknown += life.Journal.Unknown;
        Splits += life.News.Splits;
        Gone += life.News.Gone;
        _life = null;
        _process.Kill();
        _place.Network.Close(_process);
        var session = life.Self;
        _place.Scheduler.After(Database.IsCutTo ? ServerNotices : TimeSpan.FromMilliseconds(2), () => _place.Database.Sessions.Remove(session));
        foreach (var line in _lines)
        {
            line.Close();
        }

        _lines.Clear();
        _place.Scheduler.After(_dice.Between(200, 3000), Start);
    }

    internal void Pause()
    {
        _place.Note($"{_process} stands still");
        _process.Pause();
    }

    internal void Wake()
    {
        if (_process.IsPaused)
        {
            _place.Note($"{_process} goes on");
            _process.Wake();
        }
    }

    /// <summary>SIGTERM.</summary>
    internal void Stop()
    {
        if (_life is { } life && !_isStopping)
        {
            _isStopping = true;
            _place.Note($"{_process} is told to stop");
            _process.Start(life.StopAsync);
        }
    }

    /// <summary>The clocks of the machine are set as they should be now.</summary>
    internal void ApplyClocks()
    {
        _process.Clock.Drift(DriftMillionths);
        _process.Clock.Step = ClockStep;
    }

    /// <summary>Asks as a client does, over a network: an answer may never come.</summary>
    internal void Ask(string account, AccountCommand command, TimeSpan deadline, Action<AskResult<AccountReply>> answered)
    {
        var scheduler = _place.Scheduler;
        scheduler.After(_dice.Between(0.2, 2), () =>
        {
            if (_life is not { } life)
            {
                answered(new AskResult<AccountReply>(AskStatus.NotOwner, default, "connection refused"));
                return;
            }

            _process.Start(async () =>
            {
                var result = await life.AskAsync(account, command, deadline);
                scheduler.After(_dice.Between(0.2, 2), () => answered(result));
            });
        });
    }

    private bool LetIn(NodeId from, NodeId wanted, ILinkConnection connection)
    {
        if (_life is not { } life || life.Self != wanted || connection is not SimNetwork.LinkEnd end)
        {
            return false;
        }

        end.Process = _process;
        _process.Start(() => life.AcceptAsync(from, connection));
        return true;
    }

    private void Start()
    {
        _lives++;
        _isStopping = false;
        _process = _place.Scheduler.NewProcess($"{Name}#{_lives}");
        var before = Database;
        Database = new DatabaseLink(_place.Database, _process, _dice)
        {
            IsCutTo = before is { IsCutTo: true },
            IsCutFrom = before is { IsCutFrom: true },
            BreakPercent = before?.BreakPercent ?? 0,
        };
        ApplyClocks();
        var process = _process;
        var life = new NodeLife(new NodeWorld(
            process, Name, Database, _place.Market, _place.Exchange.DialFrom(process, Wire, _lines), _place.Network.DialerOf(process, Name), _place.MessagesPerSecond,
            _dice.Fork(), text => _place.Note($"{process}: {text}"), Kill));
        _life = life;
        _place.Note($"{_process} starts");
        _process.Start(life.RunAsync);
    }
}
