using Backup.Actor.Kernel.Cluster;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>Members as they are; some joins, by which a node changes its roles too, end with a connection that breaks.</summary>
internal sealed class BreakingJoins(IMembershipStore inner) : IMembershipStore
{
    /// <summary>So many joins more break.</summary>
    public int Left { get; set; }

    public ValueTask<JoinAnswer> JoinAsync(JoinRequest request, TimeSpan timeToLive) =>
        Left-- > 0 ? ValueTask.FromResult<JoinAnswer>(new JoinAnswer.CouldNotTell("the connection broke")) : inner.JoinAsync(request, timeToLive);

    public ValueTask<BeatAnswer> BeatAsync(NodeId self, IReadOnlyCollection<string> reaches, TimeSpan timeToLive) => inner.BeatAsync(self, reaches, timeToLive);

    public ValueTask<EndAnswer> LeaveAsync(NodeId self) => inner.LeaveAsync(self);

    public ValueTask<EndAnswer> DownAsync(IReadOnlyCollection<NodeId> losers, IReadOnlyCollection<NodeId> survivors, string reason) => inner.DownAsync(losers, survivors, reason);

    public ValueTask<IReadOnlyList<Member>> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);

    public ValueTask<bool> HoldSessionAsync(NodeId self) => inner.HoldSessionAsync(self);

    public ValueTask<bool> IsGoneAsync(NodeId id, CancellationToken cancellationToken) => inner.IsGoneAsync(id, cancellationToken);
}
