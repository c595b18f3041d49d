using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Journal.Sqlite;

namespace Backup.Cluster.Node.Ownership;

/// <summary>The embedded journal: who holds the data folder owns everything, for as long as the process lives.</summary>
internal sealed class EmbeddedOwnership(FolderLease lease, SqliteJournal journal, int shards, IShardHost host) : IOwnership
{
    public IJournal Journal => journal;

    public string? Trouble => journal.Trouble;

    public string Standing => IsServing ? "serving" : "starting";

    public bool IsServing { get; private set; }

    public bool IsLeaving => false;

    public ClusterMember? Cluster => null;

    public async Task StartAsync(string address, CancellationToken stop)
    {
        var all = Enumerable.Range(0, shards).ToArray();
        foreach (var shard in all)
        {
            host.Open(shard, lease.Epoch);
        }

        await host.ResumeAsync(all);
        IsServing = true;
    }

    public Task<long> TakeBoxAsync(string box, CancellationToken stop) => Task.FromResult(lease.Epoch);

    public bool MaySend(string box) => true;

    public Task<bool> ConfirmBoxAsync(string box) => Task.FromResult(true);

    public Task ReleaseBoxAsync(string box) => Task.CompletedTask;

    public Task HandOverAsync() => Task.CompletedTask;

    public Task LeaveAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => journal.DisposeAsync();
}
