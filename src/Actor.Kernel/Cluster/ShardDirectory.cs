using Backup.Actor.Kernel.Leases;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>Who has what, by the newest reading of the leases. It may be old news: whoever is asked by mistake says so.</summary>
/// <remarks>Safe for threads.</remarks>
public sealed class ShardDirectory(int shards)
{
    private readonly Lock _gate = new();
    private LeaseState?[] _shards = new LeaseState?[shards];
    private Dictionary<string, LeaseState> _singletons = new(StringComparer.Ordinal);

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

    /// <summary>Takes a reading of the leases.</summary>
    public void Take(IReadOnlyList<LeaseState> leases)
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

    private static bool Same(LeaseState? one, LeaseState? other) =>
        one?.Epoch == other?.Epoch && one?.Owner == other?.Owner && one?.ExpiresIn > TimeSpan.Zero == other?.ExpiresIn > TimeSpan.Zero;
}
