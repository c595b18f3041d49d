using System.Collections.Immutable;
using System.Numerics;

namespace Backup.Actor.Kernel.Cluster.SplitBrain;

/// <summary>
/// The live members in order of age and the links that work both ways. A <em>side</em> is a set of members each of which reaches each
/// other one of the set both ways; sides may overlap, because "reaches" is not transitive.
/// </summary>
/// <remarks>
/// Built from the same rows in any order it is the same. A set of members is a bit mask; bit 0 is the oldest. Immutable, for any thread.
/// Two are equal if the resolver would answer the same: a link that works one way only is as good as none.
/// </remarks>
public sealed class ReachabilityGraph : IEquatable<ReachabilityGraph>
{
    /// <summary>Bits of a mask.</summary>
    public const int MembersMax = 64;

    private readonly ulong[] _mutual;

    private ReachabilityGraph(ImmutableArray<Member> members)
    {
        Members = members;
        _mutual = new ulong[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            for (var k = 0; k < members.Length; k++)
            {
                if (i != k && Reaches(i, k) && Reaches(k, i))
                {
                    _mutual[i] |= 1UL << k;
                }
            }
        }
    }

    /// <summary>Live members, the oldest first.</summary>
    public ImmutableArray<Member> Members { get; }

    internal ulong All => Members.Length == MembersMax ? ulong.MaxValue : (1UL << Members.Length) - 1;

    internal bool IsWhole => Enumerable.Range(0, Members.Length).All(i => _mutual[i] == (All & ~(1UL << i)));

    /// <returns>Null: more than <see cref="MembersMax"/> of the rows live.</returns>
    public static ReachabilityGraph? Of(IEnumerable<Member> rows)
    {
        var live = rows.Where(row => row.IsLive).OrderBy(row => row.JoinedAt).ThenBy(row => row.Name, StringComparer.Ordinal).ToImmutableArray();
        return live.Length > MembersMax ? null : new ReachabilityGraph(live);
    }

    public bool Equals(ReachabilityGraph? other) =>
        other is not null
        && _mutual.AsSpan().SequenceEqual(other._mutual)
        && Members.Zip(other.Members).All(pair => pair.First.Id == pair.Second.Id && pair.First.Roles.SequenceEqual(pair.Second.Roles, StringComparer.Ordinal));

    public override bool Equals(object? obj) => Equals(obj as ReachabilityGraph);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var neighbours in _mutual)
        {
            hash.Add(neighbours);
        }

        return hash.ToHashCode();
    }

    internal bool Reaches(int from, int to) => Members[from].Reaches.Contains(Members[to].Name, StringComparer.Ordinal);

    internal ulong With(string? role) => role is null
        ? All
        : Enumerable.Range(0, Members.Length).Where(i => Members[i].Roles.Contains(role, StringComparer.Ordinal)).Aggregate(0UL, (set, i) => set | (1UL << i));

    /// <summary>Who is linked both ways with everyone of a set; everyone, where the set is empty.</summary>
    internal ulong LinkedWithAll(ulong set)
    {
        var linked = All;
        foreach (var member in Each(set))
        {
            linked &= _mutual[member];
        }

        return linked;
    }

    /// <summary>
    /// The largest side among some members. Of equally large ones: the one with the oldest member, and where that one is in several,
    /// with the oldest that they do not share.
    /// </summary>
    internal ulong LargestSide(ulong among)
    {
        var size = BitOperations.PopCount(among);
        while (!HasSide(among, size))
        {
            size--;
        }

        var side = 0UL;
        while (size > 0)
        {
            var oldest = BitOperations.TrailingZeroCount(among);
            if (HasSide(among & _mutual[oldest], size - 1))
            {
                side |= 1UL << oldest;
                among &= _mutual[oldest];
                size--;
            }
            else
            {
                among &= ~(1UL << oldest);
            }
        }

        return side;
    }

    internal bool HasSide(ulong among, int size)
    {
        if (size <= 0)
        {
            return true;
        }

        if (BitOperations.PopCount(among) < size)
        {
            return false;
        }

        // Of members none of which reaches another a side takes one at most. Put aside size - 1 such sets: a side must have one of the rest.
        var rest = among;
        for (var aside = 1; aside < size && rest != 0; aside++)
        {
            rest &= ~Strangers(rest);
        }

        foreach (var member in Each(rest))
        {
            if (HasSide(among & _mutual[member], size - 1))
            {
                return true;
            }

            among &= ~(1UL << member);
        }

        return false;
    }

    internal static IEnumerable<int> Each(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set);
        }
    }

    /// <summary>Members none of which is linked with another: as many as taking the oldest first finds.</summary>
    private ulong Strangers(ulong among)
    {
        var strangers = 0UL;
        while (among != 0)
        {
            var member = BitOperations.TrailingZeroCount(among);
            strangers |= 1UL << member;
            among &= ~(_mutual[member] | (1UL << member));
        }

        return strangers;
    }
}
