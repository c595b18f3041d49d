using System.Collections.Immutable;

namespace Backup.Actor.Kernel.Cluster.SplitBrain;

/// <summary>A live member that does not survive, and why.</summary>
/// <param name="Reason">Part of a sentence: "has no link both ways with a (a does not reach it)".</param>
public sealed record Loser(NodeId Id, string Reason);

/// <summary>Who goes on and who does not. Every live member is in one of the two, in order of age, the oldest first.</summary>
/// <param name="Explanation">In words, for an operator: first who survives and why, then a line for each who does not.</param>
public sealed record SplitBrainDecision(ImmutableArray<NodeId> Survivors, ImmutableArray<Loser> Losers, string Explanation)
{
    /// <summary>Nobody is lost, so there is nothing to do.</summary>
    public bool IsWhole => Losers.IsEmpty;
}
