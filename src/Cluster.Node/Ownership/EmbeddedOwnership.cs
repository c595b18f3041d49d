using Backup.Actor.Kernel.Journal;
using Backup.Journal.Sqlite;

namespace Backup.Cluster.Node.Ownership;

/// <summary>The embedded journal: who holds the data folder owns everything, for as long as the process lives.</summary>
internal sealed class EmbeddedOwnership(FolderLease lease, int shards) : IOwnership
{
    private readonly SqliteJournal _journal = new(lease);

    public IJournal Journal => _journal;

    public string? Trouble => _journal.Trouble;

    public string Standing => "serving";

    public bool IsAlone => true;

    public bool MaySend => true;

    public Task<IReadOnlyDictionary<int, long>> TakeAccountsAsync(CancellationToken stop) =>
        Task.FromResult<IReadOnlyDictionary<int, long>>(Enumerable.Range(0, shards).ToDictionary(shard => shard, _ => lease.Epoch));

    public Task<long> TakeExchangeAsync(CancellationToken stop) => Task.FromResult(lease.Epoch);

    public Task ReleaseAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _journal.DisposeAsync();
}
