using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;
using Backup.Cluster.Node.Ownership;
using Backup.Cluster.Simulation.Time;

namespace Backup.Cluster.Simulation.Nodes;

/// <summary>As src/Cluster.Node/Ownership/SharedOwnership.cs: one node serves every shard, the others stand by.</summary>
internal sealed class SharedLeases(ILeaseStore store, IJournal journal, LeaseKeeper keeper, SimProcess process, int shards) : IOwnership
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly LeaseKey Accounts = LeaseKey.ForSingleton("accounts");
    private static readonly LeaseKey Exchange = LeaseKey.ForSingleton("exchange");
    private bool _hasAccounts;

    public IJournal Journal => journal;

    public string? Trouble => null;

    public string Standing => "simulated";

    public bool IsAlone => false;

    public bool MaySend => keeper.IsHeld(Exchange);

    public async Task<IReadOnlyDictionary<int, long>> TakeAccountsAsync(CancellationToken stop)
    {
        while (true)
        {
            await TakeAsync(Accounts, stop);
            if (await TakeShardsAsync(stop) is { } epochs)
            {
                _hasAccounts = true;
                return epochs;
            }

            await keeper.ReleaseAllAsync();
            await Task.Delay(Poll, process.Clock, stop);
        }
    }

    public async Task<long> TakeExchangeAsync(CancellationToken stop)
    {
        while (!_hasAccounts)
        {
            await Task.Delay(Poll, process.Clock, stop);
        }

        return (await TakeAsync(Exchange, stop)).Epoch;
    }

    public Task ReleaseAsync() => keeper.ReleaseAllAsync();

    public ValueTask DisposeAsync() => keeper.DisposeAsync();

    private async Task<Lease> TakeAsync(LeaseKey key, CancellationToken stop)
    {
        while (true)
        {
            if ((await keeper.AcquireAsync([new LeaseWish(key)]))[0] is LeaseAnswer.Held held)
            {
                return held.Lease;
            }

            await Task.Delay(Poll, process.Clock, stop);
        }
    }

    /// <summary>Null when the database did not say yes to every one.</summary>
    private async Task<IReadOnlyDictionary<int, long>?> TakeShardsAsync(CancellationToken stop)
    {
        try
        {
            var present = (await store.ReadAsync(stop)).Where(state => state.Key.Singleton is null).ToDictionary(state => state.Key.Shard, state => state.Epoch);
            var wishes = Enumerable.Range(0, shards)
                .Select(shard => new LeaseWish(LeaseKey.ForShard(shard), present.TryGetValue(shard, out var epoch) ? epoch : null)).ToArray();
            var answers = await keeper.AcquireAsync(wishes);
            return answers.Any(answer => answer is not LeaseAnswer.Held)
                ? null
                : answers.Cast<LeaseAnswer.Held>().ToDictionary(held => held.Lease.Key.Shard, held => held.Lease.Epoch);
        }
        catch (JournalException)
        {
            return null;
        }
    }
}
