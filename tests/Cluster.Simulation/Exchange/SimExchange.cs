using System.Collections.Immutable;
using System.Net;
using Backup.Cluster.Simulation.Time;
using Backup.Exchange.Simulator;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;
using Backup.Exchange.Wire;
using Backup.Tap.Stream;

namespace Backup.Cluster.Simulation.Exchange;

/// <summary>
/// The exchange of src/Exchange.Simulator in virtual time: its sessions, its matching engine, its day's journal for downloads, its faults and its
/// ledger; only the sockets are replaced.
/// </summary>
internal sealed class SimExchange : IDisposable
{
    internal const int RouterPort = 1;
    internal const int GatewayPort = 2;
    internal const int User = 45678;
    internal const string Password = "Trade@26";
    internal const string Member = "90123";
    internal const short Box = 201;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly SimScheduler _scheduler;
    private readonly SimProcess _process;
    private readonly Dice _dice;
    private readonly ExchangeFloor _floor;
    private readonly List<ExchangeLine> _lines = [];
    private readonly ITimer _beat;

    /// <param name="folder">For the ledger; in memory, if it is to be quick.</param>
    internal SimExchange(SimScheduler scheduler, Dice dice, Segment segment, string folder, string instruments, int messagesPerSecond)
    {
        (_scheduler, _dice, Segment) = (scheduler, dice, segment);
        _process = scheduler.NewProcess("exchange");
        var users = ImmutableDictionary<int, string>.Empty.Add(User, Password);
        _floor = new ExchangeFloor(
            new SimulatorSettings
            {
                DataFolder = folder,
                InstrumentsFile = instruments,
                Member = Member,
                Cm = new BoxSettings(Segment.CapitalMarket, Box, users),
                Fo = new BoxSettings(Segment.FuturesAndOptions, Box, users),
                Seed = dice.Next(int.MaxValue),
                FillDelay = dice.Between(1, 60),
                Liquidity = dice.Pick(Enum.GetValues<LiquidityMode>()),
                MessagesPerSecond = messagesPerSecond,
                RefuseSecondRouterQuery = dice.Chance(20),
                PriceInterval = TimeSpan.FromMilliseconds(500),
            },
            _process.Clock);
        _floor.Opened(segment, new IPEndPoint(IPAddress.Loopback, GatewayPort));
        _beat = _process.Clock.CreateTimer(_ => Tick(), null, Beat, Beat);
    }

    internal Segment Segment { get; }

    internal SimClock Clock => _process.Clock;

    /// <summary>Nobody can connect, and every line is cut: the exchange's gateway is away.</summary>
    internal bool IsAway { get; private set; }

    /// <summary>Everything that reached it and everything it said, as its own file has it.</summary>
    internal IReadOnlyList<string> Ledger => _floor.Look((_, _, ledger) => ledger.Read(0, int.MaxValue));

    /// <summary>Which process opened a session.</summary>
    internal Dictionary<long, SimProcess> Callers { get; } = [];

    /// <summary>How a node reaches it.</summary>
    internal ITapDial DialFrom(SimProcess node, WireState wire, List<ExchangeLine> own) => new Dial(this, node, wire, own);

    internal T Drill<T>(Func<DrillDesk, DateTimeOffset, T> act) => _floor.Drill(act);

    internal void SetLiquidity(LiquidityMode mode) => _floor.SetLiquidity(mode, Segment);

    internal void Fault(FaultKind kind, int count, TimeSpan duration, short error = 0) =>
        _floor.Drill((drills, now) => drills.Fault(kind, count, Segment, error, duration, now));

    internal void CutLines() => _floor.Drill((drills, now) => drills.Drop(now));

    internal void GoAway(bool away)
    {
        IsAway = away;
        if (away)
        {
            CutLines();
        }
    }

    public void Dispose()
    {
        _beat.Dispose();
        _floor.Dispose();
    }

    private void Tick()
    {
        _floor.Tick();
        foreach (var line in _lines)
        {
            line.Tick();
        }

        _lines.RemoveAll(line => line.IsOver);
    }

    private ExchangeLine Connect(bool isRouter, WireState wire, SimProcess caller)
    {
        var link = _floor.Arrive(Segment, isRouter, null);
        Callers[link.Id] = caller;
        var line = new ExchangeLine(_scheduler, wire, _dice, _floor, link, _process);
        _lines.Add(line);
        return line;
    }

    private sealed class Dial(SimExchange exchange, SimProcess node, WireState wire, List<ExchangeLine> own) : ITapDial
    {
        public async ValueTask<ITapLine> DialAsync(string host, int port, CancellationToken cancellationToken)
        {
            await Task.Delay(exchange._dice.Between(0.3, 3), node.Clock, cancellationToken);
            if (wire.IsStalledTo || wire.IsStalledFrom)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, node.Clock, cancellationToken);
            }

            if (exchange.IsAway)
            {
                throw new IOException("connection refused");
            }

            var line = exchange.Connect(port == RouterPort, wire, node);
            own.Add(line);
            own.RemoveAll(static one => one.IsOver);
            return line;
        }
    }
}
