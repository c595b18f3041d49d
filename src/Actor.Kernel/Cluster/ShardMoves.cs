using System.Collections.Immutable;
using Backup.Actor.Kernel.Leases;

namespace Backup.Actor.Kernel.Cluster;

/// <summary>A shard that no live node owns: its wanted owner takes it at once, because nobody serves it.</summary>
/// <param name="TakeOverEpoch">
/// Not null: the lease has not expired, but its holder is no live member. It goes into <see cref="LeaseWish.TakeOverEpoch"/>.
/// </param>
public sealed record ShardClaim(int Shard, string To, long? TakeOverEpoch);

/// <summary>A shard that one live node hands to another: drain, commit, release, claim.</summary>
/// <param name="Epoch">Under which <paramref name="From"/> owns it now. A move is over when the epoch is another.</param>
public sealed record ShardMove(int Shard, string From, string To, long Epoch);

/// <summary>The way from the owners there are to the owners there should be.</summary>
/// <param name="Claims">All of them, by shard.</param>
/// <param name="Moves">Those that may be under way now, by shard.</param>
/// <param name="MovesLeft">How many more moves there are than those.</param>
public sealed record ShardPlan(ImmutableArray<ShardClaim> Claims, ImmutableArray<ShardMove> Moves, int MovesLeft)
{
    public bool IsDone => Claims.IsEmpty && Moves.IsEmpty;
}

/// <summary>Plans how shards come to where the map wants them.</summary>
/// <remarks>
/// Pure, and without memory of moves under way: a move that is not done is in the next plan again, before those that have not begun, so
/// who acts on each plan never has more than the limit under way while the map stays the same. Once its owner has released it, a move's
/// shard is a claim of its wanted owner. Every node makes the same plan of the same
/// rows and carries out its own part.
/// </remarks>
public static class ShardMoves
{
    /// <param name="present">Leases as read; those of singletons and of shards that the map does not have are ignored. A shard without one is free.</param>
    /// <param name="live">
    /// The live members, by the names under which they hold leases; the values are their nodes' names, as the map has them. One that may own no
    /// shard is in it too: it hands its shards over. A former life of a node is not: its shards are taken over, by the same node's new life too.
    /// </param>
    /// <param name="movesMax">Shards that may be between two owners at a time. Claims do not count: their shards serve nobody.</param>
    public static ShardPlan Plan(ShardMap wanted, IEnumerable<LeaseState> present, IReadOnlyDictionary<string, string> live, int movesMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(movesMax);
        var leases = present.Where(lease => lease.Key.Singleton is null).ToDictionary(lease => lease.Key.Shard);
        var claims = ImmutableArray.CreateBuilder<ShardClaim>();
        var moves = ImmutableArray.CreateBuilder<ShardMove>();
        for (var shard = 0; shard < wanted.Shards; shard++)
        {
            var to = wanted[shard];
            var lease = leases.GetValueOrDefault(shard);
            var isHeld = lease is { Owner.Length: > 0 } && lease.ExpiresIn > TimeSpan.Zero;
            var from = isHeld ? live.GetValueOrDefault(lease!.Owner) : null;
            if (to.Length == 0 || from == to)
            {
                continue;
            }

            if (from is not null)
            {
                moves.Add(new ShardMove(shard, from, to, lease!.Epoch));
            }
            else
            {
                claims.Add(new ShardClaim(shard, to, isHeld ? lease!.Epoch : null));
            }
        }

        var now = Math.Min(moves.Count, movesMax);
        return new ShardPlan(claims.ToImmutable(), [.. moves.Take(now)], moves.Count - now);
    }
}
