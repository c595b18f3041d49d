namespace Backup.Actor.Kernel.Cluster.SplitBrain;

/// <summary>Which side of a cluster that is cut goes on.</summary>
public enum SplitBrainStrategy
{
    /// <summary>The largest side; of equal ones the one with the oldest member.</summary>
    KeepMajority = 0,

    /// <summary>The largest side, if it has at least <see cref="SplitBrainOptions.QuorumSize"/> members; otherwise nobody.</summary>
    StaticQuorum = 1,

    /// <summary>The largest side that the oldest member is in, be it alone.</summary>
    KeepOldest = 2,

    /// <summary>Nobody.</summary>
    DownAll = 3,
}

/// <summary>How a cut is resolved. Must be the same on every node.</summary>
public sealed record SplitBrainOptions
{
    public SplitBrainStrategy Strategy { get; init; } = SplitBrainStrategy.KeepMajority;

    /// <summary>Members that a side needs under <see cref="SplitBrainStrategy.StaticQuorum"/>; more than half of the nodes there are.</summary>
    public int QuorumSize { get; init; } = 2;

    /// <summary>Null: every live member counts. Otherwise only members with this role count for size and age; the others follow.</summary>
    public string? Role { get; init; }

    /// <summary>
    /// How long a cut must have stayed the same before it is resolved. Longer than a lease and a few beats, so that a node that died
    /// has expired and a node that joined has its links.
    /// </summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);
}
