using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Database;

/// <summary>What a statement found and wants to write.</summary>
/// <param name="Rows">Empty, and no appends: nothing is committed.</param>
internal sealed record Work(object Answer, ImmutableArray<(RowKey Key, object Row)> Rows, ImmutableArray<EntityAppend> Appends)
{
    internal static Work Read(object answer) => new(answer, [], []);

    internal static Work Write(object answer, params IEnumerable<(RowKey, object)> rows) => new(answer, [.. rows], []);
}

/// <summary>One statement in a transaction of its own.</summary>
/// <param name="Locks">What it locks before it looks at anything.</param>
/// <param name="Run">Sees everything that is committed when the locks are held.</param>
internal sealed record Statement(string Name, IReadOnlyList<RowLock> Locks, Func<Rows, Work> Run);

/// <summary>What the database does wrong on purpose, so that the checks can be seen to notice.</summary>
internal sealed record DatabaseFlaws
{
    /// <summary>An append compares the epoch and locks nothing (RELIABILITY A4, the first row of the table).</summary>
    public bool FenceWithoutLock { get; init; }

    /// <summary>An append compares no epoch at all.</summary>
    public bool NoFence { get; init; }

    /// <summary>A new session of a writer commits nothing before it reads.</summary>
    public bool NoBarrier { get; init; }

    /// <summary>A commit does not wait for the standby.</summary>
    public bool Asynchronous { get; init; }

    /// <summary>A renewal does not look at who holds the lease now, nor a beat at whether the member was ended.</summary>
    public bool RenewsAnybody { get; init; }

    /// <summary>Taking a lease leaves its epoch as it is.</summary>
    public bool EpochStands { get; init; }
}

/// <summary>
/// One PostgreSQL with a synchronous standby (RELIABILITY A4, A5): a commit is flushed here, waits for the standby with its locks held and its rows
/// unseen, and is answered then. A crash brings back every commit that was flushed, also those that no standby has; a failover keeps those that
/// the standby has, also those that nobody was told of.
/// </summary>
internal sealed class SimDatabase
{
    private readonly SimScheduler _scheduler;
    private readonly Dice _dice;
    private readonly Locks _locks = new();
    private readonly List<Commit> _log = [];
    private readonly Queue<(Commit Commit, Action Seen)> _unreplicated = new();
    private readonly List<Running> _running = [];
    private long _standby;
    private int _life = 1;

    private sealed record Running(Statement Statement, Action<object?> Ended);

    internal SimDatabase(SimScheduler scheduler, Dice dice, DatabaseFlaws? flaws = null)
    {
        (_scheduler, _dice, Flaws) = (scheduler, dice, flaws ?? new DatabaseFlaws());
        Clock = scheduler.NewProcess("database").Clock;
    }

    internal DatabaseFlaws Flaws { get; }

    /// <summary>Judges leases and members.</summary>
    internal SimClock Clock { get; }

    internal SimScheduler Scheduler => _scheduler;

    internal DateTimeOffset Now => Clock.GetUtcNow();

    internal bool IsUp { get; private set; } = true;

    /// <summary>Counts the server's starts.</summary>
    internal int Life => _life;

    /// <summary>Members whose session is held now; it ends with its process, or with the server.</summary>
    internal HashSet<NodeId> Sessions { get; } = [];

    internal bool IsStandbyFrozen { get; private set; }

    /// <summary>What a transaction that starts now can see.</summary>
    internal Rows Rows { get; private set; } = new();

    /// <summary>Everything that was ever committed and not lost in a failover, in order.</summary>
    internal IReadOnlyList<Commit> Log => _log;

    /// <summary>Commits that a failover took away.</summary>
    internal int Lost { get; private set; }

    /// <summary>Makes running statements slow, as a busy disk does.</summary>
    internal bool IsSlow { get; set; }

    /// <summary>Runs a statement. Calls back once: with its answer when it is committed, or with null when the server went down under it.</summary>
    internal void Execute(Statement statement, Action<object?> ended)
    {
        if (!IsUp)
        {
            ended(null);
            return;
        }

        var life = _life;
        var running = new Running(statement, ended);
        _running.Add(running);
        _locks.Take(statement.Locks, () => Alive(life, () => Look(running, life)));
    }

    /// <summary>kill -9 of the whole server: what was flushed is there again when it comes back.</summary>
    internal void Crash()
    {
        IsUp = false;
        _life++;
        _locks.Clear();
        _unreplicated.Clear();
        Sessions.Clear();
        var broken = _running.ToArray();
        _running.Clear();
        foreach (var running in broken)
        {
            running.Ended(null);
        }
    }

    internal void Restart()
    {
        if (IsUp)
        {
            // What is flushed and not seen yet would be there twice: once by the replay, once when the standby has it.
            throw new InvalidOperationException("a server that is up is not started");
        }

        Rows = Replay(_log);
        IsUp = true;
        Catch();
    }

    /// <summary>The standby becomes the server, and gets a standby of its own that is behind by nothing.</summary>
    internal void Promote()
    {
        Lost += _log.RemoveAll(commit => commit.Number > _standby);
        Restart();
    }

    internal void FreezeStandby(bool frozen)
    {
        IsStandbyFrozen = frozen;
        Catch();
    }

    private void Alive(int life, Action act)
    {
        if (life == _life)
        {
            act();
        }
    }

    private void Look(Running running, int life)
    {
        var work = running.Statement.Run(Rows);
        var isRead = work.Rows.IsEmpty && work.Appends.IsEmpty;
        _scheduler.After(isRead ? _dice.Between(0.05, 0.5) : Effort(), () => Alive(life, () =>
        {
            if (isRead)
            {
                End(running, work.Answer);
            }
            else
            {
                Flush(running, work);
            }
        }));
    }

    /// <summary>Between the look at the rows and the flush; now and then long enough for a lease to change hands.</summary>
    private TimeSpan Effort() => IsSlow && _dice.Chance(20) ? _dice.Between(5, 1500) : _dice.Between(0.1, 1.5);

    private void Flush(Running running, Work work)
    {
        var commit = new Commit(_log.Count == 0 ? 1 : _log[^1].Number + 1, _scheduler.Elapsed, work.Rows, work.Appends);
        _log.Add(commit);
        _scheduler.Mix((ulong)commit.Number);
        _unreplicated.Enqueue((commit, () => Show(commit, running, work.Answer)));
        var life = _life;
        _scheduler.After(Flaws.Asynchronous ? TimeSpan.Zero : _dice.Between(0.1, 0.8), () => Alive(life, Catch));
    }

    private void Show(Commit commit, Running running, object answer)
    {
        Rows.Apply(commit);
        End(running, answer);
    }

    private void End(Running running, object answer)
    {
        _running.Remove(running);
        running.Ended(answer);
        _locks.Release(running.Statement.Locks);
    }

    /// <summary>The standby receives what there is, unless it stands still; what it has is seen and answered, in the log's order.</summary>
    private void Catch()
    {
        if (!IsUp)
        {
            return;
        }

        if (!IsStandbyFrozen)
        {
            _standby = _log.Count == 0 ? 0 : _log[^1].Number;
        }

        while (_unreplicated.TryPeek(out var first) && (Flaws.Asynchronous || first.Commit.Number <= _standby))
        {
            _unreplicated.Dequeue();
            first.Seen();
        }
    }

    private static Rows Replay(IEnumerable<Commit> log)
    {
        var rows = new Rows();
        foreach (var commit in log)
        {
            rows.Apply(commit);
        }

        return rows;
    }
}
