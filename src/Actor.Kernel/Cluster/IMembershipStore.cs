using System.Collections.Immutable;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>A node that would like to be a member.</summary>
/// <param name="Name">Of which one lives at a time.</param>
/// <param name="Instance">
/// Different for every start of a process: by it a node that never heard the answer to its join is told from another with its name.
/// </param>
public sealed record JoinRequest(string Name, string Instance, string Address, ImmutableArray<string> Roles);

/// <summary>What came of a join.</summary>
public abstract record JoinAnswer
{
    private JoinAnswer()
    {
    }

    /// <summary>You are a member under this incarnation, higher than any before of the name.</summary>
    public sealed record Joined(NodeId Id) : JoinAnswer;

    /// <summary>You are none, and nothing was changed.</summary>
    public sealed record Refused(NodeId Other, string Reason) : JoinAnswer
    {
        public static Refused Lives(Member other) => new(
            other.Id,
            $"two nodes with one name: {other.Id} at {other.Address} lives, its lease runs for {(long)other.ExpiresIn.TotalMilliseconds} ms more. "
            + "Stop one of the two or give it another name; a node that was killed may come back when its lease has run out");
    }

    /// <summary>Nobody knows whether it took effect; asking again with the same instance is harmless.</summary>
    public sealed record CouldNotTell(string Reason) : JoinAnswer;
}

/// <summary>What came of a beat.</summary>
public abstract record BeatAnswer
{
    private BeatAnswer()
    {
    }

    /// <summary>The lease runs anew.</summary>
    public sealed record StillMember : BeatAnswer;

    /// <summary>This incarnation is over, for ever: stop everything, and join again if you are well.</summary>
    public sealed record DeclaredDead(string Reason) : BeatAnswer;

    /// <summary>Nobody knows whether it took effect. The deadline that you count yourself goes on running.</summary>
    public sealed record CouldNotTell(string Reason) : BeatAnswer;
}

/// <summary>What came of leaving or downing.</summary>
public abstract record EndAnswer
{
    private EndAnswer()
    {
    }

    /// <summary>These were ended by this call; those that were over before are not among them.</summary>
    public sealed record Ended(ImmutableArray<NodeId> Members) : EndAnswer
    {
        public bool Equals(Ended? other) => other is not null && Members.SequenceEqual(other.Members);

        public override int GetHashCode() => Members.Length;
    }

    /// <summary>Somebody who was to survive is no member any more, so the decision rests on old news. Nothing was changed.</summary>
    public sealed record Refused(string Reason) : EndAnswer;

    /// <summary>Nobody knows whether it took effect; doing it again is harmless.</summary>
    public sealed record CouldNotTell(string Reason) : EndAnswer;
}

/// <summary>
/// Knows the nodes. A member lives until it leaves, is downed, or does not beat in time by the store's own clock; that incarnation never
/// lives again, and its name joins under a higher one.
/// </summary>
/// <remarks>
/// No method throws because of the store's troubles, except <see cref="ReadAsync"/>. Membership says who should serve, never who may
/// write: that is the epoch of a lease. A member counts its own deadline from before it sent the beat. Safe for threads.
/// Implementations pass the suite in <c>tests/Journal.Conformance</c>.
/// </remarks>
public interface IMembershipStore
{
    /// <summary>Makes a node a member, unless its name lives as another instance.</summary>
    ValueTask<JoinAnswer> JoinAsync(JoinRequest request, TimeSpan timeToLive);

    /// <summary>Lets the lease run anew and says which members are reached. Waits behind no join, leave or reading.</summary>
    /// <param name="reaches">Names of the members with which a link works now.</param>
    ValueTask<BeatAnswer> BeatAsync(NodeId self, IReadOnlyCollection<string> reaches, TimeSpan timeToLive);

    /// <summary>Ends one's own membership; others see it at once.</summary>
    ValueTask<EndAnswer> LeaveAsync(NodeId self);

    /// <summary>Ends the membership of others: all of them or, if one of the survivors is no longer a live member, none.</summary>
    /// <param name="survivors">On whom the decision rests. Empty: an operator's, which rests on nobody.</param>
    /// <param name="reason">What the members that are ended are told, and an operator.</param>
    ValueTask<EndAnswer> DownAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string reason);

    /// <summary>The newest life of every name that ever joined, by name.</summary>
    ValueTask<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Holds a session with the store that ends with the process, for <see cref="IsGoneAsync"/>. Called again and again, beside the beats and
    /// not before them: it takes up a session that broke, and may take longer than a beat may.
    /// </summary>
    /// <returns>Whether it is held now.</returns>
    ValueTask<bool> HoldSessionAsync(NodeId self);

    /// <summary>
    /// Whether a member is over already, or its session is, while the store has been up all the time: then its process is most probably gone.
    /// False where there is no telling.
    /// </summary>
    /// <remarks>
    /// A hint and no more: a process that lives can lose its session. It allows taking what an epoch fences, such as a shard, before the
    /// lease runs out; never an act that nothing fences, such as opening a second session with an exchange.
    /// </remarks>
    ValueTask<bool> IsGoneAsync(NodeId id, CancellationToken cancellationToken);
}
