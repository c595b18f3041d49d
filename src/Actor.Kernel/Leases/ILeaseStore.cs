namespace Backup.Actor.Kernel.Leases;

/// <summary>What a lease is of: a shard, or a thing of which the cluster has one (the exchange session of a box).</summary>
public readonly record struct LeaseKey
{
    private LeaseKey(int shard, string? singleton)
    {
        Shard = shard;
        Singleton = singleton;
    }

    /// <summary>Meaningless where <see cref="Singleton"/> is not null.</summary>
    public int Shard { get; }

    public string? Singleton { get; }

    public static LeaseKey ForShard(int shard) => new(shard, null);

    public static LeaseKey ForSingleton(string name) => new(-1, name);

    public override string ToString() => Singleton ?? $"shard {Shard}";
}

/// <summary>A lease that was held when it was answered. The epoch goes with everything that is done under it.</summary>
public sealed record Lease(LeaseKey Key, string Owner, long Epoch);

/// <summary>A lease that somebody would like to have.</summary>
/// <param name="TakeOverEpoch">
/// Not null: take it even before it expires, if it is still held under this epoch. Said by one who knows that the holder is gone.
/// </param>
public sealed record LeaseWish(LeaseKey Key, long? TakeOverEpoch = null);

/// <summary>How things stand with one lease, by the store's clock.</summary>
/// <param name="Owner">Empty: nobody.</param>
/// <param name="ExpiresIn">Zero or less: anybody may take it.</param>
public sealed record LeaseState(LeaseKey Key, string Owner, long Epoch, TimeSpan ExpiresIn);

/// <summary>What came of asking for a lease.</summary>
public abstract record LeaseAnswer
{
    private LeaseAnswer()
    {
    }

    /// <summary>It is yours.</summary>
    public sealed record Held(Lease Lease) : LeaseAnswer;

    /// <summary>Somebody has it and it has not expired. Nothing was changed.</summary>
    public sealed record HeldByAnother(string Owner, long Epoch, TimeSpan ExpiresIn) : LeaseAnswer;

    /// <summary>
    /// Nobody knows whether the request took effect. Treat the lease as not held; asking again as the same owner is harmless.
    /// </summary>
    public sealed record CouldNotTell(string Reason) : LeaseAnswer;

    /// <summary>You had it, and it has a newer owner or was given back: stop at once.</summary>
    public sealed record Lost(string Owner, long Epoch) : LeaseAnswer;
}

/// <summary>
/// Decides who owns what. Time is for liveness only: the store's own clock judges expiry, and what keeps a former owner from
/// writing is the epoch, which grows at every acquisition and never shrinks.
/// </summary>
/// <remarks>
/// No method throws because of the store's troubles, except <see cref="ReadAsync"/>; they answer
/// <see cref="LeaseAnswer.CouldNotTell"/>. A holder counts its own deadline from before it sent the request, on a clock that also
/// runs while the machine sleeps. Implementations pass the suite in <c>tests/Journal.Conformance</c>.
/// </remarks>
public interface ILeaseStore
{
    /// <summary>
    /// Takes each lease that is free, expired, already this owner's, or to be taken over. Whoever gets one has a higher epoch than
    /// anybody before; whatever the last owner stored before this answer can be read after it, and it stores nothing later.
    /// </summary>
    /// <returns>One answer a wish, in the same order: held, held by another, or could not tell.</returns>
    ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive);

    /// <summary>Puts the expiry off, under the same epoch. Never waits behind an acquisition.</summary>
    /// <returns>One answer a lease, in the same order: held, lost, or could not tell.</returns>
    ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan timeToLive);

    /// <summary>Gives leases back, so that others need not wait for their expiry. The epoch stays.</summary>
    /// <returns>One answer a lease, in the same order: lost (as asked, or before), or could not tell.</returns>
    ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> leases);

    /// <summary>All leases that anybody ever took, shards first.</summary>
    ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken);
}
