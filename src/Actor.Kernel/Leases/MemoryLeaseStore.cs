using Backup.Actor.Kernel.Journal;

namespace Backup.Actor.Kernel.Leases;

/// <summary>The whole contract in memory, for tests and simulations.</summary>
/// <param name="journal">Fenced at every acquisition of a shard; null where nothing is journaled.</param>
public sealed class MemoryLeaseStore(TimeProvider clock, MemoryJournal? journal = null) : ILeaseStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LeaseKey, Row> _rows = [];

    private readonly record struct Row(string Owner, long Epoch, DateTimeOffset ExpiresAt);

    public ValueTask<IReadOnlyList<LeaseAnswer>> AcquireAsync(string owner, IReadOnlyList<LeaseWish> wishes, TimeSpan timeToLive) =>
        AnswerEach(wishes, wish => Acquire(owner, wish, timeToLive));

    public ValueTask<IReadOnlyList<LeaseAnswer>> RenewAsync(IReadOnlyList<Lease> leases, TimeSpan timeToLive) =>
        AnswerEach(leases, lease => Change(lease, new Row(lease.Owner, lease.Epoch, clock.GetUtcNow() + timeToLive), new LeaseAnswer.Held(lease)));

    public ValueTask<IReadOnlyList<LeaseAnswer>> ReleaseAsync(IReadOnlyList<Lease> leases) =>
        AnswerEach(leases, lease => Change(lease, new Row("", lease.Epoch, DateTimeOffset.MinValue), new LeaseAnswer.Lost("", lease.Epoch)));

    public ValueTask<IReadOnlyList<LeaseState>> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return ValueTask.FromResult<IReadOnlyList<LeaseState>>(
            [
                .. _rows.OrderBy(row => row.Key.Singleton, StringComparer.Ordinal).ThenBy(row => row.Key.Shard)
                    .Select(row => new LeaseState(row.Key, row.Value.Owner, row.Value.Epoch, Left(row.Value, now))),
            ]);
        }
    }

    private static TimeSpan Left(Row row, DateTimeOffset now) => row.ExpiresAt > now ? row.ExpiresAt - now : TimeSpan.Zero;

    private ValueTask<IReadOnlyList<LeaseAnswer>> AnswerEach<T>(IReadOnlyList<T> asked, Func<T, LeaseAnswer> answer)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<LeaseAnswer>>([.. asked.Select(answer)]);
        }
    }

    private LeaseAnswer Acquire(string owner, LeaseWish wish, TimeSpan timeToLive)
    {
        var now = clock.GetUtcNow();
        if (_rows.TryGetValue(wish.Key, out var row)
            && row.Owner.Length > 0 && row.Owner != owner && row.ExpiresAt > now && row.Epoch != wish.TakeOverEpoch)
        {
            return new LeaseAnswer.HeldByAnother(row.Owner, row.Epoch, row.ExpiresAt - now);
        }

        var lease = new Lease(wish.Key, owner, row.Epoch + 1);
        _rows[wish.Key] = new Row(owner, lease.Epoch, now + timeToLive);
        if (wish.Key.Singleton is null)
        {
            journal?.TakeShard(wish.Key.Shard, lease.Epoch);
        }

        return new LeaseAnswer.Held(lease);
    }

    private LeaseAnswer Change(Lease lease, Row after, LeaseAnswer done)
    {
        if (!_rows.TryGetValue(lease.Key, out var row) || row.Owner != lease.Owner || row.Epoch != lease.Epoch)
        {
            return new LeaseAnswer.Lost(row.Owner ?? "", row.Epoch);
        }

        _rows[lease.Key] = after;
        return done;
    }
}
