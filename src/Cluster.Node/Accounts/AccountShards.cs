using Backup.Actor.Kernel.Cluster;

namespace Backup.Cluster.Node.Accounts;

/// <summary>The accounts that live on this node, shard by shard: opened under their epoch, with their unfinished work and their day.</summary>
internal sealed class AccountShards(AccountRegion accounts, DayOpening day, TimeProvider clock, ILogger<AccountShards> log, CancellationToken stop) : IShardHost
{
    private int _opening;

    /// <summary>No shard is being opened at the moment.</summary>
    public bool HasOpened => Volatile.Read(ref _opening) == 0;

    public void Open(int shard, long epoch) => accounts.Region.Open(shard, epoch);

    public Task CloseAsync(int shard) => accounts.Region.CloseAsync(shard);

    /// <summary>Unfinished orders first: somebody waits for them. Then the day, in the background and bounded, so that who asks meanwhile is served.</summary>
    public async Task ResumeAsync(IReadOnlyCollection<int> shards)
    {
        Interlocked.Increment(ref _opening);
        try
        {
            var woken = await PatientRead.ReadAsync(
                () => accounts.Region.WakePendingAsync(shards, stop),
                reason => log.LogWarning("The unfinished orders of {Shards} shards cannot be read yet: {Reason}", shards.Count, reason),
                clock, stop);
            await day.OpenAsync(shards, stop);
            log.LogInformation("{Shards} shards are open; {Accounts} of their accounts have unfinished orders", shards.Count, woken);
        }
        catch (OperationCanceledException)
        {
            // This node is stopping; whoever has the shards next opens them.
        }
        finally
        {
            Interlocked.Decrement(ref _opening);
        }
    }
}
