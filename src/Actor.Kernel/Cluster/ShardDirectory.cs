using Backup.Actor.Kernel.Leases;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>
/// Who has what, by the newest reading of the leases and by what other nodes told since. It may be old news: whoever is asked by mistake says so.
/// </summary>
/// <remarks>
/// Safe for threads. What was told counts until a reading that began after it: a reading that was under way may not know it yet, and a later one
/// knows better, even of a database that was put back to an older copy.
/// </remarks>
public sealed class ShardDirectory(int shards)
{
    private readonly Lock _gate = new();
    private LeaseState?[] _shards = new LeaseState?[shards];
    private Dictionary<string, LeaseState> _singletons = new(StringComparer.Ordinal);

    /// <summary>By shard: what was told, and when by the count of <see cref="Now"/>.</summary>
    private readonly Dictionary<int, (LeaseState Lease, long At)> _told = [];

    private long _now;

    /// <summary>Whoever waits for it goes on within <see cref="Take"/>, after everything else and outside its lock.</summary>
    private TaskCompletionSource _changed = new();

    public int Shards => shards;

    /// <summary>Told of every singleton that has another owner or epoch than at the reading before.</summary>
    public Action<LeaseState> SingletonMoved { get; set; } = static _ => { };

    /// <summary>The shard's lease; null when nobody holds it.</summary>
    public LeaseState? OfShard(int shard) => Volatile.Read(ref _shards)[shard] is { Owner.Length: > 0 } lease && lease.ExpiresIn > TimeSpan.Zero ? lease : null;

    /// <summary>The lease of a thing of which there is one; null when nobody holds it.</summary>
    public LeaseState? OfSingleton(string name)
    {
        lock (_gate)
        {
            return _singletons.TryGetValue(name, out var lease) && lease.Owner.Length > 0 && lease.ExpiresIn > TimeSpan.Zero ? lease : null;
        }
    }

    /// <summary>The leases of all things of which there is one, as read.</summary>
    public IReadOnlyCollection<LeaseState> Singletons
    {
        get
        {
            lock (_gate)
            {
                return [.. _singletons.Values];
            }
        }
    }

    /// <summary>Ends at the next reading that differs from the present one.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Goes on at everything that is told; ask before a reading begins.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Takes what a node that took or released shards says of them.</summary>
    public void Hear(IEnumerable<LeaseState> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        TaskCompletionSource? changed = null;
        lock (_gate)
        {
            var known = (LeaseState?[])_shards.Clone();
            foreach (var lease in told.Where(lease => lease.Key.Singleton is null && lease.Key.Shard >= 0 && lease.Key.Shard < shards))
            {
                // News of two nodes may come in the wrong order.
                if (IsNewer(lease, known[lease.Key.Shard]))
                {
                    _told[lease.Key.Shard] = (lease, ++_now);
                    known[lease.Key.Shard] = lease;
                    changed = _changed;
                }
            }

            Volatile.Write(ref _shards, known);
            if (changed is not null)
            {
                _changed = new TaskCompletionSource();
            }
        }

        changed?.SetResult();
    }

    /// <summary>Takes a reading of the leases.</summary>
    /// <param name="begunAt">What <see cref="Now"/> was before the reading began.</param>
    public void Take(IReadOnlyList<LeaseState> leases, long begunAt = long.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(leases);
        var taken = new LeaseState?[shards];
        var singletons = new Dictionary<string, LeaseState>(StringComparer.Ordinal);
        foreach (var lease in leases)
        {
            if (lease.Key.Singleton is { } name)
            {
                singletons[name] = lease;
            }
            else if (lease.Key.Shard < shards)
            {
                taken[lease.Key.Shard] = lease;
            }
        }

        List<LeaseState> moved;
        TaskCompletionSource? changed = null;
        lock (_gate)
        {
            KeepTold(taken, begunAt);
            moved = [.. singletons.Where(now => !Same(_singletons.GetValueOrDefault(now.Key), now.Value)).Select(now => now.Value)];
            if (moved.Count > 0 || !_shards.Zip(taken).All(pair => Same(pair.First, pair.Second)))
            {
                changed = _changed;
                _changed = new TaskCompletionSource();
            }

            Volatile.Write(ref _shards, taken);
            _singletons = singletons;
        }

        moved.ForEach(SingletonMoved);
        changed?.SetResult();
    }

    private void KeepTold(LeaseState?[] taken, long begunAt)
    {
        foreach (var (shard, (lease, at)) in _told)
        {
            if (at <= begunAt)
            {
                _told.Remove(shard);
            }
            else if (IsNewer(lease, taken[shard]))
            {
                taken[shard] = lease;
            }
        }
    }

    /// <summary>Under one epoch a lease is held and then released; it is taken again only under a higher one.</summary>
    private static bool IsNewer(LeaseState told, LeaseState? known) =>
        known is null || told.Epoch > known.Epoch || (told.Epoch == known.Epoch && told.Owner.Length == 0 && known.Owner.Length > 0);

    private static bool Same(LeaseState? one, LeaseState? other) =>
        one?.Epoch == other?.Epoch && one?.Owner == other?.Owner && one?.ExpiresIn > TimeSpan.Zero == other?.ExpiresIn > TimeSpan.Zero;
}
