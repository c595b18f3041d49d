using System.Collections.Immutable;
using Backup.Actor.Kernel.Cluster;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>Memberships for the tests: members a, b, c, ... in order of age, and who reaches whom.</summary>
internal static class Cut
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    public static string Name(int member) => ((char)('a' + member)).ToString();

    public static Member[] Of(int members, Func<int, int, bool> reaches, Func<int, string[]>? roles = null) =>
    [
        .. Enumerable.Range(0, members).Select(i => new Member(
            new NodeId(Name(i), 1),
            "",
            [.. roles?.Invoke(i) ?? ["account"]],
            Start + TimeSpan.FromMinutes(i),
            TimeSpan.FromSeconds(5),
            [.. Enumerable.Range(0, members).Where(k => k != i && reaches(i, k)).Select(Name)])),
    ];

    /// <summary>Each bit says for one ordered pair whether the first reaches the second.</summary>
    public static Member[] OfDirected(int members, int bits) =>
        Of(members, (from, to) => (bits >> ((from * (members - 1)) + (to > from ? to - 1 : to)) & 1) == 1);

    /// <summary>Each bit says for one pair whether both reach each other.</summary>
    public static Member[] OfMutual(int members, int bits) => Of(members, (from, to) =>
    {
        var (low, high) = (Math.Min(from, to), Math.Max(from, to));
        return ((bits >> ((high * (high - 1) / 2) + low)) & 1) == 1;
    });

    /// <summary>Sides that do not reach each other: "ab cd".</summary>
    public static Member[] Sides(string sides)
    {
        var parts = sides.Split(' ');
        return Of(parts.Sum(part => part.Length), (from, to) => parts.Any(part => part.Contains(Name(from), StringComparison.Ordinal) && part.Contains(Name(to), StringComparison.Ordinal)));
    }

    /// <summary>All reach each other but for these, of which the first does not reach the second: "a-b" one way, "a=b" both ways.</summary>
    public static Member[] Without(int members, string cuts)
    {
        var broken = cuts.Split(' ').SelectMany<string, string>(cut => cut[1] == '=' ? [$"{cut[0]}{cut[2]}", $"{cut[2]}{cut[0]}"] : [$"{cut[0]}{cut[2]}"]).ToHashSet(StringComparer.Ordinal);
        return Of(members, (from, to) => !broken.Contains(Name(from) + Name(to)));
    }

    public static string Names(IEnumerable<NodeId> nodes) => string.Concat(nodes.Select(node => node.Name));

    /// <summary>Every order of some rows.</summary>
    public static IEnumerable<ImmutableList<T>> Orders<T>(ImmutableList<T> rows) => rows.IsEmpty
        ? [rows]
        : rows.SelectMany((row, place) => Orders(rows.RemoveAt(place)).Select(rest => rest.Insert(0, row)));
}
