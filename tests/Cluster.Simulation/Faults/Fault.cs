using Backup.Cluster.Simulation.Nodes;
using Backup.Cluster.Simulation.Time;
using Backup.Exchange.Simulator.Hostile;
using Backup.Exchange.Simulator.Settings;

namespace Backup.Cluster.Simulation.Faults;

/// <summary>The world that faults strike.</summary>
internal sealed record Stage(SimPlace Place, IReadOnlyList<SimNode> Nodes)
{
    /// <summary>Mostly the one that has the exchange: the others have less to lose.</summary>
    internal SimNode PickNode(Dice dice) =>
        dice.Chance(60) && Nodes.FirstOrDefault(node => node.Life is { HasExchange: true }) is { } trading ? trading : dice.Pick(Nodes);
}

/// <summary>Something that goes wrong for a while.</summary>
/// <param name="Strike">Begins it, and returns how to end it.</param>
/// <param name="Least">Milliseconds that it lasts.</param>
internal sealed record Fault(string Name, double Least, double Most, Func<Stage, Dice, Action> Strike)
{
    private static readonly Action Nothing = static () => { };

    /// <summary>
    /// A lease may run out, or be taken from a node that lives, before its holder can know: nothing is stored or sent wrongly then, but until the holder hears of it he shows what he
    /// last knew (RELIABILITY A11, F17, asks for I5 and I6 only).
    /// </summary>
    internal bool EndsLeasesEarly { get; init; }

    /// <summary>Messages may arrive closer together than they were sent, or be sent by a clock that is wrong.</summary>
    internal bool BunchesMessages { get; init; }

    internal static IReadOnlyList<Fault> All { get; } =
    [
        new("kill", 10, 4000, (stage, dice) => Once(() => stage.PickNode(dice).Kill("killed"))),
        new("stop", 10, 4000, (stage, dice) => Once(() => stage.PickNode(dice).Stop())),
        new("short pause", 200, 3000, Pause),
        new("long pause", 6000, 11_000, Pause),
        new("database unreachable", 500, 9000, (stage, dice) => CutDatabase(stage.PickNode(dice), to: true, from: true)),
        new("database hears nothing", 500, 9000, (stage, dice) => CutDatabase(stage.PickNode(dice), to: true, from: false)),
        new("database says nothing", 500, 9000, (stage, dice) => CutDatabase(stage.PickNode(dice), to: false, from: true)),
        new("connections break", 1000, 6000, BreakConnections) { EndsLeasesEarly = true },
        new("database crash", 300, 4000, (stage, _) => CrashDatabase(stage, stage.Place.Database.Restart)),
        new("failover", 300, 3000, (stage, _) => CrashDatabase(stage, stage.Place.Database.Promote)),
        new("standby frozen", 300, 7000, (stage, _) => FreezeStandby(stage)),
        new("failover behind a frozen standby", 3000, 9000, FailBehindFrozen),
        new("slow database", 1000, 8000, (stage, _) => SlowDatabase(stage)),
        new("exchange unreachable", 200, 8000, (stage, dice) => Stall(stage.PickNode(dice), to: true, from: true)) { BunchesMessages = true },
        new("exchange hears nothing", 200, 8000, (stage, dice) => Stall(stage.PickNode(dice), to: true, from: false)) { BunchesMessages = true },
        new("exchange says nothing", 200, 8000, (stage, dice) => Stall(stage.PickNode(dice), to: false, from: true)) { BunchesMessages = true },
        new("node cut off", 500, 14_000, (stage, dice) => CutOff(stage, dice.Pick(stage.Nodes), to: true, from: true)),
        new("node not heard", 500, 14_000, (stage, dice) => CutOff(stage, dice.Pick(stage.Nodes), to: false, from: true)),
        new("one link cut", 500, 14_000, CutOne),
        new("lines cut", 10, 2000, (stage, _) => Once(stage.Place.Exchange.CutLines)),
        new("exchange away", 300, 5000, (stage, _) => GoAway(stage)),
        new("exchange misbehaves", 500, 5000, Misbehave),
        new("liquidity", 500, 6000, (stage, dice) => Once(() => stage.Place.Exchange.SetLiquidity(dice.Pick(Enum.GetValues<LiquidityMode>())))),
        new("operator moves shards", 500, 6000, MoveShards),
        new("node's clock", 2000, 9000, NodeClock) { BunchesMessages = true },
        new("database's clock", 2000, 9000, DatabaseClock) { EndsLeasesEarly = true },
    ];

    private static Action Once(Action act)
    {
        act();
        return Nothing;
    }

    private static Action Pause(Stage stage, Dice dice)
    {
        var node = stage.PickNode(dice);
        node.Pause();
        return node.Wake;
    }

    private static Action CutDatabase(SimNode node, bool to, bool from)
    {
        (node.Database.IsCutTo, node.Database.IsCutFrom) = (to, from);
        return () => (node.Database.IsCutTo, node.Database.IsCutFrom) = (false, false);
    }

    /// <param name="to">What others send to it is cut.</param>
    /// <param name="from">What it sends is.</param>
    private static Action CutOff(Stage stage, SimNode node, bool to, bool from)
    {
        var others = stage.Nodes.Where(other => other != node).ToArray();
        return Cut(stage, [.. others.Where(_ => to).Select(other => (other.Name, node.Name)), .. others.Where(_ => from).Select(other => (node.Name, other.Name))]);
    }

