using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Node.Ownership;

/// <summary>By what right this node writes: the journal that its settings name, and the epochs under which it may append and send.</summary>
/// <remarks>Safe for threads.</remarks>
internal interface IOwnership : IAsyncDisposable
{
    IJournal Journal { get; }

    /// <summary>Why the journal does not store; null while it does.</summary>
    string? Trouble { get; }

    /// <summary>How this node stands, in words.</summary>
    string Standing { get; }

    /// <summary>Every account can be asked from here.</summary>
    bool IsServing { get; }

    /// <summary>This node was told to stop: it answers those whom it has, and wants nobody new.</summary>
    bool IsLeaving { get; }

    /// <summary>The cluster that this node is a member of; null when nobody else could have the accounts.</summary>
    ClusterMember? Cluster { get; }

    /// <summary>Takes the shards: those that are to be had at once, and the others as they become this node's.</summary>
    /// <param name="address">Where other nodes open their links to this one.</param>
    /// <exception cref="ClusterException">This node cannot be a part of the cluster.</exception>
    Task StartAsync(string address, CancellationToken stop);

    /// <summary>Waits until an exchange box is this node's.</summary>
    /// <returns>The epoch of that: greater than those of all owners before.</returns>
    Task<long> TakeBoxAsync(string box, CancellationToken stop);

    /// <summary>Whether a byte may go to the exchange through a box at this moment. No epoch can fence a socket, so ask right before.</summary>
    bool MaySend(string box);

    /// <summary>Asks, before a session is opened, whether the box is still this node's by the word of who keeps the leases.</summary>
    Task<bool> ConfirmBoxAsync(string box);

    /// <summary>Gives a box back, so that another node need not wait.</summary>
    Task ReleaseBoxAsync(string box);

    /// <summary>Hands the accounts over to the other nodes. This node goes on answering meanwhile, and after.</summary>
    Task HandOverAsync();

    /// <summary>Leaves; nobody is answered here any more.</summary>
    Task LeaveAsync();
}
