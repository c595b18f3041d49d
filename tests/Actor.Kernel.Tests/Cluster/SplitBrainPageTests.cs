using System.Text;
using Backup.Actor.Kernel.Cluster;
using Backup.Actor.Kernel.Cluster.SplitBrain;
using Xunit;

namespace Backup.Actor.Kernel.Tests.Cluster;

/// <summary>
/// What the strategies answer in named cases, asked of the resolver itself: docs/split-brain.md holds what it says, so the page is always
/// true. Run with SPLIT_BRAIN=write in the environment to write the page anew.
/// </summary>
public sealed class SplitBrainPageTests
{
    private static readonly (string Name, Member[] Rows, string? Role)[] Cases =
    [
        ("one node, alone", Cut.Sides("a"), null),
        ("three, all linked", Cut.Sides("abc"), null),
        ("three, one expired", [.. Cut.Sides("ab c")[..2], Cut.Sides("ab c")[2] with { ExpiresIn = TimeSpan.Zero }], null),
        ("two, cut apart: a / b", Cut.Sides("a b"), null),
        ("three, the youngest cut off: a b / c", Cut.Sides("ab c"), null),
        ("three, the oldest cut off: a / b c", Cut.Sides("a bc"), null),
        ("three, everyone alone: a / b / c", Cut.Sides("a b c"), null),
        ("three, one link gone: a, b", Cut.Without(3, "a=b"), null),
        ("three, one link gone: b, c", Cut.Without(3, "b=c"), null),
        ("three, one link works one way: b does not reach c", Cut.Without(3, "b-c"), null),
        ("three, two links work one way: c does not reach a, a does not reach b", Cut.Without(3, "c-a a-b"), null),
        ("three, c has joined and has no link yet", Cut.Without(3, "a=c b=c"), null),
        ("four, equal halves: a b / c d", Cut.Sides("ab cd"), null),
        ("four, equal halves: b c / a d", Cut.Sides("bc ad"), null),
        ("four, a chain: a, b, c, d", Cut.Without(4, "a=c a=d b=d"), null),
        ("four, a star around d", Cut.Without(4, "a=b a=c b=c"), null),
        ("four, a ring: a, b, c, d, a", Cut.Without(4, "a=c b=d"), null),
        ("five: a b c / d e", Cut.Sides("abc de"), null),
        ("five: a b / c d e", Cut.Sides("ab cde"), null),
        ("five, in three: a / b c / d e", Cut.Sides("a bc de"), null),
        ("five, a ring with a tail: c d e are linked, a with b and c", Cut.Without(5, "a=d a=e b=c b=d b=e"), null),
        ("five, only a, b, c have the role: a d e / b c", Cut.Of(5, (from, to) => from is 1 or 2 == to is 1 or 2, member => member < 3 ? ["account"] : ["gateway"]), "account"),
    ];

    [Fact]
    public void The_page_of_the_split_brain_says_what_the_resolver_does()
    {
        var page = Page();
        var path = Path.Combine(Root(), "docs", "split-brain.md");
        if (Environment.GetEnvironmentVariable("SPLIT_BRAIN") == "write")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), page);
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("""
            # Who goes on when the cluster is cut

            PostgreSQL decides who may write, so a cut between nodes loses no order and duplicates none, whatever is decided here. But accounts
            on two nodes that do not reach each other cannot be asked through the wrong one, so a cut that stays is ended: one side goes on, the
            others are downed and come back under a new incarnation when they are well.

            **Who counts.** Live members: rows that have not expired, left or been downed. A node that lost the database expires by itself and is on
            no side.

            **Linked** are two members each of which says in its row that it reaches the other. A link that works one way is none.

            **A side** is a set of members that are all linked with each other. Sides may overlap: in a chain a, b, c the sides are a b and b c. Only a
            whole side goes on, because in anything less somebody reaches somebody who does not reach it.

            **When.** After `stable-after` without a member that joined or ended and without a link that came or went. A cut that never comes to rest
            is not resolved.

            **Which side**, where not all live members are linked (if they are, nobody is lost under any strategy):

            - `keep-majority`: the largest. Of equally large ones the one with the oldest member; where sides share it, the one with the oldest
              that they do not share. It need not be more than half: everybody reads the same rows, so no second side can think the same of itself
              (Akka's strategy of this name, which has no such table, downs everybody then).
            - `static-quorum`: the same, if it has at least `quorum-size` members, otherwise nobody.
            - `keep-oldest`: the largest one with the oldest member, even if that is alone (Akka's `down-if-alone` is off).
            - `down-all`: none.

            With a `role` only members with it count for size and age; the others go with the side as far as they are linked with all of it.

            Two nodes may read the rows at different moments. Losers are therefore downed in one statement, and only if everyone who is to survive is
            still a member at that moment; the later of two decisions that contradict each other changes nothing, and is made anew.

            Written by `SplitBrainPageTests` from the resolver itself; that test fails when this page is not what it does. Write it anew with
            `SPLIT_BRAIN=write ./test Actor.Kernel`.

            ## Who goes on

            Members are named in order of age, the oldest is a. The quorum is more than half of the members that the case begins with.

            | case | keep-majority | static-quorum | keep-oldest | down-all |
            |---|---|---|---|---|

            """);
        foreach (var (name, rows, role) in Cases)
        {
            page.Append("| ").Append(name).Append(" | ")
                .AppendJoin(" | ", Enum.GetValues<SplitBrainStrategy>().Select(strategy => Survivors(Resolve(rows, role, strategy)))).Append(" |\n");
        }

        page.Append("\n## In words\n\nWhat `pbm cluster split-brain explain` says in these cases under `keep-majority`.\n");
        foreach (var (name, rows, role) in Cases)
        {
            page.Append("\n**").Append(name).Append("**\n\n```\n").Append(Resolve(rows, role, SplitBrainStrategy.KeepMajority).Explanation).Append("\n```\n");
        }

        return page.ToString();
    }

    private static SplitBrainDecision Resolve(Member[] rows, string? role, SplitBrainStrategy strategy)
    {
        var counted = rows.Count(row => role is null || row.Roles.Contains(role));
        return SplitBrainResolver.Resolve(rows, new SplitBrainOptions { Strategy = strategy, QuorumSize = (counted / 2) + 1, Role = role });
    }

    private static string Survivors(SplitBrainDecision decision) =>
        decision.Survivors.IsEmpty ? "nobody" : string.Join(' ', decision.Survivors.Select(survivor => survivor.Name));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Backup.Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("this test runs inside the repository");
    }
}
