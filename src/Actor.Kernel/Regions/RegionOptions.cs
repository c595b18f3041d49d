namespace Backup.Actor.Kernel.Regions;

/// <summary>The limits of a region. Every one has a key of the same name in <c>hocon/reference.conf</c>.</summary>
public sealed record RegionOptions
{
    /// <summary>How many shards the entities are spread over; fixed for the life of a journal.</summary>
    public int Shards { get; init; } = 64;

    /// <summary>Commands that may wait for one entity.</summary>
    public int InboxCapacity { get; init; } = 1024;

    /// <summary>Commands that one turn takes at most.</summary>
    public int TurnCommandsMax { get; init; } = 128;

    /// <summary>Entities whose histories are loaded by one query at most.</summary>
    public int ActivationBatchMax { get; init; } = 100;

    /// <summary>An entity that nobody asked or watched for this long leaves memory.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Events after which an entity's state is kept as a snapshot; of a long history an eighth of it, if that is more. 0: never.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>At least this long between two snapshots of one entity, and after one that could not be stored.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Events since its last snapshot that make an entity worth one when it leaves memory. An account's fold costs less up to some 50.</summary>
    public int SnapshotIdleMin { get; init; } = 50;

    /// <summary>States that may wait to be stored as snapshots; beyond it they are dropped.</summary>
    public int SnapshotsWaitingMax { get; init; } = 256;

    /// <summary>How long a stopped entity waits before its next activation, doubled at each failure in a row.</summary>
    public TimeSpan RestartBackoff { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Failures within <see cref="FailureWindow"/> after which an entity is quarantined.</summary>
    public int FailuresMax { get; init; } = 5;

    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(1);
}
