using Backup.Actor.Kernel.Journal;

namespace Backup.Cluster.Node.Ownership;

/// <summary>By what right this node writes: the journal that its settings name, and the epochs under which it may append and send.</summary>
/// <remarks>Safe for threads.</remarks>
internal interface IOwnership : IAsyncDisposable
{
    IJournal Journal { get; }

    /// <summary>Why the journal does not store; null while it does.</summary>
    string? Trouble { get; }

    /// <summary>Who has the accounts now, in words: this node, or the one that it stands by for.</summary>
    string Standing { get; }

    /// <summary>
    /// True when nobody else could have the accounts: they are to be had at once, and with <see cref="Trouble"/> the process is useless, because
    /// nobody else can mend the journal.
    /// </summary>
    bool IsAlone { get; }

    /// <summary>Waits until the accounts are this node's.</summary>
    /// <returns>The epoch of each shard.</returns>
    Task<IReadOnlyDictionary<int, long>> TakeAccountsAsync(CancellationToken stop);

    /// <summary>Waits until the exchange's boxes are this node's too.</summary>
    /// <returns>The epoch of that: greater than those of all owners before.</returns>
    Task<long> TakeExchangeAsync(CancellationToken stop);

    /// <summary>Whether a byte may go to the exchange at this moment. No epoch can fence a socket, so ask right before.</summary>
    bool MaySend { get; }

    /// <summary>Gives everything back, so that another node need not wait.</summary>
    Task ReleaseAsync();
}
