using Backup.Actor.Kernel.Cluster.SplitBrain;
using Backup.Actor.Kernel.Leases;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>What a membership tells its node.</summary>
public interface IMembershipListener
{
    /// <summary>A cut was resolved, or would be; in words, for the log.</summary>
    void Resolved(SplitBrainDecision decision, EndAnswer outcome);

    /// <summary>Another member's process is gone, and it was downed for that.</summary>
    void Gone(Member member);

    /// <summary>This incarnation is over, for ever: everything must stop at once. Called once, from a timer or a beat.</summary>
    void Ended(string reason);
}

/// <summary>
/// One life of this node as a member: joins, beats on a timer of its own, and ends by itself before the store could end it. Every reading of the
/// members goes through here, so that a cut is noticed and resolved, and a member whose process is gone is downed without waiting for its lease.
/// </summary>
/// <remarks>Safe for threads, but for <see cref="ReadAsync"/>: one call at a time.</remarks>
/// <param name="clock">Its timestamps must count while the machine sleeps; its timers need not.</param>
/// <param name="reached">Names of the members with which a link works now.</param>
public sealed class MembershipKeeper(
    IMembershipStore store, string name, string instance, LeaseTimes times, SplitBrainOptions splitBrain, TimeProvider clock, Func<IReadOnlyCollection<string>> reached,
    IMembershipListener listener) : IAsyncDisposable
{
    private readonly SplitBrainWatch _watch = new(splitBrain);
    private JoinRequest _request = new(name, instance, "", []);
    private RenewalTimers? _timers;
    private long _sentAt;
    private int _isHolding;
    private int _isOver;

    /// <summary>This life; known once <see cref="JoinAsync"/> has returned.</summary>
    public NodeId Self { get; private set; }

    /// <summary>The newest reading.</summary>
    public IReadOnlyList<Member> Members { get; private set; } = [];

    /// <summary>What would be decided of the newest reading, and whether it is due.</summary>
    public SplitBrainVerdict? Verdict { get; private set; }

    /// <summary>
    /// Becomes a member, and stays one from now on. A former life under the same name is waited for, at most as long as its lease can run; if it
    /// beats meanwhile it is another node with this name.
    /// </summary>
    /// <param name="address">Where its links are opened.</param>
    /// <param name="waiting">Told why it cannot join yet.</param>
    /// <exception cref="ClusterException">Two nodes with one name.</exception>
    public async Task JoinAsync(string address, IEnumerable<string> roles, Action<string> waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        _request = _request with { Address = address, Roles = [.. roles] };
        var patience = times.TimeToLive + times.RenewEvery;
        var since = clock.GetTimestamp();
        while (true)
        {
            var sentAt = clock.GetTimestamp();
            var answer = await store.JoinAsync(_request, times.TimeToLive);
            switch (answer)
            {
                case JoinAnswer.Joined joined:
                    Self = joined.Id;
                    Volatile.Write(ref _sentAt, sentAt);
                    _timers = new RenewalTimers(times, clock, TimeSpan.Zero, BeatAsync, EndOverdue);
                    return;
                case JoinAnswer.Refused refused when await store.IsGoneAsync(refused.Other, cancellationToken):
                    await store.DownAsync([refused.Other], [], $"its process is gone and {name} was started again");
                    continue;
                case JoinAnswer.Refused refused when clock.GetElapsedTime(since) > patience:
                    throw new ClusterException(refused.Reason);
                case JoinAnswer.Refused refused:
                    waiting($"waiting until the lease of {refused.Other}, an earlier life of this name, has run out");
                    break;
                case JoinAnswer.CouldNotTell unclear:
                    since = clock.GetTimestamp();
                    waiting($"waiting for the database: {unclear.Reason}");
                    break;
            }

            await Task.Delay(times.RenewEvery / 4, clock, cancellationToken);
        }
    }

    /// <summary>Changes what this node does: its roles as a member.</summary>
    /// <returns>False when it is not known whether it took effect, or this life is over.</returns>
    public async Task<bool> TakeRolesAsync(IEnumerable<string> roles) =>
        await store.JoinAsync(_request with { Roles = [.. roles] }, times.TimeToLive) is JoinAnswer.Joined joined && joined.Id == Self;

    /// <summary>Reads the members, and acts on what it sees: downs those whose process is gone, and resolves a cut that has stayed the same for long enough.</summary>
    /// <exception cref="Journal.JournalException">The store cannot be read at the moment.</exception>
    public async Task<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken)
    {
        var members = await store.ReadAsync(cancellationToken);
        if (await DownGoneAsync(members, cancellationToken))
        {
            members = await store.ReadAsync(cancellationToken);
        }

        Verdict = _watch.Observe(members, clock.GetElapsedTime(0));
        if (Verdict.IsDue)
        {
            var outcome = await store.DownAsync(
                [.. Verdict.Decision.Losers.Select(loser => loser.Id)], Verdict.Decision.Survivors, Verdict.Decision.Explanation);
            listener.Resolved(Verdict.Decision, outcome);
            members = await store.ReadAsync(cancellationToken);
        }

        return Members = members;
    }

    /// <summary>Ends another member's life because an operator says so.</summary>
    public ValueTask<EndAnswer> DownAsync(NodeId other, string reason) => store.DownAsync([other], [], reason);

    /// <summary>Ends this life in order. Nothing may be owned any more.</summary>
    public async Task LeaveAsync()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0 && _timers is not null)
        {
            await store.LeaveAsync(Self);
        }
    }

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _isOver, 1);
        return _timers?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async Task<bool> BeatAsync()
    {
        if (Volatile.Read(ref _isOver) != 0)
        {
            return true;
        }

        _ = HoldSessionAsync();
        var sentAt = clock.GetTimestamp();
        switch (await store.BeatAsync(Self, reached(), times.TimeToLive))
        {
            case BeatAnswer.StillMember:
                Volatile.Write(ref _sentAt, sentAt);
                return true;
            case BeatAnswer.DeclaredDead dead:
                End(dead.Reason);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Beside the beats: it may take longer than one.</summary>
    private async Task HoldSessionAsync()
    {
        if (Volatile.Read(ref _isOver) == 0 && Interlocked.Exchange(ref _isHolding, 1) == 0)
        {
            await store.HoldSessionAsync(Self);
            Volatile.Write(ref _isHolding, 0);
        }
    }

    private void EndOverdue()
    {
        if (times.IsOverdue(Volatile.Read(ref _sentAt), clock))
        {
            End($"{Self} could not beat for {times.StopAfter.TotalSeconds} s");
        }
    }

    private void End(string reason)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            listener.Ended(reason);
        }
    }

    /// <summary>A member that is not reached is asked for its session; what an epoch fences need not wait for its lease.</summary>
    private async Task<bool> DownGoneAsync(IReadOnlyList<Member> members, CancellationToken cancellationToken)
    {
        var isDowned = false;
        var links = reached();
        foreach (var member in members.Where(member => member.IsLive && member.Id != Self && !links.Contains(member.Name)))
        {
            if (await store.IsGoneAsync(member.Id, cancellationToken))
            {
                await store.DownAsync([member.Id], [Self], $"its session with the database ended, and {Self.Name} has no link with it");
                listener.Gone(member);
                isDowned = true;
            }
        }

        return isDowned;
    }
}

/// <summary>This node cannot be a part of the cluster; the message says why and what to do.</summary>
public sealed class ClusterException(string message) : Exception(message);
