using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>
/// Which node should own which shard: rendezvous hashing with bounded load. Every shard ranks the nodes by its own hash with each and
/// goes to the first that has room, so the map needs no memory: the same nodes give the same map everywhere and for ever.
/// </summary>
/// <remarks>
/// Pure. No node gets more than <see cref="Bound"/> shards, unless an operator placed more there. When one node joins or leaves, shards that have nothing to do with it stay where
/// they are, but for those that the bound pushes on: about shards / nodes move, at most one and a half times the larger bound (of two to
/// twelve nodes, held by a test). A node is known by its name, so a restart moves nothing.
/// </remarks>
public sealed class ShardMap
{
    /// <summary>How much more than an even share a node may get, in percent of the even share.</summary>
    public const int LoadPercentDefault = 125;

    private readonly ImmutableArray<string> _owners;

    private ShardMap(ImmutableArray<string> owners, int bound)
    {
        _owners = owners;
        Bound = bound;
    }

    public int Shards => _owners.Length;

    /// <summary>Shards that one node gets at most: the even share times the load, rounded up. Zero where there is no node.</summary>
    public int Bound { get; }

    /// <summary>The node that should own a shard; empty where there is no node.</summary>
    public string this[int shard] => _owners[shard];

    /// <param name="nodes">Names of the nodes that may own shards, in any order; one named twice counts once.</param>
    /// <param name="loadPercent">100 or more: at 100 the load is as even as can be and the most shards move.</param>
    /// <param name="placements">What operators want. One for a node that is not among these waits until it is.</param>
    public static ShardMap Of(int shards, IEnumerable<string> nodes, int loadPercent = LoadPercentDefault, IEnumerable<ShardPlacement>? placements = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shards);
        ArgumentOutOfRangeException.ThrowIfLessThan(loadPercent, 100);
        var names = nodes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0)
        {
            return new ShardMap([.. Enumerable.Repeat("", shards)], 0);
        }

        var share = 100L * names.Length;
        var bound = checked((int)((((long)shards * loadPercent) + share - 1) / share));
        var seeds = Array.ConvertAll(names, Hash);
        var load = new int[names.Length];
        var owners = new string[shards];
        foreach (var placement in placements ?? [])
        {
            if (placement.Shard < shards && Array.BinarySearch(names, placement.Node, StringComparer.Ordinal) is >= 0 and var node)
            {
                owners[placement.Shard] = placement.Node;
                load[node]++;
            }
        }

        for (var shard = 0; shard < shards; shard++)
        {
            if (owners[shard] is not null)
            {
                continue;
            }

            // There always is one: the bound times the nodes is not less than the shards, those that were placed among them. Equal weights go to
            // the first name.
            var best = -1;
            var highest = 0UL;
            for (var node = 0; node < names.Length; node++)
            {
                var weight = Mix(unchecked(seeds[node] ^ (ulong)shard));
                if (load[node] < bound && (best < 0 || weight > highest))
                {
                    (best, highest) = (node, weight);
                }
            }

            load[best]++;
            owners[shard] = names[best];
        }

        return new ShardMap(ImmutableCollectionsMarshal.AsImmutableArray(owners), bound);
    }

    /// <summary>FNV-1a of 64 bits over UTF-8, mixed. It places shards, so it is pinned by a golden test.</summary>
    private static ulong Hash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        return Mix(hash);
    }

    /// <summary>The step of SplitMix64.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9e3779b97f4a7c15UL;
            value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9UL;
            value = (value ^ (value >> 27)) * 0x94d049bb133111ebUL;
            return value ^ (value >> 31);
        }
    }
}