    private static Action CutOne(Stage stage, Dice dice)
    {
        var one = dice.Pick(stage.Nodes);
        var other = dice.Pick([.. stage.Nodes.Where(other => other != one)]);
        return Cut(stage, [(one.Name, other.Name), (other.Name, one.Name)]);
    }

    private static Action Cut(Stage stage, (string From, string To)[] pairs)
    {
        Array.ForEach(pairs, pair => stage.Place.Network.Cut(pair.From, pair.To));
        return () => Array.ForEach(pairs, pair => stage.Place.Network.Heal(pair.From, pair.To));
    }

    private static Action BreakConnections(Stage stage, Dice dice)
    {
        var percent = 3 + dice.Next(30);
        foreach (var node in stage.Nodes)
        {
            node.Database.BreakPercent = percent;
            if (node.Life is { } life && dice.Chance(30))
            {
                // Its session with the database ends although it lives: a hint that is wrong.
                stage.Place.Database.Sessions.Remove(life.Self);
            }
        }

        return () =>
        {
            foreach (var node in stage.Nodes)
            {
                node.Database.BreakPercent = 0;
            }
        };
    }

    private static Action CrashDatabase(Stage stage, Action back)
    {
        stage.Place.Database.Crash();
        return () =>
        {
            if (!stage.Place.Database.IsUp)
            {
                back();
            }
        };
    }

    private static Action FreezeStandby(Stage stage)
    {
        stage.Place.Database.FreezeStandby(frozen: true);
        return () => stage.Place.Database.FreezeStandby(frozen: false);
    }

    /// <summary>
    /// RELIABILITY finding 2: the server comes back with commits that no standby has, and is lost for good before one has them. Whoever acted on
    /// what he could see there has acted on what never was.
    /// </summary>
    private static Action FailBehindFrozen(Stage stage, Dice dice)
    {
        var (scheduler, database) = (stage.Place.Scheduler, stage.Place.Database);
        var isOver = false;
        database.FreezeStandby(frozen: true);
        scheduler.After(dice.Between(300, 1500), () =>
        {
            if (isOver)
            {
                return;
            }

            database.Crash();
            scheduler.After(dice.Between(100, 500), () =>
            {
                // It may have been lost for good before it came back.
                if (!database.IsUp)
                {
                    database.Restart();
                }
            });
        });
        return () =>
        {
            isOver = true;
            database.Crash();
            database.Promote();
            database.FreezeStandby(frozen: false);
        };
    }

    private static Action SlowDatabase(Stage stage)
    {
        stage.Place.Database.IsSlow = true;
        return () => stage.Place.Database.IsSlow = false;
    }

    private static Action Stall(SimNode node, bool to, bool from)
    {
        (node.Wire.IsStalledTo, node.Wire.IsStalledFrom) = (to, from);
        return () => (node.Wire.IsStalledTo, node.Wire.IsStalledFrom) = (false, false);
    }

    private static Action GoAway(Stage stage)
    {
        stage.Place.Exchange.GoAway(away: true);
        return () => stage.Place.Exchange.GoAway(away: false);
    }

    private static Action Misbehave(Stage stage, Dice dice)
    {
        var kind = dice.Pick(
        [
            FaultKind.Duplicate, FaultKind.Reorder, FaultKind.TradeFirst, FaultKind.Replay, FaultKind.CloseUnread, FaultKind.CloseUnanswered,
            FaultKind.Corrupt, FaultKind.Ignore, FaultKind.Silence, FaultKind.SignOff, FaultKind.Reject,
        ]);
        stage.Place.Note($"exchange: {kind}");
        var exchange = stage.Place.Exchange;
        exchange.Fault(kind, 1 + dice.Next(4), dice.Between(500, 4000), error: 16_000);
        return () =>
        {
            if (kind is not (FaultKind.Replay or FaultKind.Silence or FaultKind.SignOff))
            {
                exchange.Fault(kind, 0, TimeSpan.Zero);
            }
        };
    }

    /// <summary>No fault, but at the worst moment: shards go where nobody expects them, and back.</summary>
    private static Action MoveShards(Stage stage, Dice dice)
    {
        for (var moves = 1 + dice.Next(3); moves > 0; moves--)
        {
            dice.Pick(stage.Nodes).Life?.Place(dice.Next(NodeLife.Shards), dice.Pick(stage.Nodes).Name);
        }

        return () => stage.Nodes.Select(node => node.Life).FirstOrDefault(life => life is not null)?.Rebalance();
    }

    private static Action NodeClock(Stage stage, Dice dice)
    {
        var node = dice.Pick(stage.Nodes);
        (node.DriftMillionths, node.ClockStep) = (dice.Next(200_000) - 100_000, TimeSpan.FromSeconds(dice.Next(41) - 20));
        node.ApplyClocks();
        return () =>
        {
            (node.DriftMillionths, node.ClockStep) = (0, TimeSpan.Zero);
            node.ApplyClocks();
        };
    }

    /// <summary>Leases run out early, or late.</summary>
    private static Action DatabaseClock(Stage stage, Dice dice)
    {
        var clock = stage.Place.Database.Clock;
        clock.Drift(dice.Next(200_000) - 100_000);
        clock.Step += TimeSpan.FromSeconds(dice.Next(15) - 5);
        return () => clock.Drift(0);
    }
}
