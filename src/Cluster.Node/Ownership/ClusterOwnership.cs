using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Journal;
using Backup.Actor.Kernel.Leases;

namespace Backup.Cluster.Node.Ownership;

/// <summary>
/// The journal on PostgreSQL, shared by several nodes: each has its part of the shards, and each box of the exchange is one node's. A box is only
/// ever taken when its lease has run out or was given back (RELIABILITY A4): no epoch fences a socket.
/// </summary>
internal sealed class ClusterOwnership(
    IJournal journal, Func<string?> journalTrouble, IAsyncDisposable stores, ClusterMember member, Func<bool> hasOpened, TimeSpan poll, TimeProvider clock, ILogger log)
    : IOwnership
{
    private volatile bool _isLeaving;
    private volatile bool _hasServed;

    public IJournal Journal => journal;

    public string? Trouble => journalTrouble() ?? member.Shards?.Trouble;

    public ClusterMember? Cluster => member;

    public bool IsServing => !_isLeaving && WhyNotServing() is null;

    public bool IsLeaving => _isLeaving;

    public string Standing => _isLeaving ? "leaving: the accounts go to the other nodes" : WhyNotServing() ?? "serving";

    public Task StartAsync(string address, CancellationToken stop) => member.StartAsync(address, stop);

    public async Task<long> TakeBoxAsync(string box, CancellationToken stop)
    {
        var told = "";
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (IsServing)
            {
                var answer = (await member.Leases.AcquireAsync([new LeaseWish(LeaseKey.ForSingleton(box))]))[0];
                if (answer is LeaseAnswer.Held { Lease: var lease })
                {
                    log.LogInformation("{Owner} has taken {Box} under epoch {Epoch}", lease.Owner, box, lease.Epoch);
                    member.Shards!.Wake();
                    return lease.Epoch;
                }

                if (answer is LeaseAnswer.HeldByAnother { Owner: var other } && other != told)
                {
                    log.LogInformation("{Box} is {Owner}'s; this node stands by for it", box, other);
                    told = other;
                }
            }

            await Task.Delay(poll, clock, stop);
        }
    }

    public bool MaySend(string box) => member.Leases.IsHeld(LeaseKey.ForSingleton(box));

    public Task<bool> ConfirmBoxAsync(string box) => member.Leases.ConfirmAsync(LeaseKey.ForSingleton(box));

    public Task ReleaseBoxAsync(string box) => member.Leases.ReleaseAsync([LeaseKey.ForSingleton(box)]);

    public Task HandOverAsync()
    {
        _isLeaving = true;
        return member.HandOverAsync();
    }

    public Task LeaveAsync() => member.LeaveAsync();

    public async ValueTask DisposeAsync()
    {
        await member.DisposeAsync();
        await stores.DisposeAsync();
    }

    /// <summary>
    /// Not before everything can be asked from here; from then on it serves until it leaves. What moves or is taken over later is waited for by who
    /// asks: a node that said it was not ready meanwhile would cost its clients their connections.
    /// </summary>
    private string? WhyNotServing()
    {
        if (_hasServed)
        {
            return null;
        }

        var why = WhyNotComplete();
        _hasServed = why is null;
        return why;
    }

    private string? WhyNotComplete()
    {
        if (member is not { Shards: not null, IsComplete: true })
        {
            return "joining the cluster";
        }

        if (!hasOpened())
        {
            return "opening the accounts of this node";
        }

        for (var shard = 0; shard < member.Directory.Shards; shard++)
        {
            if (member.Directory.OfShard(shard) is not { Owner: var owner })
            {
                return $"shard {shard} has no owner";
            }

            if (owner != member.Self.ToString() && member.Links.Find(NodeId.NameIn(owner)) is null)
            {
                return $"no link works with {owner}, which has shard {shard}";
            }
        }

        return null;
    }
}
