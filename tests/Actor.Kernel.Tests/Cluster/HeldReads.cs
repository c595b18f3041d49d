using Backup.Actor.Kernel.Leases;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>A store of leases whose readings do not come back for a while; everything else is done at once.</summary>
internal sealed class HeldReads(ILeaseStore inner) : ILeaseStore
{
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isHeld;

    public void Hold() => _isHeld = true;

    public void LetGo() => _letGo.TrySetResult();

    public ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive) => inner.AcquireAsync(owner, wishes, timeToLive);

    public ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan timeToLive) => inner.RenewAsync(leases, timeToLive);

    public ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> leases) => inner.ReleaseAsync(leases);

    public async ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isHeld)
        {
            await _letGo.Task.WaitAsync(cancellationToken);
        }

        return await inner.ReadAsync(cancellationToken);
    }
}
